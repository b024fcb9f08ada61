"""Which shopper an imported order belongs to: shown once, by a code that only its buyer was given.

A code is kept as a keyed hash (storage/visitors.py), works once, ends after a time, and a shopper may try but a few:
with ten of 31 letters there are 8e14 codes. Whose an order is, is never guessed from a name or a number.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No letter that is taken for another one."""
SHORTEST, LONGEST = 8, 40
"""Letters and digits of a code that a shop gives itself."""
LASTS = timedelta(days=90)
TRIES, WITHIN = 5, timedelta(hours=1)
"""Wrong codes that a shopper may send in such a time."""
_LENGTH = 10


class Linking(StrEnum):
    """What a code did."""

    DONE = "done"
    WRONG = "wrong"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Linked:
    """The outcome; the order's number where it is the shopper's now."""

    outcome: Linking
    number: str = ""


def fresh_code() -> str:
    """A code to be given to a buyer, "K7QM2-XWD9F"."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(_LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def plain_code(said: str) -> str:
    """A code as it is compared: its letters and digits, in capitals; "" for what is none."""
    plain = re.sub(r"[^0-9A-Z]", "", said.upper())
    return plain if SHORTEST <= len(plain) <= LONGEST else ""


class OrderLinks:
    """Codes of orders, and shoppers' wrong tries."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def set_code(self, number: str, code_hash: str, at: datetime, lasts: timedelta = LASTS) -> bool:
        """Gives an order its code, in the place of an older one; false where there is no such order, or where it is
        somebody's already.
        """
        with immediate(self._db):
            found = row(self._db, "SELECT id FROM orders WHERE number = ? AND user_id IS NULL", [number])
            if found is None:
                return False
            self._db.execute("DELETE FROM order_codes WHERE order_id = ? OR code_hash = ?", [found["id"], code_hash])
            self._db.execute(
                "INSERT INTO order_codes (order_id, code_hash, ends_at) VALUES (?, ?, ?)",
                [found["id"], code_hash, instants.to_text(at + lasts)],
            )
        return True

    def has_code(self, number: str, code_hash: str) -> bool:
        """Whether this is the order's code already."""
        sql = "SELECT 1 FROM order_codes WHERE code_hash = ? AND order_id = (SELECT id FROM orders WHERE number = ?)"
        return row(self._db, sql, [code_hash, number]) is not None

    def link(self, user_id: int, code_hash: str, at: datetime) -> Linked:
        """Makes an order the shopper's where the code is one's that works; a wrong one is counted."""
        with immediate(self._db):
            linked = self.works(user_id, code_hash, at)
            if linked.outcome is Linking.WRONG:
                self._db.execute("INSERT INTO link_tries (user_id, at) VALUES (?, ?)", [user_id, instants.to_text(at)])
            if linked.outcome is Linking.DONE:
                self._db.execute("UPDATE orders SET user_id = ? WHERE number = ?", [user_id, linked.number])
                self._db.execute("DELETE FROM order_codes WHERE code_hash = ?", [code_hash])
                self._db.execute("DELETE FROM link_tries WHERE user_id = ? OR at < ?", [user_id, self._since(at)])
        return linked

    def works(self, user_id: int, code_hash: str, at: datetime) -> Linked:
        """What `link` would do; nothing is written."""
        if self._locked(user_id, at):
            return Linked(Linking.LOCKED)
        found = row(
            self._db,
            """SELECT o.number FROM order_codes AS c JOIN orders AS o ON o.id = c.order_id
            WHERE c.code_hash = ? AND c.ends_at > ? AND o.user_id IS NULL""",
            [code_hash, instants.to_text(at)],
        )
        return Linked(Linking.DONE, found["number"]) if found else Linked(Linking.WRONG)

    def _locked(self, user_id: int, at: datetime) -> bool:
        sql = "SELECT count(*) AS n FROM link_tries WHERE user_id = ? AND at >= ?"
        found = row(self._db, sql, [user_id, self._since(at)])
        return bool(found and found["n"] >= TRIES)

    @staticmethod
    def _since(at: datetime) -> str:
        return instants.to_text(at - WITHIN)
