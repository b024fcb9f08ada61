"""What a product can be bought in: which variant a choice means, what it costs, how many there are of it. Pure.

A product's own columns say of its variants together what can be had: the lowest price, all pieces, the colours and
sizes of which there are some. `varied` makes them so; what follows it reads the variants one by one. A product without
variants comes in every colour and size that it lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from storage.records import Product, SlotName, Variant


@dataclass(frozen=True, slots=True)
class Offer:
    """A choice of a product as the shop sells it: under which number, for how much, and how many there are (None:
    unknown).
    """

    id: str
    price: Decimal
    stock: int | None

    @property
    def there(self) -> bool:
        """Whether it is not known to be sold out."""
        return self.stock != 0


def varied(product: Product, variants: Sequence[Variant]) -> Product:
    """The product in these variants, its own columns made true of them.

    A colour or size that all variants share is the product's, not a choice. A former price stays where all variants
    cost the same: which of several it was before, nobody knows.
    """
    shared = {slot: len({value(each, slot) for each in variants}) == 1 for slot in (SlotName.COLOR, SlotName.SIZE)}
    there = [each for each in variants if each.there] or variants
    prices = [product.price if each.price is None else each.price for each in there]
    lowest = min(prices, default=product.price)
    return replace(
        product,
        price=lowest,
        former_price=product.former_price if set(prices) == {product.price} else None,
        stock=_pieces(variants),
        colors=_distinct(each.color for each in there) or product.colors,
        sizes=_distinct(each.size for each in there) or product.sizes,
        variants=tuple(
            replace(
                each,
                color="" if shared[SlotName.COLOR] else each.color,
                size="" if shared[SlotName.SIZE] else each.size,
                price=_unless(lowest, product.price if each.price is None else each.price),
            )
            for each in variants
        ),
    )


def offer_of(product: Product, color: str, size: str) -> Offer | None:
    """What a choice means now; None where the product has no such variant, or several that fit it."""
    if not product.variants:
        return Offer(product.id, product.price, product.stock)
    fits = _fitting(product, color, size)
    if len(fits) != 1:
        return None
    one, price, stock = fits[0], fits[0].price, fits[0].stock
    if stock is not None and product.stock is not None:
        stock = min(stock, product.stock)  # what is closed as a whole is closed in each
    return Offer(one.id or product.id, product.price if price is None else price, stock)


def any_there(product: Product, color: str, size: str) -> bool:
    """Whether some variant of this colour and size ("": of any) can be had."""
    return any(each.there for each in _fitting(product, color, size))


def there_in(product: Product, slot: SlotName, color: str = "", size: str = "") -> tuple[str, ...]:
    """The colours (or sizes) that can be had, of this colour or size where one is given."""
    fits = [each for each in _fitting(product, color, size) if each.there]
    return _distinct(value(each, slot) for each in fits) if known(product, slot) else product.values(slot)


def sold_out_in(product: Product, slot: SlotName, color: str = "", size: str = "") -> tuple[str, ...]:
    """The colours (or sizes) that the shop lists and cannot sell now, of this colour or size where one is given."""
    fits = _fitting(product, color, size)
    there = {value(each, slot) for each in fits if each.there}
    return tuple(each for each in _distinct(value(each, slot) for each in fits) if each not in there)


def known(product: Product, slot: SlotName) -> tuple[str, ...]:
    """The colours (or sizes) that variants differ in, whether they can be had or not."""
    return _distinct(value(each, slot) for each in product.variants)


def is_counted_in_part(product: Product) -> bool:
    """Whether there are more than the product's pieces: of some variants nobody knows how many there are."""
    return any(each.stock is None for each in product.variants)


def dearest(product: Product) -> Decimal:
    """The highest price of what can be had: the product's own where all cost the same."""
    there = [each for each in product.variants if each.there] or product.variants
    return max((each.price for each in there if each.price is not None), default=product.price)


def value(variant: Variant, slot: SlotName) -> str:
    """The variant's colour or size."""
    return variant.color if slot is SlotName.COLOR else variant.size


def _fitting(product: Product, color: str, size: str) -> list[Variant]:
    return [
        each
        for each in product.variants
        if (not color or each.color in ("", color)) and (not size or each.size in ("", size))
    ]


def _pieces(variants: Sequence[Variant]) -> int | None:
    """All that are counted; unknown where none is, and where those counted are gone but not those uncounted."""
    counted = [each.stock for each in variants if each.stock is not None]
    pieces = sum(counted)
    return pieces if pieces or len(counted) == len(variants) else None


def _unless(usual: Decimal, price: Decimal) -> Decimal | None:
    return None if price == usual else price


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in values if each))
