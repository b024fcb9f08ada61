"""What `shopbot orders` writes: straight into the database, or through the bot that runs on it (bot/desks/control.py).

Codes are hashed before they leave the command: nobody but the buyer has them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.desks.control import Serve
from bot.desks.desk import Desk
from storage import instants
from storage.order_importing import Imported, OrderChanges, keep_orders
from storage.order_links import plain_code
from storage.orders import Order, OrderLine, OrderSource
from storage.shop import Shop
from storage.visitors import VisitorKey

if TYPE_CHECKING:
    from bot.wiring import House

IMPORT, CODE = "import orders", "order code"
BATCH = 200
"""Orders of one request."""


def hide_code(key: VisitorKey, said: str) -> str:
    """The hash that a code is kept as; "" for what is no code."""
    plain = plain_code(said)
    return key(f"order code {plain}") if plain else ""


class OrderDesk(Desk):
    """Writes orders; use as a context manager."""

    def keep(self, batch: Sequence[Imported]) -> OrderChanges:
        """Adds and changes orders by their numbers."""
        if self._bot:
            plain = [{"order": _plain(each.order), "code_hash": each.code_hash} for each in batch]
            return OrderChanges(**self._bot.ask(IMPORT, orders=plain)["changes"])
        assert self._shop is not None
        return keep_orders(self._shop, batch, instants.now())

    def set_code(self, number: str, code_hash: str) -> bool:
        """Gives an order a code; false where there is no such order, or where it is a shopper's already."""
        if self._bot:
            return bool(self._bot.ask(CODE, number=number, code_hash=code_hash)["set"])
        assert self._shop is not None
        return self._shop.order_links.set_code(number, code_hash, instants.now())


def order_requests(house: House) -> Mapping[str, Serve]:
    """The bot's side."""

    async def keep(request: dict[str, Any]) -> dict[str, Any]:
        batch = [Imported(_order(each["order"]), str(each["code_hash"])) for each in request["orders"]]
        changes = await house.database.run(lambda shop: keep_orders(shop, batch, instants.now()))
        return {"changes": asdict(changes)}

    async def code(request: dict[str, Any]) -> dict[str, Any]:
        number, code_hash = str(request["number"]), str(request["code_hash"])

        def do(shop: Shop) -> bool:
            return shop.order_links.set_code(number, code_hash, instants.now())

        return {"set": await house.database.run(do)}

    return {IMPORT: keep, CODE: code}


def _plain(order: Order) -> dict[str, Any]:
    found = {each.name: getattr(order, each.name) for each in fields(order)}
    lines = [{**asdict(line), "unit_price": str(line.unit_price)} for line in order.lines]
    times = {name: instants.to_text(found[name]) if found[name] else None for name in ("placed_at", "updated_at")}
    return {**found, **times, "total": str(order.total), "lines": lines, "source": order.source.value}


def _order(plain: Mapping[str, Any]) -> Order:
    lines = tuple(OrderLine(**{**each, "unit_price": Decimal(each["unit_price"])}) for each in plain["lines"])
    updated = instants.from_text(plain["updated_at"]) if plain["updated_at"] else None
    return Order(
        **{
            **plain,
            "lines": lines,
            "total": Decimal(plain["total"]),
            "placed_at": instants.from_text(plain["placed_at"]),
            "updated_at": updated,
            "source": OrderSource(plain["source"]),
        }
    )
