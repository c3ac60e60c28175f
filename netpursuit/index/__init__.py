"""The compiled list: prepared columns with their join keys, and candidate generation over them."""

from netpursuit.index.candidates import Candidates, generate
from netpursuit.index.compiled import CompiledList, compile_list, open_list

__all__ = ["Candidates", "CompiledList", "compile_list", "generate", "open_list"]
