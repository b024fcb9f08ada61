"""From a card, or words, to a line in the cart: what is sold out is said, what is to be chosen is asked. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.draft import Draft, Effect
from bot.errands.cart.choice import Choice, choices_of, open_slot, pack, settled
from bot.errands.cart.positions import Position
from bot.errands.cart.view import CHECK_OUT, ON_SCREEN, VIEW, named_line
from bot.learning import learn
from bot.naming import value_name
from bot.plain import one_line
from bot.reply import ErrandAct, Line, Option
from storage.cart import MOST_LINES, MOST_PIECES
from storage.records import Feedback, Need, Product, Reaction, SlotName, Vocabulary
from storage.saved import is_there
from storage.shop import Shop

_NARROW, _WIDE = 4, 10  # letters of a label
_TOAST_TITLE = 60


def added(
    need: Need,
    product: Product,
    choice: Choice,
    held: Sequence[Position],
    vocabulary: Vocabulary,
    user_id: int,
    now: datetime,
    *,
    toast: bool = False,
) -> Draft:
    """Puts a choice of a product into the cart, asks for what is open, or says why it cannot be.

    Args:
        held: the cart as it stands.
        toast: whether a word at the top of the screen is enough (a tapped button).
    """
    title, language = product.title_in(need.language), need.language
    if not is_there(product):
        return sold_out(need, title, choice.impression_id)
    if only := _only_in(choice, product):
        return _other(need, product, choice, only, vocabulary)
    asked = choice
    choice = settled(choice, product)
    if slot := open_slot(choice, product):
        return _ask(need, product, choice, slot, vocabulary, asked.value(slot))
    same = [
        p for p in held if (p.line.product_id, p.line.color, p.line.size) == (product.id, choice.color, choice.size)
    ]
    if not same and len(held) >= MOST_LINES:
        return Draft(replace(need, asked=None), (Line("cart-full", {"most": MOST_LINES}),), options=(VIEW,))
    in_cart = sum(p.line.quantity for p in held if p.line.product_id == product.id)
    left = MOST_PIECES - in_cart if product.stock is None else min(product.stock, MOST_PIECES) - in_cart
    item = named_line(title, choice.color, choice.size, vocabulary, language)
    if left <= 0:
        return Draft(
            replace(need, asked=None),
            (Line("cart-no-more", {"item": item, "count": in_cart}),),
            options=(VIEW, CHECK_OUT),
        )
    put = replace(choice, quantity=min(choice.quantity, left))
    pieces = sum(p.line.quantity for p in held) + put.quantity
    effect = _adding(user_id, product, put, now)
    if toast and put.quantity == choice.quantity:
        short = named_line(one_line(title, _TOAST_TITLE), choice.color, choice.size, vocabulary, language)
        return Draft(
            replace(need, asked=None),
            silent=True,
            toast=Line("cart-added-toast", {"item": short, "pieces": pieces}),
            effect=effect,
        )
    lines = [
        Line("cart-added", {"item": item, "count": put.quantity, "amount": product.price, "currency": product.currency})
    ]
    if put.quantity < choice.quantity:
        lines.append(Line("cart-only-left", {"count": put.quantity, "wanted": choice.quantity}))
    lines += [
        Line("cart-not-listed", {"value": value_name(slot, asked.value(slot), vocabulary, language)})
        for slot in (SlotName.COLOR, SlotName.SIZE)
        if asked.value(slot) and not product.values(slot)
    ]
    lines.append(Line("cart-holds", {"pieces": pieces}))
    return Draft(replace(need, asked=ON_SCREEN), tuple(lines), options=(VIEW, CHECK_OUT), effect=effect)


def sold_out(need: Need, title: str, impression_id: int) -> Draft:
    """It cannot be bought: to be told when it can, or something like it."""
    options = (
        Option(Line("button-saved-back"), does=ErrandAct("saved", "watch", impression_id)),
        Option(Line("button-cart-similar"), does=ErrandAct("cart", "similar", impression_id)),
    )
    return Draft(replace(need, asked=None), (Line("cart-sold-out", {"title": title}),), options=options)


def picking(need: Need, cards: Sequence[tuple[int, int, Product]], count: int) -> Draft:
    """Which one? `cards` are (impression, place, product) of those that may be meant."""
    options = tuple(
        Option(
            Line("cart-pick", {"number": place, "title": product.title_in(need.language)}),
            does=ErrandAct("cart", "add", impression_id),
            row=place,
        )
        for impression_id, place, product in cards
    )
    return Draft(replace(need, asked=None), (Line("cart-which", {"count": count}),), options=options)


def _ask(need: Need, product: Product, choice: Choice, slot: SlotName, vocabulary: Vocabulary, wrong: str) -> Draft:
    title, language = product.title_in(need.language), need.language
    lines = [Line(f"cart-ask-{slot.value}", {"title": title})]
    if wrong:
        lines.insert(0, Line("cart-not-in", {"title": title, "value": value_name(slot, wrong, vocabulary, language)}))
    values = choices_of(product, slot)
    names = [value_name(slot, value, vocabulary, language) for value in values]
    options = tuple(
        Option(
            Line("chip-value", {"value": name}),
            does=ErrandAct("cart", "pick", pack(choice.having(slot, value), product)),
            row=1 + place // _a_row(names),
        )
        for place, (value, name) in enumerate(zip(values, names, strict=True))
    )
    return Draft(replace(need, asked=f"cart/{slot.value}"), tuple(lines), options=options)


def _a_row(names: Sequence[str]) -> int:
    """How many stand beside each other on a phone, the rows about equally long."""
    widest = max(len(name) for name in names)
    fit = 5 if widest <= _NARROW else 3 if widest <= _WIDE else 2
    rows = -(-len(names) // fit)
    return -(-len(names) // rows)


def _only_in(choice: Choice, product: Product) -> SlotName | None:
    """What was asked for where there is one other thing only: size M of what comes in L."""
    slots = (SlotName.COLOR, SlotName.SIZE)
    return next(
        (s for s in slots if choice.value(s) and len(v := product.values(s)) == 1 and choice.value(s) not in v), None
    )


def _other(need: Need, product: Product, choice: Choice, slot: SlotName, vocabulary: Vocabulary) -> Draft:
    title, language = product.title_in(need.language), need.language
    value = value_name(slot, product.values(slot)[0], vocabulary, language)
    options = (
        Option(Line("button-cart-take", {"value": value}), does=ErrandAct("cart", "add", choice.impression_id)),
        Option(Line("button-cart-similar"), does=ErrandAct("cart", "similar", choice.impression_id)),
    )
    wanted = value_name(slot, choice.value(slot), vocabulary, language)
    line = Line("cart-only-in", {"title": title, "value": value, "wanted": wanted})
    return Draft(replace(need, asked=None), (line,), options=options)


def _adding(user_id: int, product: Product, choice: Choice, now: datetime) -> Effect:
    """The line, and what it tells of the shopper: one of the strongest signals there are."""

    def do(shop: Shop) -> None:
        shop.cart.add(
            user_id,
            product,
            now,
            color=choice.color,
            size=choice.size,
            quantity=choice.quantity,
            impression_id=choice.impression_id,
        )
        if choice.impression_id:
            learn(shop, Feedback(choice.impression_id, user_id, Reaction.CART, now))

    return do
