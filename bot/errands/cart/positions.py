"""The cart against the catalogue as it is now: what is still there, at what price, and what it comes to. Nothing that
the cart remembers of a price is ever charged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from storage.cart import CartLine
from storage.records import Product
from storage.saved import is_there
from storage.shop import Shop
from storage.variants import Offer, offer_of


@dataclass(frozen=True, slots=True)
class Position:
    """A line with its product's row; `number` counts from 1 as the shopper sees it. `product` is None where the
    catalogue has lost it.
    """

    number: int
    line: CartLine
    product: Product | None

    @property
    def offer(self) -> Offer | None:
        """What was chosen of the product as the shop sells it now; None where it no longer does."""
        return offer_of(self.product, self.line.color, self.line.size) if self.product else None

    @property
    def there(self) -> bool:
        """Whether it can be bought now."""
        offer = self.offer
        return self.product is not None and is_there(self.product) and offer is not None and offer.there

    @property
    def pieces(self) -> int:
        """How many of it can be bought now: what is wanted, or what is left."""
        offer = self.offer
        if offer is None or not self.there:
            return 0
        return self.line.quantity if offer.stock is None else min(self.line.quantity, offer.stock)

    @property
    def short(self) -> bool:
        """Whether there is less of it than is wanted."""
        return self.there and self.pieces < self.line.quantity

    @property
    def repriced(self) -> bool:
        """Whether it costs something else than the shopper was told."""
        return self.there and (self.price, self.currency) != self.told

    @property
    def told(self) -> tuple[Decimal, str]:
        return self.line.price, self.line.currency

    @property
    def price(self) -> Decimal:
        """What a piece of it costs now; what the shopper was told, where it cannot be had."""
        offer = self.offer
        return offer.price if offer else self.line.price

    @property
    def amount(self) -> Decimal:
        """What its pieces cost together."""
        return self.price * self.pieces

    @property
    def currency(self) -> str:
        return self.product.currency if self.product else self.line.currency

    def with_quantity(self, quantity: int) -> Position:
        return replace(self, line=replace(self.line, quantity=quantity))


def positions_of(shop: Shop, user_id: int) -> tuple[Position, ...]:
    """A shopper's cart as it stands now. Runs in the database's thread."""
    lines = shop.cart.of(user_id)
    products = shop.catalogue.get([line.product_id for line in lines])
    return tuple(Position(number, line, products.get(line.product_id)) for number, line in enumerate(lines, start=1))


def changed(held: Sequence[Position], line_id: int, quantity: int) -> tuple[Position, ...]:
    """The cart with so many pieces of a line, none taking it out; numbered anew."""
    kept = [
        position.with_quantity(quantity) if position.line.id == line_id else position
        for position in held
        if position.line.id != line_id or quantity > 0
    ]
    return tuple(replace(position, number=number) for number, position in enumerate(kept, start=1))


def totals_of(held: Sequence[Position]) -> dict[str, Decimal]:
    """What can be bought comes to, by currency."""
    totals: dict[str, Decimal] = {}
    for position in held:
        if position.pieces:
            totals[position.currency] = totals.get(position.currency, Decimal(0)) + position.amount
    return totals
