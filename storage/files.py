"""Files that the messenger has already: a picture is uploaded once and named by its file id afterwards."""

from __future__ import annotations

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row


class Files:
    """File ids by the key of the picture. A key names the picture's content and the bot that uploaded it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, key: str) -> str | None:
        found = row(self._db, "SELECT file_id FROM files WHERE key = ?", [key])
        return str(found["file_id"]) if found else None

    def put(self, key: str, file_id: str) -> None:
        with immediate(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?)", [key, file_id, instants.to_text(instants.now())]
            )
