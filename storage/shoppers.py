"""What is known of each shopper beside the conversation: languages, where they came from, whether they left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row


@dataclass(frozen=True, slots=True)
class Shopper:
    """`language` was chosen with /language; None where the messages decide."""

    user_id: int
    telegram_language: str
    language: str | None
    blocked: bool
    start_payload: str
    first_seen: datetime
    last_seen: datetime


class Shoppers:
    """Everybody who ever wrote and has not asked to be forgotten."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def see(self, user_id: int, telegram_language: str, at: datetime) -> bool:
        """A shopper wrote; true for the first time. Who writes cannot have the bot blocked any more."""
        seen = instants.to_text(at)
        with immediate(self._db):
            newcomer = row(self._db, "SELECT 1 FROM shoppers WHERE user_id = ?", [user_id]) is None
            self._db.execute(
                """INSERT INTO shoppers (user_id, telegram_language, first_seen, last_seen) VALUES (?, ?, ?, ?)
                ON CONFLICT (user_id) DO UPDATE SET telegram_language = excluded.telegram_language, blocked = 0,
                last_seen = max(last_seen, excluded.last_seen)""",
                [user_id, telegram_language, seen, seen],
            )
        return newcomer

    def get(self, user_id: int) -> Shopper | None:
        found = row(self._db, "SELECT * FROM shoppers WHERE user_id = ?", [user_id])
        if found is None:
            return None
        return Shopper(
            user_id=user_id,
            telegram_language=found["telegram_language"],
            language=found["language"],
            blocked=bool(found["blocked"]),
            start_payload=found["start_payload"],
            first_seen=instants.from_text(found["first_seen"]),
            last_seen=instants.from_text(found["last_seen"]),
        )

    def language(self, user_id: int) -> str | None:
        """The language chosen with /language."""
        shopper = self.get(user_id)
        return shopper.language if shopper else None

    def set_language(self, user_id: int, language: str | None) -> None:
        """Choose a language; None leaves it to the messages again."""
        self._set(user_id, "language", language)

    def currency(self, user_id: int) -> str | None:
        """What prices are shown in beside the shop's currency: "" for nothing, None where nothing was chosen."""
        found = row(self._db, "SELECT currency FROM shoppers WHERE user_id = ?", [user_id])
        return found["currency"] if found else None

    def set_currency(self, user_id: int, currency: str) -> None:
        """Choose it."""
        self._set(user_id, "currency", currency)

    def blocked(self, user_id: int) -> bool:
        """Whether the shopper blocked the bot; nothing can be sent then."""
        shopper = self.get(user_id)
        return shopper is not None and shopper.blocked

    def set_blocked(self, user_id: int, blocked: bool = True) -> None:
        self._set(user_id, "blocked", int(blocked))

    def start_payload(self, user_id: int) -> str:
        """What the link that led here carried, or ""."""
        shopper = self.get(user_id)
        return shopper.start_payload if shopper else ""

    def set_start_payload(self, user_id: int, payload: str) -> None:
        self._set(user_id, "start_payload", payload)

    def _set(self, user_id: int, column: str, value: Any) -> None:
        seen = instants.to_text(instants.now())
        with immediate(self._db):
            self._db.execute(
                f"""INSERT INTO shoppers (user_id, {column}, first_seen, last_seen) VALUES (?, ?, ?, ?)
                ON CONFLICT (user_id) DO UPDATE SET {column} = excluded.{column}""",
                [user_id, value, seen, seen],
            )
