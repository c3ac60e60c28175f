"""The weights a workspace scores with: those shipped, or a table fitted to the user's own labelled pairs."""

from __future__ import annotations

from netpursuit.gate.workbench import Workbench
from netpursuit.policy.model import Policy
from netpursuit.ports.truth import Truth
from netpursuit.records import Intent, Outcome, Verb

_IN_USE = "policy"


def policy_in_use(truth: Truth) -> Policy:
    """The policy of a workspace. Raises ``InputError`` where its fitted table was made for another shipped policy."""
    text = truth.setting(_IN_USE)
    return Policy.from_text(text, "the fitted weights of this workspace") if text else Policy.shipped()


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


def _put(desk: Workbench, policy: Policy, text: str | None) -> None:
    intent = Intent(verb=Verb.POLICY_USE, authority=desk.authority, about={"policy": policy.version})
    with desk.gate.consult(intent) as consultation, desk.truth.transaction() as unit:
        unit.put_setting(_IN_USE, text)
        if text is not None:
            unit.put_setting(f"{_IN_USE}:{policy.version}", text)
        consultation.conclude(Outcome(), unit)
