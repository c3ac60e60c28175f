"""Bearer tokens of programs that ask over HTTP: each stands for one named user, until a day.

The key folder keeps a token's SHA-256 and its user; the token itself is told once and kept nowhere.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from netpursuit.errors import InputError
from netpursuit.gate.roles import GROUP, user_name
from netpursuit.gate.workbench import Workbench
from netpursuit.ports.keys import Keys
from netpursuit.records import Intent, Outcome, Verb
from netpursuit.text.patterns import regex

MOST_DAYS = 366
_PREFIX = "np_"
_BYTES = 32
_ID = 12  # hex digits of the SHA-256 by which people name a token
_IDS = regex(f"[0-9a-f]{{{_ID}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """``token_id``: the beginning of its SHA-256. ``until`` is in UTC."""

    token_id: str
    who: str
    until: datetime


def issue_token(desk: Workbench, who: str, days: int) -> tuple[Token, str]:
    """A new token for a user, and its text, which nobody can be told again. ``days`` 1 to 366.

    Raises ``InputError`` for what is no name of a user, before any of it is logged, or beyond the days.
    """
    who = user_name(who)
    if who.startswith(GROUP):
        raise InputError("this is no name of a user", where="token", expected="one user, and no group")
    intent = Intent(verb=Verb.TOKENS_ISSUE, authority=desk.authority, about={"user": who, "days": str(days)})
    with desk.gate.consult(intent) as consultation:
        if not 1 <= days <= MOST_DAYS:
            raise InputError("no such token", where="token", expected=f"1 to {MOST_DAYS} days")
        text = _PREFIX + secrets.token_urlsafe(_BYTES)
        digest = _digest(text)
        with desk.truth.transaction() as unit:
            token = Token(token_id=digest[:_ID], who=who, until=unit.at + timedelta(days=days))
            kept = json.dumps({"who": token.who, "until": token.until.isoformat()})
            consultation.conclude(Outcome(about={"token": token.token_id}), unit)
            # Behind the commit: a record without its token harms nobody, a token without its record might.
            unit.after_commit(lambda: desk.keys.keep_token(digest, kept))
    return token, text


def list_tokens(desk: Workbench) -> list[Token]:
    """Every token that was not revoked, those that have ended included, by user and end."""
    intent = Intent(verb=Verb.TOKENS_LIST, authority=desk.authority)
    with desk.gate.consult(intent) as consultation:
        found = [_read(digest, kept) for digest, kept in desk.keys.tokens()]
        consultation.conclude(Outcome(counts={"shown": len(found)}))
    return sorted(found, key=lambda token: (token.who, token.until, token.token_id))


def revoke_token(desk: Workbench, token_id: str) -> Token:
    """End a token now. Raises ``InputError`` where there is none of this id; what can be none is not logged."""
    if not _IDS.fullmatch(token_id):
        raise InputError("this is no id of a token", where="token", expected="an id of 'tokens list'")
    intent = Intent(verb=Verb.TOKENS_REVOKE, authority=desk.authority, about={"token": token_id})
    with desk.gate.consult(intent) as consultation:
        found = {digest: _read(digest, kept) for digest, kept in desk.keys.tokens() if digest[:_ID] == token_id}
        if not found:
            raise InputError(f"there is no token {token_id!r}", where="token", expected="an id of 'tokens list'")
        for digest in found:
            desk.keys.keep_token(digest, None)  # first: a revocation holds, also where its outcome cannot be written
        consultation.conclude(Outcome(counts={"revoked": len(found)}))
    return next(iter(found.values()))


def bearer_of(keys: Keys, text: str, now: datetime) -> str | None:
    """Whom a token stands for; None: it is none of ours, or has ended."""
    digest = _digest(text)
    kept = keys.token(digest)
    if kept is None:
        return None
    token = _read(digest, kept)
    return token.who if now < token.until else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _read(digest: str, kept: str) -> Token:
    stored = json.loads(kept)
    return Token(token_id=digest[:_ID], who=stored["who"], until=datetime.fromisoformat(stored["until"]))
