"""A case's own tables by a mapping of their columns: calls, subscribers, vehicles, accounts, companies, owners."""

from netpursuit.sources.attached.drafting import draft_mapping
from netpursuit.sources.attached.mapping import read_mapping
from netpursuit.sources.attached.reading import open_attached

__all__ = ["draft_mapping", "open_attached", "read_mapping"]
