"""The workspace of the command line's tests, for runs on Spark."""

from tests.cli.conftest import command, feed, register, wanted, workspace

__all__ = ["command", "feed", "register", "wanted", "workspace"]
