"""A pasted line, or a machine-readable zone, split into the fields of a query."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from netpursuit.ids import chinese_numbers
from netpursuit.ids.dates import parse_date
from netpursuit.ids.mrz import parse_mrz
from netpursuit.records import Address, Document, DocumentKind, Name, PartialDate, Person, Sex
from netpursuit.text.patterns import regex

MAX_LENGTH = 2_000
_LABELS = {
    "name": ("姓名", "名字", "name", "full name"),
    "sex": ("性别", "sex", "gender"),
    "birth": ("出生日期", "出生年月", "生日", "birth date", "date of birth", "born", "dob"),
    "number": ("公民身份号码", "身份证号码", "身份证号", "身份证", "证件号码", "证件号", "id number", "id no", "id"),
    "passport": ("护照号码", "护照号", "护照", "passport no", "passport number", "passport"),
    "phone": ("手机号码", "手机号", "手机", "联系电话", "电话", "phone", "mobile", "tel"),
    "email": ("电子邮箱", "邮箱", "e-mail", "email"),
    "address": ("户籍地址", "现住址", "住址", "地址", "address"),
    "nationality": ("国籍", "nationality"),
}
_FIELD_OF = {label: field for field, labels in _LABELS.items() for label in labels}
_LABEL = regex(
    r"(?:^|(?<=[\s,，;；|]))(" + "|".join(sorted(map(re.escape, _FIELD_OF), key=len, reverse=True)) + r")\s*[:：]\s*",
    re.IGNORECASE,
)
_EMAIL = regex(r"[^\s@,，;；]+@[^\s@,，;；]+\.[a-z]{2,}", re.IGNORECASE)
_CITIZEN = regex(r"(?<![0-9A-Za-z])[0-9*•＊?]{14}[0-9*•＊?]{3}[0-9Xx*•＊?](?![0-9A-Za-z])|(?<!\d)\d{15}(?!\d)")
_MOBILE = regex(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?[\d*]{4}[ -]?\d{4}(?!\d)|(?<!\d)\+\d[\d ()-]{6,17}\d(?!\d)")
_DATE = regex(
    r"(?:民国|民國|农历|農曆|阴历)\s?(?:\d{1,4}|元)年(?:闰?[\d正冬腊]{1,2}月(?:[初廿卅]?[\d一二三四五六七八九十]{1,2}[日号]?)?)?"
    r"|(?<!\d)\d{4}年\d{1,2}月\d{1,2}[日号]?|(?<!\d)\d{4}[-./]\d{1,2}[-./]\d{1,2}(?!\d)|(?<!\d)\d{1,2}[-./]\d{1,2}[-./]\d{4}(?!\d)"
    r"|(?<!\d)\d{4}-\d{2}(?!\d)|(?<!\d)(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<!\d)(?:19|20)\d{2}(?!\d)"
)
_PASSPORT = regex(r"(?<![0-9A-Za-z])[A-Z]{1,2}\d{6,9}(?![0-9A-Za-z])")
_SEX = {"男": Sex.MALE, "女": Sex.FEMALE, "male": Sex.MALE, "female": Sex.FEMALE}
_STOP = frozenset({"passport", "护照", "身份证", "id", "dob", "born", "tel", "phone"})
_ADDRESS = regex(r"(?:省|市|区|县|镇|街道|路|街|巷|村|号|栋|单元|室)")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryFields:
    """What a line says. ``unused`` pieces could not be placed and are shown to whoever asked; ``wrong_checks`` are the
    fields of a machine-readable zone whose check digit does not agree; ``birth_texts`` the birth date as it stands."""

    name: str = ""
    sex: Sex | None = None
    birth_date: PartialDate | None = None
    documents: tuple[Document, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    address: str = ""
    nationality: str = ""
    unused: tuple[str, ...] = ()
    wrong_checks: tuple[str, ...] = ()
    birth_texts: tuple[str, ...] = ()

    def person(self) -> Person:
        """The fields as a person."""
        return Person(
            names=(Name(text=self.name),) if self.name else (),
            birth_dates=(self.birth_date,) if self.birth_date else (),
            sex=self.sex,
            nationalities=(self.nationality,) if self.nationality else (),
            documents=self.documents,
            phones=self.phones,
            emails=self.emails,
            addresses=(Address(text=self.address),) if self.address else (),
        )


def split_line(text: str) -> QueryFields:
    """The fields of a pasted line. A birth date that only a number holds is not repeated as a field. Never raises.

    >>> fields = split_line("张伟 男 990101198503040010 13800138000")
    >>> fields.name, fields.sex, fields.documents[0].number, fields.phones
    ('张伟', <Sex.MALE: 'male'>, '990101198503040010', ('13800138000',))
    """
    text = text[:MAX_LENGTH].strip()
    zone = parse_mrz(text)
    if zone is not None:
        kind = DocumentKind.PASSPORT if zone.document_code.startswith("P") else DocumentKind.OTHER
        document = Document(number=zone.number, kind=kind, country=zone.country)
        return QueryFields(
            name=f"{zone.family}, {zone.given}" if zone.given else zone.family,
            sex=zone.sex,
            birth_date=zone.birth_date,
            documents=(document,) if zone.number else (),
            nationality=zone.nationality,
            wrong_checks=zone.wrong_checks,
        )
    text = unicodedata.normalize("NFKC", text)
    labelled, rest = _take_labels(text)
    return _free(rest, labelled)


def _take_labels(text: str) -> tuple[dict[str, str], str]:
    """Labelled values, and the text before the first label."""
    matches = list(_LABEL.finditer(text))
    values: dict[str, str] = {}
    for at, match in enumerate(matches):
        end = matches[at + 1].start() if at + 1 < len(matches) else len(text)
        values.setdefault(_FIELD_OF[match[1].casefold()], text[match.end() : end].strip(" ,;|\t\n"))
    return values, text[: matches[0].start()] if matches else text


def _free(rest: str, labelled: dict[str, str]) -> QueryFields:
    documents: list[Document] = []
    if "number" in labelled:
        documents.append(_numbered(labelled["number"]))
    if "passport" in labelled:
        documents.append(Document(number=labelled["passport"], kind=DocumentKind.PASSPORT))
    taken: dict[str, list[str]] = {}
    for field, pattern in (("email", _EMAIL), ("citizen", _CITIZEN), ("phone", _MOBILE), ("passport", _PASSPORT)):
        taken[field] = [match[0].strip() for match in pattern.finditer(rest)]
        rest = pattern.sub(" , ", rest)
    documents += [_numbered(number) for number in taken["citizen"]]
    documents += [Document(number=number, kind=DocumentKind.PASSPORT) for number in taken["passport"]]
    birth_text = labelled.get("birth", "")
    if not birth_text and (match := _DATE.search(rest)):
        birth_text, rest = match[0], rest[: match.start()] + " , " + rest[match.end() :]
    birth = parse_date(birth_text) if birth_text else None
    sex = _SEX.get(labelled.get("sex", "").strip().casefold())
    names: list[str] = []
    address, unused = labelled.get("address", ""), []
    for piece in re.split(r"[,，;；|\t\n]+", rest):
        words = []
        for word in piece.split():
            plain = word.casefold().strip(".:")
            if plain in _SEX and sex is None:
                sex = _SEX[plain]
            elif plain not in _STOP:
                words.append(word)
        left = " ".join(words)
        if not left:
            continue
        if not address and len(_ADDRESS.findall(left)) >= 2:
            address = left
        elif not any(char.isdigit() for char in left) and len(names) < 2 and "name" not in labelled:
            names.append(left)
        else:
            unused.append(left)
    if birth_text and birth is None:
        unused.append(birth_text)
    name = labelled.get("name", "") or _join_names(names)
    phones = [labelled["phone"]] if labelled.get("phone") else []
    emails = [labelled["email"]] if labelled.get("email") else []
    nationality = labelled.get("nationality", "").upper()
    return QueryFields(
        name=name,
        sex=sex,
        birth_date=birth,
        documents=tuple(documents),
        phones=(*phones, *taken["phone"]),
        emails=(*emails, *taken["email"]),
        address=address,
        nationality=nationality if re.fullmatch("[A-Z]{2}", nationality) else "",
        unused=tuple(unused),
        birth_texts=(birth_text,) if birth is not None else (),
    )


def _join_names(names: list[str]) -> str:
    """``ZHANG, Wei`` is one name whose comma says which part is the family's."""
    return ", ".join(names)


def _numbered(number: str) -> Document:
    plain = re.sub(r"[*•＊]", "?", number.strip()).upper()
    if chinese_numbers.is_shape(plain) or chinese_numbers.is_old_shape(plain):
        return Document(number=number.strip(), kind=DocumentKind.NATIONAL_ID, country="CN")
    return Document(number=number.strip())
