"""How long a backup may be kept."""

from __future__ import annotations

KEPT_DAYS = 30
"""A month of nights: long enough to notice a mistake, and no longer than what it holds may be looked at again."""
MOST_KEPT_DAYS = 90
"""No longer than an entry runs without review (A8): what is older says little that is still true of anybody."""
