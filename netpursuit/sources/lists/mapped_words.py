"""What stands in the cells of a user's own list, in English and Chinese: instruments, operations, documents, kinds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TypeVar

from netpursuit.records import DocumentKind, EntryKind, Instrument, Operation

Word = TypeVar("Word", Instrument, Operation, EntryKind)

# Legal documents as Chinese criminal procedure names them (公安机关刑事法律文书式样), and the program's own keys.
_INSTRUMENTS = {
    Instrument.ARREST_WARRANT: (
        *("arrest warrant", "warrant of arrest", "wanted order", "逮捕证", "逮捕决定书", "批准逮捕决定书", "逮捕决定"),
        *("逮捕", "批捕", "通缉令", "逮捕令"),
    ),
    Instrument.DETENTION_DECISION: (
        *("detention decision", "detention warrant", "criminal detention", "拘留证", "刑事拘留", "拘留决定书"),
        *("刑拘", "刑事拘留证", "拘留决定"),
    ),
    Instrument.COURT_WARRANT: (
        *("court warrant", "bench warrant", "court order", "法院逮捕决定书", "法院决定逮捕", "法院拘传票", "拘传票"),
        *("法院通缉", "司法拘留决定书", "法院逮捕决定", "人民法院逮捕决定书"),
    ),
    Instrument.SENTENCE_TO_SERVE: (
        *("sentence to serve", "sentence", "prison sentence", "判决书", "刑事判决书", "执行通知书", "收监执行决定书"),
        *("收监决定书", "刑事裁定书", "收监执行"),
    ),
    Instrument.EXTRADITION_OR_RED_NOTICE: (
        *("extradition or red notice", "extradition request", "extradition", "red notice", "interpol red notice"),
        *("红色通报", "红通", "红色通缉令", "引渡请求", "引渡请求书", "国际刑警组织红色通报"),
    ),
}
_OPERATIONS = {
    Operation.ADD: ("add", "added", "new", "insert", "新增", "增加", "添加", "上网"),
    Operation.CHANGE: ("change", "changed", "update", "amend", "变更", "修改", "更新", "更正"),
    Operation.WITHDRAW: ("withdraw", "withdrawn", "delete", "remove", "撤销", "撤回", "撤网", "删除", "撤控", "注销"),
}
_KINDS = {
    EntryKind.PERSON: ("person", "individual", "natural person", "people", "人员", "个人", "自然人"),
    EntryKind.ORGANISATION: (
        "organisation",
        "organization",
        "entity",
        "company",
        "组织",
        "单位",
        "公司",
        "机构",
        "实体",
    ),
    EntryKind.VESSEL: ("vessel", "ship", "船舶"),
    EntryKind.AIRCRAFT: ("aircraft", "飞机", "航空器"),
}
# First fitting row decides.
_DOCUMENTS = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        ("通行证|回乡证|台胞证|回鄉證|台胞證|旅行证|travel permit|travel-permit", DocumentKind.TRAVEL_PERMIT),
        ("居住证|居住證|暂住证|居留|residence|resident permit|green card", DocumentKind.RESIDENCE_PERMIT),
        ("驾驶|驾照|駕駛|driv", DocumentKind.DRIVING_LICENCE),
        ("护照|護照|passport", DocumentKind.PASSPORT),
        ("社保|社会保障|social|national insurance", DocumentKind.SOCIAL_SECURITY),
        ("纳税|税号|tax", DocumentKind.TAX_NUMBER),
        ("机读|mrz", DocumentKind.MRZ),
        ("身份|身分|户口|identity|national|citizen|\\bid\\b", DocumentKind.NATIONAL_ID),
    )
)


def instrument_of(text: str) -> Instrument | None:
    """The instrument of the closed set that a word names, or None.

    >>> instrument_of("刑事拘留证"), instrument_of("arrest-warrant"), instrument_of("重点关注")
    (<Instrument.DETENTION_DECISION: 'detention-decision'>, <Instrument.ARREST_WARRANT: 'arrest-warrant'>, None)
    """
    return _find(_INSTRUMENTS, text)


def operation_of(text: str) -> Operation | None:
    """What a row of a delta does, or None for another word."""
    return _find(_OPERATIONS, text)


def kind_of(text: str) -> EntryKind | None:
    """What an entry is, or None for another word."""
    return _find(_KINDS, text)


def document_kind_of(text: str) -> DocumentKind:
    """The kind of a document by its name in either language; ``OTHER`` for an unknown one.

    >>> document_kind_of("居民身份证"), document_kind_of("港澳居民来往内地通行证")
    (<DocumentKind.NATIONAL_ID: 'national-id'>, <DocumentKind.TRAVEL_PERMIT: 'travel-permit'>)
    """
    folded = _fold(text)
    return next((kind for pattern, kind in _DOCUMENTS if pattern.search(folded)), DocumentKind.OTHER)


def _find(table: Mapping[Word, tuple[str, ...]], text: str) -> Word | None:
    folded = _fold(text)
    return next((key for key, words in table.items() if folded in words), None)


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("-", " ").replace("_", " ")
    return " ".join(re.sub(r"[\"'《》〈〉“”]", "", folded).split())
