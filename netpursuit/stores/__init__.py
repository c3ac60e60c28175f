"""The truth in one SQLite file a workspace, and its keys in another place."""
