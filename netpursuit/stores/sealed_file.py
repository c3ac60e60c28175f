"""A file in sealed pieces behind one readable line: what is changed, moved, cut off or added anywhere is noticed.

The line is a JSON object and a line feed. Behind it stand pieces of 1 MiB under AES-256-GCM, each with 16 bytes of
its own seal; the last is shorter, and may be empty. The nonce of a piece is its number (11 bytes) and whether it is the
last (1 byte), so that no piece can be left out, doubled or moved (the STREAM construction of Hoang, Reyhanitabar,
Rogaway and Vizár, 2015). Each seal also covers the SHA-256 of the line. The key is made for this file alone from a
secret and the salt that the line states, so that no nonce is used twice under one key.
"""

from __future__ import annotations

import hashlib
import io
import json
from typing import TYPE_CHECKING, Any, BinaryIO

from netpursuit.errors import DamagedError

if TYPE_CHECKING:
    from collections.abc import Callable

PIECE_BYTES = 1 << 20
SEAL_BYTES = 16
SALT_BYTES = 16
LINE_BYTES = 1 << 16

Header = dict[str, Any]


def key_of_file(secret: bytes, salt: bytes, purpose: str) -> bytes:
    """The key of one file, 32 bytes: HKDF-SHA256 over a secret that serves many."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=purpose.encode("utf-8")).derive(secret)


def key_of_passphrase(passphrase: str, salt: bytes) -> bytes:
    """The key of one file from a passphrase, 32 bytes: scrypt with 128 MiB and a third of a second (RFC 7914)."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return Scrypt(salt=salt, length=32, n=1 << 17, r=8, p=1).derive(passphrase.encode("utf-8", "surrogatepass"))


def line_of(header: Header) -> bytes:
    """The line of a header."""
    return json.dumps(header, ensure_ascii=False, separators=(", ", ": ")).encode("utf-8") + b"\n"


def damaged_file(where: str) -> DamagedError:
    """What is raised where a sealed file is not what was written, or was sealed under another key."""
    return DamagedError(f"{where}: cut short, changed since it was made, or sealed under another key")


class SealedWriter(io.RawIOBase):
    """Writes the line and seals what is written behind it; ``finish`` writes the last piece.

    ``digest`` is the SHA-256 over all that went into the file, the line included."""

    def __init__(self, file: BinaryIO, header: Header, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        line = line_of(header)
        self._file, self._cipher = file, AESGCM(key)
        self._covered = hashlib.sha256(line).digest()
        self._waiting, self._number = bytearray(), 0
        self.digest, self.size = hashlib.sha256(), 0
        self._put(line)

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting += data
        while len(self._waiting) >= PIECE_BYTES:
            self._seal(bytes(self._waiting[:PIECE_BYTES]), last=False)
            del self._waiting[:PIECE_BYTES]
        return len(data)

    def finish(self) -> None:
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._put(self._cipher.encrypt(_nonce(self._number, last), piece, self._covered))
        self._number += 1

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self.digest.update(data)
        self.size += len(data)


class SealedReader(io.RawIOBase):
    """Reads what was sealed, piece by piece; nothing is given out before its seal was checked.

    ``key_for`` gives the key by the header. ``finish`` demands that the whole file was read and that nothing follows.
    Every difference is a ``DamagedError``."""

    def __init__(self, file: BinaryIO, where: str, key_for: Callable[[Header], bytes]) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._file, self._where = file, where
        line = file.readline(LINE_BYTES)
        self.header = read_line(line, where)
        self.digest, self.size = hashlib.sha256(line), len(line)
        self._covered = hashlib.sha256(line).digest()
        self._cipher = AESGCM(key_for(self.header))
        self._number, self._ready, self._over = 0, memoryview(b""), False
        self._ahead = self._get()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready and not self._over:
            self._open_next()
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def finish(self) -> None:
        """Read what is left."""
        self._ready = memoryview(b"")
        while not self._over:
            self._open_next()

    def _open_next(self) -> None:
        from cryptography.exceptions import InvalidTag

        piece, self._ahead = self._ahead, self._get()
        self._over = not self._ahead
        try:
            plain = self._cipher.decrypt(_nonce(self._number, self._over), piece, self._covered)
        except (InvalidTag, ValueError) as error:
            raise damaged_file(self._where) from error
        self._number += 1
        self._ready = memoryview(plain)

    def _get(self) -> bytes:
        data = self._file.read(PIECE_BYTES + SEAL_BYTES)
        self.digest.update(data)
        self.size += len(data)
        return data


def read_line(line: bytes, where: str) -> Header:
    """The header of a file's first line. Raises ``DamagedError`` where it is none."""
    try:
        found = json.loads(line.decode("utf-8")) if line.endswith(b"\n") else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise DamagedError(f"{where}: no backup of netpursuit, or its first line was changed")
    return found


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
