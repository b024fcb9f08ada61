"""Hard limits as SQL over `products AS p`: exact, and decided by the database before anything is ranked.

A known contradicting value rejects, an unknown one passes; a price is always known, and an unknown rating is too low.
A limit in a currency other than the product's admits nothing of it, and a limit without a currency compares bare
amounts.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from storage.money import MoneyError, least_minor, most_minor
from storage.records import FILTERED_SLOTS, Filters, PriceRange, SlotName
from storage.unsaid import says_sql

_BEYOND = Decimal(10) ** 12


def condition(filters: Filters, currencies: Collection[str]) -> tuple[str, list[Any]]:
    """A WHERE condition with its parameters. `currencies` are those the catalogue sells in."""
    clauses, parameters = ["p.available = 1"], []
    if filters.in_stock:
        clauses.append("(p.stock IS NULL OR p.stock > 0)")
    parts = [_price(filters.price, currencies)] if filters.price else []
    parts += [_rated(filters.least_rating)] if filters.least_rating is not None else []
    parts += [_only(filters.only)] if filters.only is not None else []
    parts += [_include(slot, values) for slot, values in filters.include.items() if slot in FILTERED_SLOTS]
    parts += [_exclude(slot, values) for slot, values in filters.exclude.items() if slot in FILTERED_SLOTS]
    parts += [_unsaid(word) for word in sorted(filters.unsaid)]
    if filters.of_one_variant:
        parts.append(_together(filters, currencies))
    for clause, values in parts:
        clauses.append(clause)
        parameters.extend(values)
    return " AND ".join(clauses), parameters


def _include(slot: SlotName, values: Collection[str]) -> tuple[str, list[Any]]:
    carries = f"{_has(slot)} AND v.value IN ({_marks(values)}))"
    return f"({carries} OR NOT {_has(slot)}))", sorted(values)


def _together(filters: Filters, currencies: Collection[str]) -> tuple[str, list[Any]]:
    """One of the colours, in one of the sizes, at such a price: where a product is sold in variants, one of them must
    be all that is asked for.
    """
    fits, parameters = list[str](), list[Any]()
    for at, slot in ((1, SlotName.COLOR), (2, SlotName.SIZE)):
        if values := filters.include.get(slot):
            fits.append(f"json_extract(o.value, '$[{at}]') IN ('', {_marks(values)})")
            parameters += sorted(values)
    if filters.price:
        clause, bounds = _price(filters.price, currencies, "ifnull(json_extract(o.value, '$[4]'), p.price)")
        fits.append(clause)
        parameters += bounds
    there = " AND ifnull(json_extract(o.value, '$[3]'), 1) != 0" if filters.in_stock else ""
    one = f"SELECT 1 FROM json_each(p.variants) AS o WHERE {' AND '.join(fits)}{there}"
    return f"(p.variants = '[]' OR EXISTS ({one}))", parameters


def _exclude(slot: SlotName, values: Collection[str]) -> tuple[str, list[Any]]:
    return f"NOT {_has(slot)} AND v.value IN ({_marks(values)}))", sorted(values)


def _unsaid(word: str) -> tuple[str, list[Any]]:
    clause, parameters = says_sql(word)
    return f"NOT {clause}", parameters


def _has(slot: SlotName) -> str:
    # The slot is one of a closed list, so that it may stand in the text and let SQLite cache the plan.
    return f"EXISTS (SELECT 1 FROM product_values AS v WHERE v.product = p.number AND v.slot = '{slot.value}'"


def _marks(values: Collection[str]) -> str:
    return ", ".join("?" * len(values))


def _price(price: PriceRange, currencies: Collection[str], of: str = "p.price") -> tuple[str, list[Any]]:
    wanted = sorted(currencies) if price.currency is None else [price.currency]
    ranges = [found for currency in wanted if (found := _range(price, currency, of))]
    parameters = [value for _, values in ranges for value in values]
    return f"({' OR '.join(clause for clause, _ in ranges) or '0'})", parameters


def _rated(least: float) -> tuple[str, list[Any]]:
    return "(p.rating_count > 0 AND p.rating >= ?)", [least]


def _only(ids: Collection[str]) -> tuple[str, list[Any]]:
    return "p.id IN (SELECT value FROM json_each(?))", [json.dumps(sorted(ids))]


def minor_range(price: PriceRange, currency: str) -> tuple[int | None, int | None] | None:
    """Both ends of a price limit in one currency's minor units; None where nothing can lie between them."""
    try:
        least = None if price.min is None else least_minor(_bounded(price.min), currency)
        most = None if price.max is None else most_minor(_bounded(price.max), currency)
    except MoneyError:
        return None
    return least, most


def _range(price: PriceRange, currency: str, of: str) -> tuple[str, list[Any]] | None:
    """The price limits in one currency as SQL; None where nothing can lie between them."""
    ends = minor_range(price, currency)
    if ends is None:
        return None
    clauses, bounds = ["p.currency = ?"], list[Any]([currency])
    for sign, bound in zip((">=", "<="), ends, strict=True):
        if bound is not None:
            clauses.append(f"{of} {sign} ?")
            bounds.append(bound)
    return f"({' AND '.join(clauses)})", bounds


def _bounded(amount: Decimal) -> Decimal:
    """An end beyond every price is as good as the largest price there is."""
    return amount if amount.is_nan() else max(-_BEYOND, min(amount, _BEYOND))
