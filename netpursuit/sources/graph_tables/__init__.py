"""Node and edge tables of graphs from elsewhere.

Two styles of header are read. Neo4j's: ``:ID``, ``:LABEL``, ``:START_ID``, ``:END_ID``, ``:TYPE``, with id spaces
(``:ID(Person)``), types of properties (``age:int``) and ``:IGNORE``. Plain ones: a column ``id`` or ``name`` for nodes,
``source`` and ``target`` (or ``from`` and ``to``) for links.
"""

from netpursuit.sources.graph_tables.reading import open_graph_tables

__all__ = ["open_graph_tables"]
