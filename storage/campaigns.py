"""Which links led shoppers here, and what came of it: `t.me/<bot>?start=CAMPAIGN`.

A visit is a row each time somebody comes by such a link. What a shopper orders within thirty days of a visit is counted
for the last one before the order, as the order names it; who is forgotten takes the name along.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlite_utils import Database

from storage import instants
from storage.database import row, rows
from storage.money import from_minor

COUNTED_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CampaignFigures:
    """What one link did: visits, how many people that were, how many of them wrote something themselves afterwards,
    and the orders counted for it with their sums by currency.
    """

    campaign: str
    visits: int
    visitors: int
    talkers: int
    orders: int
    totals: tuple[tuple[str, Decimal], ...]


class Campaigns:
    """Visits by links."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def visit(self, user_id: int, campaign: str, at: datetime) -> None:
        """Somebody came by a link."""
        self._db.execute(
            "INSERT INTO campaign_visits (user_id, campaign, at) VALUES (?, ?, ?)",
            [user_id, campaign, instants.to_text(at)],
        )

    def counted_for(self, user_id: int, at: datetime) -> str:
        """The campaign that an order of this moment counts for; "" for none."""
        found = row(
            self._db,
            "SELECT campaign FROM campaign_visits WHERE user_id = ? AND at <= ? AND at >= ? ORDER BY at DESC, id DESC",
            [user_id, instants.to_text(at), instants.to_text(at - COUNTED_FOR)],
        )
        return str(found["campaign"]) if found else ""

    def figures(self, since: datetime | None = None, until: datetime | None = None) -> list[CampaignFigures]:
        """Every campaign with visits or orders in a span, the most visited first."""
        span = [instants.to_text(since) if since else "", instants.to_text(until) if until else "9999"]
        visits = rows(
            self._db,
            """SELECT campaign, count(*) AS visits, count(DISTINCT user_id) AS visitors,
            count(DISTINCT CASE WHEN EXISTS (SELECT 1 FROM turns AS t WHERE t.user_id = v.user_id
                AND t.source = 'text' AND t.said_at >= v.at) THEN user_id END) AS talkers
            FROM campaign_visits AS v WHERE at >= ? AND at < ? GROUP BY campaign""",
            span,
        )
        orders = rows(
            self._db,
            """SELECT campaign, currency, count(*) AS number, sum(total) AS total FROM orders
            WHERE campaign <> '' AND placed_at >= ? AND placed_at < ? GROUP BY campaign, currency""",
            span,
        )
        came = {each["campaign"]: each for each in visits}
        names = dict.fromkeys([*came, *(each["campaign"] for each in orders)])
        found = [
            CampaignFigures(
                campaign=name,
                visits=came[name]["visits"] if name in came else 0,
                visitors=came[name]["visitors"] if name in came else 0,
                talkers=came[name]["talkers"] if name in came else 0,
                orders=sum(each["number"] for each in orders if each["campaign"] == name),
                totals=tuple(
                    (each["currency"], from_minor(each["total"], each["currency"]))
                    for each in orders
                    if each["campaign"] == name
                ),
            )
            for name in names
        ]
        return sorted(found, key=lambda each: (-each.visits, -each.orders, each.campaign))
