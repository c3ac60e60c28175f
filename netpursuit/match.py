"""The one scoring path."""
