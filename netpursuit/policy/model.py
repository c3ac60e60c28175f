"""The policy in use: the weights of every level, as shipped or as fitted to a user's own labelled pairs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from netpursuit.errors import InputError
from netpursuit.policy.frequencies import Frequencies
from netpursuit.policy.weights import TABLES, codes, policy_version

FITTABLE = tuple(table for table in TABLES if table != "token")
MOST_MILLIBITS = 40_000  # no single level of a fitted table weighs more, for or against


@dataclass(frozen=True, eq=False)  # one policy is one object, so that what follows from it can be kept
class Policy:
    """Everything a score depends on besides the two records.

    ``weights``: table -> ``int32`` thousandths of a bit by level code. ``fitted`` is the digest of a fitted table,
    empty for the weights that are shipped.
    """

    weights: Mapping[str, npt.NDArray[np.int32]]
    frequencies: Frequencies
    fitted: str = ""

    @classmethod
    def shipped(cls) -> Policy:
        """The weights that come with the program."""
        return _shipped()

    @classmethod
    def from_toml(cls, path: Path) -> Policy:
        """The policy of a file; errors as ``from_text``, and ``InputError`` where it cannot be read."""
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"cannot be read: {error}", where=str(path), expected="TOML, UTF-8") from error
        return cls.from_text(text, str(path))

    @classmethod
    def from_text(cls, text: str, where: str) -> Policy:
        """The shipped weights with those of a fitted table in their place (written by ``netpursuit evaluate --fit``).

        Raises ``InputError`` where the text is no such table, was fitted on another policy than the one shipped, or
        names an unknown comparison or level; every problem is told at once.
        """
        import tomllib

        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InputError(f"not a table of weights: {error}", where=where, expected="TOML") from error
        base = _shipped()
        problems: list[str] = []
        head, levels = table.get("policy"), table.get("levels")
        if not isinstance(head, dict) or head.get("base") != base.version:
            problems.append(f"[policy] base: expected {base.version!r}, the policy of this program")
        if not isinstance(levels, dict) or not levels:
            problems.append("[levels]: expected one table of weights for each comparison")
            levels = {}
        weights = {name: array.copy() for name, array in base.weights.items()}
        for name, changed in levels.items():
            if name not in FITTABLE or not isinstance(changed, dict):
                problems.append(f"[levels.{name}]: expected one of {', '.join(FITTABLE)}")
                continue
            known = codes(name)
            for key, value in changed.items():
                if key not in known:
                    problems.append(f"[levels.{name}] {key}: no such level; expected one of {', '.join(known)}")
                elif not isinstance(value, int) or isinstance(value, bool) or abs(value) > MOST_MILLIBITS:
                    problems.append(
                        f"[levels.{name}] {key}: expected whole thousandths of a bit up to {MOST_MILLIBITS}"
                    )
                else:
                    weights[name][known[key]] = value
        if problems:
            raise InputError("; ".join(problems), where=where)
        digest = hashlib.sha256(repr(sorted((name, array.tolist()) for name, array in weights.items())).encode())
        return cls(weights, base.frequencies, digest.hexdigest()[:8])

    @cached_property
    def version(self) -> str:
        """The version that every score carries."""
        version = policy_version(self.frequencies.version)
        return f"{version}+fit-{self.fitted}" if self.fitted else version

    def weight(self, table: str, level: str) -> int:
        """The weight (or cost) of one level in thousandths of a bit."""
        return int(self.weights[table][codes(table)[level]])


@cache
def _shipped() -> Policy:
    weights = {name: np.array([level.millibits for level in levels], np.int32) for name, levels in TABLES.items()}
    return Policy(weights, Frequencies())
