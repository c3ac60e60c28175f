"""The commands, each in a module that is imported only when it is called."""

from netpursuit.commands.tree import build_cli

__all__ = ["build_cli"]
