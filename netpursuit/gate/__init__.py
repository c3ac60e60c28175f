"""What every use case passes: who, reason or case, limits, the consultation bracket."""

from netpursuit.gate.gate import Gate, OpenConsultation
from netpursuit.gate.queries import check_query

__all__ = ["Gate", "OpenConsultation", "check_query"]
