"""The nights of the last weeks as the log has them: when, by whom, and counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from netpursuit.gate.workbench import Workbench
from netpursuit.night.run import PURPOSE
from netpursuit.records import Consultation, Intent, Outcome, Verb
from netpursuit.screening.progress import is_held

SHOWN_DAYS = 35


@dataclass(frozen=True, slots=True, kw_only=True)
class NightSeen:
    """``state``: ``done``, ``running``, ``interrupted`` (killed; the next one goes on), ``failed`` or ``refused``.
    ``night_id`` is empty until it is done; ``why``: the code of a refusal, the kind of a failure."""

    began_at: datetime
    state: str
    who: str
    as_of: date | None
    night_id: str
    counts: dict[str, int]
    why: str
    consultation_id: str


def show_nights(desk: Workbench) -> tuple[NightSeen, ...]:
    """The nights of the last ``SHOWN_DAYS`` days, the latest first, on record as a look of its own."""
    intent = Intent(verb=Verb.RUNS_SHOW, authority=desk.authority, about={"what": "nights"})
    with desk.gate.consult(intent) as consultation:
        since = desk.gate.now() - timedelta(days=SHOWN_DAYS)
        nights = [item for item in desk.gate.log.read(since=since) if item.intent.verb is Verb.NIGHT]
        nights.reverse()
        held = bool(nights) and nights[0].outcome is None and is_held(desk.truth, PURPOSE, desk.gate.who)
        seen = tuple(_seen(item, running=held and place == 0) for place, item in enumerate(nights))
        consultation.conclude(Outcome(counts={"shown": len(seen)}))
    return seen


def _seen(item: Consultation, *, running: bool) -> NightSeen:
    outcome, state, why = item.outcome, "done", ""
    if outcome is None:
        state = "running" if running else "interrupted"
    elif outcome.refused:
        state, why = "refused", outcome.refused
    elif "failed" in outcome.about:
        state, why = "failed", outcome.about["failed"]
    told = outcome or Outcome()
    return NightSeen(
        began_at=item.at,
        state=state,
        who=item.intent.authority.who,
        as_of=item.intent.as_of,
        night_id=told.about.get("night", ""),
        counts=dict(told.counts),
        why=why,
        consultation_id=item.consultation_id,
    )
