"""What a slip in a known name leaves to tell it by: the evidence of ``GARBLED_PART_COSTS`` and ``GARBLED_PART_CAPS``.

``python tools/measure_slips.py [--slips N] [--seed N]``. Draws names of the shipped tables by their share, makes one
seeded slip in each, and leaves out slips that make another known name. For the others it adds up the shares of all
names within one slip of what was written: -log2 of that sum is what the garbled part says about who was meant.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from math import log2
from string import ascii_lowercase

import numpy as np

from bench.public import slip_of_name
from netpursuit.policy.frequencies import Frequencies
from netpursuit.policy.weights import UNKNOWN_NAME_RARITIES
from netpursuit.text.scripts import Script
from netpursuit.text.tokens import TokenRole

RARE = 11  # bits
LONGEST = 9  # letters; longer ones are counted with them


def within_one_slip(word: str) -> set[str]:
    """Every text one insertion, deletion, substitution or transposition away."""
    found = set()
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        found |= {head + letter + tail for letter in ascii_lowercase}
        if tail:
            found.add(head + tail[1:])
            found |= {head + letter + tail[1:] for letter in ascii_lowercase}
        if len(tail) > 1:
            found.add(head + tail[1] + tail[0] + tail[2:])
    return found - {word}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--slips", type=int, default=30_000)
    options.add_argument("--seed", type=int, default=5)
    asked = options.parse_args()
    tables, dice = Frequencies(), random.Random(asked.seed)
    shares = {token: ppm for token, ppm in tables.latin_shares().items() if token.isascii() and token.isalpha()}
    found = defaultdict(list)
    for name in dice.choices(list(shares), list(shares.values()), k=asked.slips):
        written = slip_of_name(name, dice).lower()
        if not written or written == name:
            continue
        unknown = UNKNOWN_NAME_RARITIES[min(len(written), len(UNKNOWN_NAME_RARITIES) - 1)]
        if tables.rarity(written, Script.LATIN, TokenRole.UNKNOWN) < unknown:
            continue
        near = sum(shares.get(one, 0) for one in within_one_slip(written))
        found[min(len(written), LONGEST)].append((-log2(shares[name] / 1e6), -log2(near / 1e6)))
    print("letters  slips   bits of the name less those of all near: mean, 90 %   bits of all near rare ones: 25, 50 %")
    for letters, rows in sorted(found.items()):
        name, near = np.array(rows).T
        rare = near[name >= RARE] if (name >= RARE).any() else np.array([np.nan])
        apart = name - near
        print(
            f"{letters:7d} {len(rows):6d} {apart.mean():18.2f} {np.percentile(apart, 90):6.2f} "
            f"{np.percentile(rare, 25):30.1f} {np.percentile(rare, 50):6.1f}"
        )


if __name__ == "__main__":
    main()
