"""The layout of the console's database, one step after another, as that of the shop's (storage/migrations.py)."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("console")


@migrations()
def c001_people(db: Database) -> None:
    """Who may sign in, who is signed in, who tried, and what was done."""
    db.execute(
        """CREATE TABLE staff (
            name TEXT PRIMARY KEY COLLATE NOCASE, role TEXT NOT NULL CHECK (role IN ('viewer', 'reviewer', 'admin')),
            language TEXT NOT NULL, password TEXT NOT NULL, added_at TEXT NOT NULL, changed_at TEXT NOT NULL,
            active INTEGER NOT NULL DEFAULT 1
        ) STRICT"""
    )
    # The key is a hash: whoever reads this file, or a backup of it, cannot sign in with what it holds.
    db.execute(
        """CREATE TABLE sessions (
            key TEXT PRIMARY KEY, staff TEXT NOT NULL REFERENCES staff (name) ON DELETE CASCADE,
            csrf TEXT NOT NULL, began_at TEXT NOT NULL, seen_at TEXT NOT NULL, revealed TEXT NOT NULL DEFAULT '{}',
            flash TEXT NOT NULL DEFAULT ''
        ) STRICT"""
    )
    db.execute("CREATE INDEX sessions_by_staff ON sessions (staff)")
    db.execute("CREATE TABLE sign_in_failures (who TEXT NOT NULL, at TEXT NOT NULL) STRICT")
    db.execute("CREATE INDEX sign_in_failures_by_who ON sign_in_failures (who, at)")
    db.execute(
        """CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, staff TEXT NOT NULL, act TEXT NOT NULL,
            subject TEXT NOT NULL, detail TEXT NOT NULL
        ) STRICT"""
    )
    db.execute("CREATE INDEX audit_by_staff ON audit (staff, id)")
    db.execute("CREATE INDEX audit_by_act ON audit (act, id)")
    for act in ("UPDATE", "DELETE"):
        # Retention empties old rows through `audit_keep`, the one door that is left open (storage/console/audit.py).
        condition = "" if act == "UPDATE" else " WHEN OLD.at >= (SELECT before FROM audit_keep)"
        db.execute(
            f"""CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON audit{condition}
            BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END"""
        )
    db.execute("CREATE TABLE audit_keep (before TEXT NOT NULL) STRICT")
    db.execute("INSERT INTO audit_keep VALUES ('')")
