"""The variants of a feed's record as the catalogue keeps them, or a clear reason why there are none of use.

A record names them under `variants`: a list of objects (in a cell: as JSON), each with columns named as a product's
are. Colours and sizes become what the product lists them as, so that a variant can be told by the two.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from storage.feeds import columns, values
from storage.feeds.products import normal_in, price_in, size_form, stock_in
from storage.feeds.records import RawRecord, RowError
from storage.money import quantize
from storage.records import Product, SlotName, Variant, Vocabulary
from storage.text import fold
from storage.variants import varied

MOST = 100
_LONGEST = 200_000  # of a cell


@dataclass(frozen=True, slots=True)
class _Said:
    """A variant with its colour in the feed's words."""

    color: str
    variant: Variant
    counted: bool


def with_variants(product: Product, record: RawRecord, vocabulary: Vocabulary) -> Product:
    """The product in the variants that its record names; as it is where it names none.

    Raises:
        RowError: they cannot be used; the product can.
    """
    fields = columns.pick(record.fields)
    if not (items := _items(fields.get("variants"))):
        return product
    said = [_said(number, item, product) for number, item in enumerate(items, start=1)]
    forms = _forms([each.color for each in said if each.color], vocabulary)
    once = Counter(each.variant.id for each in said)
    variants = [
        replace(
            each.variant,
            id=each.variant.id if once[each.variant.id] == 1 else "",
            color=forms.get(each.color, ""),
        )
        for each in said
    ]
    _refuse_unclear(variants)
    found = varied(product, variants)
    closed = "availability" in fields and values.count_of(fields["availability"]) == 0
    return found if any(each.counted for each in said) and not closed else replace(found, stock=product.stock)


def _items(cell: Any) -> Sequence[Mapping[str, Any]]:
    if isinstance(cell, str):
        cell = _parsed(cell)
    items = list(cell.values()) if isinstance(cell, Mapping) else cell
    if items is None:
        return ()
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise RowError("the variants are no list of objects")
    if len(items) > MOST:
        raise RowError(f"{len(items)} variants are more than {MOST}")
    return items


def _parsed(cell: str) -> Any:
    if len(cell) > _LONGEST:
        raise RowError("the cell of variants is too long")
    try:
        return json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise RowError("the variants are no JSON") from error


def _said(number: int, item: Mapping[str, Any], product: Product) -> _Said:
    fields = columns.pick(item)
    price = None
    if "price" in fields or "sale_price" in fields:
        try:
            amount, currency, _ = price_in({"currency": product.currency, **fields}, product.currency)
        except RowError as error:
            raise RowError(f"variant {number}: {error}") from error
        if currency != product.currency:
            raise RowError(f"variant {number} is priced in {currency}, the product in {product.currency}")
        price = quantize(amount, currency)
    variant = Variant(
        id=values.text_of(fields.get("id"), 200),
        size=size_form(_first(fields.get("sizes"))),
        stock=stock_in(fields),
        price=price,
    )
    return _Said(_first(fields.get("colors")), variant, "stock" in fields or "availability" in fields)


def _first(cell: Any) -> str:
    return values.text_of(cell[0] if isinstance(cell, list) and cell else cell, 100)


def _forms(said: Sequence[str], vocabulary: Vocabulary) -> dict[str, str]:
    """A normal form for each colour said, no two the same: of "Black/White" beside "Black", white. Words that have
    none of their own stay as said, folded.
    """
    named = {word: normal_in(SlotName.COLOR, word, vocabulary) for word in dict.fromkeys(said)}
    taken: dict[str, str] = {}  # by form: the folded words that have it
    forms: dict[str, str] = {}
    for word in sorted(named, key=lambda word: (len(named[word]), named[word][:1] != (fold(word),))):
        folded = fold(word)
        forms[word] = next((form for form in named[word] if taken.get(form, folded) == folded), folded)
        taken[forms[word]] = folded
    return forms


def _refuse_unclear(variants: Sequence[Variant]) -> None:
    """Raises RowError where colour and size do not tell the variants apart."""
    for name in ("color", "size"):
        without = sum(not getattr(each, name) for each in variants)
        if 0 < without < len(variants):
            raise RowError(f"some variants name a {name}, others none")
    pairs = Counter((each.color, each.size) for each in variants)
    (color, size), most = pairs.most_common(1)[0]
    if most > 1:
        alike = " in ".join(filter(None, (color, size))) or "without colour and size"
        raise RowError(f"{most} variants are {alike}: colour and size do not tell them apart")
