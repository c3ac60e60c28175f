"""The weights a workspace scores with (those shipped, or a table fitted to the user's own labelled pairs), and whether
it asks for four eyes."""

from __future__ import annotations

from contextlib import suppress

from netpursuit.errors import InputError, NetpursuitError, RefusedError
from netpursuit.gate.four_eyes import ask_off, is_marked, needs_two, off_asked, put_four_eyes, unmark
from netpursuit.gate.workbench import Workbench
from netpursuit.policy.model import Policy
from netpursuit.ports.truth import Truth, UnitOfWork
from netpursuit.records import Intent, Outcome, Verb

_IN_USE = "policy"


def policy_in_use(truth: Truth) -> Policy:
    """The policy of a workspace. Raises ``InputError`` where its fitted table was made for another shipped policy."""
    text = truth.setting(_IN_USE)
    return Policy.from_text(text, "the fitted weights of this workspace") if text else Policy.shipped()


def policy_of(truth: Truth, version: str) -> Policy | None:
    """The policy that carries a version, as long as this program can score with it: the shipped one, or a fitted table
    that the workspace has used. None: it was made for another program."""
    shipped = Policy.shipped()
    if version == shipped.version:
        return shipped
    text = truth.setting(f"{_IN_USE}:{version}")
    try:
        policy = Policy.from_text(text, "fitted weights of this workspace") if text else None
    except InputError:
        return None
    return policy if policy is not None and policy.version == version else None


def use_policy(desk: Workbench, text: str, where: str) -> Policy:
    """Score with a fitted table from now on; the text is kept under its version, so that old scores can be redone.

    Raises ``InputError`` as ``Policy.from_text``.
    """
    policy = Policy.from_text(text, where)
    _put(desk, policy, text)
    return policy


def reset_policy(desk: Workbench) -> Policy:
    """Score with the shipped weights again."""
    _put(desk, Policy.shipped(), None)
    return Policy.shipped()


def set_four_eyes(desk: Workbench, *, on: bool) -> bool:
    """Ask for two users wherever a lead is confirmed, or for one; what is proposed already waits or is completed.

    Off takes two users: the first one only asks for it. Answers whether two are needed now. Raises ``RefusedError``
    (``four-eyes-off``) where one user would be both.
    """
    about = {"four-eyes": "on" if on else "off"}
    intent = Intent(verb=Verb.POLICY_FOUR_EYES, authority=desk.authority, about=about)
    with desk.gate.consult(intent) as consultation:
        marked = is_marked(desk.keys)
        try:
            with desk.truth.transaction() as unit:
                waits = _change_four_eyes(desk, unit, on=on)
                consultation.conclude(Outcome(counts={"asked for": 1} if waits else {}), unit)
        except Exception:
            if not marked and not consultation.concluded:
                with suppress(NetpursuitError):  # the disk itself may be what failed; the first error says so
                    unmark(desk.truth, desk.keys)
            raise
    return on or waits


def _change_four_eyes(desk: Workbench, unit: UnitOfWork, *, on: bool) -> bool:
    """Answers whether a second user is waited for."""
    asked = off_asked(desk.truth, unit.at)
    if not on and needs_two(desk.truth) and asked is None:
        ask_off(unit, desk.gate.who)
        return True
    if not on and asked is not None and asked.user == desk.gate.who:
        raise RefusedError("four-eyes-off", "four eyes are switched off by another user than the one who asked")
    put_four_eyes(desk.keys, unit, on=on)
    return False


def _put(desk: Workbench, policy: Policy, text: str | None) -> None:
    intent = Intent(verb=Verb.POLICY_USE, authority=desk.authority, about={"policy": policy.version})
    with desk.gate.consult(intent) as consultation, desk.truth.transaction() as unit:
        unit.put_setting(_IN_USE, text)
        if text is not None:
            unit.put_setting(f"{_IN_USE}:{policy.version}", text)
        consultation.conclude(Outcome(), unit)
