"""Showings: which product stood where on which page, why, and how likely it was to stand there.

A button names a showing, never a product, so that what is learned can be replayed and evaluated from the log alone.
Those candidates that were ranked but not shown are kept too, with position 0.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from sqlite_utils import Database

from storage import codec, instants
from storage.catalogue import Catalogue
from storage.database import Parameters, immediate, row, rows
from storage.money import quantize, to_minor
from storage.records import Product, Recommendation, Slate

_SELECT = """SELECT i.*, t.slate FROM impressions AS i JOIN turns AS t ON t.id = i.turn_id"""
# A page in its order, then the candidates that came next.
_ORDER = "ORDER BY i.turn_id, i.position = 0, i.position, i.id"


@dataclass(frozen=True, slots=True)
class Impression:
    """One showing with what is needed to learn from it. `seed` and the versions say how the page was drawn."""

    recommendation: Recommendation
    turn_id: int
    user_id: int
    position: int
    policy: str
    seed: int
    taste_version: int
    index_version: str
    shown_at: datetime


class Impressions:
    """Reads showings with the live catalogue row of their product."""

    def __init__(self, db: Database, catalogue: Catalogue) -> None:
        self._db = db
        self._catalogue = catalogue

    def get(self, recommendation_id: int) -> Impression | None:
        """The showing a button names; None where there is none (any more)."""
        found = row(self._db, f"{_SELECT} WHERE i.id = ?", [recommendation_id])
        if found is None:
            return None
        slate = codec.loads(found["slate"])
        product = self._catalogue.get([found["product_id"]])[found["product_id"]]
        return Impression(
            recommendation=recommendation_of(found, product, slate["features"]),
            turn_id=found["turn_id"],
            user_id=found["user_id"],
            position=found["position"],
            policy=slate["policy"],
            seed=slate["seed"],
            taste_version=slate["taste_version"],
            index_version=slate["index_version"],
            shown_at=instants.from_text(found["shown_at"]),
        )

    def of_turn(self, turn_id: int) -> tuple[Recommendation, ...]:
        """All that was ranked in a turn: the page in its order, then the next candidates."""
        return self._read("WHERE i.turn_id = ?", [turn_id])

    def page(self, turn_id: int) -> tuple[Recommendation, ...]:
        """What was shown in a turn."""
        return self._read("WHERE i.turn_id = ? AND i.position > 0", [turn_id])

    def shown_since(self, user_id: int, since: datetime) -> set[str]:
        """Products on this shopper's pages at or after an instant."""
        found = self._db.execute(
            "SELECT DISTINCT product_id FROM impressions WHERE user_id = ? AND shown_at >= ? AND position > 0",
            [user_id, instants.to_text(since)],
        )
        return {product_id for (product_id,) in found}

    def set_propensities(self, turn_id: int, propensities: Mapping[str, float]) -> None:
        """Keep P(product on the page), estimated after the reply was sent."""
        with immediate(self._db):
            self._db.conn.executemany(
                "UPDATE impressions SET propensity = ? WHERE turn_id = ? AND product_id = ?",
                [(float(chance), turn_id, product_id) for product_id, chance in propensities.items()],
            )

    def add(self, turn_id: int, user_id: int, slate: Slate, features: Sequence[str], at: str) -> None:
        """Store every item of a slate, with its price as it was; the caller holds the transaction. `features` orders
        the numbers.
        """
        self._db.conn.executemany(
            """INSERT INTO impressions (turn_id, user_id, product_id, position, score, features, parts, reasons,
            propensity, shown_at, price, currency) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            [
                (
                    *(turn_id, user_id, item.product.id, item.position, float(item.score)),
                    codec.numbers_to_text(item.features, features),
                    codec.numbers_to_text(item.parts, features),
                    *(codec.reasons_to_text(item.reasons), item.propensity, at),
                    *(_minor(item.product.price, item.product.currency), item.product.currency),
                )
                for item in slate.items
            ],
        )

    def _read(self, where: str, parameters: Parameters) -> tuple[Recommendation, ...]:
        found = rows(self._db, f"{_SELECT} {where} {_ORDER}", parameters)
        products = self._catalogue.get([row["product_id"] for row in found])
        names = codec.loads(found[0]["slate"])["features"] if found else ()
        return tuple(recommendation_of(row, products[row["product_id"]], names) for row in found)


@lru_cache(maxsize=8192)
def _minor(price: Decimal, currency: str) -> int:
    return to_minor(quantize(price, currency), currency)


def feature_names(items: Iterable[Recommendation]) -> list[str]:
    """Every number's name in a slate, in the order of first mention."""
    return list(dict.fromkeys(name for item in items for name in (*item.features, *item.parts)))


def recommendation_of(found: sqlite3.Row, product: Product, names: Sequence[str]) -> Recommendation:
    """A candidate from its row, with its product; `names` orders its numbers."""
    return Recommendation(
        product=product,
        position=found["position"],
        score=found["score"],
        features=codec.numbers_from_text(found["features"], names),
        parts=codec.numbers_from_text(found["parts"], names),
        reasons=codec.reasons_from_text(found["reasons"]),
        id=found["id"],
        propensity=found["propensity"],
    )
