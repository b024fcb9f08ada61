"""Who is signed in: sessions that the server keeps and can end, and the count of failed attempts.

The cookie holds a random token; the table holds its SHA-256, so that the file lets nobody in (OWASP, Session Management
Cheat Sheet). A session ends eight hours after it was last used, and a week after it began.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row, rows

IDLE = timedelta(hours=8)
LONGEST = timedelta(days=7)
REVEALED_FOR = timedelta(minutes=15)
ATTEMPTS = 5
"""Failed attempts of one name, or of one address four times that, before a pause."""
PAUSE = timedelta(minutes=15)
_TOUCH = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """`csrf` goes into every form. `revealed` are conversations whose personal data this session sees, until when."""

    key: str
    staff: str
    csrf: str
    began_at: datetime
    seen_at: datetime
    revealed: dict[str, str]

    def sees(self, subject: str, now: datetime) -> bool:
        """Whether what is masked in `subject` was revealed to this session a moment ago."""
        until = self.revealed.get(subject)
        return until is not None and instants.from_text(until) > now


class Sessions:
    """Sign-ins of the console."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def begin(self, staff: str, now: datetime) -> tuple[str, Session]:
        """The token for the cookie and the session; the token is nowhere else."""
        token, csrf, at = secrets.token_urlsafe(32), secrets.token_urlsafe(24), instants.to_text(now)
        session = Session(_key(token), staff, csrf, now, now, {})
        with immediate(self._db):
            self._db.execute("DELETE FROM sessions WHERE seen_at < ?", [instants.to_text(now - IDLE)])
            self._db.execute(
                "INSERT INTO sessions (key, staff, csrf, began_at, seen_at) VALUES (?, ?, ?, ?, ?)",
                [session.key, staff, csrf, at, at],
            )
        return token, session

    def get(self, token: str, now: datetime) -> Session | None:
        """The session of a token; None where it has ended. Being used is noted once a minute."""
        found = row(self._db, "SELECT * FROM sessions WHERE key = ?", [_key(token)])
        if found is None:
            return None
        session = Session(
            *(found["key"], found["staff"], found["csrf"]),
            *(instants.from_text(found["began_at"]), instants.from_text(found["seen_at"])),
            json.loads(found["revealed"]),
        )
        if now - session.seen_at > IDLE or now - session.began_at > LONGEST:
            self.end(session.key)
            return None
        if now - session.seen_at > _TOUCH:
            with immediate(self._db):
                self._db.execute("UPDATE sessions SET seen_at = ? WHERE key = ?", [instants.to_text(now), session.key])
        return session

    def reveal(self, session: Session, subject: str, now: datetime) -> None:
        """Lets this session see what is masked in `subject`, for a quarter of an hour."""
        kept = {name: until for name, until in session.revealed.items() if session.sees(name, now)}
        kept[subject] = instants.to_text(now + REVEALED_FOR)
        with immediate(self._db):
            self._db.execute("UPDATE sessions SET revealed = ? WHERE key = ?", [json.dumps(kept), session.key])

    def leave_flash(self, key: str, flash: str) -> None:
        """Keeps a sentence for the next page of this session."""
        with immediate(self._db):
            self._db.execute("UPDATE sessions SET flash = ? WHERE key = ?", [flash, key])

    def take_flash(self, key: str) -> str:
        """The sentence that was left, once; empty where there is none."""
        found = row(self._db, "SELECT flash FROM sessions WHERE key = ?", [key])
        if found is None or not found["flash"]:
            return ""
        self.leave_flash(key, "")
        return str(found["flash"])

    def end(self, key: str) -> None:
        with immediate(self._db):
            self._db.execute("DELETE FROM sessions WHERE key = ?", [key])

    def of(self, staff: str) -> list[tuple[datetime, datetime]]:
        """When each session of an account began and was last used."""
        found = rows(self._db, "SELECT began_at, seen_at FROM sessions WHERE staff = ? COLLATE NOCASE", [staff])
        return [(instants.from_text(each["began_at"]), instants.from_text(each["seen_at"])) for each in found]

    def end_all(self, staff: str) -> int:
        """Signs an account out everywhere; from how many places."""
        with immediate(self._db):
            return int(self._db.execute("DELETE FROM sessions WHERE staff = ? COLLATE NOCASE", [staff]).rowcount)

    # --- failed attempts ----------------------------------------------------------------------------

    def failed(self, name: str, address: str, now: datetime) -> None:
        """Counts a failed attempt against the name and against where it came from."""
        at = instants.to_text(now)
        with immediate(self._db):
            self._db.execute("DELETE FROM sign_in_failures WHERE at < ?", [instants.to_text(now - PAUSE)])
            for who in _whos(name, address):
                self._db.execute("INSERT INTO sign_in_failures VALUES (?, ?)", [who, at])

    def paused(self, name: str, address: str, now: datetime) -> bool:
        """Whether so many attempts failed lately that none is looked at for now."""
        since = instants.to_text(now - PAUSE)
        return any(
            self._db.execute("SELECT count(*) FROM sign_in_failures WHERE who = ? AND at > ?", [who, since]).fetchone()[
                0
            ]
            >= limit
            for who, limit in zip(_whos(name, address), (ATTEMPTS, 4 * ATTEMPTS), strict=True)
        )

    def succeeded(self, name: str) -> None:
        with immediate(self._db):
            self._db.execute("DELETE FROM sign_in_failures WHERE who = ?", [_whos(name, "")[0]])


def _whos(name: str, address: str) -> tuple[str, str]:
    return f"name:{name.casefold()[:64]}", f"address:{address[:64]}"


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
