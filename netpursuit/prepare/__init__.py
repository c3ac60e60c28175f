"""Records into their comparable form, the same for both sides."""

from netpursuit.prepare.batch import Preparer
from netpursuit.prepare.columns import KnownTokens, PreparedBatch, TextColumn, TokenTable

__all__ = ["KnownTokens", "PreparedBatch", "Preparer", "TextColumn", "TokenTable"]
