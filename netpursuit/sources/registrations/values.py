"""What stands in the cells of registers, in both languages: nothing, sexes, roles, kinds of stay and of documents."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from netpursuit.records import DocumentKind, Sex
from netpursuit.sources.lists.countries import country_code
from netpursuit.sources.registrations.word_tables import read_words
from netpursuit.text.patterns import regex

if TYPE_CHECKING:
    from netpursuit.records import Role, StayKind

_NOTHING_WORDS = "- -- --- — —— / // \\ . * ? 无 無 空 不详 不詳 未知 没有 n/a #n/a n.a. nil none null nan nat -0-"
_NOTHING = frozenset({"", *_NOTHING_WORDS.split(), "unknown", "not known", "not stated"})
# Na, Nan, Null and None are names of people.
_NO_NAME = _NOTHING - {"nan", "nat", "null", "none", "nil", "空", "无", "無"} | {"无名氏", "无姓名"}
_NO_DATE = regex(r"[0\s./\-年月日]*")

_SEX_WORDS = """
male: 男, 男性, m, male, man, 1, boy, mr, 先生
female: 女, 女性, f, female, woman, 2, girl, mrs, ms, 女士
"""
# A relation to the householder makes an occupant.
_ROLE_WORDS = """
tenant: tenant, lessee, renter, 承租人, 租客, 租户, 租戶, 承租方, 户主, 戶主, 本人, main tenant
co-tenant: co-tenant, co tenant, cotenant, joint tenant, 合租人, 合租, 共同承租人, 同租人, 合租客
occupant: occupant, resident, 同住人, 同住人员, 共同居住人, 居住人, 同住, household member, spouse, child,
    配偶, 妻, 妻子, 夫, 丈夫, 子, 儿子, 女, 女儿, 父, 父亲, 母, 母亲, 父母, 子女, 兄弟, 姐妹, 兄弟姐妹, 祖父母,
    孙子女, 亲属, 其他亲属, 朋友, 非亲属, 同事, relative, partner
landlord: landlord, owner, lessor, 房东, 房東, 出租人, 房主, 业主, 业主本人, 产权人, landlady
guest: guest, visitor, 旅客, 住客, 客人, 入住人, lodger, hotel guest
"""
_STAY_WORDS = """
rental: rental, rent, lease, 租赁, 租賃, 租住, 出租, 出租屋, 出租房, 整租, 合租
temporary: temporary, 短租, 暂住, 暫住, 临时居住, short-term, short term, 日租
lodging: lodging, hostel, dormitory, 寄住, 借住, 民宿, 宿舍, 寄宿
hotel: hotel, 旅馆, 旅館, 宾馆, 賓館, 酒店, 旅店
"""
# Kind and, where the word states it, issuing country; without one the feed's or the person's country counts.
_DOCUMENT_WORDS = """
national-id CN: 居民身份证, 身份证, 公民身份证, 二代身份证, 中国居民身份证, 居民身份證, 临时身份证,
    临时居民身份证, 户口簿, 户口本, resident identity card, chinese id card
national-id HK: 香港身份证, 香港身份證, 香港居民身份证, hkid, hong kong identity card
national-id MO: 澳门身份证, 澳門身份證, 澳门居民身份证
national-id: id card, id, identity card, national id, national id card, national-id, identity document, 身份證,
    身分證, 國民身分證
passport: 护照, 護照, 普通护照, 外国护照, 因私护照, 公务护照, 外交护照, passport, ordinary passport
passport CN: 中国护照, 中华人民共和国护照
residence-permit CN: 居住证, 居住證, 暂住证, 港澳台居民居住证, 港澳居民居住证, 台湾居民居住证,
    外国人永久居留身份证, 外国人永久居留证, 永久居留证, 外国人居留许可
residence-permit: residence permit, residence-permit, residence card, permanent resident card, green card,
    biometric residence permit, brp
travel-permit CN: 港澳通行证, 往来港澳通行证, 港澳居民来往内地通行证, 回乡证, 回鄉證, 台胞证, 台胞證,
    台湾通行证, 台湾居民来往大陆通行证, 往来台湾通行证, 大陆居民往来台湾通行证, 中华人民共和国旅行证
travel-permit: travel permit, travel-permit, travel document
driving-licence CN: 驾驶证, 机动车驾驶证, 駕駛證, 驾照
driving-licence: driving licence, driving license, driver license, drivers license, driver's license,
    driving-licence
tax-number: tax number, tax-number, tin, 纳税人识别号
social-security: social security, social security number, social-security, ssn, 社保号,
    national insurance number
mrz: mrz, 机读码
other: other, 其他, 其他证件, 其它, 军官证, 士兵证, 警官证
"""


def _by_word(text: str) -> dict[str, str]:
    return {word: key for key, words in read_words(text).items() for word in words}


SEXES = {word: Sex(key) for word, key in _by_word(_SEX_WORDS).items()}
_DOCUMENTS = {
    word: (DocumentKind(key.split()[0]), "".join(key.split()[1:])) for word, key in _by_word(_DOCUMENT_WORDS).items()
}
DOCUMENT_KINDS = {word: kind for word, (kind, _) in _DOCUMENTS.items()}

_HAN = regex("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN = regex("[A-Za-z\u00c0-\u024f]")
_APOSTROPHES = "'\u2018\u2019`\u00b4\uff07"


def clean(text: str) -> str:
    """A cell without the spaces around it; what says "nothing" is empty (``无``, ``N/A``, ``-`` ...)."""
    text = text.strip()
    return "" if text.casefold() in _NOTHING else text


def clean_name(text: str) -> str:
    """A name with single spaces; ``Na`` and ``Null`` are names, ``N/A`` and ``不详`` are not."""
    text = " ".join(text.split())
    return "" if text.casefold() in _NO_NAME else text


def clean_number(text: str) -> str:
    """A number without what keeps spreadsheets from cutting it: ``'3601…`` and ``="3601…"``."""
    text = text.strip()
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1].strip()
    return clean(text.lstrip(_APOSTROPHES).strip())


def clean_date(text: str) -> str:
    """A date's text; zeros throughout (``0000-00-00``) say nothing."""
    text = clean(text)
    return "" if _NO_DATE.fullmatch(text) else text


def sex_of(text: str) -> Sex | None:
    """None for anything but a word for male or female (also GB/T 2261.1: 1 male, 2 female)."""
    return SEXES.get(_folded(text))


def role_of(text: str) -> Role | None:
    """The role that a word names; a relation to the householder makes an occupant."""
    return _roles().get(_folded(text).replace("_", " ")) or _roles().get(_folded(text))


@cache
def _roles() -> dict[str, Role]:
    from netpursuit.records import Role

    return {word: Role(key) for word, key in _by_word(_ROLE_WORDS).items()}


def stay_of(text: str) -> StayKind | None:
    return _stays().get(_folded(text))


@cache
def _stays() -> dict[str, StayKind]:
    from netpursuit.records import StayKind

    return {word: StayKind(key) for word, key in _by_word(_STAY_WORDS).items()}


def document_kind_of(text: str) -> tuple[DocumentKind, str]:
    """Kind and issuing country (empty where the word does not say); ``OTHER`` for unknown words.

    Words may stand with a code before them or a remark behind, as in ``111-居民身份证`` or ``护照（外国）``.
    """
    folded = _folded(text)
    if found := _DOCUMENTS.get(folded):
        return found
    bare = re.sub(r"^[\d\s.:、\-]+|[(（].*$", "", folded).strip()
    return _DOCUMENTS.get(bare, (DocumentKind.OTHER, ""))


def document_word(header: str) -> str:
    """The kind of document that the header of a number states (身份证号码, "passport no"), else nothing."""
    if re.search("公民身份|居民身份|身份证", header):
        return "居民身份证"
    return "passport" if re.search("passport|护照|護照", header, re.IGNORECASE) else ""


def country_of(text: str) -> str:
    """The alpha-2 code of one country, or empty: English and Chinese names, codes, ``俄罗斯籍``."""
    return country_code(text) or country_code(re.sub(r"[(（].*?[)）]|籍$|公民$", "", text.strip()))


def countries_of(text: str) -> tuple[str, ...]:
    """Codes of all countries that a cell names, in order, each once."""
    found = map(country_of, re.split(r"[|;；、,，/／\n\r]", text)) if text else ()
    return tuple(dict.fromkeys(filter(None, found)))


def split_names(text: str) -> list[str]:
    """Several names of one cell: parted by ``| ; ； 、`` and line breaks, in Han script by commas and strokes too.

    A comma in Latin script is part of a name (``Smith, John``).
    """
    marks = r"[|;；、\n\r]"
    if _HAN.search(text) and not _LATIN.search(text):
        marks = r"[|;；、\n\r,，/／]"
    return [name for part in re.split(marks, text) if (name := clean_name(part))]


def split_phones(text: str) -> list[str]:
    """Several numbers of one cell, as written."""
    return [number for part in re.split(r"[|;；、,，/／\n\r]", text) if (number := clean_number(part))]


def join_parts(parts: list[str]) -> str:
    """Cells that make up one value: Han parts without a space between them, others with one."""
    parts = [part for part in parts if part]
    joined = parts[0] if parts else ""
    for part in parts[1:]:
        joined += part if _HAN.match(part) and _HAN.match(joined[-1]) else f" {part}"
    return joined


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip(".")
