"""A shopper's own orders: no others are ever looked at for them, so that another's number is like no number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.reply import Option
from bot.reply_json import load_reply
from nlu.orders import orders_in
from storage.orders import Order, OrderLine
from storage.records import Product, SlotName, Understanding
from storage.shop import Shop
from storage.transcripts import TurnRecord

MOST = 50
_PLACES = 1_000
_USUAL = frozenset(
    {"want", "return", "refund", "order", "with", "from", "they", "this", "thi", "that", "these", "size"}
)


@dataclass(frozen=True, slots=True)
class Item:
    """One position of an order, with the product as the catalogue has it now, None where it has left."""

    order: Order
    place: int
    line: OrderLine
    product: Product | None

    @property
    def target(self) -> int:
        """Its number in buttons."""
        return self.order.id * _PLACES + self.place


def own_orders(shop: Shop, user_id: int) -> list[Order]:
    """The newest first."""
    return shop.orders.of(user_id, MOST)


def items_of(shop: Shop, orders: Sequence[Order]) -> list[Item]:
    """The positions of orders, in order."""
    products = shop.catalogue.get([line.product_id for order in orders for line in order.lines])
    return [
        Item(order, place, line, products.get(line.product_id))
        for order in orders
        for place, line in enumerate(order.lines, start=1)
    ]


def turn_before(shop: Shop, user_id: int, turn_id: int) -> TurnRecord | None:
    """The shopper's last turn that is not this one; None where there is none."""
    turns = [each for each in shop.transcripts.history(user_id, 2) if each.turn.id != turn_id]
    return turns[-1] if turns else None


def options_of(record: TurnRecord | None) -> tuple[Option, ...]:
    """The buttons under a turn's reply."""
    return load_reply(record.turn.id, record.reply_json, ()).options if record and record.reply_json else ()


def order_target(order: Order) -> int:
    """An order's number in buttons that may name an item, too: places begin at 1."""
    return order.id * _PLACES


def order_at(shop: Shop, user_id: int, target: int) -> Order | None:
    """The order that such a button names, where it is one of this shopper's."""
    return next((order for order in own_orders(shop, user_id) if order_target(order) == target), None)


def item_at(shop: Shop, user_id: int, target: int) -> Item | None:
    """The position that a button names, where it is one of this shopper's."""
    orders = [order for order in own_orders(shop, user_id) if order.id == target // _PLACES]
    return next((item for item in items_of(shop, orders) if item.target == target), None)


def meant(items: Sequence[Item], text: str) -> Item | None:
    """The item whose title shares most with a message: words of four letters, pairs of Chinese characters; None where
    none does, or where several do alike.
    """
    said = _parts(text)
    shared = [len(said & _parts(_titles(item))) for item in items]
    best = max(shared, default=0)
    return items[shared.index(best)] if best and shared.count(best) == 1 else None


def _titles(item: Item) -> str:
    product = item.product
    return " ".join((item.line.title, *((product.title, product.title_zh) if product else ())))


def _parts(text: str) -> set[str]:
    folded = text.casefold()
    words = {word.removesuffix("s") for word in re.findall(r"[a-z]{4,}", folded)} - _USUAL
    pairs = {run[at : at + 2] for run in re.findall(r"[\u4e00-\u9fff]+", folded) for at in range(len(run) - 1)}
    return words | pairs


def number_said(said: Understanding) -> str:
    """The number of an order that a message names, "" for none."""
    named = [slot.value or slot.text for slot in said.slots if slot.name is SlotName.ORDER_ID]
    return (named or [span.number for span in orders_in(said.text)] or [""])[0]


def with_number(orders: Sequence[Order], number: str) -> Order | None:
    """The order of a number, however it is typed: "SB-1234567" is found by "sb1234567", and by "1234567"."""
    wanted = _plain(number)
    exact = [order for order in orders if _plain(order.number) == wanted]
    digits = [order for order in orders if re.sub(r"\D", "", order.number) == wanted]
    return next(iter(exact or digits), None)


def _plain(number: str) -> str:
    return re.sub(r"[^0-9a-z]", "", number.casefold())
