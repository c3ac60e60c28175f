"""The log as a file that an outside auditor verifies alone, without workspace and keys; JSON, one object a line.

1. the manifest: ``netpursuit`` (``audit-export``), ``v`` 1, ``warning``, ``purpose``, ``user``, ``case``,
   ``expires_on``, ``made_at``, ``workspace``, ``public_key``, ``records``;
2. a line a record, in order: ``n`` (from 0), ``leaf``, ``salt`` and ``payload`` (null once purged), ``head``: ``root``,
   ``at`` and ``signature`` of the head that was signed over the records up to here, null where there is none;
3. the end: ``end`` (the number of records), ``sha256`` of all bytes before this line, and its ``signature``.

Typed values are not in it, sealed as they are: a payload names the SHA-256 of what was sealed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, BinaryIO

from netpursuit.audit import leaves
from netpursuit.audit.heads import Anchor, Checked, anchor_problems, read_hash, read_instant, read_size, signed_by
from netpursuit.audit.verification import Step, Tell, Walk, first_of, in_step, tell_nobody, told
from netpursuit.errors import InputError, StorageError
from netpursuit.ports.keys import Keys
from netpursuit.ports.truth import LogHead, LogRecord, Truth

EXPORT = "audit-export"
MOST_BYTES = 64 * 1024 * 1024  # of one line: the outcome of a list of leads names each of them


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportNotice:
    """What an export of the log says of itself (A13); ``expires_on`` is a date YYYY-MM-DD."""

    warning: str
    purpose: str
    user: str
    case_id: str
    expires_on: str
    made_at: datetime

    def as_json(self) -> dict[str, str]:
        return {
            "warning": self.warning,
            "purpose": self.purpose,
            "user": self.user,
            "case": self.case_id,
            "expires_on": self.expires_on,
            "made_at": self.made_at.astimezone(UTC).isoformat(),
        }


def write_export(truth: Truth, keys: Keys, notice: ExportNotice, size: int, out: BinaryIO) -> str:
    """Write the first ``size`` records; answers the digest of all bytes before the last line.

    Raises ``StorageError`` where records have gone, or were purged meanwhile."""
    digest = hashlib.sha256()

    def put(shape: dict[str, Any]) -> None:
        line = as_line(shape)
        digest.update(line)
        out.write(line)

    public_key = keys.public_key().hex()
    stamp = {"workspace": truth.workspace_id, "public_key": public_key, "records": size}
    put({"netpursuit": EXPORT, "v": 1, **notice.as_json(), **stamp})
    written = 0
    for record, head in in_step(islice(truth.log_records(), size), islice(truth.log_heads(), size)):
        if record is not None:
            put(record_json(record) | {"head": None if head is None else head_json(head)})
            written += 1
    if written != size or any(record.kind == leaves.PURGE for record in truth.log_records(after=size - 1)):
        raise StorageError("the log was purged or cut while it was written out: nothing was exported")
    found = digest.hexdigest()
    signature = keys.sign(end_message(truth.workspace_id, size, found)).hex()
    out.write(as_line({"end": size, "sha256": found, "signature": signature}))
    return found


def check_export(
    file: BinaryIO, where: str, outside: Sequence[Anchor], public_key: bytes | None, tell: Tell = tell_nobody
) -> Checked:
    """Hold an export against itself, and against anchors and a public key known from elsewhere.

    Raises ``InputError`` where the file is no export of a log."""
    reader = _Reader(file, where)
    stated_key = reader.public_key
    problems: list[str] = []
    if public_key is not None and public_key != stated_key:
        problems.append(f"{where} is signed with another key than the one that was given")
    problems += anchor_problems(outside, reader.workspace_id, stated_key)
    within = [anchor for anchor in outside if anchor.size <= reader.size]
    walk = Walk(reader.workspace_id, signed_by(stated_key), within, sealed=False)
    problems += first_of(walk.problems(told(reader.steps(), tell)))
    problems += reader.problems_of_end()
    problems += (
        f"{where} holds {reader.size} records and cannot be held against the anchor over {anchor.size}"
        for anchor in outside
        if anchor.size > reader.size
    )
    return Checked(
        kind=EXPORT,
        workspace_id=reader.workspace_id,
        stated=reader.manifest,
        public_key=stated_key.hex(),
        records=reader.read,
        kept=walk.kept,
        problems=tuple(problems),
    )


def record_json(record: LogRecord) -> dict[str, Any]:
    """One record as exports write it."""
    salt = record.salt.hex() if record.salt is not None else None
    return {"n": record.position, "leaf": record.leaf.hex(), "salt": salt, "payload": record.payload}


def read_record(stated: dict[str, Any]) -> LogRecord:
    """A record as exports write it. Raises ``KeyError``, ``TypeError`` or ``ValueError`` for anything else."""
    payload, salt = stated["payload"], stated["salt"]
    if not isinstance(payload, str | None) or (payload is None) != (salt is None):
        raise ValueError("a payload without its salt")
    position = stated["n"]
    if not isinstance(position, int) or position < 0:
        raise ValueError("no position")
    consultation_id, kind, at = _filed(payload)
    return LogRecord(
        position=position,
        consultation_id=consultation_id,
        kind=kind,
        at=at,
        leaf=read_hash(stated["leaf"]),
        salt=bytes.fromhex(salt) if salt is not None else None,
        payload=payload,
    )


def head_json(head: LogHead) -> dict[str, Any]:
    return {
        "root": head.root.hex(),
        "at": head.at.astimezone(UTC).isoformat(),
        "signature": head.signature.hex(),
    }


def read_head(stated: dict[str, Any], size: int) -> LogHead:
    """Raises as ``read_record``."""
    return LogHead(
        size=size,
        root=read_hash(stated["root"]),
        at=read_instant(stated["at"]),
        signature=bytes.fromhex(stated["signature"]),
    )


def as_line(shape: dict[str, Any]) -> bytes:
    return json.dumps(shape, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"


def end_message(workspace_id: str, size: int, digest: str) -> bytes:
    """What the signature at the end of an export covers."""
    return f"netpursuit audit export 1\n{workspace_id}\n{size}\n{digest}\n".encode("utf-8", "replace")


class _Reader:
    """Reads an export once, line by line."""

    def __init__(self, file: BinaryIO, where: str) -> None:
        self._file, self._where = file, where
        self._digest = hashlib.sha256()
        self._end: dict[str, Any] | None = None
        self._problems: list[str] = []
        self.read = 0
        first = file.readline(MOST_BYTES)
        try:
            self.manifest = _object(first)
            if self.manifest["netpursuit"] != EXPORT or self.manifest["v"] != 1:
                raise ValueError("another kind")
            self.workspace_id = str(self.manifest["workspace"])
            self.public_key = read_hash(self.manifest["public_key"])  # 32 bytes as a hash
            self.size = read_size(self.manifest["records"])
        except (KeyError, ValueError, TypeError) as error:
            raise InputError(
                "this is no export of a log", where=where, line=1, expected="what 'netpursuit audit export' wrote"
            ) from error
        self._digest.update(first)

    def steps(self) -> Iterator[Step]:
        number = 1
        while line := self._file.readline(MOST_BYTES):
            number += 1
            try:
                shape = _object(line)
                if "end" in shape:
                    self._end = shape
                    break
                record = read_record(shape)
                head = None if shape["head"] is None else read_head(shape["head"], record.position + 1)
            except (KeyError, ValueError, TypeError):
                self._problems.append(f"line {number} of {self._where} cannot be read: it is cut or was changed")
                return
            self._digest.update(line)
            self.read += 1
            yield record, head
        if self._end is not None and self._file.read(1):
            self._problems.append(f"{self._where} goes on behind its end")

    def problems_of_end(self) -> Iterator[str]:
        """What is wrong with the file as a whole; to be asked when all steps were taken."""
        yield from self._problems
        if self._end is None:
            yield f"{self._where} is cut: its last line is missing"
            return
        if self.read != self.size:
            yield f"{self._where} says that it holds {self.size} records and holds {self.read}"
        digest = self._digest.hexdigest()
        try:
            signature = bytes.fromhex(self._end["signature"])
            same = self._end["sha256"] == digest and self._end["end"] == self.size
        except (KeyError, ValueError, TypeError):
            same = False
        if not same or not signed_by(self.public_key)(end_message(self.workspace_id, self.size, digest), signature):
            yield f"{self._where} is not as it was written: its last line does not fit the lines before"


def _object(line: bytes) -> dict[str, Any]:
    """The JSON object of a line. Raises ``ValueError`` for anything else, a line without end included."""
    if not line.endswith(b"\n"):
        raise ValueError("a cut line")
    try:
        found = json.loads(line)
    except RecursionError as error:
        raise ValueError("no object") from error
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def _filed(payload: str | None) -> tuple[str, str, datetime | None]:
    """Id, kind and instant that a payload states; empty where it states none."""
    if payload is None:
        return "", "", None
    try:
        content = leaves.read_payload(payload)
        return str(content["id"]), str(content["kind"]), read_instant(content["at"])
    except (StorageError, KeyError, ValueError, TypeError):
        return "", "", None
