"""Nothing runs without a reason or a case, and nothing is shown before its outcome is on record (A1, A3, A10)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from netpursuit.audit.log import ConsultationLog
from netpursuit.catalogue import all_words
from netpursuit.errors import InputError, RefusedError, StorageError
from netpursuit.gate import Gate
from netpursuit.gate.cases import NewCase, case_state, close_case, list_cases, open_case
from netpursuit.gate.users import user_of_machine
from netpursuit.policy.reasons import CODES, parse_reason
from netpursuit.records import Authority, Case, Consultation, Intent, Name, Outcome, Person, Reason, Verb
from netpursuit.stores.workspace import open_workspace

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SHANGHAI = timezone(timedelta(hours=8))


class Desk:
    """A gate over a real workspace, for any user, with a clock that a test sets."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, NOON
        self.workspace = open_workspace(folder / "w", folder / "k", clock=lambda: self.now)
        self.truth = self.workspace.truth
        self.log = ConsultationLog(self.truth, self.workspace.keys)
        self.gate = self.gate_of("wang")

    def gate_of(self, who: str) -> Gate:
        return Gate(self.truth, self.log, who=who, clock=lambda: self.now, zone=SHANGHAI)

    def intent(
        self, verb: Verb = Verb.MATCH, gate: Gate | None = None, *, reason: str = "", case_id: str = ""
    ) -> Intent:
        authority = (gate or self.gate).authority(reason=reason, case_id=case_id, verb=verb)
        return Intent(verb=verb, authority=authority, fields=("name",), sealed="canary-typed")

    def records(self) -> list[Consultation]:
        return list(self.log.read())

    def refusals(self) -> list[str]:
        return [found.outcome.refused for found in self.records() if found.outcome and found.outcome.refused]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    assert made.log.verify() == []
    made.workspace.close()


def new_case(**changes: object) -> NewCase:
    fields: dict[str, object] = {
        "case_id": "K-1",
        "title": "Fraud in lettings",
        "authority": "County court",
        "legal_basis": "Art. 121",
        "purpose": "find two wanted persons",
        "members": ("wang", "li"),
        "expires_on": date(2026, 12, 1),
    }
    return NewCase(**(fields | changes))  # type: ignore[arg-type]


def open_one(desk: Desk, **changes: object) -> Case:
    return open_case(desk.gate, new_case(**changes), new_id=lambda: "K-made")


def never_runs(gate: Gate, intent: Intent, persons: tuple[Person, ...] = ()) -> str:
    with pytest.raises(RefusedError) as caught, gate.consult(intent, persons=persons):
        pytest.fail("it ran")
    return caught.value.code


def test_the_intent_is_on_record_before_anything_runs_and_the_outcome_before_anything_is_shown(desk: Desk) -> None:
    with desk.gate.consult(desk.intent(reason="check:2026-07")) as consultation:
        (running,) = desk.records()
        assert running.outcome is None
        consultation.conclude(Outcome(counts={"matches": 2}, entry_ids=("ours:E1",)))
        (done,) = desk.records()
        assert done.outcome == Outcome(counts={"matches": 2}, entry_ids=("ours:E1",))
    assert done.consultation_id == consultation.consultation_id
    assert done.intent.authority == Authority(who="wang", reason=Reason(code="check", task="2026-07"))


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb not in (Verb.CASE_OPEN, Verb.CASE_CLOSE)])
def test_without_a_reason_no_verb_runs_and_the_refusal_is_on_record(desk: Desk, verb: Verb) -> None:
    assert never_runs(desk.gate, desk.intent(verb)) == "no-reason"
    (found,) = desk.records()
    assert found.outcome == Outcome(refused="no-reason")
    assert (found.intent.verb, found.intent.authority) == (verb, Authority(who="wang"))
    assert desk.workspace.keys._file.row("SELECT count(*) FROM sealing") == (0,)


def test_a_reason_of_no_known_form_is_refused_and_on_record(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="check, lead, case, training, audit"):
        desk.gate.authority(reason="curiosity:neighbour", verb=Verb.MATCH)
    assert desk.refusals() == ["reason-code"]


def test_a_reason_lasts_one_shift_for_one_user(desk: Desk) -> None:
    reason, until = desk.gate.choose_reason("check：2026-07")
    assert (str(reason), until) == ("check:2026-07", NOON + timedelta(hours=12))
    assert desk.intent().authority.reason == reason
    assert desk.gate_of("li").authority() == Authority(who="li")
    desk.now += timedelta(hours=11, minutes=59)
    with desk.gate.consult(desk.intent()) as consultation:
        consultation.conclude(Outcome())
    desk.now += timedelta(minutes=1)
    assert desk.gate.chosen_reason() is None
    assert never_runs(desk.gate, desk.intent()) == "no-reason"


def test_a_stated_reason_goes_before_the_chosen_one_and_the_chosen_one_can_be_ended(desk: Desk) -> None:
    desk.gate.choose_reason("check:2026-07")
    assert str(desk.intent(reason="lead:L-1").authority) == "lead:L-1"
    desk.gate.forget_reason()
    assert desk.gate.chosen_reason() is None


def test_a_clock_set_back_lengthens_no_shift(desk: Desk) -> None:
    desk.gate.choose_reason("check:2026-07")
    desk.now -= timedelta(days=3)
    assert desk.gate.chosen_reason() is None
    desk.now = NOON


def test_reason_and_case_at_once_are_bad_input(desk: Desk) -> None:
    with pytest.raises(InputError):
        desk.gate.authority(reason="check:1", case_id="K-1")


@pytest.mark.parametrize("text", ["", "check", "check:", ":x", "check: ", "check:a\nb", "check:" + "x" * 81])
def test_what_has_not_the_form_of_a_reason_is_none(text: str) -> None:
    with pytest.raises(RefusedError, match="CODE:TASK") as caught:
        parse_reason(text)
    assert caught.value.code == "reason-form"


@pytest.mark.parametrize("task", ["110101199003078515", "tel 13800138000", "+8613800138000", "mail a.b@example.org"])
def test_nobodys_number_becomes_a_task(task: str) -> None:
    with pytest.raises(RefusedError) as caught:
        parse_reason(f"check:{task}")
    assert caught.value.code == "reason-personal"
    assert task not in str(caught.value)


@pytest.mark.parametrize(
    "task", ["2026-1123-07", "A3601024600002026110001", "赣公(刑)字〔2026〕12号", "20261123000123"]
)
def test_numbers_of_files_are_tasks(task: str) -> None:
    assert parse_reason(f"CASE:{task}") == Reason(code="case", task=task)


def test_a_feeds_purpose_screens_and_does_nothing_else(desk: Desk) -> None:
    authority = Authority(who="wang", feed_purpose="lettings in Oxford against wanted lists")
    with desk.gate.consult(Intent(verb=Verb.SCREEN, authority=authority)) as consultation:
        consultation.conclude(Outcome())
    assert never_runs(desk.gate, Intent(verb=Verb.MATCH, authority=authority)) == "purpose-only-screens"
    blank = Authority(who="wang", feed_purpose="  ")
    assert never_runs(desk.gate, Intent(verb=Verb.SCREEN, authority=blank)) == "no-reason"


def test_nobody_looks_under_anothers_name_or_under_two_authorities(desk: Desk) -> None:
    reason = Reason(code="check", task="1")
    assert (
        never_runs(desk.gate, Intent(verb=Verb.MATCH, authority=Authority(who="li", reason=reason))) == "another-user"
    )
    both = Authority(who="wang", reason=reason, feed_purpose="p")
    assert never_runs(desk.gate, Intent(verb=Verb.SCREEN, authority=both)) == "two-authorities"
    unknown = Authority(who="wang", reason=Reason(code="curiosity", task="1"))
    assert never_runs(desk.gate, Intent(verb=Verb.MATCH, authority=unknown)) == "reason-code"
    assert {found.intent.authority.who for found in desk.records()} == {"wang"}


def test_a_group_query_is_refused_on_record_and_leaves_no_value(desk: Desk, tmp_path: Path) -> None:
    person = Person(names=(Name(text="canary-name*"),))
    code = never_runs(desk.gate, desk.intent(reason="check:1"), persons=(Person(names=(Name(text="Ann Lee"),)), person))
    assert code == "wildcard-name"
    assert desk.refusals() == ["wildcard-name"]
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert b"canary" not in path.read_bytes(), path.name


def test_typed_values_of_a_query_stand_in_no_file(desk: Desk, tmp_path: Path) -> None:
    with desk.gate.consult(desk.intent(reason="check:1"), persons=(Person(names=(Name(text="canary name"),)),)) as one:
        one.conclude(Outcome(counts={"matches": 0}))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(b"check:1" in path.read_bytes() for path in files), "the search finds what is there"
    for path in files:
        assert b"canary" not in path.read_bytes(), path.name


def test_an_error_inside_is_on_record_as_failed_without_its_text(desk: Desk) -> None:
    with pytest.raises(KeyError), desk.gate.consult(desk.intent(reason="check:1")):
        raise KeyError("canary-value")
    (found,) = desk.records()
    assert found.outcome == Outcome(about={"failed": "KeyError"})


def test_a_refusal_inside_is_on_record_with_its_code(desk: Desk) -> None:
    with pytest.raises(RefusedError), desk.gate.consult(desk.intent(reason="check:1")):
        raise RefusedError("list-stale", "too old")
    assert desk.refusals() == ["list-stale"]


def test_an_interrupt_leaves_the_intent_interrupted(desk: Desk) -> None:
    with pytest.raises(KeyboardInterrupt), desk.gate.consult(desk.intent(reason="check:1")):
        raise KeyboardInterrupt
    assert [found.outcome for found in desk.records()] == [None]


def test_a_use_case_that_owes_its_outcome_shows_nothing(desk: Desk) -> None:
    with pytest.raises(StorageError, match="without an outcome"), desk.gate.consult(desk.intent(reason="check:1")):
        pass
    with desk.gate.consult(desk.intent(reason="check:1")) as consultation:
        consultation.conclude(Outcome())
        with pytest.raises(RuntimeError, match="one outcome"):
            consultation.conclude(Outcome())
    assert [found.outcome for found in desk.records()] == [Outcome(about={"failed": "StorageError"}), Outcome()]


def test_an_action_and_its_outcome_are_one_transaction(desk: Desk) -> None:
    intent = desk.intent(Verb.LEADS_CLEAR, reason="lead:L-1")
    with desk.gate.consult(intent) as consultation, desk.truth.transaction() as unit:
        unit.put_setting("action", "done")
        consultation.conclude(Outcome(lead_ids=("L-1",)), unit)
    assert desk.truth.setting("action") == "done"

    def fail() -> None:
        with desk.gate.consult(intent) as consultation, desk.truth.transaction() as unit:
            unit.put_setting("action", "done again")
            consultation.conclude(Outcome(lead_ids=("L-2",)), unit)
            raise KeyError  # after the outcome, before the commit: neither may stand

    with pytest.raises(KeyError):
        fail()
    assert desk.truth.setting("action") == "done"
    assert [found.outcome for found in desk.records()] == [
        Outcome(lead_ids=("L-1",)),
        Outcome(about={"failed": "KeyError"}),
    ]


def test_where_the_log_takes_no_record_the_action_does_not_happen(desk: Desk) -> None:
    raw = sqlite3.connect(desk.folder / "w" / "truth.sqlite")
    stop = (
        "CREATE TRIGGER stop BEFORE INSERT ON log_payload WHEN NEW.kind = 'outcome' BEGIN SELECT RAISE(ABORT, 'x'); END"
    )
    raw.execute(stop)
    raw.commit()
    intent = desk.intent(Verb.LEADS_CLEAR, reason="lead:L-1")

    def act() -> None:
        with desk.gate.consult(intent) as consultation, desk.truth.transaction() as unit:
            unit.put_setting("action", "done")
            consultation.conclude(Outcome(lead_ids=("L-1",)), unit)

    with pytest.raises(StorageError):
        act()
    assert desk.truth.setting("action") is None
    assert [found.outcome for found in desk.records()] == [None]
    raw.execute("DROP TRIGGER stop")
    raw.commit()
    raw.close()


def test_an_outcome_that_is_committed_stays_the_only_one_where_its_anchor_fails(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(head: object) -> None:
        raise StorageError("the key folder is full")

    def look() -> None:
        with desk.gate.consult(desk.intent(reason="check:1")) as consultation:
            monkeypatch.setattr(desk.workspace.keys, "anchor", fail)
            consultation.conclude(Outcome(counts={"matches": 1}))

    with pytest.raises(StorageError, match="key folder"):
        look()
    assert [found.outcome for found in desk.records()] == [Outcome(counts={"matches": 1})]


def test_parts_of_a_long_consultation_are_on_record_with_what_they_store(desk: Desk) -> None:
    authority = Authority(who="wang", feed_purpose="lettings")
    with desk.gate.consult(Intent(verb=Verb.SCREEN, authority=authority)) as consultation:
        for lead_id in ("L-1", "L-2"):
            with desk.truth.transaction() as unit:
                consultation.conclude_part(Outcome(lead_ids=(lead_id,)), unit)
        consultation.conclude(Outcome(counts={"read": 9}))
    (found,) = desk.records()
    assert found.outcome == Outcome(counts={"read": 9}, lead_ids=("L-1", "L-2"))


def test_a_case_opens_with_everything_that_authorises_it(desk: Desk) -> None:
    case = open_one(desk)
    assert desk.truth.case("K-1") == case
    assert (case.opened_by, case.members) == ("wang", ("wang", "li"))
    assert list_cases(desk.gate) == (case,)
    (found,) = desk.records()
    assert (found.intent.verb, found.intent.authority.case_id) == (Verb.CASE_OPEN, "K-1")
    assert open_one(desk, case_id="").case_id == "K-made"


@pytest.mark.parametrize("field", ["title", "authority", "legal_basis", "purpose", "members"])
def test_a_case_that_leaves_something_out_is_not_opened(desk: Desk, field: str) -> None:
    with pytest.raises(InputError, match=field.replace("_", " ")):
        open_one(desk, **{field: () if field == "members" else "  "})
    with pytest.raises(InputError, match="expired"):
        open_one(desk, expires_on=date(2026, 11, 22))
    with pytest.raises(InputError, match="no id"):
        open_one(desk, case_id="a b")
    assert list_cases(desk.gate) == ()
    assert desk.records() == []


def test_a_case_id_is_used_once(desk: Desk) -> None:
    open_one(desk)
    with pytest.raises(RefusedError) as caught:
        open_one(desk, title="another")
    assert caught.value.code == "case-exists"
    assert [case.title for case in list_cases(desk.gate)] == ["Fraud in lettings"]


def test_a_case_lets_its_members_look_until_it_ends(desk: Desk) -> None:
    open_one(desk)
    for who in ("wang", "li"):
        gate = desk.gate_of(who)
        with gate.consult(desk.intent(gate=gate, case_id="K-1")) as consultation:
            consultation.conclude(Outcome())
    stranger = desk.gate_of("zhao")
    assert never_runs(stranger, desk.intent(gate=stranger, case_id="K-1")) == "case-member"
    assert never_runs(desk.gate, desk.intent(case_id="K-2")) == "case-unknown"
    desk.now = datetime(2026, 12, 1, 15, 59, tzinfo=UTC)  # the last minute of its last day in the user's time zone
    with desk.gate.consult(desk.intent(case_id="K-1")) as consultation:
        consultation.conclude(Outcome())
    desk.now += timedelta(minutes=1)
    assert never_runs(desk.gate, desk.intent(case_id="K-1")) == "case-expired"
    assert case_state(desk.gate, list_cases(desk.gate)[0]) == "expired"


def test_an_as_of_date_opens_no_expired_case(desk: Desk) -> None:
    open_one(desk)
    desk.now += timedelta(days=30)
    authority = Authority(who="wang", case_id="K-1")
    backdated = Intent(verb=Verb.MATCH, authority=authority, as_of=date(2026, 11, 23))
    assert never_runs(desk.gate, backdated) == "case-expired"


def test_a_closed_case_authorises_nothing(desk: Desk) -> None:
    open_one(desk)
    stranger = desk.gate_of("zhao")
    with pytest.raises(RefusedError):
        close_case(stranger, "K-1")
    assert close_case(desk.gate_of("li"), "K-1").closed_at == desk.now
    assert never_runs(desk.gate, desk.intent(case_id="K-1")) == "case-closed"
    assert case_state(desk.gate, list_cases(desk.gate)[0]) == "closed"
    with pytest.raises(RefusedError) as caught:
        close_case(desk.gate, "K-1")
    assert caught.value.code == "case-closed"


def test_the_user_is_who_the_operating_system_says_not_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    before = user_of_machine()
    for variable in ("LOGNAME", "USER", "USERNAME", "LNAME", "SUDO_USER"):
        monkeypatch.setenv(variable, "somebody-else")
    assert user_of_machine() == before != "somebody-else"


@pytest.mark.skipif(not Path("/etc/passwd").exists(), reason="POSIX")
def test_behind_an_account_of_nobodys_own_stands_who_logged_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pwd

    (tmp_path / "loginuid").write_text(str(pwd.getpwnam("nobody").pw_uid), encoding="ascii")
    monkeypatch.setattr("netpursuit.gate.users.LOGIN_UID", tmp_path / "loginuid")
    service, someone = pwd.getpwnam("daemon").pw_uid, 1000
    monkeypatch.setattr("os.getuid", lambda: service)
    assert user_of_machine() == "nobody"
    monkeypatch.setattr("os.getuid", lambda: someone)
    assert user_of_machine() not in ("nobody", "daemon"), "whoever has an account is that account"


@pytest.mark.parametrize("kept", ["", "4294967295", "4294967295\n", "4000000000", "-1", "garbage"])
def test_where_the_kernel_knows_no_login_the_user_is_whom_the_process_runs_as(
    kept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netpursuit.gate.users.LOGIN_UID", tmp_path / "loginuid")
    before = user_of_machine()
    (tmp_path / "loginuid").write_text(kept, encoding="ascii")
    assert user_of_machine() == before


def test_every_code_reason_verb_and_state_has_its_words_in_both_languages() -> None:
    import re

    import netpursuit

    words = all_words()
    folder = Path(netpursuit.__file__).parent
    sources = [*(folder / "gate").glob("*.py"), *(folder / "audit").glob("*.py"), folder / "policy" / "reasons.py"]
    codes = {
        code
        for path in sources
        for code in re.findall(r'RefusedError\(\s*"([a-z-]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(codes) >= 18
    wanted = {f"refused.{code}" for code in codes} | {f"reason.{code}" for code in CODES}
    wanted |= {f"verb.{verb}" for verb in Verb} | {f"case.state.{state}" for state in ("open", "closed", "expired")}
    assert wanted <= words.keys(), sorted(wanted - words.keys())
    for key in wanted:
        assert words[key]["en"].strip()
        assert re.search(r"[\u4e00-\u9fff]", words[key]["zh"]), key
