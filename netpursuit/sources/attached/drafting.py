"""A first mapping of a case's own table: its headers are filled in where they are known, the rest is listed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from netpursuit.errors import InputError
from netpursuit.records.attachments import TableKind
from netpursuit.sources.attached.columns import COLUMNS, DEMANDED, PARTIES
from netpursuit.sources.registrations.columns import is_dropped
from netpursuit.sources.registrations.reader import JOINED_BY, parts_of
from netpursuit.sources.registrations.values import document_word
from netpursuit.sources.registrations.word_tables import read_words
from netpursuit.sources.tables import count_known, fold_header, open_table

_WORDS: Mapping[str, tuple[str, ...]] = read_words(
    """
caller: caller, calling number, calling party, a number, from number, originating number, 主叫, 主叫号码, 主叫號碼,
    本机号码
callee: callee, called number, called party, called, b number, to number, dialled number, 被叫, 被叫号码, 被叫號碼,
    对方号码
begin_day: date, call date, day, 日期, 通话日期, 开始日期, 呼叫日期
begin_time: time, call time, start time, begin time, 时间, 通话时间, 开始时间, 起始时间, 呼叫时间
begin: begin, time, 时间, start, start time, begin time, call time, date and time, datetime, timestamp, 开始时间,
    通话时间, 通话开始时间, 起始时间, 呼叫时间
end: end time, call end, 结束时间, 通话结束时间
duration: duration, duration seconds, seconds, call duration, length, 时长, 通话时长, 时长秒
phone: phone, phone number, msisdn, telephone, mobile, number, 手机号, 手机号码, 电话, 电话号码, 联系电话
plate: plate, licence plate, license plate, registration number, registration mark, vrm, plate number,
    车牌, 车牌号, 车牌号码, 号牌号码
region: state, province, region, 省份
country: country, 国家
make: make, model, make and model, vehicle type, 车型, 品牌型号, 车辆类型
iban: iban
number: account, account number, card number, 账号, 卡号, 银行卡号, 帐号
bank: bank, bank name, 开户行, 银行, 开户银行
name: company, company name, name, 公司名称, 企业名称, 单位名称
address: address, property address, 地址, 房屋地址, 坐落, 房屋坐落, 住所
unit: unit, flat, apartment, room, 房号, 室号
unit_code: unit code, property code, uprn, 房屋编码
jurisdiction: jurisdiction, 注册地
from: from, since, valid from, start date, registered on, 起始日期, 登记日期, 开户日期
to: to, until, valid to, end date, 截止日期, 销户日期
party_name: owner, owner name, holder, holder name, keeper, account holder, subscriber, customer name, director,
    officer, officer name, 所有人, 车主, 车主姓名, 户名, 持卡人, 机主, 机主姓名, 开户人, 产权人, 姓名, 法定代表人, 法人
party_document: owner id, owner document, owner passport, holder id, id number, document number, passport number,
    passport, 身份证号, 身份证号码, 证件号码, 公民身份号码, 车主身份证号
party_document_type: id type, document type, 证件类型, 证件种类
party_phone: phone, phone number, telephone, mobile, 电话, 电话号码, 手机号, 手机,
    owner phone, holder phone, contact number, 车主电话, 联系方式
party_address: owner address, holder address, 住址, 家庭住址
party_company: owner company, 所属单位, 单位
officer_role: role, position, title, 职务
number_of_company: company number, registration number, registration no, crn, 统一社会信用代码, 注册号
"""
)
_MEANT = {name: frozenset(map(fold_header, (name, *words))) for name, words in _WORDS.items()}
_BEGIN = ("begin_day", "begin_time")  # where day and time stand apart
_COMMONEST_LAST = (
    *(TableKind.CALLS, TableKind.ACCOUNTS, TableKind.VEHICLES, TableKind.COMPANIES, TableKind.OWNERS),
    TableKind.SUBSCRIBERS,
)
HEADER_WORDS = frozenset().union(*_MEANT.values())


def draft_mapping(path: Path, kind: TableKind | None = None) -> str:
    """The text of a mapping file for a table: columns that are known by their headers, and all others as comments.

    ``kind`` None: the kind whose needs the headers meet best. Raises ``InputError`` for whatever ``open_table``
    refuses, and where the headers are none: a row of somebody's data must not get into a mapping.
    """
    table = open_table(path, header_words=HEADER_WORDS)
    if count_known(table.columns, HEADER_WORDS) < 2:
        raise InputError(
            "no header with known column names in the first ten rows",
            where=str(path),
            expected="a row of column names; write the mapping by hand as docs/graph.md shows",
        )
    kind = kind or max(TableKind, key=lambda kind: _fitness(kind, table.columns))
    columns = _recognised(kind, table.columns)
    used = {part for header in columns.values() for part in (header, *parts_of(header))}
    lines = [f'kind = "{kind}"', 'title = ""', 'country = ""  # of numbers that do not state theirs, such as "CN"', ""]
    lines.append("[columns]")
    lines += [f"{name} = {_quoted(header)}" for name, header in columns.items()]
    for group in DEMANDED[kind]:
        if not any(name in columns for name in group):
            lines.append(f'# {" or ".join(group)} = "…"  # is needed')
    kinds = {f"{name}_type": word for name, header in columns.items() if (word := _document_type(name, header))}
    stated = {name: word for name, word in kinds.items() if name not in columns}
    free = [header for header in table.columns if header not in used and not is_dropped(header)]
    if free:
        lines.append(f"# not used: {', '.join(free)}")
    dropped = [header for header in table.columns if is_dropped(header)]
    if dropped:
        lines.append(f"# never read: {', '.join(dropped)}")
    lines.append(f"# columns of {kind}: {', '.join(COLUMNS[kind])}")
    if stated:
        lines += ["", "[defaults]", *(f"{name} = {_quoted(word)}" for name, word in stated.items())]
    return "\n".join(lines) + "\n"


def _fitness(kind: TableKind, headers: Sequence[str]) -> tuple[int, int, int]:
    """How few of a kind's needs the headers leave open, how many columns they fill, and how rare its words are."""
    columns = _recognised(kind, headers)
    missing = sum(not any(name in columns for name in group) for group in DEMANDED[kind])
    return -missing, len(columns), -_COMMONEST_LAST.index(kind)


def _recognised(kind: TableKind, headers: Sequence[str]) -> dict[str, str]:
    """The program's column -> header; each header once."""
    found: dict[str, str] = {}
    for column in COLUMNS[kind]:
        words = _words_of(kind, column)
        header = next((one for one in headers if fold_header(one) in words and one not in found.values()), "")
        if header and not is_dropped(header):
            found[column] = header
    if kind is TableKind.CALLS:
        parts = [next((one for one in headers if fold_header(one) in _MEANT[name]), "") for name in _BEGIN]
        if all(parts) and found.get("begin", parts[1]) == parts[1]:
            found["begin"] = JOINED_BY.join(parts)
    return {column: found[column] for column in COLUMNS[kind] if column in found}


def _document_type(column: str, header: str) -> str:
    """What the header of a number says of its document (passport no, 身份证号), or nothing."""
    return document_word(header) if column.endswith("_document") else ""


def _words_of(kind: TableKind, column: str) -> frozenset[str]:
    own = frozenset({fold_header(column)})
    for place, party in enumerate(PARTIES[kind]):
        field = column.removeprefix(f"{party}_")
        if field != column and column != "officer_role":
            # Of several parties the general words mean the first.
            return own | (_MEANT.get(f"party_{field}", frozenset()) if place == 0 else frozenset())
    if kind is TableKind.COMPANIES and column == "number":
        return own | _MEANT["number_of_company"]
    return own | _MEANT.get(column, frozenset())


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are a subset of TOML's but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
