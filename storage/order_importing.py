"""The shop's orders into the database, with a report an owner can act on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from storage.orders import Order, OrderSource
from storage.shop import Shop


@dataclass(frozen=True, slots=True)
class OrderChanges:
    """What an import did, in orders. `codes` counts those that got a code that they did not have."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    codes: int = 0

    def __add__(self, other: OrderChanges) -> OrderChanges:
        return OrderChanges(
            self.added + other.added,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.codes + other.codes,
        )


@dataclass(frozen=True, slots=True)
class Imported:
    """An order to be kept, with the hash of its code, "" for none."""

    order: Order
    code_hash: str = ""


def keep_orders(shop: Shop, orders: Sequence[Imported], at: datetime) -> OrderChanges:
    """Adds and changes orders by their numbers, in one commit. Whose an order is stays as it is; of one that was made
    in the chat only where it stands and how it is sent are taken.
    """
    with shop.atomic():
        return sum((_kept(shop, each, at) for each in orders), OrderChanges())


def _kept(shop: Shop, each: Imported, at: datetime) -> OrderChanges:
    order, held = each.order, shop.orders.get(each.order.number)
    if held is None:
        shop.orders.add(order)
        done = OrderChanges(added=1)
    else:
        now = _merged(held, order)
        done = OrderChanges(unchanged=1) if now == held else OrderChanges(changed=1)
        if now != held:
            shop.orders.change(now)
    known = not each.code_hash or shop.order_links.has_code(order.number, each.code_hash)
    codes = 0 if known else shop.order_links.set_code(order.number, each.code_hash, at)
    return done + OrderChanges(codes=int(codes))


def _merged(held: Order, new: Order) -> Order:
    moved = replace(held, status=new.status, tracking=new.tracking, updated_at=new.updated_at or new.placed_at)
    if held.source is OrderSource.BOT:
        return moved
    return replace(moved, placed_at=new.placed_at, currency=new.currency, total=new.total, lines=new.lines)
