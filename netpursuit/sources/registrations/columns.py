"""The columns of a registration as the program calls them, and the headers of files that mean them.

``COLUMNS`` are the plain ones; of numbered columns (``co_tenant_1_name``, ``occupant_2_phone`` ...) any number up to
``MOST_NUMBERED`` may occur. Ethnicity, native place and religion are never read and may not be mapped (A9).
"""

from __future__ import annotations

import re

from netpursuit.sources.registrations.values import DOCUMENT_KINDS as DOCUMENT_KINDS
from netpursuit.sources.registrations.values import SEXES as SEXES
from netpursuit.sources.registrations.word_tables import read_words
from netpursuit.sources.tables import fold_header

PERSON_FIELDS = (
    "person_id",
    "name",
    "native_name",
    "former_names",
    "aliases",
    "birth_date",
    "sex",
    "nationality",
    "id_country",
    "id_type",
    "id_number",
    "phone",
    "email",
    "registered_address",
)
LANDLORD_COLUMNS = ("landlord_name", "landlord_id_number", "landlord_phone")
STAY_COLUMNS = ("address", "unit", "unit_code", "stay_kind", "start_date", "end_date")
COLUMNS = ("registration_id", *PERSON_FIELDS, "role", *STAY_COLUMNS, *LANDLORD_COLUMNS)
MOST_NUMBERED = 30

_NUMBERED = re.compile(rf"(co_tenant|occupant)_([1-9]\d?)_({'|'.join(PERSON_FIELDS)})")

# Headers by column, the surest first. Simplified and traditional Chinese, English; folded by ``fold_header``.
SYNONYMS = read_words(
    """
registration_id: registration id, registration number, registration no, reg no, reg id, reg number,
    登记编号, 登记号, 登记表编号, 登記編號,
    备案编号, 备案号, 合同编号, 租赁合同编号, 业务流水号, 流水号, booking id, booking number, case number,
    licence number, license number, lease id, contract number, record id, 编号, 編號
person_id: person id, tenant id, guest id, resident id, 人员编号, 人员ID, 人員編號, 租客编号, 旅客编号,
    承租人编号
name: 姓名, 中文姓名, name, full name, person name, tenant, 承租人, 承租人姓名, 租客, 租户, 租户姓名, 住客,
    旅客, 入住人, guest, occupant, resident, 人员姓名, 名字
native_name: native name, name in native script, original name, original script name, local name, chinese name,
    英文姓名, 外文姓名, 原文姓名, 英文名, 外文名
former_names: 曾用名, former names, former name, previous name, previous names, maiden name, birth name,
    formerly known as
aliases: 别名, 別名, 绰号, 綽號, 别名绰号, 化名, aliases, alias, also known as, aka, other names, nickname
birth_date: 出生日期, 出生年月日, 出生年月, 生日, birth date, date of birth, dob, birthday, born,
    birthdate yyyymmdd
sex: 性别, 性別, sex, gender
nationality: 国籍, 國籍, 国家地区, 国籍地区, nationality, citizenship, citizen of
id_country: 签发国, 签发国家, 证件签发国, 簽發國, 发证国家, id country, issuing country, country of issue,
    document country, passport country
id_type: 证件类型, 证件种类, 证件类别, 证件名称, 證件類型, 證件類別, 證件種類, id type, document type,
    identity document type, type of id
id_number: 公民身份号码, 公民身份证号, 公民身份证号码, 居民身份证号, 居民身份证号码, 身份证号码, 身份证号,
    身份证, 身份證號碼, 身份證號, 身份證, 证件号码, 证件号, 證件號碼, 證件號, id number, id no,
    identity number, national id, document number, document no, passport number, passport no, passport,
    id card number, id card no, identity card number, 护照号码, 护照号, 護照號碼
phone: 手机号, 手机号码, 手机, 联系电话, 联系方式, 联系号码, 电话, 电话号码, 手機號, 手機號碼, 手機, 聯絡電話,
    聯繫電話, 電話, 移动电话, phone, phone number, mobile, mobile number, mobile phone, telephone, cell,
    cell phone, tel, contact number, contact phone
email: 邮箱, 电子邮箱, 电子邮件, 電郵, 電子郵件, email, email address, e-mail
registered_address: 户籍地址, 户籍地, 户籍所在地, 户籍详址, 户口所在地, 戶籍地址, 戶籍地, 身份证地址,
    常住户口地址, 户籍住址, home address, permanent address, registered address, hukou address, address on id
address: 出租房屋地址, 出租房屋, 出租屋地址, 出租屋, 租赁房屋地址, 房屋地址, 房屋坐落, 租住地址, 暂住地址,
    暂住地, 居住地址, 居住地, 实际居住地址, 现住址, 现居住地, 现居住地址, 現住址, 入住地址, rental address,
    property address, premises address, site address, address, current address, residence address, location,
    premises, property, street address, 旅馆地址, 住址, 地址
unit: 房号, 房间号, 房间, 室号, 户室, 房號, 房間號, 室號, 门牌室号, unit, unit number, unit no, flat,
    flat number, apartment, apartment number, apt, room, room number, suite
unit_code: 房屋编码, 房屋编号, 房屋代码, 标准地址编码, 地址编码, 门牌编码, 房屋二维码, 房屋編號, unit code,
    property code, uprn, property reference, dwelling id
stay_kind: 居住方式, 住宿类型, 居住类型, 登记类型, 租住类型, 居住類型, 住宿類型, stay kind, stay type,
    type of stay, accommodation type
role: 角色, 人员类别, 人员类型, 人員類別, 与承租人关系, 与户主关系, 與戶主關係, role, person role,
    relationship, relation to tenant, relation to householder, occupant type
start_date: 入住日期, 入住时间, 起租日期, 租赁开始日期, 租期开始, 开始日期, 来住日期, 入住時間, start date,
    check in, check in date, checkin date, move in date, move in, moved in, lease start, arrival date, from,
    licence commenced, tenancy start
end_date: 离开日期, 离开时间, 退房时间, 退房日期, 退租日期, 搬离日期, 租赁结束日期, 租期结束, 结束日期,
    離開日期, 退房時間, end date, check out, check out date, checkout date, move out date, move out, lease end,
    departure date, to, licence expires, tenancy end, moved out
landlord_name: 房东, 房东姓名, 房主, 房主姓名, 出租人, 出租人姓名, 业主, 业主姓名, 產權人, 产权人, 产权人姓名,
    房東, 房東姓名, landlord, landlord name, owner, owner name, lessor, lessor name
landlord_id_number: 房东身份证, 房东身份证号, 房东身份证号码, 房东证件号码, 出租人身份证号, 出租人身份证号码,
    出租人证件号码, 业主身份证号, 房主身份证号, 产权人身份证号, 房東身份證號, landlord id number, landlord id,
    owner id number, lessor id number
landlord_phone: 房东电话, 房东手机, 房东手机号, 房东联系电话, 出租人电话, 出租人联系电话, 业主电话, 房主电话,
    房東電話, landlord phone, landlord telephone, landlord mobile, owner phone, lessor phone
"""
)

# Headers of the parts of a name, which a feed joins: name = "First name + Last name".
FAMILY_NAME = frozenset(map(fold_header, ("姓", "姓氏", "surname", "last name", "family name", "lastname", "family")))
GIVEN_NAME = frozenset(map(fold_header, ("名", "given name", "given names", "first name", "forename", "forenames")))
MIDDLE_NAME = frozenset(map(fold_header, ("middle name", "middle names", "middle initial", "mi")))

# A running number starts anew in every file: as an id it would make next month's row 1 the same registration.
RUNNING_NUMBER = frozenset(map(fold_header, ("序号", "序號", "行号", "no", "nr", "number", "row", "index", "s/n")))

_DROPPED_HAN = ("民族", "族别", "族別", "籍贯", "籍貫", "祖籍", "宗教")
_DROPPED_WORDS = ("ethnic", "nativeplace", "ancestral", "religion", "racial")
_DROPPED_EXACT = frozenset(("race", "placeoforigin", "hometown"))

# Headers made of a person's part and a field: 同住人1身份证号, "Tenant DOB", co-tenant 2 name.
_PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("landlord", ("房东", "房東", "出租人", "房主", "业主", "产权人", "landlord", "owner", "lessor")),
    ("co_tenant", ("共同承租人", "合租人", "同租人", "合租", "cotenant", "jointtenant", "flatmate", "roommate")),
    ("occupant", ("共同居住人", "同住人员", "同住人", "同住", "随行人", "occupant", "additionalguest", "coresident")),
    ("", ("承租人", "承租方", "租客", "租户", "住客", "旅客", "入住人", "客人", "本人", "tenant", "guest", "resident")),
)
_DIGITS = {han: str(number) for number, han in enumerate("一二三四五六七八九十", start=1)}


def is_column(name: str) -> bool:
    """Whether the program knows a column of this name, numbered ones included."""
    return name in COLUMNS or numbered(name) is not None


def numbered(name: str) -> tuple[str, int, str] | None:
    """``co_tenant_2_phone`` -> (``co_tenant``, 2, ``phone``); None for any other name or a number beyond the most."""
    match = _NUMBERED.fullmatch(name)
    if match is None or int(match[2]) > MOST_NUMBERED:
        return None
    return match[1], int(match[2]), match[3]


def is_dropped(header: str) -> bool:
    """Whether a header names ethnicity, native place or religion, which are never read (A9)."""
    folded = fold_header(header)
    return (
        folded in _DROPPED_EXACT
        or any(word in folded for word in _DROPPED_HAN)
        or any(word in folded for word in _DROPPED_WORDS)
    )


def recognise(header: str) -> tuple[str, int] | None:
    """The column that a header most likely means and the rank of the header among its words (0 is the surest).

    None for unknown headers, for running numbers and for what is dropped.
    """
    if is_dropped(header):
        return None
    folded = fold_header(header)
    exact = {fold_header(name): name for name in COLUMNS}.get(folded) or _numbered_name(header)
    if exact:
        return exact, 0
    if folded in RUNNING_NUMBER:
        return None
    return _RANKS.get(folded) or _by_part(folded)


def _numbered_name(header: str) -> str:
    name = re.sub(r"[\s-]+", "_", header.strip().casefold())
    return name if numbered(name) else ""


def _by_part(folded: str) -> tuple[str, int] | None:
    for part, words in _PARTS:
        for word in words:
            if not folded.startswith(word) or folded == word:
                continue
            number, rest = _number_within(folded.removeprefix(word))
            field, rank = _RANKS.get(rest, ("name", 0) if not rest else ("", 0))
            if field not in PERSON_FIELDS:
                continue
            if part == "landlord":
                column = f"landlord_{field}"
                return (column, rank + 50) if column in LANDLORD_COLUMNS else None
            if part == "" and number == 1:
                return field, rank + 50
            if number > MOST_NUMBERED:
                return None
            return f"{part or 'co_tenant'}_{number}_{field}", rank + 50
    return None


def _number_within(text: str) -> tuple[int, str]:
    """The number at the beginning or the end, 1 where there is none, and the rest."""
    for at in (0, -1):
        if text and text[at] in _DIGITS:
            return int(_DIGITS[text[at]]), text[1:] if at == 0 else text[:-1]
    if match := re.match(r"(\d{1,2})(?!\d)", text):
        return max(1, int(match[1])), text[match.end() :]
    if match := re.search(r"(?<!\d)(\d{1,2})$", text):
        return max(1, int(match[1])), text[: match.start()]
    return 1, text


_RANKS: dict[str, tuple[str, int]] = {}
for _column, _words in SYNONYMS.items():
    for _rank, _word in enumerate(_words):
        _RANKS.setdefault(fold_header(_word), (_column, _rank + 1))

HEADER_WORDS = frozenset(_RANKS) | frozenset(map(fold_header, COLUMNS)) | RUNNING_NUMBER
HEADER_WORDS |= FAMILY_NAME | GIVEN_NAME | MIDDLE_NAME
