"""The console's own database: people, sessions, labels, notes. The console alone writes it, as the bot alone writes
the shop's.

    with ConsoleStore.open(folder) as store:
        store.staff.get("ana")

The shop's database is attached as `shop`, for reading: one query joins what a shopper said with what staff made of it.
A store belongs to the thread that opened it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

from sqlite_utils import Database

from storage.console.audit import Audit
from storage.console.canned import CannedReplies
from storage.console.case_notes import CaseNotes
from storage.console.conversation_list import ConversationList
from storage.console.counted import Counted
from storage.console.day_sums import DaySums
from storage.console.labels import Labels
from storage.console.migrations import migrations
from storage.console.nights import Nights
from storage.console.notes import Notes
from storage.console.opinions import Opinions
from storage.console.queue import Queue
from storage.console.sessions import Sessions
from storage.console.staff import StaffList
from storage.console.views import Views
from storage.database import Layout, clear_errors, open_database
from storage.shop import FILE_NAME as SHOP_FILE

FILE_NAME = "console.db"
CONSOLE = Layout(migrations, 0x53484343)  # "SHCC"
_CACHE = 16384  # KiB; the console has a connection for each of its threads


class ConsoleStore:
    """The stores of the console, sharing a connection and its transactions."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.staff = StaffList(db)
        self.sessions = Sessions(db)
        self.audit = Audit(db)
        self.labels = Labels(db)
        self.opinions = Opinions(db, self.labels)
        self.queue = Queue(db)
        self.notes = Notes(db)
        self.canned = CannedReplies(db)
        self.case_notes = CaseNotes(db)
        self.conversations = ConversationList(db)
        self.figures = DaySums(db)
        self.views = Views(db)
        self.nights = Nights(db)
        self.counted = Counted(db)

    @classmethod
    def open(cls, folder: Path, *, readonly: bool = False, guest: bool = False) -> ConsoleStore:
        """Open the console's database of a data folder; a writer creates it, readable by its owner only.

        A `guest` is a command that writes beside a console that may be running: short transactions, and never a
        checkpoint. Where there is no shop's database yet, nothing is attached.

        Raises a `storage.database.DatabaseError`.
        """
        path = folder / FILE_NAME
        db = open_database(path, readonly=readonly, layout=CONSOLE)
        if not readonly:
            path.chmod(0o600)
        db.execute(f"PRAGMA cache_size = -{_CACHE}")
        if guest:
            db.execute("PRAGMA wal_autocheckpoint = 0")
        store = cls(db)
        store.attach(folder)
        return store

    @property
    def attached(self) -> bool:
        """Whether the shop's database is there to be read as `shop`."""
        return any(name == "shop" for _, name, _ in self.db.execute("PRAGMA database_list").fetchall())

    def attach(self, folder: Path) -> bool:
        """Attach the shop's database as `shop`, once there is one; whether it is attached."""
        attached = self.attached
        if attached or not (shop := folder / SHOP_FILE).exists():
            return attached
        with clear_errors(shop):
            self.db.execute("ATTACH DATABASE ? AS shop", [f"{shop.absolute().as_uri()}?mode=ro"])
        return True

    def close(self) -> None:
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
