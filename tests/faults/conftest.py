"""The workspace of the command line's tests, for real processes that are killed."""

from tests.cli.conftest import command, feed, register, wanted, workspace

__all__ = ["command", "feed", "register", "wanted", "workspace"]
