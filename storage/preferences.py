"""What a shopper told the bot to keep in mind: sizes, things to love, things never to show, a usual budget.

Kept with the shopper's consent alone (`remembers`), shown and taken back one by one. Ids are never given twice, so an
old button cannot name somebody else's row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row, rows

MOST = 60  # of one shopper; the oldest go first


class Stance(StrEnum):
    """LIKE moves a ranking up and AVOID down, NEVER is a limit, USUAL is about what the shopper spends."""

    LIKE = "like"
    AVOID = "avoid"
    NEVER = "never"
    USUAL = "usual"


@dataclass(frozen=True, slots=True)
class Preference:
    """One of them. `slot` names a kind of wish (storage.records.SlotName), `value` its normal form; for USUAL the slot
    is "price" and the value an amount with its currency, "40 USD". `text` is how the shopper said it.
    """

    stance: Stance
    slot: str
    value: str
    text: str = ""
    id: int = 0


class Preferences:
    """The preferences of all shoppers."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, user_id: int) -> tuple[Preference, ...]:
        """Those of one shopper, the oldest first."""
        found = rows(self._db, "SELECT * FROM preferences WHERE user_id = ? ORDER BY id", [user_id])
        return tuple(
            Preference(Stance(each["stance"]), each["slot"], each["value"], each["text"], each["id"]) for each in found
        )

    def keep(self, user_id: int, preference: Preference, at: datetime) -> None:
        """Keeps it; one of the same slot and value takes another stance, a budget the last one's place."""
        with immediate(self._db):
            single = preference.stance is Stance.USUAL
            self._db.execute(
                "DELETE FROM preferences WHERE user_id = ? AND slot = ? AND (value = ? OR ?)",
                [user_id, preference.slot, preference.value, single],
            )
            self._db.execute(
                "INSERT INTO preferences (user_id, stance, slot, value, text, noted_at) VALUES (?, ?, ?, ?, ?, ?)",
                [
                    *(user_id, preference.stance.value, preference.slot, preference.value, preference.text),
                    instants.to_text(at),
                ],
            )
            self._db.execute(
                """DELETE FROM preferences WHERE user_id = ?1 AND id NOT IN
                (SELECT id FROM preferences WHERE user_id = ?1 ORDER BY id DESC LIMIT ?2)""",
                [user_id, MOST],
            )

    def drop(self, user_id: int, preference_id: int) -> bool:
        """Takes one back; false where it is not there, or not this shopper's."""
        done = self._db.execute("DELETE FROM preferences WHERE id = ? AND user_id = ?", [preference_id, user_id])
        return bool(done.rowcount)

    def clear(self, user_id: int) -> None:
        """Takes all back."""
        self._db.execute("DELETE FROM preferences WHERE user_id = ?", [user_id])

    def remembers(self, user_id: int) -> bool | None:
        """Whether the shopper agreed to have them kept; None before that was asked."""
        found = row(self._db, "SELECT remembers FROM shoppers WHERE user_id = ?", [user_id])
        return None if found is None or found["remembers"] is None else bool(found["remembers"])

    def agree(self, user_id: int, remembers: bool) -> None:
        """The shopper's answer; a no takes back what was kept."""
        with immediate(self._db):
            self._db.execute("UPDATE shoppers SET remembers = ? WHERE user_id = ?", [int(remembers), user_id])
            if not remembers:
                self.clear(user_id)
