"""Other matchers on the same pairs: nomenklatura LogicV2, RapidFuzz WRatio, Jaro-Winkler.

Run by whichever interpreter has them (``python bench/peers.py < pairs.jsonl``): each line ``{"left": NAME, "right":
NAME, "left_born": DATE, "right_born": DATE}``. Prints one JSON object: peer -> scores and microseconds a pair. A peer
that is not installed is named with an empty list.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from itertools import count
from typing import Any

Pair = dict[str, str]


def fuzzy(pairs: list[Pair]) -> list[float]:
    from rapidfuzz import fuzz, utils

    process = utils.default_process
    return [fuzz.WRatio(pair["left"], pair["right"], processor=process) for pair in pairs]


def jaro_winkler(pairs: list[Pair]) -> list[float]:
    import jellyfish

    return [jellyfish.jaro_winkler_similarity(pair["left"].lower(), pair["right"].lower()) for pair in pairs]


def logic_v2(pairs: list[Pair]) -> list[float]:
    from followthemoney import model
    from nomenklatura.matching import ScoringConfig
    from nomenklatura.matching.logic_v2.model import LogicV2

    config = ScoringConfig.defaults()

    def entity(key: str, name: str, born: str) -> Any:
        made = model.make_entity("Person")
        made.id = key
        made.add("name", name)
        if born:
            made.add("birthDate", born)
        return made

    return [
        LogicV2.compare(
            entity(f"left-{row}", pair["left"], pair.get("left_born", "")),
            entity(f"right-{row}", pair["right"], pair.get("right_born", "")),
            config,
        ).score
        for row, pair in enumerate(pairs, next(_FIRST))
    ]


# It remembers scores by id: one that is used again would return the score of another pair.
_FIRST = count(0, 1_000_000)

PEERS: dict[str, Callable[[list[Pair]], list[float]]] = {
    "nomenklatura LogicV2": logic_v2,
    "RapidFuzz WRatio": fuzzy,
    "Jaro-Winkler": jaro_winkler,
}


def main() -> None:
    pairs = [json.loads(line) for line in sys.stdin]
    results: dict[str, Any] = {}
    for name, score in PEERS.items():
        try:
            score(pairs[:20])  # whatever is loaded at the first call is no part of the time
        except ImportError:
            results[name] = {"scores": [], "microseconds": 0.0}
            continue
        begin = time.perf_counter()
        scores = score(pairs)
        results[name] = {"scores": scores, "microseconds": (time.perf_counter() - begin) / len(pairs) * 1e6}
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
