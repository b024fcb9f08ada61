"""The page of saved items: cards as the catalogue has them now, with a bell and a cross for each. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.deep_link import chosen_slate
from bot.draft import Draft
from bot.errands.cart.view import IDEAS, VIEW
from bot.reply import ErrandAct, Line, Option
from bot.understanding.screen import SCREEN
from storage.records import Need, Product, Recommendation
from storage.saved import SavedItem

ON_SCREEN = f"saved/{SCREEN}"
"""What is "asked" while the saved items are what the shopper looks at."""


def saved_draft(
    need: Need, kept: Sequence[tuple[SavedItem, Product]], start: int, page_size: int, seed: int, now: datetime
) -> Draft:
    """A page of what is kept, from the place `start`; what the shop no longer sells is said, and is no card."""
    need = replace(need, asked=None)
    if not kept:
        return Draft(need, (Line("saved-none"),), options=(IDEAS, VIEW))
    start = start if 0 <= start < len(kept) else 0
    part = kept[start : start + page_size]
    listed = [(item, product) for item, product in part if product.available]
    gone = [(item, product) for item, product in part if not product.available]
    lines = [Line("saved-head", {"count": len(kept)})]
    lines += [line for place, (item, product) in enumerate(listed, 1) if (line := _news(place, item, product))]
    lines += [Line("saved-gone", {"title": product.title_in(need.language)}) for _, product in gone]
    options = [button for place, (item, _) in enumerate(listed, 1) for button in _buttons(place, item)]
    for item, product in gone:
        label = Line("button-saved-forget", {"title": product.title_in(need.language)})
        options.append(Option(label, does=ErrandAct("saved", "drop", item.id)))
    if left := len(kept) - start - len(part):
        more = Line("button-saved-more", {"count": left})
        options.append(Option(more, does=ErrandAct("saved", "page", start + len(part))))
    elif start:
        options.append(Option(Line("button-saved-first"), does=ErrandAct("saved", "page", 0)))
    options.append(VIEW)
    need = replace(need, asked=ON_SCREEN)
    slate = chosen_slate([product for _, product in listed], "saved", seed) if listed else None
    return Draft(need, tuple(lines), options=tuple(options), slate=slate)


def picking(need: Need, page: Sequence[Recommendation], key: str = "save") -> Draft:
    """Which one is to be saved, or (`key` "watch") watched?"""
    options = tuple(
        Option(
            Line("cart-pick", {"number": card.position, "title": card.product.title_in(need.language)}),
            does=ErrandAct("saved", key, card.id),
            row=card.position,
        )
        for card in page
    )
    return Draft(
        replace(need, asked=None),
        (Line("saved-ask" if key == "save" else "saved-ask-watch", {"count": len(page)}),),
        options=options,
    )


def _news(place: int, item: SavedItem, product: Product) -> Line | None:
    """What changed since the shopper knew it; the card says what it is now."""
    if (item.price, item.currency) == (product.price, product.currency):
        return None
    facts = {"number": place, "was": item.price, "was_currency": item.currency}
    now = {"now": product.price, "now_currency": product.currency}
    return Line("saved-repriced", {**facts, **now})


def _buttons(place: int, item: SavedItem) -> tuple[Option, ...]:
    bell = "button-saved-bell-off" if item.notify else "button-saved-bell"
    return (
        Option(Line(bell, {"number": place}), does=ErrandAct("saved", "bell", item.id), row=place),
        Option(Line("button-saved-drop", {"number": place}), does=ErrandAct("saved", "drop", item.id), row=place),
    )
