"""``netpursuit audit prove``: whoever still has a row can have it proved; nobody else learns anything (A18)."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
import re
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest

import netpursuit
from netpursuit.audit.merkle import root_of
from netpursuit.reports.receipt_file import read_receipt
from tests.cli.conftest import AS_OF, COLUMNS, Run, feed_text, register_text

HEADERS = [*COLUMNS.values(), "民族", "备注"]
MINE = ["R2", "章玉琴", "1971-11-23", "", "13800138009", "幻县虚构路13号101室", "2026-04-04", "汉", " 二楼, 朝南 "]
ROWS = [
    ["R1", "欧阳志远", "1985-03-04", "990101198503040010", "13800138000", "幻县虚构路12号501", "2026-04-02", "汉", ""],
    MINE,
    ["R3", "李明", "1990-05-06", "", "13800138001", "幻县虚构路12号502", "2026-04-03", "满", ""],
    ["R4", "赵某某", "1991-13-01", "", "13800138002", "幻县虚构路12号503", "2026-04-03", "汉", ""],
    ["R5", "钱七", "1992-01-01", "", "", "幻县虚构路12号504", "2025-04-03", "汉", ""],
    ["R3", "李明", "1990-05-06", "", "13800138001", "幻县虚构路12号502", "2026-04-03", "满", "又"],
]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "receipts.md"


def as_csv(rows: list[list[str]], encoding: str) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEADERS, *rows])
    return text.getvalue().encode(encoding)


def as_jsonl(rows: list[list[str]]) -> bytes:
    objects = [
        {name: cell for name, cell in zip(reversed(HEADERS), reversed(row), strict=True) if cell} for row in rows
    ]
    return "".join(json.dumps(item) + "\n" for item in objects).encode()


def as_xlsx(rows: list[list[str]]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["出租房屋登记表"])
    for row in [HEADERS, *rows]:
        book.active.append([int(cell) if cell.startswith("138") else cell for cell in row])
    book.save(file)
    return file.getvalue()


def as_parquet(rows: list[list[str]]) -> bytes:
    file = io.BytesIO()
    columns = {name: [row[at] or None for row in rows] for at, name in enumerate(HEADERS)}
    pyarrow.parquet.write_table(pyarrow.table(columns), file)
    return file.getvalue()


FORMATS: dict[str, tuple[str, Callable[[list[list[str]]], bytes]]] = {
    "csv": (".csv", lambda rows: as_csv(rows, "utf-8-sig")),
    "gb18030": (".csv", lambda rows: as_csv(rows, "gb18030")),
    "xlsx": (".xlsx", as_xlsx),
    "jsonl": (".jsonl", as_jsonl),
    "parquet": (".parquet", as_parquet),
}


class Screened:
    """A register that was screened with a receipt, and ways to prove its rows."""

    def __init__(self, command: Run, workspace: Path, folder: Path, feed: Path) -> None:
        self.command, self.workspace, self.folder, self.feed = command, workspace, folder, feed
        self.register, self.receipt, self.proof = (
            folder / "register.csv",
            folder / "register.receipt",
            folder / "proof.json",
        )
        self.run: Any = None

    def screen(self, content: bytes, *more: object, code: int = 0) -> Any:
        self.register.write_bytes(content)
        arguments = ("screen", self.register, "--feed", self.feed, "--workspace", self.workspace, "--as-of", AS_OF)
        answer = self.command(*arguments, "--receipt", self.receipt, "--json", *more)
        assert answer.code == code, answer.err
        if code == 0:
            self.run = answer.json
        return answer.err if code else self.run

    def prove(self, record: bytes, *more: object, code: int = 0, name: str = "mine.csv") -> Any:
        (self.folder / name).write_bytes(record)
        asked = ("--receipt", self.receipt, "--record", self.folder / name, "--out", self.proof)
        answer = self.command("audit", "prove", self.run["run"], *asked, "--workspace", self.workspace, "--json", *more)
        assert answer.code == code, (answer.out, answer.err)
        return answer.err if code else answer.json

    def check(self, *more: object, code: int = 0) -> Any:
        answer = self.command("audit", "prove", "--check", self.proof, "--json", *more)
        assert answer.code == code, (answer.out, answer.err)
        return answer.err if code else answer.json


@pytest.fixture
def screened(command: Run, workspace: Path, feed: Path, tmp_path: Path) -> Screened:
    return Screened(command, workspace, tmp_path, feed)


def one_row(row: list[str]) -> bytes:
    return as_csv([row], "utf-8")


@pytest.mark.parametrize("form", FORMATS)
def test_a_row_of_any_register_is_proved_to_its_holder_and_to_others(
    screened: Screened, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    suffix, written = FORMATS[form]
    screened.register = screened.register.with_suffix(suffix)
    run = screened.screen(written(ROWS))
    assert run["receipt"]["rows"] == run["counts"]["read"] == 6
    found = screened.prove(written([MINE]), name=f"mine{suffix}")
    assert (found["row"], found["rows"], found["mark"]) == (1, 6, "tenant:screened")
    assert found["file_digest"] == hashlib.sha256(screened.register.read_bytes()).hexdigest()
    assert found["lists"] == {item["id"]: item["version"] for item in run["lists"]}
    # The same row, held in another format.
    found = screened.prove(one_row(MINE))
    assert found["row"] == 1
    # Who checks it has nothing of the workspace.
    screened.workspace.rename(screened.folder / "gone")
    monkeypatch.setenv("NETPURSUIT_WORKSPACE", str(screened.folder / "none"))
    checked = screened.check("--head", found["head"])
    assert {key: checked[key] for key in ("run", "row", "mark", "lists")} == {
        key: found[key] for key in ("run", "row", "mark", "lists")
    }
    assert checked["anchored"] is True
    assert not (screened.folder / "none").exists()


def test_what_became_of_each_row_is_part_of_its_proof(screened: Screened) -> None:
    screened.screen(as_csv(ROWS, "utf-8") + b'"R7,never closed\n')
    marks = [screened.prove(one_row(row))["mark"] for row in ROWS]
    assert marks == [
        *("tenant:screened", "tenant:screened", "tenant:screened"),
        *("rejected:bad-date", "tenant:out-of-period", "tenant:repeated"),
    ]
    line = ("--receipt", screened.receipt, "--line", "8", "--out", screened.proof)
    asked = ("audit", "prove", screened.run["run"], *line, "--workspace", screened.workspace)
    shown = screened.command(*asked)
    assert shown.code == 0, shown.err
    assert "Row 7 of 7" in shown.out
    assert "not screened, quarantined" in shown.out
    assert screened.check()["mark"] == "rejected:unclosed-quote"
    # What was set aside cannot be shown as screened.
    proof = json.loads(screened.proof.read_text(encoding="utf-8"))
    screened.proof.write_text(json.dumps({**proof, "mark": "tenant:screened"}), encoding="utf-8")
    assert "not under the root of the run's receipt" in screened.check(code=6)
    chinese = screened.command(*asked, "--lang", "zh")
    assert "未比对，已隔离" in chinese.out


def test_an_altered_record_is_not_proved(screened: Screened) -> None:
    screened.screen(as_csv(ROWS, "utf-8"))
    for at, text in ((1, "章玉芹"), (2, "1971-11-24"), (4, ""), (8, "二楼, 朝南")):
        changed = [text if place == at else cell for place, cell in enumerate(MINE)]
        assert "not proved: the run has read no such row" in screened.prove(one_row(changed), code=6)
    assert not screened.proof.exists()
    # Ethnicity is never read: a row is the same without it, and no proof holds it.
    assert screened.prove(one_row([*MINE[:7], "", MINE[8]]))["row"] == 1
    assert "汉" not in screened.proof.read_text(encoding="utf-8")
    log = screened.command("audit", "show", "--workspace", screened.workspace, "--json").json
    looks = [item for item in log if item["verb"] == "audit-prove"]
    assert len(looks) == 5
    assert [bool(item["outcome"]["about"].get("failed")) for item in looks] == [True] * 4 + [False]


def test_a_proof_that_was_changed_anywhere_does_not_hold(screened: Screened) -> None:
    screened.screen(as_csv(ROWS, "utf-8"))
    head = screened.prove(one_row(MINE))["head"]
    whole = json.loads(screened.proof.read_text(encoding="utf-8"))
    statement = whole["statement"]
    payload = json.loads(statement["payload"])
    payload["about_outcome"]["list.wanted"] = "another"
    flip = "0" * 64
    for change in (
        {"record": {**whole["record"], "姓名": "别人"}},
        {"number": 2},
        {"salt": flip},
        {"row_path": [*whole["row_path"][:-1], flip]},
        {"row_path": whole["row_path"][:-1]},
        {"log_path": [*whole["log_path"], flip]},
        {"statement": {**statement, "payload": json.dumps(payload, sort_keys=True, separators=(",", ":"))}},
        {"statement": {**statement, "position": statement["position"] - 1}},
        {"head": {**whole["head"], "root": flip}},
        {"salt": "not hexadecimal"},
    ):
        screened.proof.write_text(json.dumps({**whole, **change}), encoding="utf-8")
        assert "does not hold" in screened.check(code=6), change
    for broken in ({"record": None}, {"number": "1"}, {"proof": 2}, {"record": {"姓名": 1}}, {"head": []}):
        screened.proof.write_text(json.dumps({**whole, **broken}), encoding="utf-8")
        screened.check(code=2)
    screened.proof.write_text(json.dumps(whole), encoding="utf-8")
    size, _, root = head.partition(":")
    assert "ends at another head" in screened.check("--head", f"{size}:{flip}", code=6)
    assert "ends at the head over" in screened.check("--head", f"{int(size) + 1}:{root}", code=2)
    screened.check("--head", "nonsense", code=2)
    screened.check("--head", head)


def test_the_program_printed_in_the_docs_checks_a_proof_alone(screened: Screened) -> None:
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    program = screened.folder / "check.py"
    program.write_text(found[1], encoding="utf-8")
    screened.screen(as_csv(ROWS, "utf-8"))
    proved = screened.prove(one_row(MINE))

    def checked() -> subprocess.CompletedProcess[str]:
        arguments = [sys.executable, "-I", "-X", "utf8", str(program), str(screened.proof)]
        return subprocess.run(arguments, capture_output=True, text=True, encoding="utf-8", check=False)

    printed = checked()
    assert printed.returncode == 0, printed.stderr
    assert printed.stdout.split()[:2] == [proved["run"], "tenant:screened"]
    assert ":".join(printed.stdout.split()[3:]) == proved["head"]
    changed = json.loads(screened.proof.read_text(encoding="utf-8"))
    changed["record"]["姓名"] = "别人"
    screened.proof.write_text(json.dumps(changed), encoding="utf-8")
    assert "not in the run" in checked().stderr


def test_a_receipt_of_another_run_proves_nothing(screened: Screened) -> None:
    first = screened.screen(as_csv(ROWS, "utf-8"))
    old = screened.receipt.rename(screened.folder / "old.receipt")
    screened.screen(as_csv(ROWS[:2], "utf-8"))
    assert "not proved" in screened.prove(one_row(ROWS[2]), code=6)
    assert screened.prove(one_row(MINE))["rows"] == 2
    screened.run, new = first, screened.receipt
    screened.receipt = new
    assert "of another run" in screened.prove(one_row(MINE), code=2)
    # One that claims to be the receipt of that run has not its root.
    forged = new.read_text(encoding="utf-8").replace(json.loads(_first(new))["run"], first["run"])
    (screened.folder / "forged").write_text(forged, encoding="utf-8")
    screened.receipt = screened.folder / "forged"
    assert "not the one that the run has issued" in screened.prove(one_row(MINE), code=6)
    screened.receipt = old
    assert screened.prove(one_row(ROWS[2]))["rows"] == 6
    screened.run = {"run": "R-20260101-000000-000000000000"}
    screened.prove(one_row(ROWS[2]), code=2)


def test_a_proof_ends_at_the_head_that_somebody_holds(screened: Screened) -> None:
    screened.screen(as_csv(ROWS, "utf-8"))
    size = int(screened.prove(one_row(MINE))["head"].partition(":")[0])
    with sqlite3.connect(screened.workspace / "truth.sqlite") as base:
        heads = dict(base.execute("SELECT size, hex(root) FROM log_head"))
    base.close()
    anchor = screened.folder / "anchor"
    kept = anchors_of(screened, 2, size - 1)
    write_anchors(anchor, kept)
    then = screened.prove(one_row(MINE), "--anchor", anchor)["head"]
    assert then.partition(":")[0] == str(size - 1)
    assert screened.check("--head", then)["anchored"] is True
    assert screened.check("--anchor", anchor)["anchored"] is True
    assert screened.prove(one_row(MINE), "--head", then)["head"] == then
    assert "no receipt of run" in screened.prove(one_row(MINE), "--head", f"2:{heads[2]}", code=2)
    flip = "0" * 64
    assert "no head over 9999 records" in screened.prove(one_row(MINE), "--head", f"9999:{flip}", code=2)
    assert "not the one whose head was stated" in screened.prove(one_row(MINE), "--head", f"{size}:{flip}", code=6)
    assert "two roots" in screened.check("--anchor", anchor, "--head", f"{size - 1}:{flip}", code=2)
    for text in ("", "{}", "[1]", json.dumps({"size": 2, "root": heads[2].lower()}), json.dumps([*kept, {}])):
        anchor.write_text(text, encoding="utf-8")
        assert "anchor" in screened.check("--anchor", anchor, code=2)


def test_an_anchor_of_another_log_or_one_that_was_changed_anchors_nothing(screened: Screened) -> None:
    screened.screen(as_csv(ROWS, "utf-8"))
    size = int(screened.prove(one_row(MINE))["head"].partition(":")[0])
    anchor, (kept,) = screened.folder / "anchor", anchors_of(screened, size)
    # Whoever can change the file can state any root: the signature says whose it is.
    forged = {"signature": "00" * 64, "workspace": "W-2", "at": "2020-01-01T00:00:00+00:00", "public_key": "11" * 32}
    for name, value in forged.items():
        write_anchors(anchor, [{**kept, name: value}])
        for told in (
            screened.check("--anchor", anchor, code=6),
            screened.prove(one_row(MINE), "--anchor", anchor, code=6),
        ):
            assert "anchor" in told, name
    write_anchors(anchor, [kept])
    screened.prove(one_row(MINE), "--anchor", anchor)
    assert screened.check("--anchor", anchor)["anchored"] is True


def anchors_of(screened: Screened, *sizes: int) -> list[dict[str, Any]]:
    """Anchors of the log as 'audit anchor' would have written them when it had these sizes."""
    answer = screened.command("audit", "anchor", "--workspace", screened.workspace)
    assert answer.code == 0, answer.err
    last = json.loads(answer.out)
    with sqlite3.connect(screened.workspace / "truth.sqlite") as base:
        rows = base.execute("SELECT size, root, at, signature FROM log_head").fetchall()
    base.close()
    stated = {
        size: {"size": size, "root": root.hex(), "at": at, "signature": signature.hex()}
        for size, root, at, signature in rows
    }
    return [{**last, **stated[size]} for size in sizes]


def write_anchors(file: Path, anchors: list[dict[str, Any]]) -> None:
    file.write_text("".join(json.dumps(item) + "\n" for item in anchors), encoding="utf-8")


def test_without_a_reason_no_row_is_proved_and_the_refusal_is_on_record(
    screened: Screened, wanted: tuple[Path, Path]
) -> None:
    listed, mapping = wanted
    screened.workspace = screened.folder / "without"
    add = ("lists", "add", listed, "--list", "wanted", "--mapping", mapping, "--as-of", AS_OF, "--reason", "check:T-1")
    assert screened.command(*add, "--workspace", screened.workspace).code == 0
    screened.screen(as_csv(ROWS, "utf-8"))
    screened.prove(one_row(MINE), code=4)
    shown = ("audit", "show", "--workspace", screened.workspace, "--reason", "audit:T-2", "--json")
    assert screened.command(*shown).json[-1]["outcome"]["refused"] == "no-reason"


def test_neither_key_nor_row_is_in_any_byte_that_a_run_leaves(screened: Screened) -> None:
    screened.screen(as_csv(ROWS, "utf-8"))
    screened.prove(one_row(MINE))
    receipt = read_receipt(screened.receipt)
    keys = screened.workspace.with_name(f"{screened.workspace.name}-keys")
    kept = b"".join(file.read_bytes() for place in (screened.workspace, keys) for file in _files(place))
    for secret in (receipt.seals.key, *(receipt.seals.salt(number) for number in range(receipt.rows))):
        assert secret not in kept
        assert secret.hex().encode() not in kept
    # Of the row that was proved the log has the salted digest; of the others there is not even that.
    bodies = [receipt.bodies[at : at + 32].hex().encode() for at in range(0, len(receipt.bodies), 32)]
    assert [body in kept for body in bodies] == [False, True, False, False, False, False]
    assert receipt.root.encode() in kept


def test_whoever_has_workspace_keys_and_the_very_row_cannot_tell_that_it_was_screened(screened: Screened) -> None:
    """A register of one row: its root is the digest of its leaf, so that one right guess of the key would show it."""
    run = screened.screen(as_csv([MINE], "utf-8"))
    receipt = read_receipt(screened.receipt)
    row = json.dumps(
        {name: cell for name, cell in zip(HEADERS, MINE, strict=True) if cell and name != "民族"},
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    message = run["receipt"]["root"], hashlib.sha256(screened.register.read_bytes()).hexdigest()

    def tells(key: bytes) -> bool:
        salt = hmac.digest(key, message[1].encode() + bytes(8), "sha256")
        leaf = hashlib.sha256(salt + row).digest() + b"tenant:screened"
        return hashlib.sha256(b"\0" + leaf).hexdigest() == message[0]

    assert tells(receipt.seals.key), "the attack works with the key"
    keys = screened.workspace.with_name(f"{screened.workspace.name}-keys")
    files = [file for place in (screened.workspace, keys) for file in _files(place) if "sqlite" in file.name]
    tried = 0
    for file in files:
        content = file.read_bytes().strip(b"\0")
        for at in range(len(content) - 31):
            if (window := content[at : at + 32]).count(0) < 8:  # page filling is no key
                tried += 1
                assert not tells(window), (file.name, at)
    assert tried > 10_000
    assert not any(tells(guess) for guess in (b"", bytes(32), row, message[0].encode(), bytes.fromhex(message[0])))


def test_a_receipt_is_private_whole_and_never_written_over_another(screened: Screened) -> None:
    screened.screen(as_csv(ROWS, "utf-8"))
    if sys.platform != "win32":
        assert stat.S_IMODE(screened.receipt.stat().st_mode) == 0o600
    head = json.loads(_first(screened.receipt))
    assert head["purpose"] == "查找在逃人员"
    assert head["expires_on"] == "2026-12-31"
    assert head["user"]
    assert "feed's owner alone" in head["warning"]
    screened.prove(one_row(MINE))
    proof = json.loads(screened.proof.read_text(encoding="utf-8"))
    assert {name: proof[name] for name in ("purpose", "user", "expires_on")} == {
        name: head[name] for name in ("purpose", "user", "expires_on")
    }
    assert "one record" in proof["warning"]
    if sys.platform != "win32":
        assert stat.S_IMODE(screened.proof.stat().st_mode) == 0o600
    before = screened.receipt.read_bytes()
    assert "there already" in screened.screen(as_csv(ROWS[:3], "utf-8"), code=2)
    assert screened.receipt.read_bytes() == before
    assert [file.name for file in screened.folder.iterdir() if file.name.endswith(".part")] == []
    screened.receipt = screened.folder / "no" / "where.receipt"
    assert "the folder does not exist" in screened.screen(as_csv(ROWS[:3], "utf-8"), code=2)
    for broken in (before[:-200], before.replace(b'"rows":6', b'"rows":7'), before.split(b"\n")[0], b"[]", b"\xff"):
        screened.receipt = screened.folder / "broken.receipt"
        screened.receipt.write_bytes(broken)
        screened.prove(one_row(MINE), code=2)


def test_a_program_gets_a_receipt_too(screened: Screened) -> None:
    screened.register.write_bytes(as_csv(ROWS, "utf-8"))
    with netpursuit.open(screened.workspace, reason="check:T-4") as opened:
        answer = opened.screen(
            screened.register, feed=screened.feed, as_of=date.fromisoformat(AS_OF), receipt=screened.receipt
        )
    screened.run = {"run": answer.manifest.run_id}
    assert screened.prove(one_row(MINE))["mark"] == "tenant:screened"


def test_a_run_without_a_receipt_still_puts_its_root_on_record(screened: Screened) -> None:
    screened.register.write_bytes(as_csv(ROWS, "utf-8"))
    arguments = ("screen", screened.register, "--feed", screened.feed, "--workspace", screened.workspace)
    run = screened.command(*arguments, "--as-of", AS_OF, "--json").json
    log = screened.command("audit", "show", "--workspace", screened.workspace, "--json").json
    about = next(item["outcome"]["about"] for item in log if item["verb"] == "screen")
    assert (about["receipt"], about["receipt_rows"]) == (run["receipt"]["root"], "6")
    assert re.fullmatch("[0-9a-f]{64}", about["receipt"])
    assert not [file for file in screened.folder.iterdir() if "receipt" in file.name]


@pytest.mark.parametrize("record", [b"", register_text().encode(), as_csv(ROWS, "utf-8"), None])
def test_a_record_is_one_row(screened: Screened, record: bytes | None) -> None:
    screened.screen(as_csv(ROWS, "utf-8"))
    if record is None:
        missing = ("--receipt", screened.receipt, "--record", screened.folder / "none.csv")
        asked = ("audit", "prove", screened.run["run"], *missing, "--workspace", screened.workspace)
        assert screened.command(*asked).code == 2
    else:
        screened.prove(record, code=2)


def test_a_proof_and_a_check_are_asked_for_apart(screened: Screened) -> None:
    for asked in ((), ("R-1",), ("--check", "a.json", "--record", "b.csv"), ("R-1", "--receipt", "r")):
        assert screened.command("audit", "prove", *asked, "--workspace", screened.workspace).code == 2


def test_a_night_leaves_a_receipt_for_every_file(command: Run, wanted: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "rental").mkdir()
    (tmp_path / "rental.toml").write_text(feed_text(), encoding="utf-8")
    (tmp_path / "rental" / "a.csv").write_bytes(as_csv(ROWS, "utf-8"))
    (tmp_path / "rental" / "b.csv").write_bytes(as_csv([["R9", *MINE[1:]]], "utf-8"))
    (tmp_path / "night.toml").write_text(
        'workspace = "ws"\nreason = "check:nightly"\n[[list]]\nid = "wanted"\nfiles = ["wanted.csv"]\n'
        'mapping = "mapping.toml"\n[[feed]]\nfeed = "rental.toml"\nfolder = "rental"\n[receipts]\nfolder = "receipts"\n'
        "[health]\nmin_free_mb = 1\n",
        encoding="utf-8",
    )
    night = command("night", tmp_path / "night.toml", "--as-of", AS_OF, "--json")
    assert night.code == 0, night.err
    runs = [file["run"] for file in night.json["feeds"][0]["files"]]
    receipts = {file.name: read_receipt(file) for file in (tmp_path / "receipts").iterdir()}
    assert sorted(receipts) == sorted(f"{run}.receipt.jsonl" for run in runs)
    assert sorted(receipt.rows for receipt in receipts.values()) == [1, 6]
    assert all(root_of(receipt.leaves()).hex() == receipt.root for receipt in receipts.values())
    assert len({receipt.seals.key for receipt in receipts.values()}) == 2
    (tmp_path / "mine.csv").write_bytes(one_row(MINE))
    asked = ("--receipt", tmp_path / "receipts" / f"{runs[0]}.receipt.jsonl", "--record", tmp_path / "mine.csv")
    reason = ("--workspace", tmp_path / "ws", "--reason", "check:T-3", "--json")
    assert command("audit", "prove", runs[0], *asked, *reason).json["mark"] == "tenant:screened"


def _files(place: Path) -> list[Path]:
    return [file for file in place.rglob("*") if file.is_file()]


def _first(file: Path) -> str:
    return file.read_text(encoding="utf-8").partition("\n")[0]
