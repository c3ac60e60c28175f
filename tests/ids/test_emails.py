"""Boxes that a slip of a key leads to, and those that it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpursuit.ids.emails import EmailSlip, email_keys, email_slip, prepare_email

BOX = st.text("abcdefgz019.", min_size=1, max_size=14)
DOMAIN = st.sampled_from(["example.org", "example.net", "exmaple.org", "smith-jones.com", "gmail.com", "qq.com"])


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("robert255@smith.net", "roberta25@smith.net", EmailSlip.SIMILAR),
        ("z.quarrington@example.org", "z.quarrington@exmaple.org", EmailSlip.SIMILAR),
        ("z.quarington@example.org", "z.quarrington@example.org", EmailSlip.SIMILAR),
        ("z.quarrington@example.org", "z.quarrington@example.net", EmailSlip.SIMILAR),
        ("z.quarrington@example.org", "z.quarrington@mail.net", EmailSlip.SAME_NAME),
        ("zhangwei1985@example.org", "zhangwei1986@example.org", EmailSlip.OTHER),
        ("12345678@qq.com", "12345679@qq.com", EmailSlip.OTHER),
        ("zhangwei85@163.com", "zhangwei85@126.com", EmailSlip.SAME_NAME),
        ("zhangwei85@gmial.com", "zhangwei85@gmail.com", EmailSlip.SIMILAR),
        ("js@example.org", "js@mail.net", EmailSlip.OTHER),
        ("anna@example.org", "anne@example.org", EmailSlip.OTHER),
        ("mary.brown@example.org", "z.quarrington@example.org", EmailSlip.OTHER),
    ],
)
def test_slips_are_told_from_neighbours(one: str, other: str, slip: EmailSlip) -> None:
    assert email_slip(one, other) is email_slip(other, one) is slip


@given(BOX, DOMAIN, BOX, DOMAIN)
def test_near_addresses_share_a_key_by_which_an_index_finds_them(
    box: str, home: str, second: str, elsewhere: str
) -> None:
    one, other = f"{box}@{home}", f"{second}@{elsewhere}"
    if email_slip(one, other) in (EmailSlip.SIMILAR, EmailSlip.SAME_NAME):
        assert set(email_keys(one)) & set(email_keys(other))


@given(st.emails())
def test_a_prepared_address_stays_as_it_is(text: str) -> None:
    once = prepare_email(text)
    assert prepare_email(once) == once
    assert email_slip(once, once) is EmailSlip.SAME
