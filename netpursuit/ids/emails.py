"""E-mail addresses: the same box in another spelling, and boxes that a slip of a key leads to."""

from __future__ import annotations

import unicodedata
from enum import Enum

from netpursuit.text.patterns import regex

_ADDRESS = regex(r"[^\s@<>()\",;:]+@[^\s@<>()\",;:]+\.[^\s@<>()\",;:.]{2,}")
# Providers that ignore whatever follows a plus sign, and those that ignore dots too (Google's help pages, "Dots don't
# matter in Gmail"); boxes that stand for no address.
_TAGGED = frozenset({"outlook.com", "hotmail.com", "live.com", "icloud.com", "me.com", "proton.me", "protonmail.com"})
_NOBODY = frozenset(
    {"", "none", "no", "na", "n/a", "nil", "noemail", "no-email", "unknown", "test", "noreply", "no-reply"}
)
_DOTLESS = frozenset({"gmail.com", "googlemail.com"})
# Two of these are two providers, however alike their names.
_PROVIDER_NAMES = """
163.com 126.com 139.com 189.cn qq.com foxmail.com sina.com sina.cn sohu.com yeah.net aliyun.com tom.com 21cn.com
gmail.com yahoo.com ymail.com hotmail.com outlook.com live.com msn.com icloud.com me.com mac.com aol.com gmx.de gmx.net
web.de mail.ru bk.ru list.ru inbox.ru yandex.ru ya.ru rambler.ru naver.com daum.net proton.me mail.com
"""
_PROVIDERS = frozenset(_PROVIDER_NAMES.split())
_EDGE = 4  # letters of a box or a domain that a slip elsewhere leaves as they are
_DOMAIN_EDGE = 6
_MOST_SLIPS = 3
_LETTERS_PER_SLIP = 7
_MIN_BOX = 6  # letters; a shorter name is taken by somebody at every provider
_MIN_SLIP_BOX = 8  # and letters of one that a slip leaves recognisable
# Boxes that differ in their digits alone are neighbours at one provider (wei1985, wei1986), not slips.
_NO_DIGITS = str.maketrans("", "", "0123456789")


def prepare_email(text: str) -> str:
    """The box in one spelling: lower case, width folded, Gmail's dots and tags dropped; empty where there is none.

    >>> prepare_email("<J.Smith+x@GoogleMail.com>")
    'jsmith@gmail.com'
    """
    found = _ADDRESS.search(unicodedata.normalize("NFKC", text[:2_000]).casefold())
    if not found:
        return ""
    box, _, domain = found[0].rstrip(".").rpartition("@")
    if domain in _TAGGED or domain in _DOTLESS:
        box = box.partition("+")[0]
    if domain in _DOTLESS:
        box, domain = box.replace(".", ""), "gmail.com"
    return "" if box in _NOBODY else f"{box}@{domain}"


class EmailSlip(Enum):
    """How two prepared addresses differ."""

    SAME = "same"
    SIMILAR = "similar"
    SAME_NAME = "same-name-elsewhere"
    OTHER = "differs"


def email_keys(text: str) -> tuple[str, ...]:
    """Under these two addresses meet that ``email_slip`` does not call another: the box, and edges of box and domain.

    >>> sorted(set(email_keys("robert255@smith.net")) & set(email_keys("roberta25@smith.net")))
    ['robe*@*th.net', 'robe*@smit*']
    """
    box, _, domain = text.rpartition("@")
    if len(box) < _MIN_SLIP_BOX:
        return (f"{box}@",)
    edges = [f"{one}@{other}" for one in _edges(box, _EDGE) for other in _edges(domain, _DOMAIN_EDGE)]
    return (f"{box}@", *edges)


def _edges(text: str, tail: int) -> tuple[str, str]:
    return f"{text[:_EDGE]}*", f"*{text[-tail:]}"


def email_slip(one: str, other: str) -> EmailSlip:
    """How two addresses, as ``prepare_email`` gives them, differ.

    >>> email_slip("robert255@smith.net", "roberta25@smith.net").value, email_slip("a@x.org", "b@x.org").value
    ('similar', 'differs')
    """
    if one == other:
        return EmailSlip.SAME
    from rapidfuzz.distance import OSA

    one_box, other_box = one.rpartition("@")[0], other.rpartition("@")[0]
    slips = OSA.distance(one, other, score_cutoff=_MOST_SLIPS)
    near = slips <= min(_MOST_SLIPS, min(len(one), len(other)) // _LETTERS_PER_SLIP)
    if one_box == other_box:
        if near and not {one[len(one_box) + 1 :], other[len(one_box) + 1 :]} <= _PROVIDERS:
            return EmailSlip.SIMILAR
        return EmailSlip.SAME_NAME if len(one_box) >= _MIN_BOX else EmailSlip.OTHER
    long_enough = min(len(one_box), len(other_box)) >= _MIN_SLIP_BOX
    letters = one_box.translate(_NO_DIGITS) != other_box.translate(_NO_DIGITS)
    if near and long_enough and letters and not set(email_keys(one)).isdisjoint(email_keys(other)):
        return EmailSlip.SIMILAR
    return EmailSlip.OTHER
