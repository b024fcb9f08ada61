"""Which messages an update was answered with, so that a replay sends only what is missing."""

from __future__ import annotations

from sqlite_utils import Database

from storage import instants
from storage.database import immediate


class Sent:
    """Messages by the update that caused them and their place in the answer (`ordinal`, from 0)."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def record(
        self, update_id: int, ordinal: int, chat_id: int, message_id: int, kind: str, turn_id: int | None = None
    ) -> None:
        """Keep that the message was accepted by the server. `kind` is the door's own word ("header", "card")."""
        with immediate(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO sent VALUES (?, ?, ?, ?, ?, ?, ?)",
                [update_id, ordinal, chat_id, message_id, kind, turn_id, instants.to_text(instants.now())],
            )

    def of(self, update_id: int) -> dict[int, int]:
        """Message ids by ordinal."""
        found = self._db.execute(
            "SELECT ordinal, message_id FROM sent WHERE update_id = ? ORDER BY ordinal", [update_id]
        )
        return {ordinal: message_id for ordinal, message_id in found}

    def of_turn(self, turn_id: int) -> dict[int, tuple[int, str]]:
        """(message id, kind) by ordinal of what shows a turn; where two updates did, the later one counts."""
        found = self._db.execute(
            "SELECT ordinal, message_id, kind FROM sent WHERE turn_id = ? ORDER BY sent_at, ordinal", [turn_id]
        )
        shown = {ordinal: (message_id, kind) for ordinal, message_id, kind in found}
        return dict(sorted(shown.items()))
