"""The simulator's own small database (`simulator.db`): chats, waiting updates, files, calls.

Write-ahead log with synchronous=NORMAL: what was acknowledged survives the death of the process (kill -9); a power
cut may cost the last moments, which is fine for a stand-in of somebody else's server.
"""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

from sqlite_utils import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS shoppers (
    id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, username TEXT NOT NULL, language_code TEXT NOT NULL,
    blocked INTEGER NOT NULL DEFAULT 0, last_message_id INTEGER NOT NULL DEFAULT 0,
    reachable INTEGER NOT NULL DEFAULT 0, last_update_id INTEGER NOT NULL DEFAULT 0, created REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS messages (
    chat_id INTEGER NOT NULL REFERENCES shoppers(id), message_id INTEGER NOT NULL,
    from_bot INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (chat_id, message_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS updates (
    update_id INTEGER PRIMARY KEY, kind TEXT NOT NULL, chat_id INTEGER, body TEXT NOT NULL, expires REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS queries (
    id TEXT PRIMARY KEY, chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL, asked REAL NOT NULL, answer TEXT
);
CREATE TABLE IF NOT EXISTS invoices (
    chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL, payload TEXT NOT NULL, PRIMARY KEY (chat_id, message_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (
    unique_id TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, content_type TEXT NOT NULL,
    width INTEGER NOT NULL, height INTEGER NOT NULL, url TEXT NOT NULL DEFAULT '', content BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS commands (
    scope TEXT NOT NULL, chat_id INTEGER NOT NULL DEFAULT 0, language TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (scope, chat_id, language)
);
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY, method TEXT NOT NULL, chat_id INTEGER, message_id INTEGER, after_update INTEGER,
    text TEXT NOT NULL, code INTEGER NOT NULL, description TEXT NOT NULL, at REAL NOT NULL, seconds REAL NOT NULL,
    arguments TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS calls_by_chat ON calls (chat_id, method);
"""


def open_database(path: Path) -> Database:
    """Opens (and creates) the file for the thread that calls; one process and one thread own it."""
    connection = sqlite3.connect(path, timeout=10)
    database = Database(connection)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.executescript(SCHEMA)
    _first_facts(database)
    return database


def _first_facts(database: Database) -> None:
    """Update ids start at a large random number and go on from there for ever."""
    with database.atomic():
        database.table("facts").insert(
            {"name": "next_update_id", "value": str(random.randint(100_000_000, 899_999_999))}, ignore=True
        )
        database.table("facts").insert({"name": "allowed_updates", "value": "[]"}, ignore=True)
