"""Pages as shoppers saw them, with the reactions that hold now: all that is needed to learn, and to learn again.

A page is a turn that showed cards. Its number counts the shopper's pages in the order in which they were answered.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from storage import codec, instants
from storage.database import Parameters, row, rows
from storage.records import Reaction, SeenCard, SeenPage

GIFT = "gift"
"""The policy of pages of gifts for somebody else."""
_CARDS = """SELECT i.id, i.turn_id, i.user_id, i.position, i.features, i.propensity, i.shown_at, t.slate
FROM impressions AS i JOIN turns AS t ON t.id = i.turn_id WHERE i.position > 0 AND {} ORDER BY i.id"""
_REACTIONS = """SELECT f.impression_id, f.reaction, f.at FROM feedback AS f WHERE {} ORDER BY f.at, f.reaction"""


class SeenPages:
    """Reads the log of impressions and reactions page by page."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, user_id: int) -> list[SeenPage]:
        """Every page of a shopper, the first one first."""
        cards = rows(self._db, _CARDS.format("i.user_id = ?"), [user_id])
        reactions = self._reactions("f.user_id = ?", [user_id])
        return list(_pages(cards, reactions))

    def page(self, turn_id: int) -> SeenPage | None:
        """The page of a turn; None where it showed nothing."""
        cards = rows(self._db, _CARDS.format("i.turn_id = ?"), [turn_id])
        if not cards:
            return None
        of_page = "f.impression_id IN (SELECT id FROM impressions WHERE turn_id = ? AND position > 0)"
        number = self._number(cards[0]["user_id"], cards[0]["id"])
        return next(_pages(cards, self._reactions(of_page, [turn_id]), number))

    def shoppers(self) -> list[int]:
        """Everybody who was shown a page."""
        found = self._db.execute("SELECT DISTINCT user_id FROM impressions WHERE position > 0 ORDER BY user_id")
        return [user_id for (user_id,) in found]

    def events(self, user_id: int) -> int:
        """How many pages and reactions the log of a shopper holds; it only grows."""
        found = row(
            self._db,
            """SELECT (SELECT count(DISTINCT turn_id) FROM impressions WHERE user_id = :user AND position > 0)
            + (SELECT count(*) FROM feedback_events WHERE user_id = :user) AS number""",
            {"user": user_id},
        )
        return int(found["number"]) if found else 0

    def _number(self, user_id: int, impression_id: int) -> int:
        """Which page of the shopper begins with this impression, from 1."""
        found = row(
            self._db,
            "SELECT count(DISTINCT turn_id) AS n FROM impressions WHERE user_id = ? AND position > 0 AND id <= ?",
            [user_id, impression_id],
        )
        return int(found["n"]) if found else 1

    def _reactions(self, where: str, parameters: Parameters) -> dict[int, list[sqlite3.Row]]:
        found: dict[int, list[sqlite3.Row]] = {}
        for held in rows(self._db, _REACTIONS.format(where), parameters):
            found.setdefault(held["impression_id"], []).append(held)
        return found


def _pages(cards: Iterable[sqlite3.Row], reactions: dict[int, list[sqlite3.Row]], first: int = 1) -> Iterator[SeenPage]:
    for number, (turn_id, found) in enumerate(groupby(cards, key=lambda card: int(card["turn_id"])), start=first):
        shown = list(found)
        slate = codec.loads(shown[0]["slate"])
        yield SeenPage(
            turn_id=turn_id,
            number=number,
            shown_at=instants.from_text(shown[0]["shown_at"]),
            cards=tuple(_card(card, slate, reactions.get(card["id"], [])) for card in shown),
            policy=slate["policy"],
        )


def _card(found: sqlite3.Row, slate: Mapping[str, Any], reactions: Iterable[sqlite3.Row]) -> SeenCard:
    features = codec.numbers_from_text(found["features"], tuple(slate["features"]))
    return SeenCard(
        recommendation_id=found["id"],
        position=found["position"],
        # Gifts say nothing of their giver: evidence without features moves no weight.
        features=dict.fromkeys(features, 0.0) if slate["policy"] == GIFT else features,
        reactions=tuple((Reaction(held["reaction"]), instants.from_text(held["at"])) for held in reactions),
        propensity=found["propensity"],
    )
