"""From a card, or words, to a line in the cart: what is sold out is said, what is to be chosen is asked. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.draft import Draft, Effect
from bot.errands.cart.choice import Choice, is_gone, offered, open_slot, settled, sold_out, written
from bot.errands.cart.positions import Position
from bot.errands.cart.view import CHECK_OUT, ON_SCREEN, VIEW, named_line
from bot.learning import learn
from bot.naming import value_name
from bot.plain import one_line
from bot.reply import ErrandAct, Line, Option
from storage.cart import MOST_LINES, MOST_PIECES
from storage.records import Feedback, Language, Need, Product, Reaction, Recommendation, SlotName, Vocabulary
from storage.saved import is_there
from storage.shop import Shop
from storage.variants import Offer, dearest, offer_of

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
    if draft := _not_yet(need, product, choice, vocabulary):
        return draft
    asked, choice = choice, settled(choice, product)
    offer = offer_of(product, choice.color, choice.size)
    if offer is None or not offer.there:
        return nothing_left(need, product.title_in(need.language), choice.impression_id)
    same = [p for p in held if _is_of(p, product, choice)]
    if not same and len(held) >= MOST_LINES:
        return Draft(replace(need, asked=None), (Line("cart-full", {"most": MOST_LINES}),), options=(VIEW,))
    in_cart = sum(p.line.quantity for p in (same if product.variants else _of(product, held)))
    left = (MOST_PIECES if offer.stock is None else min(offer.stock, MOST_PIECES)) - in_cart
    if left <= 0:
        return _no_more(need, product, choice, vocabulary, in_cart)
    put = replace(choice, quantity=min(choice.quantity, left))
    pieces = sum(p.line.quantity for p in held) + put.quantity
    if toast and put.quantity == choice.quantity:
        told = _told_shortly(need, product, put, vocabulary, pieces)
    else:
        told = _told(need, product, asked, put, offer, vocabulary, pieces)
    return replace(told, effect=_adding(user_id, product, put, now))


def _not_yet(need: Need, product: Product, choice: Choice, vocabulary: Vocabulary) -> Draft | None:
    """What is said in the place of adding: sold out, no such kind of it, or something is to be chosen."""
    if not is_there(product):
        return nothing_left(need, product.title_in(need.language), choice.impression_id)
    if only := _only_in(choice, product):
        return _other(need, product, choice, only, vocabulary)
    if is_gone(choice, product):
        return _gone(need, product, choice, vocabulary)
    asked, choice = choice, settled(choice, product)
    if slot := open_slot(choice, product):
        notes = _not_in(asked, product, slot, vocabulary, need.language)
        return _ask(need, product, choice, slot, vocabulary, *notes)
    return None


def _no_more(need: Need, product: Product, choice: Choice, vocabulary: Vocabulary, in_cart: int) -> Draft:
    """All there are of it lie in the cart already."""
    item = named_line(product.title_in(need.language), choice.color, choice.size, vocabulary, need.language)
    line = Line("cart-no-more", {"item": item, "count": in_cart})
    return Draft(replace(need, asked=None), (line,), options=(VIEW, CHECK_OUT))


def _told_shortly(need: Need, product: Product, put: Choice, vocabulary: Vocabulary, pieces: int) -> Draft:
    """A word at the top of the screen."""
    title = one_line(product.title_in(need.language), _TOAST_TITLE)
    item = named_line(title, put.color, put.size, vocabulary, need.language)
    toast = Line("cart-added-toast", {"item": item, "pieces": pieces})
    return Draft(replace(need, asked=None), silent=True, toast=toast)


def _told(
    need: Need, product: Product, asked: Choice, put: Choice, offer: Offer, vocabulary: Vocabulary, pieces: int
) -> Draft:
    """What was put into the cart, and in what it differs from what was asked for."""
    item = named_line(product.title_in(need.language), put.color, put.size, vocabulary, need.language)
    facts = {"item": item, "count": put.quantity, "amount": offer.price, "currency": product.currency}
    lines = [Line("cart-added", facts)]
    if put.quantity < asked.quantity:
        lines.append(Line("cart-only-left", {"count": put.quantity, "wanted": asked.quantity}))
    lines += [
        Line("cart-not-listed", {"value": value_name(slot, asked.value(slot), vocabulary, need.language)})
        for slot in (SlotName.COLOR, SlotName.SIZE)
        if asked.value(slot) and not product.values(slot)
    ]
    lines.append(Line("cart-holds", {"pieces": pieces}))
    return Draft(replace(need, asked=ON_SCREEN), tuple(lines), options=(VIEW, CHECK_OUT))


def nothing_left(need: Need, title: str, impression_id: int) -> Draft:
    """It cannot be bought: to be told when it can, or something like it."""
    options = (
        Option(Line("button-saved-back"), does=ErrandAct("saved", "watch", impression_id)),
        Option(Line("button-cart-similar"), does=ErrandAct("cart", "similar", impression_id)),
    )
    return Draft(replace(need, asked=None), (Line("cart-sold-out", {"title": title}),), options=options)


def picking(need: Need, cards: Sequence[Recommendation], count: int) -> Draft:
    """Which one? `cards` are those that may be meant."""
    options = tuple(
        Option(
            Line("cart-pick", {"number": card.position, "title": card.product.title_in(need.language)}),
            does=ErrandAct("cart", "add", card.id),
            row=card.position,
        )
        for card in cards
    )
    return Draft(replace(need, asked=None), (Line("cart-which", {"count": count}),), options=options)


def _is_of(position: Position, product: Product, choice: Choice) -> bool:
    line = position.line
    return (line.product_id, line.color, line.size) == (product.id, choice.color, choice.size)


def _of(product: Product, held: Sequence[Position]) -> list[Position]:
    return [position for position in held if position.line.product_id == product.id]


def _not_in(
    asked: Choice, product: Product, slot: SlotName, vocabulary: Vocabulary, language: Language
) -> tuple[Line, ...]:
    """That it does not come in what was asked for, where something was."""
    if not (wrong := asked.value(slot)):
        return ()
    facts = {"title": product.title_in(language), "value": value_name(slot, wrong, vocabulary, language)}
    return (Line("cart-not-in", facts),)


def _gone(need: Need, product: Product, choice: Choice, vocabulary: Vocabulary) -> Draft:
    """What was asked for is sold out: what is left in that colour, else in that size, else at all."""
    title = product.title_in(need.language)
    ways = [choice.having(SlotName.SIZE, ""), choice.having(SlotName.COLOR, ""), replace(choice, color="", size="")]
    for way in map(lambda each: settled(each, product), ways):
        if (slot := open_slot(way, product)) and offered(way, product, slot):
            item = named_line(title, choice.color, choice.size, vocabulary, need.language)
            asked = _ask(need, product, way, slot, vocabulary, Line("cart-kind-gone", {"item": item}))
            return replace(asked, options=(*asked.options, *_waiting(choice, product)))
    return nothing_left(need, title, choice.impression_id)


def pick(choice: Choice) -> ErrandAct:
    """What a button does that puts just this into the cart, or asks on."""
    return ErrandAct("cart", "pick", choice.impression_id, written(choice))


def _waiting(choice: Choice, product: Product) -> tuple[Option, ...]:
    """To be told when the very colour and size are back."""
    if not choice.impression_id:
        return ()
    does = ErrandAct("saved", "await", choice.impression_id, written(choice))
    return (Option(Line("button-saved-back"), does=does),)


def _ask(need: Need, product: Product, choice: Choice, slot: SlotName, vocabulary: Vocabulary, *notes: Line) -> Draft:
    """Which colour, or which size: those that can be had with what is chosen, the others named as sold out."""
    title, language = product.title_in(need.language), need.language

    def names(values: Sequence[str]) -> tuple[str, ...]:
        return tuple(value_name(slot, value, vocabulary, language) for value in values)

    values, gone = offered(choice, product, slot), sold_out(choice, product, slot)
    lines = (*notes, Line(f"cart-ask-{slot.value}", {"title": title}))
    if gone:
        lines = (*lines, Line("cart-values-gone", {"values": names(gone)}))
    options = tuple(
        Option(
            _chip(name, product, choice.having(slot, value)),
            does=pick(choice.having(slot, value)),
            row=1 + place // _a_row(names(values)),
        )
        for place, (value, name) in enumerate(zip(values, names(values), strict=True))
    )
    return Draft(replace(need, asked=f"cart/{slot.value}"), lines, options=options)


def _chip(name: str, product: Product, choice: Choice) -> Line:
    """A value to choose, with what it costs where that differs."""
    offer = offer_of(product, choice.color, choice.size)
    if offer is None or dearest(product) == product.price:
        return Line("chip-value", {"value": name})
    return Line("cart-value-price", {"value": name, "amount": offer.price, "currency": product.currency})


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
        *(_waiting(choice, product) if is_gone(choice, product) else ()),
        Option(Line("button-cart-similar"), does=ErrandAct("cart", "similar", choice.impression_id)),
    )
    wanted = value_name(slot, choice.value(slot), vocabulary, language)
    code = "cart-only-left-in" if is_gone(choice, product) else "cart-only-in"
    line = Line(code, {"title": title, "value": value, "wanted": wanted})
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
