"""Who may sign in to the console, and what each may do. Passwords come hashed; this file never sees one."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from enum import StrEnum

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row, rows
from storage.records import Language

_NAME = re.compile(r"[^\W_][\w.-]{0,31}")


class Role(StrEnum):
    """What a member of staff may do, each including the ones before: read; label, answer; manage."""

    VIEWER = "viewer"
    REVIEWER = "reviewer"
    ADMIN = "admin"

    def includes(self, other: Role) -> bool:
        """Whether this role may do what `other` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Staff:
    """One account. `password` is an Argon2id hash."""

    name: str
    role: Role
    language: Language
    password: str
    active: bool = True


class StaffError(ValueError):
    """The account cannot be made or changed so; the message is one sentence."""


class StaffList:
    """The accounts. Names differ in more than their case."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, name: str, role: Role, password: str, language: Language = "en") -> Staff:
        """Raises StaffError for a name that is taken or cannot be one."""
        if not _NAME.fullmatch(name):
            raise StaffError(
                "A name has 1 to 32 letters, digits, dots, dashes or underscores, and begins with a letter or digit."
            )
        now = instants.to_text(instants.now())
        try:
            with immediate(self._db):
                self._db.execute(
                    """INSERT INTO staff (name, role, language, password, added_at, changed_at)
                    VALUES (?, ?, ?, ?, ?, ?)""",
                    [name, role.value, language, password, now, now],
                )
        except sqlite3.IntegrityError as error:
            raise StaffError(f"There is an account {name} already.") from error
        return Staff(name, role, language, password)

    def get(self, name: str) -> Staff | None:
        found = row(self._db, "SELECT * FROM staff WHERE name = ?", [name])
        return _staff(found) if found else None

    def all(self) -> list[Staff]:
        return [_staff(found) for found in rows(self._db, "SELECT * FROM staff ORDER BY name")]

    def set_role(self, name: str, role: Role) -> None:
        """Raises StaffError where there is no such account, or where no admin would be left."""
        self._change(name, "role", role.value)

    def set_language(self, name: str, language: Language) -> None:
        self._change(name, "language", language)

    def set_password(self, name: str, password: str) -> None:
        """`password`: its hash. Whoever is signed in under the old one is signed out."""
        self._change(name, "password", password, sign_out=True)

    def set_active(self, name: str, active: bool) -> None:
        """An account that is not active cannot sign in, and is signed out; what it did keeps its name."""
        self._change(name, "active", int(active), sign_out=not active)

    def _change(self, name: str, column: str, value: str | int, *, sign_out: bool = False) -> None:
        now = instants.to_text(instants.now())
        with immediate(self._db):
            done = self._db.execute(
                f"UPDATE staff SET {column} = ?, changed_at = ? WHERE name = ?", [value, now, name]
            ).rowcount
            if not done:
                raise StaffError(f"There is no account {name}.")
            if column in ("role", "active"):
                self._keep_an_admin()
            if sign_out:
                self._db.execute("DELETE FROM sessions WHERE staff = ? COLLATE NOCASE", [name])

    def _keep_an_admin(self) -> None:
        left = row(self._db, "SELECT 1 FROM staff WHERE role = 'admin' AND active = 1")
        if left is None:
            raise StaffError("One active admin must be left: make another one first.")


def _staff(found: sqlite3.Row) -> Staff:
    return Staff(found["name"], Role(found["role"]), found["language"], found["password"], bool(found["active"]))
