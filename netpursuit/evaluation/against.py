"""A user's present tool beside this one, on the same labelled pairs."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from netpursuit.evaluation.figures import area_under_curve
from netpursuit.evaluation.labelled import Labelled
from netpursuit.records import Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """What changes when the present tool is replaced; ids are those of the labelled file.

    ``gained``: true pairs that only this program calls; ``lost``: that only the present tool calls. ``reviews`` and
    ``old_reviews``: pairs called by each. ``reviews_at_old_recall``: what this program calls when its threshold is set
    so that it finds as many true pairs as the present tool (None where it cannot). ``old_auc`` is None without scores.
    """

    true_pairs: int
    both: int
    neither: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    reviews: int
    old_reviews: int
    false_leads: int
    old_false_leads: int
    reviews_at_old_recall: int | None
    old_auc: float | None

    @property
    def reviews_saved(self) -> int | None:
        """Reviews less than today for as many true pairs; negative where there are more."""
        return None if self.reviews_at_old_recall is None else self.old_reviews - self.reviews_at_old_recall


def compare_with_hits(
    labelled: Labelled, hits: AbstractSet[str], scores: Mapping[str, float] | None = None, band: Band = Band.POSSIBLE
) -> Against:
    """Compare the pairs of ``band`` and better with the ids that the present tool called.

    ``scores``: the present tool's score by id; a pair without one ranks below all others.
    """
    old = np.array([pair in hits for pair in labelled.pair_id], np.bool_)
    new, same = labelled.band >= band, labelled.same
    wanted = int((old & same).sum())
    order = np.argsort(-labelled.total, kind="stable")
    found = np.cumsum(same[order])
    enough = np.flatnonzero(found >= wanted)

    def ids(rows: np.typing.NDArray[np.bool_]) -> tuple[str, ...]:
        return tuple(labelled.pair_id[row] for row in np.flatnonzero(rows).tolist())

    return Against(
        true_pairs=int(same.sum()),
        both=int((old & new & same).sum()),
        neither=int((~old & ~new & same).sum()),
        gained=ids(new & ~old & same),
        lost=ids(old & ~new & same),
        reviews=int(new.sum()),
        old_reviews=int(old.sum()),
        false_leads=int((new & ~same).sum()),
        old_false_leads=int((old & ~same).sum()),
        old_auc=_area(labelled, scores) if scores else None,
        reviews_at_old_recall=0 if not wanted else int(enough[0]) + 1 if len(enough) else None,
    )


def _area(labelled: Labelled, scores: Mapping[str, float]) -> float | None:
    return area_under_curve(np.array([scores.get(pair, -np.inf) for pair in labelled.pair_id]), labelled.same)
