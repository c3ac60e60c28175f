"""The face over HTTP: parses, calls, answers. No rules live here."""
