"""Records into their comparable form, the same for both sides."""

from netpursuit.prepare.batch import Preparer
from netpursuit.prepare.columns import PreparedBatch, TextColumn, TokenTable

__all__ = ["PreparedBatch", "Preparer", "TextColumn", "TokenTable"]
