"""A lead computed again from what it stores (A17).

The same program does the whole again: both records as they were sealed, the lists of that run, the policy of that day;
every byte of the evidence must come out as it is stored. Another program, or one that lacks the lists or the policy,
adds up the stored levels and says so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from netpursuit.errors import InputError
from netpursuit.gate.workbench import Workbench
from netpursuit.ids.fingerprints import entry_version, registered_fingerprints
from netpursuit.match import scored_by
from netpursuit.policy.model import Policy
from netpursuit.policy.weights import band_of
from netpursuit.ports.matching import Matching
from netpursuit.ports.truth import Truth
from netpursuit.records import EntryKey, Intent, Lead, ListVersion, Match, Outcome, Verb
from netpursuit.review.views import known_lead, name_of
from netpursuit.scoring import probability_of

# Opens the index over sealed lists under a policy's version; None: this program cannot score with it.
PastMatchers = Callable[[Sequence[ListVersion], str], Matching | None]


class ReplayMode(StrEnum):
    """``replayed``: all was computed again; ``recomputed``: the stored levels were added up again."""

    REPLAYED = "replayed"
    RECOMPUTED = "recomputed"


class Lacking(StrEnum):
    """Why a lead was only recomputed; the words are ``replay.lacking.<value>``."""

    POLICY = "other-policy"
    PROGRAM = "other-program"
    LISTS = "lists-gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What came out otherwise: ``what`` is ``list:entry`` and a part of the match, or a part of the stored input."""

    what: str
    stored: str
    again: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A lead's revision computed again. ``digest``: SHA-256 over the evidence as stored. ``lacking`` None: all was
    there. It agrees where nothing differs."""

    lead: Lead
    mode: ReplayMode
    lacking: Lacking | None
    differences: tuple[Difference, ...]
    digest: str
    program: str
    policy: str
    consultation_id: str

    @property
    def agrees(self) -> bool:
        return not self.differences


def replay_lead(desk: Workbench, lead_id: str, matchers: PastMatchers, *, revision: int | None = None) -> Replay:
    """Compute a lead again and compare; ``revision`` None: the present one.

    Raises ``InputError`` where there is no such lead or revision, ``StorageError`` where a sealed entry is not what was
    sealed.
    """
    intent = Intent(verb=Verb.LEADS_REPLAY, authority=desk.authority, about={"lead": lead_id})
    with desk.gate.consult(intent) as consultation:
        lead = _revision(desk, lead_id, revision)
        lacking, found = _again(desk.truth, lead, matchers)
        differences = _compared(lead, found) if found is not None else ()
        if found is not None and lead.code == scored_by():
            differences = (*_inputs(desk, lead), *differences)
        elif differences:  # the program is another one: that it counts otherwise proves nothing about the lead
            lacking = Lacking.PROGRAM
        if lacking is not None:
            differences = _recomputed(lead)
        consultation.conclude(
            Outcome(
                counts={"differences": len(differences)},
                lead_ids=(lead_id,),
                entry_ids=tuple(name_of(match.key) for match in lead.matches),
                about={"replay": ReplayMode.REPLAYED if lacking is None else ReplayMode.RECOMPUTED},
            )
        )
    return Replay(
        lead=lead,
        mode=ReplayMode.REPLAYED if lacking is None else ReplayMode.RECOMPUTED,
        lacking=lacking,
        differences=differences,
        digest=hashlib.sha256(b"".join(map(_bytes, lead.matches))).hexdigest(),
        program=scored_by(),
        policy=Policy.shipped().version,
        consultation_id=consultation.consultation_id,
    )


def _revision(desk: Workbench, lead_id: str, number: int | None) -> Lead:
    lead = known_lead(desk, lead_id)
    if number is None or number == lead.revision:
        return lead
    past = {item.revision: item for item in desk.truth.lead_revisions(lead_id)}
    if number not in past:
        raise InputError(f"the lead {lead_id} has no revision {number}", expected=f"1 to {lead.revision}")
    return past[number]


def _again(truth: Truth, lead: Lead, matchers: PastMatchers) -> tuple[Lacking | None, tuple[Match | None, ...] | None]:
    """The matches of a lead by the lists and the policy of its run; or what is lacking for that."""
    run = truth.run(lead.run_id)
    pinned = run.lists if run is not None else lead.lists
    versions = [truth.list_version(list_id, version) for list_id, version in pinned]
    there = [version for version in versions if version is not None]
    if not there or len(there) < len(versions):
        return Lacking.LISTS, None
    matcher = matchers(there, lead.policy)
    if matcher is None:
        return Lacking.POLICY, None
    return None, tuple(matcher.explain(lead.person, match.key) for match in lead.matches)


def _inputs(desk: Workbench, lead: Lead) -> tuple[Difference, ...]:
    """Stored inputs that are not those of the day: the person against the fingerprints, the entries against their
    versions. Values are never told, only which."""
    now = registered_fingerprints(desk.keys, lead.person, lead.registration)
    names = sorted(name for name in now if now[name] != lead.fingerprints.get(name, ""))
    found = [Difference(what=f"input {name}", stored="fingerprint", again="another value") for name in names]
    made = [(item.match.key, item.entry_version, item.list_version) for item in lead.entries]
    for key, stored, list_version in made or [(lead.match.key, lead.entry_version, lead.list_version)]:
        entry = desk.truth.entry(key, list_version)
        again = entry_version(entry) if entry is not None else "gone"
        if again != stored:
            found.append(Difference(what=f"input {name_of(key)}", stored=stored, again=again))
    return tuple(found)


def _compared(lead: Lead, again: Sequence[Match | None]) -> tuple[Difference, ...]:
    found: list[Difference] = []
    for stored, match in zip(lead.matches, again, strict=True):
        if match is None:
            found.append(Difference(what=name_of(stored.key), stored="entry", again="gone"))
        elif _bytes(stored) != _bytes(match):
            found += _parts(stored.key, stored, match)
    best = lead.matches[0]
    if _bytes(lead.match) != _bytes(best):
        found += _parts(best.key, lead.match, best)
    return tuple(found)


def _parts(key: EntryKey, stored: Match, again: Match) -> list[Difference]:
    """Which parts of a match differ, by the field of the evidence or the name of the result."""
    one, other = _told(stored), _told(again)
    return [
        Difference(what=f"{name_of(key)} {part}", stored=one.get(part, "–"), again=other.get(part, "–"))
        for part in dict.fromkeys((*one, *other))
        if one.get(part) != other.get(part)
    ]


def _told(match: Match) -> dict[str, str]:
    told = {
        item.field: f"{item.level} {item.millibits} {item.left} ~ {item.right} {item.note}".strip()
        for item in match.evidence
    }
    told |= {"sum": str(int(match.millibits)), "probability": repr(match.probability), "band": match.band.word}
    return told | {"capped": match.capped, "entry": name_of(match.key)}


def _recomputed(lead: Lead) -> tuple[Difference, ...]:
    """The stored levels added up again: the sum, its probability and, where the policy is this program's, its band."""
    found: list[Difference] = []
    own = lead.policy.partition("+fit-")[0] == Policy.shipped().version
    for match in lead.matches:
        total = sum(item.millibits for item in match.evidence)
        what = name_of(match.key)
        if total != match.millibits:
            found.append(Difference(what=f"{what} sum", stored=str(int(match.millibits)), again=str(total)))
        if probability_of(total) != match.probability:
            again = repr(probability_of(total))
            found.append(Difference(what=f"{what} probability", stored=repr(match.probability), again=again))
        band = band_of(total)
        if own and (match.band > band if match.capped else match.band is not band):
            found.append(Difference(what=f"{what} band", stored=match.band.word, again=band.word))
    return tuple(found)


def _bytes(match: Match) -> bytes:
    """A match as bytes that are the same only where all of it is."""
    return json.dumps(asdict(match), ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")
