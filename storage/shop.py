"""Everything the shop remembers, on one connection: the only thing that the other rooms are handed.

A `Shop` belongs to the thread that opened it; every worker opens its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from storage.behaviour import BehaviourLog
from storage.campaigns import Campaigns
from storage.cart import Cart
from storage.case_files import CaseFiles
from storage.case_talk import CaseTalk
from storage.cases import Cases
from storage.catalogue import Catalogue
from storage.conversations import Conversations
from storage.database import immediate, open_database
from storage.exposure import Exposure
from storage.feed_states import FeedStates
from storage.feedback import FeedbackLog
from storage.files import Files
from storage.fitted import Fitted
from storage.health import Health
from storage.impressions import Impressions
from storage.inbox import Inbox
from storage.looks import Looks
from storage.merchandising import Merchandising
from storage.order_links import OrderLinks
from storage.orders import Orders
from storage.outbox import Outbox
from storage.page_log import PageLog
from storage.policies import Policies
from storage.preferences import Preferences
from storage.saved import Saved
from storage.second_readings import SecondReadings
from storage.seen_pages import SeenPages
from storage.sent import Sent
from storage.shoppers import Shoppers
from storage.special_days import SpecialDays
from storage.spending import Spending
from storage.tastes import Tastes
from storage.tickets import Tickets
from storage.transcript_pages import TranscriptPages
from storage.transcripts import Transcripts
from storage.vectors import Vectors

FILE_NAME = "shop.db"


class Shop:
    """The stores of one database, sharing its connection and its transactions."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.catalogue = Catalogue(db)
        self.vectors = Vectors(db)
        self.looks = Looks(db)
        self.impressions = Impressions(db, self.catalogue)
        self.page_log = PageLog(db, self.catalogue)
        self.transcripts = Transcripts(db, self.impressions)
        self.second_readings = SecondReadings(db)
        self.conversations = Conversations(db)
        self.pages = TranscriptPages(db, self.catalogue)
        self.feedback = FeedbackLog(db)
        self.seen = SeenPages(db)
        self.tastes = Tastes(db)
        self.inbox = Inbox(db)
        self.sent = Sent(db)
        self.files = Files(db)
        self.shoppers = Shoppers(db)
        self.feeds = FeedStates(db)
        self.fitted = Fitted(db)
        self.behaviour = BehaviourLog(db)
        self.exposure = Exposure(db)
        self.merchandising = Merchandising(db)
        self.spending = Spending(db)
        self.cases = Cases(db)
        self.case_talk = CaseTalk(db)
        self.case_files = CaseFiles(db)
        self.outbox = Outbox(db)
        self.preferences = Preferences(db)
        self.campaigns = Campaigns(db)
        self.tickets = Tickets(db)
        self.cart = Cart(db)
        self.saved = Saved(db)
        self.orders = Orders(db)
        self.order_links = OrderLinks(db)
        self.policies = Policies(db)
        self.special_days = SpecialDays(db)
        self.health = Health(db)

    @classmethod
    def open(cls, folder: Path, *, readonly: bool = False) -> Shop:
        """Open the database of a data folder; a writer creates it. Raises a `storage.database.DatabaseError`."""
        shop = cls(open_database(folder / FILE_NAME, readonly=readonly))
        if not readonly:
            shop.catalogue.refresh_words()
        return shop

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """One commit for all that is written inside; nests. Raises `DatabaseLocked`."""
        with immediate(self.db):
            yield

    def close(self) -> None:
        self.db.close()
