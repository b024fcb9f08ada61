"""The word that Telegram sends with each update, so that nobody else can: given by the operator, or made up once.

It lies in the data folder, readable by its owner alone. A lost one is no harm: a new one is made, and told to Telegram
at the next start.
"""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from pathlib import Path

from storage.backup.disk import write_small

NAME = "webhook.key"
_BYTES = 32
_WORD = re.compile(r"[A-Za-z0-9_-]{16,256}")


def kept_secret(folder: Path) -> str:
    """The secret of a data folder, made at first need, and anew where the file holds none."""
    path = folder / NAME
    with suppress(FileNotFoundError, UnicodeDecodeError):
        if _WORD.fullmatch(found := path.read_text(encoding="ascii").strip()):
            path.chmod(0o600)
            return found
    secret = secrets.token_urlsafe(_BYTES)
    write_small(path, secret)
    return secret
