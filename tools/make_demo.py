"""Make the demonstration's lists and registrations in ``netpursuit/demo`` from their sources in ``data/demo``.

``python tools/make_demo.py [--out DIR]`` writes the same bytes every time (one seed, no clock, no locale).
``python tools/make_demo.py --shared DIR`` first takes OFAC's list and Oxford's addresses anew from the folder of shared
data. Nothing invented is a real person's: numbers begin with 59, a province that never existed; Chinese telephone
numbers with 154, a prefix never assigned; the others stand in ranges kept for fiction (Ofcom's drama numbers, 555-01xx
of the North American plan); passports begin with XX, which no state is; e-mail boxes are at example.org (RFC 2606).
No planted tenant stands at a real address.
"""

from __future__ import annotations

import argparse
import csv
import io
import shutil
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from random import Random

from demo_people import Listed, Maker, Wanted
from plain_xlsx import Cell, write_xlsx

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "data" / "demo"
DEMO = ROOT / "netpursuit" / "demo"
OFAC_FILES = ("cons_prim.csv", "cons_alt.csv", "cons_add.csv", "cons_comments.csv")
SEED = 20251231
ROWS_A_FILE = 1_000
ADDRESS_HEAD = """\
# Addresses of licensed houses in multiple occupation in Oxford (addresses only; nothing about licence holders).
# Origin: Oxford City Council, register of licensed houses in multiple occupation, as of 2018.
# Date taken: 2026-11-23. Licence: Open Government Licence v3.0.
# Contains public sector information licensed under the Open Government Licence v3.0.
address
"""


def read_source(path: Path) -> list[dict[str, str]]:
    """The rows of a source file below its header of comment lines."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


# --- the two lists ----------------------------------------------------------------------------------------------


def make_wanted(maker: Maker) -> tuple[list[Wanted], list[list[str]]]:
    """The invented wanted people and the rows of their list under its headers."""
    people = read_source(SOURCES / "wanted_people.csv")
    maker.random.shuffle(people)
    words = maker.names["words"]
    wanted: list[Wanted] = []
    rows: list[list[str]] = []
    for at, person in enumerate(people):
        maker.once(person["name"])
        for alias in person["aliases"].split("|"):
            maker.once(alias)
        born = date.fromisoformat(person["birth_date"])
        issued = maker.day(date(2025, 3, 1), date(2025, 12, 12))
        review = person["review_by"] or maker.day(date(2026, 2, 9), date(2026, 3, 13)).isoformat()
        one = Wanted(
            entry_id=f"T590102025{at + 1:04d}",
            name=person["name"],
            aliases=person["aliases"],
            sex=person["sex"],
            born=born,
            number=maker.resident_number(person["division"], born, person["sex"]),
            registered=maker.registered_address(person["division"]),
            review_by=date.fromisoformat(review),
        )
        unit = maker.random.randrange(len(words["units"]))
        description = (
            f"身高{maker.random.randrange(152, 189)}厘米，{maker.pick(words['builds'])}，{maker.pick(words['marks'])}"
        )
        wanted.append(one)
        warrant = [f"虚检刑捕〔2025〕{at * 7 + 101}号", issued.isoformat(), one.review_by.isoformat(), description]
        who = [one.entry_id, one.name, one.aliases, one.sex, one.born.isoformat(), one.number, one.registered]
        rows.append([*who, maker.pick(words["offences"]), words["units"][unit], f"0600-5550{unit:04d}", *warrant])
    return wanted, rows


WANTED_HEADERS = [
    *("编号", "姓名", "别名", "性别", "出生日期", "公民身份号码", "户籍地址", "案由", "立案单位", "联系电话"),
    *("法律文书号", "通缉日期", "复核日期", "体貌特征"),
]


def read_ofac(folder: Path) -> dict[str, Listed]:
    """The individuals of OFAC's list: number, birth date as far as stated, national number."""
    text = (folder / "cons_prim.csv").read_text(encoding="utf-8").rstrip("\x1a")
    months = dict(
        zip(
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
            range(1, 13),
            strict=True,
        )
    )
    listed = {}
    for row in csv.reader(io.StringIO(text)):
        if len(row) < 12 or row[2] != "individual":
            continue
        stated = next((part[4:].rstrip(".").split() for part in row[11].split("; ") if part.startswith("DOB ")), [])
        born = date(int(stated[2]), months[stated[1]], int(stated[0])) if len(stated) == 3 else None
        number = next((part.split()[3] for part in row[11].split("; ") if part.startswith("National ID No. ")), "")
        listed[row[0]] = Listed(row[0], born, stated[-1] if stated else "", number)
    return listed


# --- registrations ------------------------------------------------------------------------------------------------

XUGOU_HEADERS = [
    *("登记编号", "姓名", "曾用名", "性别", "出生日期", "证件类型", "公民身份号码", "手机号", "户籍地址"),
    *("出租房屋", "房号", "房东", "房东电话", "入住日期"),
]
OXFORD_HEADERS = [
    *("Registration ID", "Full name", "Date of birth", "Sex", "Nationality", "Document type", "Document country"),
    *("Document number", "Telephone", "E-mail", "Address", "Room", "Tenancy start"),
]


def make_xugou(maker: Maker, plants: list[dict[str, str]], wanted: dict[str, Wanted]) -> list[list[Cell]]:
    """Rows of the Chinese registrations; each plant gets its ``registration_id``."""
    landlords = [(maker.han_name(maker.pick("男女")), maker.chinese_phone()) for _ in range(120)]
    units = []
    for _ in range(640):
        house, block, door = maker.random.randrange(1, 121), maker.random.randrange(1, 7), maker.random.randrange(1, 4)
        address = f"虚构省甲城市东区虚构路{house}号{block}栋{door}单元"
        room = f"{maker.random.randrange(1, 8)}0{maker.random.randrange(1, 5)}"
        units.append((address, room, landlords[(house * 7 + block) % len(landlords)]))
    places = _spread(maker, len(plants))
    rows: list[list[Cell]] = []
    for at in range(ROWS_A_FILE):
        plant = plants[places[at]] if at in places else None
        # Every fourth planted tenant shares a unit with the one before, so that leads connect.
        unit = units[places[at] // 4 * 4 if plant and places[at] % 4 < 2 else maker.random.randrange(len(units))]
        registration_id = f"XG2025-{at + 1:05d}"
        person = _planted_chinese(maker, plant, wanted[plant["entry"]]) if plant else _tenant_chinese(maker)
        if plant:
            plant["registration_id"] = registration_id
        address, room, (landlord, phone) = unit
        start = maker.day(date(2025, 1, 1), date(2025, 12, 30))
        rows.append([registration_id, *person, address, room, landlord, phone, start])
    return rows


def _spread(maker: Maker, count: int) -> dict[int, int]:
    """Row -> plant: the plants strewn over the file in random order."""
    rows = list(range(ROWS_A_FILE))
    maker.random.shuffle(rows)
    return {row: plant for plant, row in enumerate(rows[:count])}


def _tenant_chinese(maker: Maker) -> list[Cell]:
    sex = maker.pick("男女")
    while (name := maker.chinese_name(sex)) in maker.taken and "·" not in name:
        pass
    born = maker.day(date(1955, 1, 1), date(2006, 12, 31))
    division = maker.pick(list(maker.places))
    number = maker.resident_number(division, born, sex)
    # Some clerks format the column as numbers, and the spreadsheet destroys it.
    cell: Cell = int(number[:15] + "000") if maker.random.randrange(40) == 0 else number
    phone = maker.chinese_phone() if maker.random.randrange(12) else ""
    registered = maker.registered_address(division)
    return [name, "", sex, _written(maker, born), "居民身份证", cell, phone, registered]


def _planted_chinese(maker: Maker, plant: dict[str, str], entry: Wanted) -> list[Cell]:
    born = maker.corrupt_date(entry.born, plant["birth"])
    division = (
        entry.number[:6]
        if plant["registered"] == "same"
        else maker.pick(sorted(set(maker.places) - {entry.number[:6]}))
    )
    number: Cell = ""
    if plant["number"] == "other":
        number = maker.resident_number(division, born or entry.born, entry.sex)
    elif plant["number"]:
        number = maker.corrupt_number(entry.number, plant["number"])
    registered = entry.registered if plant["registered"] == "same" else maker.registered_address(division)
    return [
        plant["name"] or entry.name,
        plant["former_name"],
        "" if plant["corruption"] == "same-name-only" else entry.sex,
        _written(maker, born) if born else "",
        "居民身份证" if number else "",
        number,
        maker.chinese_phone(),
        registered if plant["registered"] else "",
    ]


def _written(maker: Maker, born: date) -> str:
    """A birth date as clerks write it."""
    ways = (f"{born:%Y-%m-%d}", f"{born:%Y-%m-%d}", f"{born:%Y%m%d}", f"{born.year}.{born.month}.{born.day}")
    return maker.pick((*ways, f"{born.year}年{born.month}月{born.day}日"))


def make_oxford(maker: Maker, plants: list[dict[str, str]], wanted: dict[str, Wanted], ofac: Path) -> list[list[str]]:
    """Rows of the English registrations; each plant gets its ``registration_id``."""
    listed, on_list = read_ofac(ofac), names_on_ofac(ofac)
    addresses = [row["address"] for row in read_source(SOURCES / "oxford_addresses.csv")]
    traditions = list(maker.names["tradition"])
    places = _spread(maker, len(plants))
    rows = []
    for at in range(ROWS_A_FILE):
        plant = plants[places[at]] if at in places else None
        registration_id = f"OX25-{at + 1:05d}"
        if plant:
            plant["registration_id"] = registration_id
            person = _planted_latin(maker, plant, wanted, listed)
            address, room = f"{places[at] // 2 + 1} Nowhere Close Oxford OX99 9ZZ", f"Room {places[at] % 2 + 1}"
        else:
            tradition = traditions[at % len(traditions)]
            person = _tenant_latin(maker, tradition, on_list)
            address, room = maker.pick(addresses), f"Room {maker.random.randrange(1, 7)}"
        start = maker.day(date(2025, 1, 1), date(2025, 12, 30))
        rows.append([registration_id, *person, address, room, f"{start:%d/%m/%Y}"])
    return rows


def _tenant_latin(maker: Maker, tradition: str, on_list: set[frozenset[str]]) -> list[str]:
    sex = maker.pick("MF")
    while (name := maker.latin_name(tradition, sex)) and frozenset(fold(name)) in on_list:
        pass
    born = maker.day(date(1955, 1, 1), date(2006, 12, 31))
    country = maker.pick(maker.names["tradition"][tradition]["countries"])
    documented = maker.random.randrange(8) > 0
    phone = maker.fiction_phone() if maker.random.randrange(10) else ""
    email = f"tenant{maker.random.randrange(10**6):06d}@example.org" if maker.random.randrange(4) else ""
    document = ["Passport", country, maker.passport()] if documented else ["", "", ""]
    return [name, f"{born:%d/%m/%Y}", sex, country, *document, phone, email]


def _planted_latin(
    maker: Maker, plant: dict[str, str], wanted: dict[str, Wanted], listed: dict[str, Listed]
) -> list[str]:
    document, sex, nationality = ["", "", ""], "", ""
    if plant["list"] == "wanted":
        one = wanted[plant["entry"]]
        born, year, number, country = one.born, "", one.number, "CN"
        sex, nationality = ("M" if one.sex == "男" else "F"), "CN"
    else:
        entry = listed[plant["entry"]]
        born, year, number, country = entry.born, entry.year, entry.number, "HT" if entry.number else ""
    if plant["number"] == "other":
        document = ["Passport", "", maker.passport()]
    elif plant["number"]:
        document = ["National ID card", country, str(maker.corrupt_number(number, plant["number"]))]
    if plant["birth"] == "other":
        date_text = f"{maker.day(date(1988, 1, 13), date(2005, 12, 28)):%d/%m/%Y}"
    elif plant["birth"] and born:
        date_text = f"{maker.corrupt_date(born, plant['birth']):%d/%m/%Y}"
    else:
        date_text = year if plant["birth"] else ""
    return [plant["name"], date_text, sex, nationality, *document, maker.fiction_phone(), ""]


def fold(name: str) -> list[str]:
    """The parts of a name without case and punctuation, to keep listed names out of invented ones."""
    return "".join(char if char.isalnum() else " " for char in name.casefold()).split()


def names_on_ofac(folder: Path) -> set[frozenset[str]]:
    """Every name of the list as a set of its parts."""
    names = []
    for file, column in (("cons_prim.csv", 1), ("cons_alt.csv", 3)):
        text = (folder / file).read_text(encoding="utf-8").rstrip("\x1a")
        names += [row[column] for row in csv.reader(io.StringIO(text)) if len(row) > column]
    return {frozenset(fold(name)) for name in names}


# --- files --------------------------------------------------------------------------------------------------------


def write_csv(path: Path, rows: Iterable[Sequence[str]], encoding: str = "utf-8", title: str = "") -> None:
    """Rows as CSV with CRLF line ends, below a title line where one is given."""
    text = io.StringIO()
    if title:
        text.write(f"{title}\r\n")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


def refresh_sources(shared: Path, ofac: Path) -> None:
    """Take OFAC's files and Oxford's addresses anew from the folder of shared data."""
    ofac.mkdir(parents=True, exist_ok=True)
    for name in OFAC_FILES:
        shutil.copyfile(shared / "lists" / "ofac" / "consolidated_2025-12" / name, ofac / name)
    (SOURCES / "oxford_addresses.csv").write_bytes(extract_addresses(shared).encode())


def extract_addresses(shared: Path) -> str:
    """640 addresses of the register, chosen by a seed of their own, in the order of the alphabet."""
    text = (shared / "registrations" / "oxford_hmo.csv").read_bytes().decode("utf-8-sig").replace("\r", "\n")
    addresses = sorted({" ".join(row["Location"].split()) for row in csv.DictReader(io.StringIO(text))} - {""})
    random = Random(SEED)
    random.shuffle(addresses)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([address] for address in sorted(addresses[:640]))
    return ADDRESS_HEAD + out.getvalue()


def make(out: Path) -> None:
    """Write every generated file of the demonstration into a folder that holds ``ofac_consolidated``."""
    maker = Maker(SEED, SOURCES / "names.toml")
    plants = read_source(SOURCES / "planted.csv")
    wanted_people, wanted_rows = make_wanted(maker)
    wanted = {one.name: one for one in wanted_people}
    xugou = make_xugou(maker, [plant for plant in plants if plant["file"] == "xugou"], wanted)
    oxford_plants = [plant for plant in plants if plant["file"] == "oxford"]
    oxford = make_oxford(maker, oxford_plants, wanted, out / "ofac_consolidated")
    title = "虚构省公安厅 在逃人员名单（演示数据，人员均属虚构） 2025-12-20"
    write_csv(out / "wanted.csv", [WANTED_HEADERS, *wanted_rows], "gb18030", title)
    note: list[Cell] = ["登记单位：虚构路社区警务室", "", "", "导出时间：2025-12-31"]
    write_xlsx(
        out / "xugou.xlsx", "租住人员登记", [["虚构路租住人员登记表（演示数据）"], note, list(XUGOU_HEADERS), *xugou]
    )
    write_csv(out / "oxford.csv", [OXFORD_HEADERS, *oxford])
    head = ["registration_id", "role", "list", "entry_id", "kind", "corruption", "expected"]
    kind = {"lead": "planted", "none": "near-miss"}
    rows = []
    for plant in plants:
        which = [plant["registration_id"], "tenant", plant["list"], _entry_id(plant, wanted)]
        rows.append([*which, kind[plant["expected"]], plant["corruption"], plant["expected"]])
    write_csv(out / "planted.csv", [head, *sorted(rows)])


def _entry_id(plant: dict[str, str], wanted: dict[str, Wanted]) -> str:
    return wanted[plant["entry"]].entry_id if plant["list"] == "wanted" else plant["entry"]


def main() -> None:
    """Parse the command line and make the files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=DEMO, help="where to write (default: netpursuit/demo)")
    parser.add_argument("--shared", type=Path, help="folder of shared data, to take the published sources anew")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.shared:
        refresh_sources(options.shared, options.out / "ofac_consolidated")
    elif options.out != DEMO:
        shutil.copytree(DEMO / "ofac_consolidated", options.out / "ofac_consolidated", dirs_exist_ok=True)
    make(options.out)


if __name__ == "__main__":
    main()
