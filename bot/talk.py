"""Answers that need no search: pure functions from what was said and what is on screen to lines."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.reply import Line
from storage.records import Intent, Language, Product, Recommendation, SlotName, Understanding

_UNTOLD = frozenset({"kind", "occasions"})  # said by the title and the description already
PAGE_INTENTS = frozenset({Intent.SEARCH, Intent.REFINE, Intent.MORE, Intent.INSPIRE})

# Every intent has an honest answer; what this bot cannot do yet it says, and claims nothing.
WORDS: Mapping[Intent, str] = MappingProxyType(
    {
        Intent.GREET: "greet",
        Intent.THANKS: "thanks",
        Intent.GOODBYE: "goodbye",
        Intent.HELP: "help",
        Intent.OUT_OF_SCOPE: "out-of-scope",
        Intent.CONFIRM: "confirm-nothing",
        Intent.DENY: "deny-ok",
        Intent.ADD_TO_CART: "cart-not-yet",
        Intent.VIEW_CART: "cart-not-yet",
        Intent.REMOVE_FROM_CART: "cart-not-yet",
        Intent.CHECKOUT: "checkout-not-yet",
        Intent.SAVE: "saved-not-yet",
        Intent.VIEW_SAVED: "saved-not-yet",
        Intent.ORDER_STATUS: "orders-not-yet",
        Intent.ORDER_CHANGE: "orders-not-yet",
        Intent.RETURN_REFUND: "returns-not-yet",
        Intent.SHIPPING: "shipping-not-yet",
        Intent.PAYMENT: "payment-not-yet",
        Intent.HUMAN: "human-not-yet",
    }
)


def pointed_at(said: Understanding, page: tuple[Recommendation, ...]) -> tuple[Recommendation, ...]:
    """The shown items a message points at: by number or, where only one is shown, by "it". A wrong number is none."""
    picks = []
    for number in said.item_refs:
        index = number - 1 if number > 0 else len(page) + number
        if 0 <= index < len(page) and page[index] not in picks:
            picks.append(page[index])
    if not said.item_refs and len(page) == 1:
        picks = [page[0]]
    return tuple(picks)


def missing_item(page: tuple[Recommendation, ...]) -> Line:
    """What to say when a message needs an item and points at none."""
    return Line("which-item", {"count": len(page)}) if page else Line("no-items-shown")


def compare(picks: tuple[Recommendation, ...], language: Language) -> tuple[Line, ...]:
    """Two or more items side by side: a row each, then the cheapest and the best rated where they differ."""
    if len(picks) < 2:
        return (Line("compare-need-two"),)
    products = [pick.product for pick in picks]
    rows = [_row(pick, language) for pick in picks]
    cheapest = min(products, key=lambda product: product.price)
    lines = [Line("compare-intro"), *rows]
    if sum(product.price == cheapest.price for product in products) == 1:
        lines.append(Line("compare-cheapest", {"title": cheapest.title_in(language)}))
    rated = [product for product in products if product.rating is not None and product.rating_count >= 5]
    if len(rated) > 1 and len({product.rating for product in rated}) > 1:
        best = max(rated, key=lambda product: product.rating or 0.0)
        lines.append(Line("compare-best-rated", {"title": best.title_in(language)}))
    return tuple(lines)


def _row(pick: Recommendation, language: Language) -> Line:
    product = pick.product
    facts = {
        "position": pick.position,
        "title": product.title_in(language),
        "amount": product.price,
        "currency": product.currency,
    }
    if product.rating is None:
        return Line("compare-row", facts)
    return Line("compare-row-rated", {**facts, "rating": product.rating, "count": product.rating_count})


def facts_of(product: Product, language: Language, labels: Mapping[SlotName, tuple[str, ...]]) -> tuple[Line, ...]:
    """What the shop says of one product, nothing more: its description and its known facts."""
    lines = [Line("product-facts", {"title": product.title_in(language)})]
    if text := product.description_in(language):
        lines.append(Line("quote", {"text": text}))
    lines += [Line(f"fact-{slot.value}", {"values": ", ".join(values)}) for slot, values in labels.items() if values]
    told = {name: value for name, value in product.attributes.items() if name not in _UNTOLD}
    lines += [Line("fact-other", {"name": name, "value": value}) for name, value in told.items()]
    return tuple(lines)
