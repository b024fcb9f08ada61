"""What the shop sells: a row of the catalogue and the kinds it can be bought in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from storage.records.intents import Language
from storage.records.slots import SlotName


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the kinds that a product can be bought in, with a number, stock and price of its own.

    `color` and `size` are as the product lists them, "" where its variants do not differ in that. `stock` counts
    pieces; None is unknown. `price` is in the product's currency; None where it is the product's.
    """

    id: str
    color: str = ""
    size: str = ""
    stock: int | None = None
    price: Decimal | None = None

    @property
    def there(self) -> bool:
        """Whether it can be had: it is not known to be sold out."""
        return self.stock != 0


@dataclass(frozen=True, slots=True)
class Product:
    """One row of the shop's catalogue. Empty tuples and None mean "the feed does not say".

    `price` is exact, in units of `currency` (ISO 4217). `category` is a normal form of the vocabulary where
    one fits, else the feed's own words casefolded; `categories` is its lineage, narrowest first.
    `stock` counts pieces; None is unknown. `rating` is 0..5. `former_price` is what the shop asked before a sale, in
    the same currency; None where it names none. `pictures` are those beside the one at `image_url`, each an address or
    a name of the same kinds. `variants` are what the shop counts and prices apart; empty where it does not: then every
    listed colour comes in every listed size. `price` is the lowest of theirs, `stock` their sum, and `colors` and
    `sizes` those that can be had.
    """

    id: str
    title: str
    price: Decimal
    currency: str
    title_zh: str = ""
    description: str = ""
    description_zh: str = ""
    category: str = ""
    categories: tuple[str, ...] = ()
    brand: str = ""
    colors: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    rating: float | None = None
    rating_count: int = 0
    stock: int | None = None
    image_url: str = ""
    url: str = ""
    created_at: datetime | None = None
    sponsored: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)
    available: bool = True
    former_price: Decimal | None = None
    pictures: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()

    @property
    def gallery(self) -> tuple[str, ...]:
        """All its pictures, the one that stands for it first."""
        return tuple(dict.fromkeys(picture for picture in (self.image_url, *self.pictures) if picture))

    @property
    def saving(self) -> Decimal:
        """How much less it costs than it did; 0 where the shop names no higher former price."""
        return max(self.former_price - self.price, Decimal(0)) if self.former_price is not None else Decimal(0)

    def values(self, slot: SlotName) -> tuple[str, ...]:
        """Normal forms this product has for a slot; empty where the feed does not say."""
        match slot:
            case SlotName.CATEGORY:
                return self.categories
            case SlotName.BRAND:
                return (self.brand.casefold(),) if self.brand else ()
            case SlotName.COLOR:
                return self.colors
            case SlotName.MATERIAL:
                return self.materials
            case SlotName.SIZE:
                return self.sizes
            case SlotName.AUDIENCE:
                return self.audience
            case _:
                return ()

    def title_in(self, language: Language) -> str:
        return self.title_zh if language == "zh" and self.title_zh else self.title

    def description_in(self, language: Language) -> str:
        return self.description_zh if language == "zh" and self.description_zh else self.description
