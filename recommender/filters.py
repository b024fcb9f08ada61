"""From wishes to hard limits, and the same limits in plain Python.

Price, rating, stock, category, colour, material, size, audience and brand are limits; an occasion or a feature is not
(feeds hardly ever state them) and stays in the words that are searched for. The database decides with SQL; `admits`
decides again on the rows that are about to be shown, and a property test holds the two together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from recommender.allergens import covered_by
from storage.records import FILTERED_SLOTS, Filters, Need, PriceRange, Product, SlotName, Variant, Vocabulary, Wish
from storage.unsaid import sayable, says
from storage.variants import value

_UNISEX, _ADULTS = "unisex", "adults"
_FITS_EVERYONE = frozenset({"women", "men"})  # what a unisex product is for; children's sizes it is not


def filters_of(need: Need, vocabulary: Vocabulary) -> Filters:
    """The hard limits of a need.

    Several positive values of one slot mean any of them. A positive value that neither the catalogue nor the base
    vocabulary knows cannot be compared with rows, so it stays in the words: see `unknown_wishes`.
    """
    include: defaultdict[SlotName, set[str]] = defaultdict(set)
    exclude: defaultdict[SlotName, set[str]] = defaultdict(set)
    for wish in _hard(need.wishes):
        if wish.negated:
            exclude[wish.name] |= values_of(wish, vocabulary)
        elif known(wish, vocabulary):
            include[wish.name] |= values_of(wish, vocabulary)
    if include[SlotName.AUDIENCE] & _FITS_EVERYONE:
        include[SlotName.AUDIENCE].add(_UNISEX)
    only = frozenset(need.looks) or None
    limits = Filters(need.price, _frozen(include), _frozen(exclude), least_rating=need.least_rating, only=only)
    return replace(limits, unsaid=_unsaid(need.wishes, vocabulary))


def _unsaid(wishes: Iterable[Wish], vocabulary: Vocabulary) -> frozenset[str]:
    """Every word for the properties that are not wanted: whoever refuses floral sees nothing that calls itself so."""
    words = set[str]()
    for wish in wishes:
        if wish.negated and wish.name is SlotName.FEATURE:
            term = vocabulary.by_value.get((wish.name, wish.value))
            words |= {each.casefold() for each in (wish.value, wish.text, *((*term.en, *term.zh) if term else ()))}
            words |= covered_by(wish.value) | covered_by(wish.text)
    return frozenset(filter(sayable, words))


def unknown_wishes(need: Need, vocabulary: Vocabulary) -> tuple[Wish, ...]:
    """Positive wishes of a hard slot that no row of this shop can answer, such as a brand it does not carry."""
    return tuple(w for w in _hard(need.wishes) if not w.negated and not known(w, vocabulary))


def admits(filters: Filters, product: Product) -> bool:
    """Whether the product may be shown under these limits: the same truth as the catalogue's SQL."""
    if not product.available or (filters.in_stock and product.stock is not None and product.stock <= 0):
        return False
    if filters.only is not None and product.id not in filters.only:
        return False
    if filters.price and not _affordable(filters.price, product):
        return False
    if filters.least_rating is not None and not rated_at_least(filters.least_rating, product):
        return False
    for slot, wanted in filters.include.items():
        carried = product.values(slot)
        if carried and not wanted.intersection(carried):
            return False
    if any(banned.intersection(product.values(slot)) for slot, banned in filters.exclude.items()):
        return False
    if any(says(product, word) for word in filters.unsaid):
        return False
    return not product.variants or bool(fitting_variants(filters, product))


def fitting_variants(filters: Filters, product: Product) -> tuple[Variant, ...]:
    """Those that have all that is asked for at once: a colour, a size, a price; all, where it is one thing alone."""
    if not filters.of_one_variant:
        return product.variants
    chosen, price = _chosen_variants(filters, product), filters.price
    return tuple(each for each in chosen if price is None or _affordable(price, product, each.price))


def price_with(filters: Filters, product: Product) -> Decimal:
    """The lowest price of its variants that come in a colour and a size that are asked for: the product's own, where it
    costs the same in all.
    """
    chosen = _chosen_variants(filters, product)
    return min((product.price if each.price is None else each.price for each in chosen), default=product.price)


def _chosen_variants(filters: Filters, product: Product) -> list[Variant]:
    """Those in a colour and a size that are asked for, whatever they cost."""
    colors, sizes = (filters.include.get(slot) or () for slot in (SlotName.COLOR, SlotName.SIZE))
    return [
        each
        for each in product.variants
        if (each.there or not filters.in_stock)
        and (not colors or each.color in ("", *colors))
        and (not sizes or each.size in ("", *sizes))
    ]


def had_with(filters: Filters, product: Product, slot: SlotName) -> tuple[str, ...]:
    """The product's colours (or sizes), of variants those that come with the size (or colour) that is asked for."""
    other = {each: values for each, values in filters.include.items() if each is not slot}
    values = frozenset(product.values(slot))
    fits = fitting_variants(replace(filters, include={**other, slot: values}), product)
    found = {value(each, slot) for each in fits}
    return tuple(each for each in product.values(slot) if each in found) or product.values(slot)


def rated_at_least(least: float, product: Product) -> bool:
    """Whether somebody rated it, and on the mean so well."""
    return product.rating is not None and product.rating_count > 0 and product.rating >= least


def _affordable(price: PriceRange, product: Product, of_variant: Decimal | None = None) -> bool:
    """Whether the product's lowest price, or that of one of its variants, lies between the ends."""
    if price.currency is not None and price.currency != product.currency:
        return False
    asked = product.price if of_variant is None else of_variant
    return (price.min is None or asked >= price.min) and (price.max is None or asked <= price.max)


def _hard(wishes: Iterable[Wish]) -> list[Wish]:
    return [wish for wish in wishes if wish.name in FILTERED_SLOTS and wish.value]


def values_of(wish: Wish, vocabulary: Vocabulary) -> set[str]:
    """The value as rows hold it, with the narrower ones: "blue" covers what is only known as a kind of blue.

    A category needs no widening, for rows hold its whole lineage.
    """
    value = _normal(wish)
    if wish.name is SlotName.CATEGORY:
        return {value}
    if wish.name is SlotName.AUDIENCE and value == _ADULTS:
        return {value, _UNISEX, *_FITS_EVERYONE}
    narrower = {
        term.value
        for term in vocabulary.terms
        if term.slot is wish.name and term.parent and value in vocabulary.lineage(term.slot, term.value)
    }
    return {value, *narrower}


def known(wish: Wish, vocabulary: Vocabulary) -> bool:
    """Whether rows of this shop can be compared with the wish."""
    key = (wish.name, _normal(wish))
    return key in vocabulary.by_value or (wish.name, wish.value) in vocabulary.by_value


def _normal(wish: Wish) -> str:
    return wish.value.casefold() if wish.name is SlotName.BRAND else wish.value


def _frozen(values: dict[SlotName, set[str]]) -> dict[SlotName, frozenset[str]]:
    return {slot: frozenset(found) for slot, found in values.items() if found}
