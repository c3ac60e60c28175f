"""What is given out of the log is checked alone, and whatever is done to it is noticed (promise A2)."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netpursuit.audit.exported import ExportNotice, check_export, end_message, write_export
from netpursuit.audit.heads import Anchor, Checked, Growth, check_anchors, head_message, read_anchors
from netpursuit.audit.leaves import leaf_of
from netpursuit.audit.log import ConsultationLog
from netpursuit.audit.merkle import Edge, prove_growth
from netpursuit.audit.record_proof import check_record_proof, record_proof
from netpursuit.errors import InputError
from netpursuit.records import Authority, Intent, Outcome, Reason, Verb
from netpursuit.stores.workspace import Workspace, open_workspace

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOTICE = ExportNotice(warning="w", purpose="audit:A-1", user="li", case_id="", expires_on="2027-02-21", made_at=NOON)
INTENT = Intent(
    verb=Verb.MATCH, authority=Authority(who="wang", reason=Reason(code="check", task="T")), sealed='{"names":"canary"}'
)


class Bench:
    """A workspace whose log has ten consultations, of which the first four were purged."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, NOON
        self.open()
        self.ids = self.look(4)
        self.log.purge(self.now + timedelta(seconds=1), who="li")
        self.ids += self.look(6)

    def open(self) -> None:
        self.workspace: Workspace = open_workspace(self.folder / "w", self.folder / "k", clock=lambda: self.now)
        self.truth, self.keys = self.workspace.truth, self.workspace.keys
        self.log = ConsultationLog(self.truth, self.keys)

    def look(self, times: int) -> list[str]:
        ids = []
        for _ in range(times):
            self.now += timedelta(minutes=1)
            ids.append(self.log.begin(INTENT))
            self.log.finish(None, ids[-1], Outcome(counts={"matches": 1}))
        return ids

    @property
    def size(self) -> int:
        head = self.truth.log_head()
        assert head is not None
        return head.size

    def export(self) -> bytes:
        out = io.BytesIO()
        write_export(self.truth, self.keys, NOTICE, self.size, out)
        return out.getvalue()

    def anchor(self, after: Anchor | None = None) -> Anchor:
        head = self.truth.log_head()
        assert head is not None
        growth = None
        if after is not None:
            leaves = [record.leaf for record in self.truth.log_records()]
            growth = Growth(size=after.size, root=after.root, proof=prove_growth(leaves, after.size))
        made = Anchor.of(self.truth.workspace_id, head, self.keys.public_key(), growth)
        (read,) = read_anchors(json.dumps(made.as_json()), "anchor.json")
        assert read == replace(made, where="anchor.json")
        return read


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A log that no test changes."""
    made = Bench(tmp_path_factory.mktemp("log"))
    yield made
    made.workspace.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.workspace.close()


def checked(content: bytes, *outside: Anchor, key: bytes | None = None) -> Checked:
    return check_export(io.BytesIO(content), "log.jsonl", outside, key)


def test_an_export_is_whole_by_itself_and_against_key_and_anchor(whole: Bench) -> None:
    found = checked(whole.export(), whole.anchor(), key=whole.keys.public_key())
    assert found.problems == ()
    assert (found.records, found.kept) == (whole.size, whole.size - 8)
    assert found.stated["purpose"] == "audit:A-1"
    assert b"canary" not in whole.export()


Lines = list[dict[str, Any]]
DRILLS: dict[str, Callable[[Lines], Lines]] = {
    "a payload edited": lambda lines: changed(lines, 12, payload=lines[12]["payload"].replace("wang", "chen")),
    "a salt edited": lambda lines: changed(lines, 12, salt="00" * 16),
    "a payload deleted": lambda lines: changed(lines, 12, payload=None, salt=None),
    "a record deleted": lambda lines: lines[:12] + lines[13:],
    "a record deleted and the rest numbered anew": lambda lines: numbered(lines[:12] + lines[13:]),
    "two records exchanged": lambda lines: [*lines[:11], lines[12], lines[11], *lines[13:]],
    "two records exchanged and numbered anew": lambda lines: numbered([*lines[:11], lines[12], lines[11], *lines[13:]]),
    "cut at its end": lambda lines: lines[:-1],
    "cut in the middle": lambda lines: lines[:12],
    "cut, its end kept": lambda lines: [*lines[:12], lines[-1]],
    "cut, with manifest and end made to fit": lambda lines: [
        lines[0] | {"records": 11},
        *lines[1:12],
        lines[-1] | {"end": 11},
    ],
    "a head removed": lambda lines: changed(lines, 12, head=None),
    "the purpose edited": lambda lines: changed(lines, 0, purpose="case:K-9"),
    "the expiry edited": lambda lines: changed(lines, 0, expires_on="2099-01-01"),
    "another workspace stated": lambda lines: changed(lines, 0, workspace="f" * 16),
    "something behind the end": lambda lines: [*lines, lines[1]],
}


def changed(lines: Lines, at: int, **values: Any) -> Lines:
    return [*lines[:at], lines[at] | values, *lines[at + 1 :]]


def numbered(lines: Lines) -> Lines:
    return [lines[0], *({**line, "n": n} for n, line in enumerate(lines[1:-1])), lines[-1]]


def as_bytes(lines: Lines) -> bytes:
    return b"".join(json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in lines)


@pytest.mark.parametrize("drill", DRILLS)
def test_what_is_done_to_an_export_is_noticed(whole: Bench, drill: str) -> None:
    lines = [json.loads(line) for line in whole.export().splitlines()]
    assert checked(as_bytes(lines)).problems == ()
    assert checked(as_bytes(DRILLS[drill](lines))).problems != ()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_byte_of_an_export_can_be_changed_or_cut_unnoticed(whole: Bench, data: st.DataObject) -> None:
    content = whole.export()
    at = data.draw(st.integers(0, len(content) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda value: value != content[at]))
    for broken in (content[:at] + bytes([other]) + content[at + 1 :], content[:at]):
        with suppress(InputError):  # the manifest cannot be read any more
            assert checked(broken, whole.anchor()).problems != ()


JUNK = st.sampled_from(
    [None, True, -1, 10**30, 1.5, "", "x", "00", "[" * 3000, "0001-01-01T00:00:00+23:59", "2026-01-01", [], {}, [[]]]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_hostile_export_is_a_difference_or_an_input_error_and_nothing_else(whole: Bench, data: st.DataObject) -> None:
    lines = [json.loads(line) for line in whole.export().splitlines()]
    at = data.draw(st.sampled_from([0, 1, 9, 12, len(lines) - 1]))
    key = data.draw(st.sampled_from(sorted(lines[at])))
    lines[at] = lines[at] | {key: data.draw(JUNK.filter(lambda value: value != lines[at][key]))}
    head = lines[12]["head"]
    if isinstance(head, dict) and data.draw(st.booleans()):
        lines[12]["head"] = head | {data.draw(st.sampled_from(sorted(head))): data.draw(JUNK)}
    with suppress(InputError):
        assert checked(as_bytes(lines), whole.anchor()).problems != ()


class Forger:
    """Whoever holds no key of the workspace makes one of their own and writes a whole log, signed all through."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()
        self.public = self._key.public_key().public_bytes_raw()

    def rewrite(self, lines: Lines, workspace: str) -> Lines:
        edge, forged = Edge(), [lines[0] | {"public_key": self.public.hex()}]
        for line in lines[1:-1]:
            payload = line["payload"]
            if payload is not None:
                payload = payload.replace("wang", "chen")
                line = line | {"payload": payload, "leaf": leaf_of(bytes.fromhex(line["salt"]), payload).hex()}
            edge = edge.append(bytes.fromhex(line["leaf"]))
            at = datetime.fromisoformat(line["head"]["at"])
            signed = self._key.sign(head_message(workspace, edge.size, edge.root(), at)).hex()
            forged.append(line | {"head": {"root": edge.root().hex(), "at": line["head"]["at"], "signature": signed}})
        digest = hashlib.sha256(as_bytes(forged)).hexdigest()
        end = self._key.sign(end_message(workspace, edge.size, digest)).hex()
        return [*forged, {"end": edge.size, "sha256": digest, "signature": end}]


def test_an_export_forged_as_a_whole_is_found_by_the_key_or_an_anchor_alone(whole: Bench) -> None:
    lines = [json.loads(line) for line in whole.export().splitlines()]
    forged = as_bytes(Forger().rewrite(lines, whole.truth.workspace_id))
    assert checked(forged).problems == (), "which is why the check says that its key is not known"
    assert any("another key" in problem for problem in checked(forged, key=whole.keys.public_key()).problems)
    assert any("another key" in problem for problem in checked(forged, whole.anchor()).problems)


def test_what_is_no_export_is_an_input_error() -> None:
    for content in (b"", b"\n", b"{}\n", b"[]\n", b'{"netpursuit":"audit-export","v":2}\n', b"\xff\x00", b"{" * 9999):
        with pytest.raises(InputError, match="no export"):
            checked(content)


def test_an_anchor_finds_a_log_rolled_back_together_with_its_keys(bench: Bench) -> None:
    old = bench.anchor()
    bench.workspace.close()
    for place in ("w", "k"):
        shutil.copytree(bench.folder / place, bench.folder / f"copy-{place}")
    bench.open()
    bench.look(3)
    anchor = bench.anchor()
    bench.workspace.close()
    for place in ("w", "k"):
        shutil.rmtree(bench.folder / place)
        shutil.copytree(bench.folder / f"copy-{place}", bench.folder / place)
    bench.open()
    assert bench.log.verify() == [], "workspace and keys agree with each other"
    assert bench.log.verify([old]) == []
    assert any("rolled back" in problem for problem in bench.log.verify([anchor]))
    bench.look(8)
    assert bench.log.verify() == []
    assert any("continued" in problem for problem in bench.log.verify([anchor]))
    assert bench.log.verify([old]) == []


def test_an_anchor_of_another_log_key_or_hand_is_said_to_be_so(bench: Bench, whole: Bench) -> None:
    anchor = bench.anchor()
    assert bench.log.verify([anchor]) == []
    assert any("anchors the log of workspace" in problem for problem in bench.log.verify([whole.anchor()]))
    for other, said in (
        (replace(anchor, public_key=Forger().public), "another key"),
        (replace(anchor, at=anchor.at + timedelta(days=1)), "was changed"),
        (replace(anchor, size=anchor.size - 1), "was changed"),
    ):
        assert any(said in problem for problem in bench.log.verify([other]))


def test_a_later_anchor_shows_alone_that_it_goes_on_from_an_earlier_one(bench: Bench) -> None:
    old = bench.anchor()
    bench.look(3)
    new = bench.anchor(after=old)

    def problems(anchor: Anchor, *outside: Anchor) -> tuple[str, ...]:
        return check_anchors((anchor,), "anchor.json", outside, None).problems

    assert problems(new, old) == problems(new) == problems(old, old) == ()
    assert any("does not show" in problem for problem in problems(bench.anchor(), old))
    assert new.grown_from is not None
    forged = replace(new, grown_from=replace(new.grown_from, proof=new.grown_from.proof[:-1]))
    assert any("does not show" in problem for problem in problems(forged, old))
    assert problems(new, replace(old, root=bytes(32))) != ()


@pytest.mark.parametrize(
    "damage",
    [
        *("", "{}", "[]", "not json", '{"netpursuit":"audit-anchor","v":1}', "[" * 100_000),
        '{"netpursuit":"audit-anchor","v":1,"workspace":"w","size":true,"root":"","at":"","public_key":"","signature":""}',
    ],
)
def test_what_is_no_anchor_is_an_input_error(damage: str) -> None:
    with pytest.raises(InputError, match="anchor"):
        read_anchors(damage, "anchor.json")


def test_one_consultation_is_proved_to_an_anchor_without_the_log(bench: Bench) -> None:
    wanted = bench.ids[6]
    anchor = bench.anchor()
    bench.look(5)
    shape, count = record_proof(bench.truth, bench.truth.log_records_of(wanted), anchor, NOTICE)
    assert count == 2

    def problems(shape: dict[str, Any], *outside: Anchor) -> tuple[str, ...]:
        return check_record_proof(json.dumps(shape), "proof.json", outside, None).problems

    assert problems(shape) == problems(shape, anchor) == ()
    assert any("none of the anchors" in problem for problem in problems(shape, bench.anchor()))
    (first, second), other = shape["records"], bench.truth.log_records_of(bench.ids[7])
    for records in (
        [first | {"payload": first["payload"].replace("wang", "chen")}, second],
        [first | {"n": first["n"] + 1}, second],
        [first | {"proof": first["proof"][:-1]}, second],
        [first, record_proof(bench.truth, other, anchor, NOTICE)[0]["records"][0]],
    ):
        assert problems(shape | {"records": records}, anchor) != ()
    with pytest.raises(InputError, match="younger"):
        record_proof(bench.truth, bench.truth.log_records_of(bench.look(1)[0]), anchor, NOTICE)
    with pytest.raises(InputError, match="no proof"):
        problems(shape | {"records": []})
