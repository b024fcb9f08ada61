"""What goes with a shown product: what its buyers bought and liked beside it, else what is usually used with its kind.

The partners are learned from the shop's events and the chat's own (bot/upkeep/partners.py); a sentence says how many
bought both, or that nobody's purchases tell yet.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

from bot.draft import Draft
from bot.errands.chosen import PAGE, chosen_page
from bot.errands.errand import Errand, Tap
from bot.errands.showing import shown_card
from bot.reply import ErrandAct, Learned, Line, Option
from bot.workers import Worker
from recommender.filters import admits
from recommender.recommender import Recommender
from recommender.together import Together
from storage.records import Filters, Intent, Need, Product, Reason, ReasonCode, SlotName
from storage.shop import Shop

_TABLE = Path(__file__).parent / "companions.tsv"
_OF_KIND = 40
_FITS_ALL = frozenset({"black", "white", "grey", "beige", "navy", "brown", "silver", "gold"})


class Pairs(Errand):
    """The button "Goes with this" under each card."""

    name: ClassVar[str] = "pairs"
    keys: ClassVar[Mapping[str, Intent]] = MappingProxyType({"with": Intent.INSPIRE})

    def __init__(self, database: Worker[Shop], search: Worker[Recommender]) -> None:
        self._database, self._search = database, search

    async def tap(self, tap: Tap) -> Draft | Learned:
        card = await self._database.run(lambda shop: shown_card(shop, tap.target, tap.user_id, tap.language))
        if isinstance(card, Learned):
            return card
        together = await self._search.run(lambda part: part.together)
        product, need = card.product, Need(language=tap.language, since=tap.now)
        learned = await self._database.run(lambda shop: _partners(shop, product, together))
        title = product.title_in(tap.language)
        if learned:
            reasons = {other.id: _bought(product, other, together, title) for other in learned}
            return chosen_page(need, learned, tap.vocabulary, (Line("pairs-page", {"title": title}),), (), reasons)
        usual = await self._database.run(lambda shop: _by_kind(shop, product))
        if usual:
            line = Line("pairs-by-kind", {"title": title})
            return chosen_page(need, usual, tap.vocabulary, (line,))
        ideas = Option(Line("idea-all"), does=ErrandAct("ideas", "all"))
        return Draft(need=tap.need, lines=(Line("pairs-none", {"title": title}),), options=(ideas,))


def _partners(shop: Shop, product: Product, together: Together) -> list[Product]:
    ids = [id for id in together.suggested({product.id: 1.0}) if id != product.id]
    found = [other for other in shop.catalogue.get(ids).values() if admits(Filters(), other)]
    # Another of the same kind takes its place rather than going with it.
    return [other for other in found if other.categories[:1] != product.categories[:1]][:PAGE]


def _bought(product: Product, other: Product, together: Together, title: str) -> tuple[Reason, ...]:
    count = together.both(product.id, other.id)
    facts = {"title": title, "product_id": product.id, "count": count}
    return (Reason(ReasonCode.GOES_WITH, facts),) if count else ()


def _by_kind(shop: Shop, product: Product) -> list[Product]:
    """One of each kind that is used with this one, well rated, for the same people, in a colour that goes with it."""
    kinds = next((companions()[kind] for kind in product.categories if kind in companions()), ())
    found = []
    for kind in kinds:
        include = {SlotName.CATEGORY: frozenset({kind})}
        if product.audience:
            include[SlotName.AUDIENCE] = frozenset({*product.audience, "unisex"})
        ids = shop.catalogue.popular(Filters(include=include), _OF_KIND)
        rows = list(shop.catalogue.get(ids).values())
        found += sorted(rows, key=lambda other: -_fit(product, other))[:1]
    return found[:PAGE]


def _fit(product: Product, other: Product) -> float:
    colours = set(other.colors)
    in_tone = 2.0 if colours & set(product.colors) else 1.0 if colours & _FITS_ALL or not colours else 0.0
    return in_tone + (other.rating or 0.0) / 5


@cache
def companions() -> Mapping[str, tuple[str, ...]]:
    """Kinds of thing by the kind that they are used with."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return {row["category"]: tuple(row["goes_with"].split("|")) for row in csv.DictReader(lines, delimiter="\t")}
