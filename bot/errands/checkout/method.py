"""How this shop sells: one of a few ways behind the same interface, picked by a setting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Protocol

from bot.draft import Draft
from bot.errands.cart.positions import Position
from bot.errands.cart.view import item_line, variant_of
from bot.errands.errand import Tap
from bot.reply import Line, Option
from storage.money import to_minor
from storage.orders import OrderLine
from storage.records import Language, Vocabulary


@dataclass(frozen=True, slots=True)
class Basket:
    """What would be bought in one go: the positions of one currency that can be bought now. `proof` stands for exactly
    these lines at these prices; anything else has another.
    """

    user_id: int
    currency: str
    positions: tuple[Position, ...]

    @property
    def total(self) -> Decimal:
        return sum((position.amount for position in self.positions), Decimal(0))

    @property
    def proof(self) -> int:
        """A number below 2**62."""
        told = [
            (
                p.line.id,
                p.line.product_id,
                p.line.color,
                p.line.size,
                p.pieces,
                to_minor(p.amount, p.currency),
                p.currency,
            )
            for p in self.positions
        ]
        return int.from_bytes(sha256(repr((self.user_id, told)).encode()).digest()[:8], "big") >> 2

    def order_lines(self, vocabulary: Vocabulary, language: Language) -> tuple[OrderLine, ...]:
        """As an order keeps them."""
        return tuple(
            OrderLine(
                product_id=p.line.product_id,
                title=p.product.title_in(language),
                variant=", ".join(variant_of(p.line.color, p.line.size, vocabulary, language)),
                quantity=p.pieces,
                unit_price=p.price,
            )
            for p in self.positions
            if p.product
        )

    def item_lines(self, vocabulary: Vocabulary, language: Language) -> tuple[Line, ...]:
        """As a summary reads them."""
        return tuple(
            Line(
                "checkout-line",
                {
                    "item": item_line(p, vocabulary, language),
                    "count": p.pieces,
                    "amount": p.amount,
                    "currency": p.currency,
                },
            )
            for p in self.positions
        )


def baskets_of(user_id: int, held: Sequence[Position]) -> tuple[Basket, ...]:
    """What can be bought, by currency: an order has one."""
    buyable = [position for position in held if position.pieces]
    currencies = dict.fromkeys(position.currency for position in buyable)
    return tuple(
        Basket(user_id, currency, tuple(p for p in buyable if p.currency == currency)) for currency in currencies
    )


class Checkout(Protocol):
    """A way to buy."""

    @property
    def note(self) -> str:
        """The message that says what happens next, under the summary."""
        ...

    def options(self, basket: Basket, language: Language) -> tuple[Option, ...]:
        """The buttons that buy it; nothing else does."""
        ...

    def bought(self, basket: Basket, tap: Tap, number: str) -> Draft:
        """What the button does, once the summary is known to hold still. `number`: for an order, if one is made."""
        ...
