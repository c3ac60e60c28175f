"""Field comparisons: columns of two sides and pairs of rows in, levels and thousandths of a bit out."""

from netpursuit.evidence.comparison import FIELDS, Comparison, compare_pairs

__all__ = ["FIELDS", "Comparison", "compare_pairs"]
