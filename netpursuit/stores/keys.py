"""The key folder: secrets, sealing keys, the erasure ledger and the log's anchors, outside every workspace.

One folder a workspace, named by its id, with one small SQLite file. Whoever has the workspace alone can neither open
what is sealed, nor test a guess against a keyed digest, nor sign another log, nor hide that the log was cut.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from netpursuit.errors import StorageError
from netpursuit.ports.truth import LogHead
from netpursuit.stores import schema
from netpursuit.stores.files import PAGE_ROWS, SqliteFile, make_private_folder

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

DIGEST_BYTES = 16
NONCE_BYTES = 12
SECRET_BYTES = 32
_TOKEN = "token:"  # before the digest of a bearer token


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
        self.folder = root / workspace_id
        path = self.folder / "keys.sqlite"
        if not create and not path.is_file():
            raise StorageError(
                f"the keys of workspace {workspace_id} are not in {root}: set NETPURSUIT_KEYS to the folder they are in"
            )
        make_private_folder(root)
        make_private_folder(self.folder)
        self._file = SqliteFile(path, version=schema.KEY_VERSION, tables=schema.KEY_TABLES)
        if create:
            with self._file.transaction():
                for name in ("digests", "signature"):
                    self._file.run(
                        "INSERT OR IGNORE INTO secret VALUES (?, ?)", (name, secrets.token_bytes(SECRET_BYTES))
                    )
        self._secrets: dict[str, bytes] = dict(self._file.rows("SELECT name, value FROM secret"))
        if self._secrets.keys() < {"digests", "signature"}:
            raise StorageError(f"{path}: the secrets of the workspace are missing")
        self._signer: Ed25519PrivateKey | None = None
        self._digests = KeyedDigests(self._secrets["digests"])

    def fingerprint(self, field: str, value: str) -> str:
        return self._digests.keyed(f"field\0{field}", value)

    def digest(self, purpose: str, value: str) -> str:
        return self._digests.digest(purpose, value)

    def digests(self) -> KeyedDigests:
        return self._digests

    def seal(self, record_id: str, text: str) -> bytes:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key, nonce = AESGCM.generate_key(bit_length=256), secrets.token_bytes(NONCE_BYTES)
        with self._file.transaction():
            self._file.run("INSERT INTO sealing VALUES (?, ?)", (record_id, key))
        return nonce + AESGCM(key).encrypt(nonce, text.encode("utf-8", "surrogatepass"), record_id.encode("utf-8"))

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

    def erase(self, *record_ids: str) -> None:
        with self._file.transaction():
            for record_id in record_ids:
                self._file.run("DELETE FROM sealing WHERE record_id = ?", (record_id,))
                self._file.run("INSERT OR IGNORE INTO erased VALUES (?)", (record_id,))
        self._file.empty_wal()

    def erased(self) -> frozenset[str]:
        """The erasure ledger: records whose keys were destroyed."""
        return frozenset(record_id for (record_id,) in self._file.rows("SELECT record_id FROM erased"))

    def sign(self, message: bytes) -> bytes:
        return self._private_key().sign(message)

    def verify(self, message: bytes, signature: bytes) -> bool:
        from cryptography.exceptions import InvalidSignature

        try:
            self._private_key().public_key().verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def _private_key(self) -> Ed25519PrivateKey:
        if self._signer is None:
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

            self._signer = Ed25519PrivateKey.from_private_bytes(self._secrets["signature"])
        return self._signer

    def anchor(self, head: LogHead) -> None:
        with self._file.transaction():
            self._file.run("INSERT INTO anchor (size, root) VALUES (?, ?)", (head.size, head.root))

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

    def keep_token(self, digest: str, kept: str | None) -> None:
        name = f"{_TOKEN}{digest}"
        with self._file.transaction():
            if kept is None:
                self._file.run("DELETE FROM secret WHERE name = ?", (name,))
            else:
                self._file.run("INSERT OR REPLACE INTO secret VALUES (?, ?)", (name, kept.encode("utf-8")))

    def tokens(self) -> Iterator[tuple[str, str]]:
        for name, kept in self._file.rows(
            "SELECT name, value FROM secret WHERE substr(name, 1, ?) = ? ORDER BY name", (len(_TOKEN), _TOKEN)
        ):
            yield name.removeprefix(_TOKEN), bytes(kept).decode("utf-8")

    def close(self) -> None:
        self._file.close()
