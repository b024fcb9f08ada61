"""Visitors without names: the shop's own ids become keyed hashes before anything is stored.

    hide = VisitorKey.of(data_folder)
    hide("customer-42")              # "1f6c9d0e7a55b3c2", the same for the same key

The key lies in the data folder, readable by its owner alone. Whoever has the table without the key cannot try out
ids; with a lost key old events stay usable, but new ones count as other visitors'.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

NAME = "visitors.key"
_BYTES = 32
_DIGEST = 8  # bytes: among a million visitors two collide with a chance of 3 in 100 million


class VisitorKeyError(Exception):
    """The key cannot be read; the message says what to do."""


class VisitorKey:
    """Turns visitor ids into hashes (BLAKE2b with a key, RFC 7693)."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of(cls, folder: Path) -> VisitorKey:
        """The key of a data folder, made at first need. Raises VisitorKeyError for a damaged one."""
        path = folder / NAME
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f"{NAME}.{os.getpid()}"
        if not path.exists():
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(_BYTES))
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):  # another command was quicker: its key holds
                os.link(beside, path)
            beside.unlink()
        try:
            key = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except (OSError, ValueError) as error:
            raise VisitorKeyError(f"{path} cannot be read as a key: restore it from a backup.") from error
        if len(key) != _BYTES:
            raise VisitorKeyError(f"{path} is no key of {_BYTES} bytes: restore it from a backup.")
        return cls(key)

    def __call__(self, visitor: str) -> str:
        """16 hexadecimal digits."""
        body = visitor.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(body, key=self._key, digest_size=_DIGEST).hexdigest()
