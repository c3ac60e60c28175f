"""Two words written together with a slip in one of them: ``FridrichBuchenberg`` for ``Friedrich Buchenberg``.

A list keeps its neighbours read as one only as they are, since it has a pair of them for every entry. So the word of
the query is cut where one piece is a name of the list; the names that are near the other piece are put in its place.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.kernel.deletions import deletion_keys
from netpursuit.kernel.ragged import distinct, join_sorted
from netpursuit.policy.weights import UNKNOWN_NAME_RARITIES
from netpursuit.prepare.columns import TokenTable
from netpursuit.prepare.hashes import hash_texts
from netpursuit.prepare.token_facts import KeyKind
from netpursuit.text.scripts import Script

Array = npt.NDArray[Any]

_MIN_TOGETHER = 10  # letters of a word that may be two
_MIN_PIECE = 4


def slips_in_joined(left: TokenTable, right: TokenTable, key_hash: Array, form_hash: Array, form_token: Array) -> Array:
    """(2, pairs): unknown words of the left side, and joined tokens of the right side that may be one slip away.

    ``key_hash``: the sorted keys of the right side; ``form_hash`` and ``form_token``: its deletion forms. Pairs are to
    be checked by their true distance.
    """
    whole = (left.script == int(Script.LATIN)) & (left.length >= _MIN_TOGETHER) & ~left.joined
    rows = np.flatnonzero(whole & (left.rarity.min(axis=1, initial=1 << 30) >= UNKNOWN_NAME_RARITIES[-1]))
    if not len(rows) or not len(key_hash):
        return np.zeros((2, 0), np.int64)
    texts = left.folded.take(rows.tolist())
    cuts = [(at, cut) for at, text in enumerate(texts) for cut in range(_MIN_PIECE, len(text) - _MIN_PIECE + 1)]
    found_token, found_row = [], []
    for first in (True, False):  # which piece is a name of the list
        known = hash_texts(f"{int(KeyKind.FOLDED)}:{texts[at][:cut] if first else texts[at][cut:]}" for at, cut in cuts)
        place = np.minimum(np.searchsorted(key_hash, known), len(key_hash) - 1)
        hits = [cuts[hit] for hit in np.flatnonzero(key_hash[place] == known).tolist()]
        owner, hashes = deletion_keys([texts[at][cut:] if first else texts[at][:cut] for at, cut in hits])
        at_form, at_token = join_sorted(hashes, form_hash)
        near = distinct(owner[at_form] * len(right) + form_token[at_token])
        owner, token = np.divmod(near, max(1, len(right)))
        pieces = right.folded.take(token.tolist())
        made = [
            texts[at][:cut] + piece if first else piece + texts[at][cut:]
            for (at, cut), piece in zip((hits[one] for one in owner.tolist()), pieces, strict=True)
        ]
        _, hashes = deletion_keys(made, whole=True)
        at_form, at_token = join_sorted(hashes, form_hash)
        word = np.array([at for at, _ in hits], np.int64)[owner]
        found_row.append(rows[word[at_form]])
        found_token.append(form_token[at_token].astype(np.int64))
    pairs: Array = np.stack([np.concatenate(found_row), np.concatenate(found_token)])
    return pairs[:, right.joined[pairs[1]]]
