"""Tables of any format as rows of text: CSV, TSV (also ``;`` and ``|``), JSON lines, XLSX, XLS, Parquet.

``open_table(path)`` recognises format, encoding, delimiter and header row by content and answers a ``Table``; its
``rows()`` gives ``Row`` or, for a row that cannot be read, ``Rejected``. Text, JSON lines and Parquet are streamed in
constant memory; sheets are loaded whole (their formats allow no other way).
"""

from netpursuit.sources.tables.delimited import TextTable
from netpursuit.sources.tables.headers import COMMON_HEADER_WORDS, count_known, fold_header
from netpursuit.sources.tables.opening import TABLE_FORMATS, open_table, read_line
from netpursuit.sources.tables.parquet import rows_of_batches, text_of
from netpursuit.sources.tables.places import line_starts, rows_at
from netpursuit.sources.tables.sheets import reason_of
from netpursuit.sources.tables.table import FIELD_LIMIT, FileFacts, Row, Table

__all__ = [
    "COMMON_HEADER_WORDS",
    "FIELD_LIMIT",
    "TABLE_FORMATS",
    "FileFacts",
    "Row",
    "Table",
    "TextTable",
    "count_known",
    "fold_header",
    "line_starts",
    "open_table",
    "read_line",
    "reason_of",
    "rows_at",
    "rows_of_batches",
    "text_of",
]
