"""The key folder: secrets, sealing keys, the erasure ledger, the log's anchors and the users' roles, outside every
workspace.

One folder a workspace, named by its id, with one small SQLite file. Whoever has the workspace alone can neither open
what is sealed, nor test a guess against a keyed digest, nor sign another log, nor hide that the log was cut,
nor give himself a role.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from netpursuit.audit.heads import SignatureCheck, signed_by
from netpursuit.errors import StorageError
from netpursuit.ports.truth import LogHead
from netpursuit.stores import schema
from netpursuit.stores.codec import decode, encode
from netpursuit.stores.files import PAGE_ROWS, SqliteFile, make_private_folder

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from netpursuit.records.backups import Restoration
    from netpursuit.records.erasures import Erasure, ErasureProof

DIGEST_BYTES = 16
NONCE_BYTES = 12
SECRET_BYTES = 32
_TOKEN = "token:"  # before the digest of a bearer token
_PASSWORD = "password:"  # before the name of a user
_MARK = "mark:"


@dataclass(frozen=True, slots=True)
class KeyedDigests:
    """``ports.keys.Digests``: what a key folder gives to worker processes."""

    secret: bytes = field(repr=False)

    def digest(self, purpose: str, value: str) -> str:
        return self.keyed(f"purpose\0{purpose}", value)

    def keyed(self, purpose: str, value: str) -> str:
        key = hmac.digest(self.secret, purpose.encode("utf-8"), hashlib.sha256)
        return hmac.digest(key, value.encode("utf-8", "surrogatepass"), hashlib.sha256)[:DIGEST_BYTES].hex()


class KeyFolder:
    """``ports.keys.Keys`` over one SQLite file in ``root/<workspace id>/``.

    ``create`` makes new secrets; without it a missing folder is a ``StorageError``: a workspace whose keys are gone
    or were left behind on another machine must not quietly get new ones.
    """

    def __init__(self, root: Path, workspace_id: str, *, create: bool) -> None:
        self.folder, self.workspace_id = root / workspace_id, workspace_id
        path = self.folder / "keys.sqlite"
        if not create and not path.is_file():
            raise StorageError(
                f"the keys of workspace {workspace_id} are not in {root}: set NETPURSUIT_KEYS to the folder they are in"
            )
        make_private_folder(root)
        make_private_folder(self.folder)
        self._file = SqliteFile(path, version=schema.KEY_VERSION, tables=schema.KEY_TABLES, changes=schema.KEY_CHANGES)
        if create:
            with self._file.transaction():
                for name in ("digests", "signature"):
                    self._file.run(
                        "INSERT OR IGNORE INTO secret VALUES (?, ?)", (name, secrets.token_bytes(SECRET_BYTES))
                    )
        self._secrets: dict[str, bytes] = dict(self._file.rows("SELECT name, value FROM secret"))
        if not self._secrets.keys() >= {"digests", "signature"}:
            raise StorageError(f"{path}: the secrets of the workspace are missing")
        self._signer: Ed25519PrivateKey | None = None
        self._is_signed: SignatureCheck | None = None
        self._last_signed = b"", b""
        self._digests = KeyedDigests(self._secrets["digests"])

    def fingerprint(self, field: str, value: str) -> str:
        return self._digests.keyed(f"field\0{field}", value)

    def digest(self, purpose: str, value: str) -> str:
        return self._digests.digest(purpose, value)

    def digests(self) -> KeyedDigests:
        return self._digests

    def seal(self, record_id: str, text: str) -> bytes:
        key = secrets.token_bytes(SECRET_BYTES)
        with self._file.transaction():
            self._file.run("INSERT INTO sealing VALUES (?, ?)", (record_id, key))
        return _sealed(key, record_id, text)

    def seal_ahead(self, record_id: str, text: str) -> bytes | None:
        row = self._file.row("SELECT key FROM sealing WHERE record_id = ?", (record_id,))
        return _sealed(row[0], record_id, text) if row else None

    def forget_ahead(self, record_ids: Sequence[str]) -> None:
        with self._file.transaction():
            self._file.run_many("DELETE FROM sealing WHERE record_id = ?", ((name,) for name in record_ids))

    def unseal(self, record_id: str, sealed: bytes) -> str | None:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        row = self._file.row("SELECT key FROM sealing WHERE record_id = ?", (record_id,))
        if row is None:
            return None
        try:
            plain = AESGCM(row[0]).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], record_id.encode("utf-8"))
        except (InvalidTag, ValueError) as error:
            raise StorageError(f"what is sealed under {record_id} was changed") from error
        return plain.decode("utf-8", "surrogatepass")

    def sealed(self) -> frozenset[str]:
        return frozenset(record_id for (record_id,) in self._file.rows("SELECT record_id FROM sealing"))

    def read_beside(self) -> None:
        """Let threads read while another one commits."""
        self._file.read_beside()

    def empty_wal(self) -> None:
        self._file.empty_wal()

    def erase(self, *record_ids: str) -> None:
        self._end_keys("erased", record_ids)

    def erased(self) -> frozenset[str]:
        return frozenset(record_id for (record_id,) in self._file.rows("SELECT record_id FROM erased"))

    def destroy(self, *record_ids: str) -> None:
        self._end_keys("destroyed", record_ids)

    def destroyed(self) -> frozenset[str]:
        rows = self._file.rows("SELECT record_id FROM erased UNION SELECT record_id FROM destroyed")
        return frozenset(record_id for (record_id,) in rows)

    def _end_keys(self, ledger: str, record_ids: Sequence[str]) -> None:
        with self._file.transaction():
            self._note_ended(ledger, record_ids)
        self._file.empty_wal_if_free()

    def _note_ended(self, ledger: str, record_ids: Sequence[str]) -> None:
        for record_id in record_ids:
            self._file.run("DELETE FROM sealing WHERE record_id = ?", (record_id,))
            self._file.run(f"INSERT OR IGNORE INTO {ledger} VALUES (?)", (record_id,))

    def begin_erasure(self, erasure: Erasure) -> None:
        body = encode(erasure)
        persons = {pair.person for pair in erasure.cleared}
        silenced = (*erasure.cleared, *(pair for lead in erasure.leads for pair in lead.pairs))
        signature = self.sign(self._erasure_message(body).encode())
        with self._file.transaction():
            stated = (erasure.erasure_id, erasure.at.isoformat(), body, signature)
            self._file.run("INSERT INTO erasure VALUES (?, ?, 0, ?, ?)", stated)
            places = {lead.place for lead in erasure.leads}
            ids = {lead.lead_id for lead in erasure.leads}
            for table, names in (("lead", ids), ("place", places), ("person", persons)):
                named = ((name, erasure.erasure_id) for name in sorted(names))
                self._file.run_many(f"INSERT INTO erased_{table} VALUES (?, ?)", named)
            entries = ((entry, erasure.erasure_id) for entry in sorted({pair.entry for pair in silenced}))
            self._file.run_many("INSERT INTO erased_entry VALUES (?, ?, NULL)", entries)

    def finish_erasure(self, erasure_id: str) -> None:
        with self._file.transaction():
            row = self._file.row("SELECT body FROM erasure WHERE erasure_id = ?", (erasure_id,))
            if row is None:
                raise StorageError(f"{self._file.path}: the erasure {erasure_id} is not in the ledger")
            self._note_ended("destroyed", _read_erasure(row[0]).records)
            self._file.run("UPDATE erasure SET done = 1 WHERE erasure_id = ?", (erasure_id,))
        self._file.empty_wal_if_free()

    def drop_erasure(self, erasure_id: str) -> None:
        with self._file.transaction():
            for table in ("erased_lead", "erased_place", "erased_person", "erased_entry", "erasure"):
                self._file.run(f"DELETE FROM {table} WHERE erasure_id = ?", (erasure_id,))

    def begun_erasures(self) -> tuple[str, ...]:
        return tuple(name for (name,) in self._file.rows("SELECT erasure_id FROM erasure WHERE done = 0 ORDER BY at"))

    def erasures(self) -> tuple[Erasure, ...]:
        return tuple(_read_erasure(body) for (body,) in self._file.rows("SELECT body FROM erasure ORDER BY at"))

    def erasures_about(self, lead_id: str, person: str = "", place: str = "") -> tuple[Erasure, ...]:
        rows = self._file.rows(
            "SELECT body FROM erasure WHERE erasure_id IN (SELECT erasure_id FROM erased_lead WHERE lead_id = ?1 "
            "UNION SELECT erasure_id FROM erased_person WHERE person = ?2 "
            "UNION SELECT erasure_id FROM erased_place WHERE place = ?3) ORDER BY at DESC",
            (lead_id, person, place),
        )
        return tuple(_read_erasure(body) for (body,) in rows)

    def erased_entries(self) -> frozenset[str]:
        rows = self._file.rows("SELECT entry FROM erased_entry WHERE ended IS NULL")
        return frozenset(entry for (entry,) in rows)

    def ended_entries(self, erasure_id: str) -> frozenset[str]:
        rows = self._file.rows(
            "SELECT entry FROM erased_entry WHERE erasure_id = ? AND ended IS NOT NULL", (erasure_id,)
        )
        return frozenset(entry for (entry,) in rows)

    def end_entries(self, entries: Sequence[str], at: datetime) -> None:
        with self._file.transaction():
            self._file.run_many(
                "UPDATE erased_entry SET ended = ? WHERE entry = ? AND ended IS NULL",
                ((at.isoformat(), entry) for entry in entries),
            )

    def prove_erasure(self, erasure_id: str) -> ErasureProof | None:
        from netpursuit.records.erasures import ErasureProof

        row = self._file.row("SELECT body, signature FROM erasure WHERE erasure_id = ?", (erasure_id,))
        if row is None:
            return None
        message = self._erasure_message(row[0])
        if not self.verify(message.encode(), row[1]):
            raise StorageError(f"{self._file.path}: the erasure {erasure_id} was changed")
        public = self._private_key().public_key().public_bytes_raw()
        return ErasureProof(erasure=_read_erasure(row[0]), message=message, signature=row[1], public_key=public)

    def _erasure_message(self, body: str) -> str:
        """What the signature of a record of the ledger covers."""
        return f"netpursuit erasure 1\n{self.folder.name}\n{body}\n"

    def sign(self, message: bytes) -> bytes:
        signature = self._private_key().sign(message)
        self._last_signed = message, signature
        return signature

    def verify(self, message: bytes, signature: bytes) -> bool:
        if self._last_signed == (message, signature):  # each record of the log looks back at the head before it
            return True
        if self._is_signed is None:
            self._is_signed = signed_by(self.public_key())
        return self._is_signed(message, signature)

    def public_key(self) -> bytes:
        return self._private_key().public_key().public_bytes_raw()

    def _private_key(self) -> Ed25519PrivateKey:
        if self._signer is None:
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

            self._signer = Ed25519PrivateKey.from_private_bytes(self._secrets["signature"])
        return self._signer

    def anchor(self, head: LogHead, ahead: Sequence[str] = ()) -> None:
        with self._file.transaction():
            self._file.run("INSERT INTO anchor (size, root) VALUES (?, ?)", (head.size, head.root))
            if ahead:
                new = ((record_id, secrets.token_bytes(SECRET_BYTES)) for record_id in ahead)
                self._file.run_many("INSERT INTO sealing VALUES (?, ?)", new)

    def anchors(self) -> Iterator[tuple[int, bytes]]:
        after = 0
        while True:
            rows = self._file.rows(
                "SELECT number, size, root FROM anchor WHERE number > ? ORDER BY number LIMIT ?", (after, PAGE_ROWS)
            )
            for _, size, root in rows:
                yield size, root
            if len(rows) < PAGE_ROWS:
                return
            after = rows[-1][0]

    def backup_secret(self, *, create: bool) -> bytes | None:
        """What the keys of backups are made from; one for all, so that an older copy of this folder opens later ones.

        None where no backup was ever made and ``create`` does not make it."""
        if create and "backup" not in self._secrets:
            with self._file.transaction():
                self._file.run(
                    "INSERT OR IGNORE INTO secret VALUES ('backup', ?)", (secrets.token_bytes(SECRET_BYTES),)
                )
            self._secrets = dict(self._file.rows("SELECT name, value FROM secret"))
        return self._secrets.get("backup")

    def restorations(self) -> Iterator[tuple[Restoration, bool]]:
        from netpursuit.stores.restore_records import message_of, read_restoration

        for body, signature in self._file.rows("SELECT body, signature FROM restoration ORDER BY number"):
            with self._file.sense():
                found = read_restoration(body)
            yield found, self.verify(message_of(self.workspace_id, body), signature)

    def keep_token(self, digest: str, kept: str | None) -> None:
        self._keep(f"{_TOKEN}{digest}", kept)

    def token(self, digest: str) -> str | None:
        return self._kept(f"{_TOKEN}{digest}")

    def tokens(self) -> Iterator[tuple[str, str]]:
        return self._all_kept(_TOKEN)

    def keep_password(self, who: str, kept: str | None) -> None:
        self._keep(f"{_PASSWORD}{who}", kept)

    def replace_password(self, who: str, before: str, after: str) -> None:
        with self._file.transaction():
            self._file.run(
                "UPDATE secret SET value = ? WHERE name = ? AND value = ?",
                (after.encode("utf-8"), f"{_PASSWORD}{who}", before.encode("utf-8")),
            )

    def password(self, who: str) -> str | None:
        return self._kept(f"{_PASSWORD}{who}")

    def password_users(self) -> tuple[str, ...]:
        return tuple(who for who, _ in self._all_kept(_PASSWORD))

    def _keep(self, name: str, kept: str | None) -> None:
        with self._file.transaction():
            if kept is None:
                self._file.run("DELETE FROM secret WHERE name = ?", (name,))
            else:
                self._file.run("INSERT OR REPLACE INTO secret VALUES (?, ?)", (name, kept.encode("utf-8")))

    def _kept(self, name: str) -> str | None:
        row = self._file.row("SELECT value FROM secret WHERE name = ?", (name,))
        return bytes(row[0]).decode("utf-8") if row else None

    def _all_kept(self, area: str) -> Iterator[tuple[str, str]]:
        """(name, what is kept) of everything whose name begins with ``area``, which is left out."""
        for name, kept in self._file.rows(
            "SELECT name, value FROM secret WHERE substr(name, 1, ?) = ? ORDER BY name", (len(area), area)
        ):
            yield name.removeprefix(area), bytes(kept).decode("utf-8")

    def keep_mark(self, name: str, *, on: bool) -> None:
        change = "INSERT OR REPLACE INTO secret VALUES (?, x'01')" if on else "DELETE FROM secret WHERE name = ?"
        with self._file.transaction():
            self._file.run(change, (f"{_MARK}{name}",))

    def has_mark(self, name: str) -> bool:
        return self._file.row("SELECT 1 FROM secret WHERE name = ?", (f"{_MARK}{name}",)) is not None

    def roles(self) -> tuple[str, str]:
        rows = self._file.rows(
            "SELECT settled, body, consultation_id FROM user_roles"
            " WHERE settled = 0 OR number = (SELECT max(number) FROM user_roles WHERE settled = 1)"
        )
        return (
            next((body for settled, body, _ in rows if settled), ""),
            next((consultation_id for settled, _, consultation_id in rows if not settled), ""),
        )

    def propose_roles(self, consultation_id: str, text: str) -> None:
        with self._file.transaction():
            self._file.run("DELETE FROM user_roles WHERE settled = 0")
            self._file.run(
                "INSERT INTO user_roles (consultation_id, settled, body) VALUES (?, 0, ?)", (consultation_id, text)
            )

    def settle_roles(self, consultation_id: str, *, done: bool) -> None:
        change = "UPDATE user_roles SET settled = 1" if done else "DELETE FROM user_roles"
        with self._file.transaction():
            self._file.run(f"{change} WHERE consultation_id = ? AND settled = 0", (consultation_id,))

    def close(self) -> None:
        self._file.close()


def _sealed(key: bytes, record_id: str, text: str) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, text.encode("utf-8", "surrogatepass"), record_id.encode("utf-8"))


def _read_erasure(body: str) -> Erasure:
    from netpursuit.records.erasures import Erasure

    return decode(Erasure, body)
