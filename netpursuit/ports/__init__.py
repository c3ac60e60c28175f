"""Protocols that speak only in records: what the use cases need and the adapters give."""
