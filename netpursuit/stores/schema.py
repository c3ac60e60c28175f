"""The tables of a workspace's truth. Records stand as JSON beside the columns that are searched by.

Entries are kept once per content (``entry_body``); ``list_entry`` says from which version of a list (``since``) up to
which (``until``, exclusive, empty while it lasts) that content was in force, so that an update writes what changed.
``lead_entry`` says which entries a lead shows or once showed. ``CHANGES`` bring an older file to the next version.
``case_links`` and ``graph_view`` belong to a case and are deleted with it; ``graph_view_look`` says who looked at
a view when, and what it was then. ``outbox.owner`` is a lead's id or an owner of such links.
``log`` holds the leaves and is never purged; ``log_payload`` holds what they prove and can be.

In a key folder ``erased`` names records whose contents were removed with their sealing keys, ``destroyed`` those whose
keys alone were; ``erasure`` holds the orders carried out (``done`` 0: begun), found by ``erased_lead`` and
``erased_person``.
"""

from __future__ import annotations

VERSION = 5

_GROUPS = """
CREATE TABLE lead_entry (
  list_id TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  lead_id TEXT NOT NULL,
  PRIMARY KEY (list_id, entry_id, lead_id)
) WITHOUT ROWID;
CREATE TABLE entry_pair (
  pair_id TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  group_id TEXT NOT NULL,
  millibits INTEGER NOT NULL,
  list_id TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  other_list_id TEXT NOT NULL,
  other_entry_id TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX entry_pair_by_state ON entry_pair (state, group_id);
"""
_CASES = """
CREATE TABLE case_links (owner TEXT PRIMARY KEY, case_id TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX case_links_by_case ON case_links (case_id, owner);
"""
_RETENTION = """
CREATE INDEX list_entry_by_body ON list_entry (body);
"""
_VIEWS = """
CREATE TABLE graph_view (
  view_id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX graph_view_by_case ON graph_view (case_id, view_id);
CREATE TABLE graph_view_look (
  view_id TEXT NOT NULL,
  who TEXT NOT NULL,
  at TEXT NOT NULL,
  marks BLOB NOT NULL,
  PRIMARY KEY (view_id, who)
);
"""

TABLES = (
    """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE list_version (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  list_id TEXT NOT NULL,
  version TEXT NOT NULL,
  in_force INTEGER NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX list_version_by_list ON list_version (list_id, version, number);
CREATE UNIQUE INDEX list_version_in_force ON list_version (list_id) WHERE in_force = 1;

CREATE TABLE entry_body (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, body TEXT NOT NULL);
CREATE TABLE list_entry (
  list_id TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  since INTEGER NOT NULL REFERENCES list_version (number),
  until INTEGER REFERENCES list_version (number),
  body INTEGER NOT NULL REFERENCES entry_body (id),
  file TEXT NOT NULL,
  line INTEGER NOT NULL,
  PRIMARY KEY (list_id, entry_id, since)
) WITHOUT ROWID;

CREATE TABLE lead (
  lead_id TEXT PRIMARY KEY,
  feed_id TEXT NOT NULL,
  registration_id TEXT NOT NULL,
  role TEXT NOT NULL,
  person_ref TEXT NOT NULL,
  list_id TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  state TEXT NOT NULL,
  band INTEGER NOT NULL,
  millibits INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (feed_id, registration_id, role, person_ref, list_id, entry_id)
);
CREATE INDEX lead_by_entry ON lead (list_id, entry_id);
CREATE INDEX lead_by_run ON lead (run_id);
CREATE INDEX lead_by_worth ON lead (band DESC, millibits DESC, lead_id);
CREATE TABLE lead_past (lead_id TEXT NOT NULL, revision INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (lead_id, revision));

CREATE TABLE clearance (person_digest TEXT NOT NULL, list_id TEXT NOT NULL, entry_id TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (person_digest, list_id, entry_id));
CREATE INDEX clearance_by_entry ON clearance (list_id, entry_id);

CREATE TABLE run (run_id TEXT PRIMARY KEY, feed_id TEXT NOT NULL, started_at TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE run_checkpoint (run_id TEXT PRIMARY KEY, rows_done INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE quarantine (
  run_id TEXT NOT NULL,
  file_digest TEXT NOT NULL,
  line INTEGER NOT NULL,
  field TEXT NOT NULL,
  reason TEXT NOT NULL,
  file TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (run_id, file_digest, line, field, reason)
) WITHOUT ROWID;
CREATE INDEX quarantine_by_file ON quarantine (file_digest);

CREATE TABLE outbox (number INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, kind TEXT NOT NULL,
  payload TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE case_file (case_id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE log (position INTEGER PRIMARY KEY, leaf BLOB NOT NULL);
CREATE TABLE log_payload (
  position INTEGER PRIMARY KEY REFERENCES log (position),
  consultation_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  at TEXT NOT NULL,
  salt BLOB NOT NULL,
  payload TEXT NOT NULL,
  sealed BLOB
);
CREATE INDEX log_payload_by_consultation ON log_payload (consultation_id);
CREATE TABLE log_head (size INTEGER PRIMARY KEY, root BLOB NOT NULL, at TEXT NOT NULL, signature BLOB NOT NULL);
CREATE TABLE log_edge (one INTEGER PRIMARY KEY CHECK (one = 1), edge BLOB NOT NULL);
"""
    + _GROUPS
    + _CASES
    + _RETENTION
    + _VIEWS
)

# The statements that bring a file of the version before to this one.
CHANGES = {
    2: _GROUPS + "INSERT INTO lead_entry SELECT list_id, entry_id, lead_id FROM lead;",
    3: _CASES + "ALTER TABLE outbox RENAME COLUMN lead_id TO owner;",
    4: _RETENTION,
    5: _VIEWS,
}

KEY_VERSION = 2

# Every state of the users' roles; the last settled one is in force.
_KEY_ROLES = """
CREATE TABLE user_roles (number INTEGER PRIMARY KEY AUTOINCREMENT, consultation_id TEXT NOT NULL UNIQUE,
  settled INTEGER NOT NULL, body TEXT NOT NULL);
"""
_ERASURES = """
CREATE TABLE destroyed (record_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE erasure (
  erasure_id TEXT PRIMARY KEY,
  at TEXT NOT NULL,
  done INTEGER NOT NULL,
  body TEXT NOT NULL,
  signature BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE erased_lead (
  lead_id TEXT NOT NULL, erasure_id TEXT NOT NULL, PRIMARY KEY (lead_id, erasure_id)
) WITHOUT ROWID;
CREATE TABLE erased_person (
  person TEXT NOT NULL, erasure_id TEXT NOT NULL, PRIMARY KEY (person, erasure_id)
) WITHOUT ROWID;
CREATE TABLE erased_place (
  place TEXT NOT NULL, erasure_id TEXT NOT NULL, PRIMARY KEY (place, erasure_id)
) WITHOUT ROWID;
CREATE TABLE erased_entry (
  entry TEXT NOT NULL, erasure_id TEXT NOT NULL, ended TEXT, PRIMARY KEY (entry, erasure_id)
) WITHOUT ROWID;
"""
_RESTORATIONS = """
CREATE TABLE restoration (number INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, signature BLOB NOT NULL);
"""

KEY_TABLES = (
    """
CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE sealing (record_id TEXT PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE erased (record_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE anchor (number INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER NOT NULL, root BLOB NOT NULL);
"""
    + _KEY_ROLES
    + _ERASURES
    + _RESTORATIONS
)

# As ``CHANGES``, for a key folder.
KEY_CHANGES = {2: _KEY_ROLES + _ERASURES + _RESTORATIONS}
