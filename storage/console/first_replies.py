"""The replies that a shop begins with (replies.tsv: name, English, Chinese), so that nobody's first day starts with
writing them. They promise nothing that only the shop can know: no day, no sum, no rule of its own.
"""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from storage import instants

WRITER = "shopbot"
_FILE = Path(__file__).with_name("replies.tsv")


def first_replies() -> list[tuple[str, str, str]]:
    """Name, English and Chinese of each."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return [(name, en, zh) for name, en, zh in (line.split("\t") for line in lines if line)]


def stock_replies(db: Database) -> None:
    """Keeps them; the caller opens the transaction."""
    at = instants.to_text(instants.now())
    for name, en, zh in first_replies():
        db.execute(
            "INSERT INTO canned (name, en, zh, by, at) VALUES (?, ?, ?, ?, ?)",
            [name, en, zh, WRITER, at],
        )
