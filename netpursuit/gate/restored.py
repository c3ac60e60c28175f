"""Which restore a workspace comes from: what is kept outside it (a graph server) may know of more than it does."""

from __future__ import annotations

RESTORED = "restored"
"""The setting of the truth, and the mark of the link graph, that name the last restore by its consultation."""
