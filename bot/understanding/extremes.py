"""Which of the shown items is the lightest, or runs longest, by the figures that the shop states of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.cues import cue
from bot.errands.items.measures import measured
from storage.records import Product


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure that items are told apart by: its words (bot/cues), the kind of measure, the attributes that state it,
    and whether the least of it is meant.
    """

    words: str
    kind: str
    attributes: tuple[str, ...]
    least: bool


_FIGURES = (
    _Figure("lightest", "mass", ("weight",), least=True),
    _Figure("heaviest", "mass", ("weight",), least=False),
    _Figure("most-reduced", "saving", (), least=False),
    _Figure("most-rated", "ratings", (), least=False),
    _Figure("longest-battery", "time", ("battery", "with case", "standby", "power reserve"), least=False),
)


def names_extreme(text: str) -> bool:
    """Whether words tell items apart by such a figure."""
    return _figure(text) is not None


def counted(text: str) -> bool:
    """Whether it is a figure that is known of every product: no table tells it better."""
    figure = _figure(text)
    return figure is not None and not figure.attributes


def extreme(text: str, products: Sequence[Product]) -> int | None:
    """The place, from 0, of the only item that has the least or the most of it; None where not all state it."""
    figure = _figure(text)
    stated = [_stated(figure, product) for product in products] if figure else []
    known = [value for value in stated if value is not None]
    if figure is None or len(known) < len(products) or len(known) < 2:
        return None
    sought = min(known) if figure.least else max(known)
    return stated.index(sought) if stated.count(sought) == 1 else None


def _figure(text: str) -> _Figure | None:
    return next((figure for figure in _FIGURES if cue(figure.words).search(text)), None)


def _stated(figure: _Figure, product: Product) -> Decimal | None:
    if figure.kind == "saving":
        return product.saving
    if figure.kind == "ratings":
        return Decimal(product.rating_count)
    found = measured(product.attributes, figure.kind)
    return next((found[name].low for name in figure.attributes if name in found), None)
