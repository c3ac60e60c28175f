"""What several tests of sources use."""

from tests.publisher import publisher

__all__ = ["publisher"]
