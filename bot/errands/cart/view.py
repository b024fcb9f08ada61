"""The cart as a message: numbered lines with what changed since, totals, and buttons that edit it in place. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.draft import Draft, Effect
from bot.errands.cart.positions import Position, totals_of
from bot.naming import value_name
from bot.reply import ErrandAct, Line, Option
from bot.understanding.screen import SCREEN
from storage.records import Language, Need, SlotName, Vocabulary
from storage.shop import Shop

ON_SCREEN = f"cart/{SCREEN}"
"""What is "asked" while the cart is what the shopper looks at: numbers and "make it two" mean its lines."""
VIEW = Option(Line("button-cart-view"), does=ErrandAct("cart", "view"))
CHECK_OUT = Option(Line("button-checkout"), does=ErrandAct("checkout", "look"))
IDEAS = Option(Line("button-cart-ideas"), does=ErrandAct("cart", "ideas"))
SAVED = Option(Line("button-saved-show"), does=ErrandAct("saved", "show"))
_EMPTY = Option(Line("button-cart-empty"), does=ErrandAct("cart", "ask"))


def cart_draft(
    need: Need, held: Sequence[Position], vocabulary: Vocabulary, turn_id: int, *notes: Line, edits_turn: int = 0
) -> Draft:
    """The whole cart under `notes`; what the shopper is told with it counts as told."""
    if not held:
        empty = replace(need, asked=None)
        return Draft(
            empty,
            (*notes, Line("cart-is-empty")),
            options=(IDEAS, SAVED),
            edits_turn=edits_turn,
            effect=_shown(held, need, turn_id),
        )
    head = Line("cart-head", {"count": sum(position.line.quantity for position in held)})
    lines = (head, *cart_lines(held, vocabulary, need.language))
    totals = totals_of(held)
    options = [button for position in held for button in _buttons(position)]
    return Draft(
        replace(need, asked=ON_SCREEN),
        (*notes, *lines),
        options=(*options, *((CHECK_OUT,) if totals else ()), _EMPTY),
        edits_turn=edits_turn,
        effect=_shown(held, need, turn_id),
    )


def cart_lines(held: Sequence[Position], vocabulary: Vocabulary, language: Language) -> tuple[Line, ...]:
    """Each line with what became of it, then what they come to."""
    lines = [line for position in held for line in _lines(position, vocabulary, language)]
    totals = (Line("cart-total", {"amount": amount, "currency": code}) for code, amount in totals_of(held).items())
    return (*lines, *totals)


def item_line(position: Position, vocabulary: Vocabulary, language: Language) -> Line:
    """What a line is of: its title with what was chosen of it."""
    line, product = position.line, position.product
    title = product.title_in(language) if product else line.product_id
    return named_line(title, line.color, line.size, vocabulary, language)


def named_line(title: str, color: str, size: str, vocabulary: Vocabulary, language: Language) -> Line:
    """A title with the colour and the size that were chosen."""
    variant = variant_of(color, size, vocabulary, language)
    return (
        Line("cart-item-variant", {"title": title, "variant": variant})
        if variant
        else Line("cart-item", {"title": title})
    )


def variant_of(color: str, size: str, vocabulary: Vocabulary, language: Language) -> tuple[str, ...]:
    """What was chosen, in words."""
    values = ((SlotName.COLOR, color), (SlotName.SIZE, size))
    return tuple(value_name(slot, value, vocabulary, language) for slot, value in values if value)


def _lines(position: Position, vocabulary: Vocabulary, language: Language) -> list[Line]:
    item = item_line(position, vocabulary, language)
    facts = {"number": position.number, "item": item}
    if not position.there:
        return [
            Line(
                "cart-line-gone" if position.product is None or not position.product.available else "cart-line-out",
                facts,
            )
        ]
    priced = {**facts, "count": position.pieces, "amount": position.amount, "currency": position.currency}
    lines = [
        Line(
            "cart-line-one" if position.pieces == 1 else "cart-line",
            {**priced, "each": position.price, "each_currency": position.currency},
        )
    ]
    if position.short:
        lines.append(Line("cart-short", {"count": position.pieces, "wanted": position.line.quantity}))
    if position.repriced:
        was, currency = position.told
        facts = {"was": was, "was_currency": currency, "now": position.price, "now_currency": position.currency}
        lines.append(Line("cart-repriced", facts))
    return lines


def _buttons(position: Position) -> list[Option]:
    def button(key: str) -> Option:
        label = Line(f"button-cart-{key}", {"number": position.number})
        return Option(label, does=ErrandAct("cart", key, position.line.id), row=position.number)

    return [button(key) for key in (("less", "more", "drop") if position.there else ("drop",))]


def _shown(held: Sequence[Position], need: Need, turn_id: int) -> Effect:
    """Keeps what was told: prices, how many are left of a line, and where the cart stands on the screen."""

    def do(shop: Shop) -> None:
        for position in held:
            line = position.line
            if position.repriced:
                shop.cart.told(line.user_id, line.id, position.price, position.currency)
            if position.short:
                shop.cart.set_quantity(line.user_id, line.id, position.pieces)
        owner = shop.transcripts.owner(turn_id)
        if owner is not None:
            shop.cart.shown(owner, turn_id)

    return do
