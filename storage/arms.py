"""What came of the pages of each way of ranking, shopper by shopper: the figures that say what learning is worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage import instants
from storage.database import rows
from storage.records import Reaction

# A page counts once for its reactions' sorts: "clicks" are cards with any sign of liking, an order is one, too.
_LIKED = tuple(r.value for r in Reaction if r not in (Reaction.DISLIKE, Reaction.LESS_LIKE))
_CARTED = (Reaction.CART.value, Reaction.BUY.value)


@dataclass(frozen=True, slots=True)
class ArmShare:
    """One shopper under one policy: cards shown without the paid ones, and on how many of them what was done."""

    policy: str
    user_id: int
    pages: int
    cards: int
    clicked: int
    carted: int
    ordered: int


def arm_shares(db: Database, since: datetime | None = None) -> list[ArmShare]:
    """Every shopper's pages by the policy that ranked them, from an instant on."""
    held = "EXISTS (SELECT 1 FROM feedback AS f WHERE f.impression_id = i.id AND f.reaction IN ({}))"
    found = rows(
        db,
        f"""SELECT json_extract(t.slate, '$.policy') AS policy, i.user_id, count(DISTINCT i.turn_id) AS pages,
        count(*) AS cards, sum({held.format(_quoted(_LIKED))}) AS clicked,
        sum({held.format(_quoted(_CARTED))}) AS carted, sum({held.format(_quoted((Reaction.BUY.value,)))}) AS ordered
        FROM impressions AS i JOIN turns AS t ON t.id = i.turn_id JOIN products AS p ON p.id = i.product_id
        WHERE i.position > 0 AND NOT p.sponsored AND i.shown_at >= ?
        GROUP BY policy, i.user_id ORDER BY policy, i.user_id""",
        [instants.start_text(since)],
    )
    return [ArmShare(**{name: each[name] for name in ArmShare.__slots__}) for each in found]


def _quoted(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)
