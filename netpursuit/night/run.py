"""One night: lists, feeds, link graph, checks, an answer. Killed anywhere, the next call goes on with the same night.

What is done is told by the truth alone: versions of lists with the digest of their files, finished runs, drained rows.
All that a night keeps of itself is that it has begun, so that its report covers what it did before it was killed.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from netpursuit.errors import HeldError, InputError, RefusedError, StorageError
from netpursuit.gate.workbench import Workbench
from netpursuit.night.answer import (
    WHATS,
    LeadNews,
    ListFate,
    ListResult,
    NightAnswer,
    Problem,
    ProblemKind,
    sorted_problems,
)
from netpursuit.night.feed_night import Before
from netpursuit.night.feeds import foresee_feeds, screen_feeds
from netpursuit.night.health import check_health, drain_graph, purge_due, purged_since
from netpursuit.night.lists import foresee_lists, list_problems, list_results, update_lists
from netpursuit.night.plan import NightPlan, Tools
from netpursuit.ports.truth import Truth
from netpursuit.records import Intent, Lead, LeadState, Outcome, Verb
from netpursuit.screening.decide import flag_word
from netpursuit.screening.ended import end_leads

PURPOSE = "a night"
_LOOK_SECONDS = 0.25
_WHAT = {LeadState.WITHDRAWN: "stopped", LeadState.CONFIRMED: "flagged", LeadState.CLEARED: "cleared"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A night that has begun and is not over. ``last_at`` and ``last_lists``: when the night before ended, and the list
    versions then; None and nothing before a first one."""

    night_id: str
    at: datetime
    resumed: bool
    last_at: datetime | None = None
    last_lists: tuple[tuple[str, str], ...] = ()

    def before(self, as_of: date | None) -> Before:
        return Before(as_of=as_of, since=self.at, last_at=self.last_at, last_lists=self.last_lists)


def night(desk: Workbench, plan: NightPlan, tools: Tools, as_of: date | None = None) -> NightAnswer:
    """Run a night, or go on with the one that was killed; ``as_of`` None: each feed's own day, the user's for lists.

    One consultation brackets it, beside those of the deliveries and runs in it. Raises ``RefusedError`` where there is
    no reason, or another night is under way longer than the plan waits (``night-under-way``); ``StorageError`` where
    the workspace cannot be used. What goes wrong with one list, file or feed is told by the answer.
    """
    name = hashlib.sha256(plan.name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    day = as_of or desk.today
    intent = Intent(verb=Verb.NIGHT, authority=desk.authority, about={"plan": name}, as_of=as_of)
    with desk.gate.consult(intent) as consultation, _alone(desk, plan, tools):
        begun = _begin(desk, f"night.{name}")
        tools.tell("began", night=begun.night_id, resumed=begun.resumed)
        problems: list[Problem] = []

        def complain(problem: Problem) -> None:
            problems.append(problem)
            tools.tell("problem", kind=problem.kind.value, about=problem.about, why=problem.why)

        fates = update_lists(desk, plan, tools, day, complain)
        try:
            tools.tell("ended", leads=end_leads(desk, consultation, day))
        except (InputError, StorageError) as error:  # no list, or none that can be read
            complain(Problem(kind=ProblemKind.LIST, about="*", why=str(error)))
        feeds = screen_feeds(desk, plan, tools, begun.before(as_of), complain)
        if plan.retain:
            purge_due(tools, complain)
        graph = drain_graph(desk, tools, complain)
        lists = list_results(desk, fates, begun.at, day)
        for problem in list_problems(lists):
            complain(problem)
        health = check_health(desk, plan, tools, graph, complain)
        answer = NightAnswer(
            night_id=begun.night_id,
            user=desk.gate.who,
            began_at=begun.at,
            ended_at=desk.clock().astimezone(UTC),
            resumed=begun.resumed,
            as_of=day,
            lists=lists,
            feeds=tuple(report.result for report in feeds),
            leads=_lead_news(desk.truth, begun.at),
            unchecked=tuple(item for report in feeds for item in report.unchecked),
            problems=sorted_problems(problems),
            health=health,
            retained=purged_since(desk, begun.at) if plan.retain else None,
            consultation_id=consultation.consultation_id,
        )
        consultation.conclude(_outcome(answer))
        tools.publish(answer)
        with desk.truth.transaction() as unit:
            unit.put_setting(f"night.{name}", None)
            unit.put_setting(f"night.{name}.last", _seal(desk, unit.at))
    tools.tell("over", night=answer.night_id, exit_code=answer.exit_code)
    return answer


def foresee(desk: Workbench, plan: NightPlan, tools: Tools, as_of: date | None = None) -> NightAnswer:
    """What a night would do. Reads digests of files and what the workspace says of lists and runs, nobody's record, and
    writes nothing."""
    problems: list[Problem] = []
    fates = foresee_lists(desk, plan, tools, problems.append)
    changing = not {ListFate.WOULD_UPDATE, ListFate.WOULD_FETCH}.isdisjoint(fates.values())
    now = desk.clock().astimezone(UTC)
    return NightAnswer(
        night_id="",
        user=desk.gate.who,
        began_at=now,
        ended_at=now,
        resumed=False,
        as_of=as_of or desk.today,
        lists=tuple(ListResult(list_id=list_id, fate=fate) for list_id, fate in fates.items()),
        feeds=foresee_feeds(desk, plan, tools, as_of, changing, problems.append),
        problems=sorted_problems(problems),
        dry_run=True,
    )


@contextmanager
def _alone(desk: Workbench, plan: NightPlan, tools: Tools) -> Iterator[None]:
    """Hold the night's lock; wait for another night as long as the plan says."""
    until = time.monotonic() + plan.wait_seconds
    with ExitStack() as held:
        told = False
        while True:
            try:
                held.enter_context(desk.truth.alone(PURPOSE, tools.holder))
                break
            except HeldError as other:
                if not told:
                    tools.tell("waiting", **_holder(other, desk.clock), wait_seconds=plan.wait_seconds)
                    told = True
                if time.monotonic() >= until:
                    raise RefusedError("night-under-way", str(other)) from None
            time.sleep(_LOOK_SECONDS)
        yield


def _holder(other: HeldError, clock: Callable[[], datetime]) -> dict[str, object]:
    age = round((clock() - other.since).total_seconds()) if other.since else None
    since = other.since.isoformat(timespec="seconds") if other.since else None
    return {"holder": other.who, "process": other.process, "since": since, "age_seconds": age}


def _begin(desk: Workbench, key: str) -> Begun:
    """The night that was begun and is not over, or a new one."""
    last = json.loads(desk.truth.setting(f"{key}.last") or "{}")
    last_at = datetime.fromisoformat(last["at"]) if last else None
    last_lists = tuple((list_id, version) for list_id, version in last.get("lists", ()))
    kept = desk.truth.setting(key)
    stored = json.loads(kept) if kept else {}
    if not stored:
        with desk.truth.transaction() as unit:
            at = unit.at.astimezone(UTC)
            name = f"N-{at:%Y%m%d-%H%M%S}-{at.microsecond // 1000:03d}"
            stored = {"night": name, "at": at.isoformat()}
            unit.put_setting(key, json.dumps(stored))
    return Begun(
        night_id=stored["night"],
        at=datetime.fromisoformat(stored["at"]),
        resumed=kept is not None,
        last_at=last_at,
        last_lists=last_lists,
    )


def _seal(desk: Workbench, at: datetime) -> str:
    """What the next night knows of this one: when it ended, and the versions of the lists that can be read."""
    sound = [(version.list_id, version.version) for version in desk.truth.list_versions() if not version.damaged]
    return json.dumps({"at": at.astimezone(UTC).isoformat(), "lists": sound})


def _lead_news(truth: Truth, since: datetime) -> tuple[LeadNews, ...]:
    """The leads that were stored since an instant: the new ones first, of each kind the strongest first, then by id."""
    found = [(lead, _news_of(lead, since)) for lead in truth.leads() if lead.updated_at >= since]
    found.sort(key=lambda pair: (WHATS.index(pair[1].what), -pair[0].match.band, pair[0].lead_id))
    return tuple(item for _, item in found)


def _news_of(lead: Lead, since: datetime) -> LeadNews:
    what = _WHAT.get(lead.state) or ("new" if lead.created_at >= since else "updated")
    return LeadNews(
        lead_id=lead.lead_id,
        what=what,
        band=lead.match.band.word,
        feed_id=lead.key.feed_id,
        flag=flag_word(lead.flag),
    )


def _outcome(answer: NightAnswer) -> Outcome:
    counts = {
        "lists": len(answer.lists),
        "feeds": len(answer.feeds),
        "runs": len(answer.run_ids),
        "leads": len(answer.leads),
        "problems": len(answer.problems),
    }
    entries = [
        f"{news.list_id}:{entry_id}"
        for item in answer.unchecked
        for news in item.entries
        for entry_id in news.entry_ids
    ]
    return Outcome(
        counts=counts,
        lead_ids=tuple(item.lead_id for item in answer.leads),
        entry_ids=tuple(dict.fromkeys(entries)),
        about={"night": answer.night_id},
    )
