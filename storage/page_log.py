"""Whole pages as they were logged: every candidate with its propensity, and the reactions that hold.

Another policy is judged by them before shoppers meet it. Read in batches, so that a long log needs no more memory than
a short one, and no lock is held beside a running bot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlite_utils import Database

from storage import codec, instants
from storage.catalogue import Catalogue
from storage.database import rows
from storage.impressions import Impressions
from storage.records import Need, Reaction, Recommendation

_BATCH = 200


@dataclass(frozen=True, slots=True)
class LoggedPage:
    """One page with the candidates that came next, and what the shopper did with it."""

    turn_id: int
    user_id: int
    shown_at: datetime
    policy: str
    index_version: str
    need: Need
    candidates: tuple[Recommendation, ...]
    reactions: Mapping[int, frozenset[Reaction]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of one conversation: who made it (`policy`) and what stood on it, in order."""

    turn_id: int
    policy: str
    products: tuple[str, ...]


class PageLog:
    """The pages of all shoppers, in the order they were shown."""

    def __init__(self, db: Database, catalogue: Catalogue) -> None:
        self._db = db
        self._impressions = Impressions(db, catalogue)

    def count(self, since: datetime | None = None) -> int:
        """How many pages with cards there are from an instant on."""
        number: int = self._db.execute(
            "SELECT count(*) FROM turns WHERE shown > 0 AND answered_at >= ?", [instants.start_text(since)]
        ).fetchone()[0]
        return number

    def pages(self, since: datetime | None = None) -> Iterator[LoggedPage]:
        """Every page with cards from an instant on."""
        last = 0
        while found := rows(
            self._db,
            """SELECT id, user_id, answered_at, need, slate FROM turns
            WHERE shown > 0 AND id > ? AND answered_at >= ? ORDER BY id LIMIT ?""",
            [last, instants.start_text(since), _BATCH],
        ):
            for turn in found:
                slate = codec.loads(turn["slate"])
                yield LoggedPage(
                    turn_id=turn["id"],
                    user_id=turn["user_id"],
                    shown_at=instants.from_text(turn["answered_at"]),
                    policy=slate["policy"],
                    index_version=slate["index_version"],
                    need=codec.need_from_text(turn["need"]),
                    candidates=self._impressions.of_turn(turn["id"]),
                    reactions=self._reactions(turn["id"]),
                )
            last = found[-1]["id"]

    def shown(self, turn_id: int) -> tuple[Recommendation, ...]:
        """What stood on the page of a turn, with the rows as they are now."""
        return self._impressions.page(turn_id)

    def leaves(self, user_id: int, turn_id: int = 0, limit: int = 60) -> tuple[Leaf, ...]:
        """The pages of a shopper's newest conversation, at most the last `limit`, the oldest of them first: those that
        no clearing of the screen parts from the turn; from now, for turn 0.
        """
        found = self._db.execute(
            """WITH cleared AS (SELECT id FROM turns WHERE user_id = :user AND cleared)
            SELECT t.id, json_extract(t.slate, '$.policy'), i.product_id FROM
            (SELECT id, slate FROM turns WHERE user_id = :user AND shown > 0 AND conversation_id =
                (SELECT conversation_id FROM turns WHERE user_id = :user ORDER BY id DESC LIMIT 1)
            AND id > coalesce((SELECT max(id) FROM cleared WHERE :turn = 0 OR id < :turn), 0)
            AND (:turn = 0 OR NOT EXISTS (SELECT 1 FROM cleared WHERE id > :turn AND id < turns.id))
            ORDER BY id DESC LIMIT :limit) AS t
            JOIN impressions AS i ON i.turn_id = t.id AND i.position > 0 ORDER BY t.id, i.position""",
            {"user": user_id, "turn": turn_id, "limit": limit},
        )
        pages: dict[tuple[int, str], list[str]] = {}
        for turn_id, policy, product in found:
            pages.setdefault((turn_id, policy), []).append(product)
        return tuple(Leaf(turn_id, policy, tuple(products)) for (turn_id, policy), products in pages.items())

    def _reactions(self, turn_id: int) -> dict[int, frozenset[Reaction]]:
        found: dict[int, set[Reaction]] = {}
        for impression, reaction in self._db.execute(
            """SELECT f.impression_id, f.reaction FROM feedback AS f JOIN impressions AS i ON i.id = f.impression_id
            WHERE i.turn_id = ?""",
            [turn_id],
        ):
            found.setdefault(impression, set()).add(Reaction(reaction))
        return {impression: frozenset(reactions) for impression, reactions in found.items()}
