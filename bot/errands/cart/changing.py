"""The cart with something changed in it, or all of it gone: what is done, and what is said of it. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.draft import Draft
from bot.errands.cart.adding import pick
from bot.errands.cart.choice import Choice
from bot.errands.cart.positions import Position, changed
from bot.errands.cart.view import CHECK_OUT, IDEAS, SAVED, VIEW, cart_draft, item_line
from bot.errands.errand import Request, Tap
from bot.reply import ErrandAct, Line, Option
from storage.shop import Shop


def with_quantity(
    asked: Request | Tap, held: tuple[Position, ...], position: Position, quantity: int, edits_turn: int = 0
) -> Draft:
    """The cart with another number of one line. What is taken out can be put back by a button."""
    user, line = asked.user_id, position.line
    notes: tuple[Line, ...] = ()
    if not edits_turn:
        item = item_line(position, asked.vocabulary, asked.language)
        notes = (Line("cart-taken-out", {"item": item}) if not quantity else Line("cart-changed", {"item": item}),)
    draft = cart_draft(
        asked.need,
        changed(held, line.id, quantity),
        asked.vocabulary,
        asked.before.turn.id,
        *notes,
        edits_turn=edits_turn,
    )
    shown = draft.effect
    assert shown is not None

    def do(shop: Shop) -> None:
        shop.cart.set_quantity(user, line.id, quantity)
        shown(shop)

    back = _put_back(position) if not quantity else ()
    return replace(draft, effect=do, options=(*draft.options, *back))


def without(request: Request, held: tuple[Position, ...], gone: tuple[Position, ...]) -> Draft:
    """The cart with several lines taken out."""
    user, ids = request.user_id, [position.line.id for position in gone]
    left = held
    for line_id in ids:
        left = changed(left, line_id, 0)
    items = tuple(item_line(position, request.vocabulary, request.language) for position in gone)
    note = Line("cart-taken-out", {"item": items})
    draft = cart_draft(request.need, left, request.vocabulary, request.before.turn.id, note)
    shown = draft.effect
    assert shown is not None

    def do(shop: Shop) -> None:
        for line_id in ids:
            shop.cart.set_quantity(user, line_id, 0)
        shown(shop)

    return replace(draft, effect=do)


def in_another(request: Request, held: tuple[Position, ...], position: Position, wanted: Choice) -> Draft:
    """The cart with a line in another size or colour, as many of it as before."""
    line, product, user, now = position.line, position.product, request.user_id, request.now
    assert product is not None, "what the shop has lost is in no other size"
    color, size = wanted.color, wanted.size
    other = replace(position, line=replace(line, size=size, color=color))
    seen = tuple(other if each.line.id == line.id else each for each in held)
    note = Line("cart-changed", {"item": item_line(other, request.vocabulary, request.language)})
    draft = cart_draft(request.need, seen, request.vocabulary, request.before.turn.id, note)
    shown = draft.effect
    assert shown is not None

    def do(shop: Shop) -> None:
        shop.cart.set_quantity(user, line.id, 0)
        shop.cart.add(
            user, product, now, color=color, size=size, quantity=line.quantity, impression_id=line.impression_id
        )
        shown(shop)

    # The buttons of the old line would find nothing any more.
    return replace(draft, effect=do, options=(VIEW, CHECK_OUT))


def _put_back(position: Position) -> tuple[Option, ...]:
    line, product = position.line, position.product
    if product is None or not line.impression_id:
        return ()
    choice = Choice(line.impression_id, line.color, line.size, line.quantity)
    return (Option(Line("button-cart-back"), does=pick(choice)),)


def ask_to_empty(asked: Request | Tap, held: tuple[Position, ...]) -> Draft:
    """Whether to take everything out: asked first."""
    if not held:
        return cart_draft(asked.need, held, asked.vocabulary, asked.before.turn.id)
    options = (
        Option(Line("button-cart-empty-yes"), does=ErrandAct("cart", "empty")),
        Option(Line("button-cart-keep"), does=ErrandAct("cart", "view")),
    )
    need = replace(asked.need, asked="cart/confirm")
    pieces = sum(position.line.quantity for position in held)
    return Draft(need, (Line("cart-empty-ask", {"count": pieces}),), options=options)


def emptied(asked: Request | Tap, held: tuple[Position, ...]) -> Draft:
    """Everything is taken out."""
    user = asked.user_id
    if not held:
        return cart_draft(asked.need, held, asked.vocabulary, asked.before.turn.id)
    need = replace(asked.need, asked=None)
    return Draft(need, (Line("cart-emptied"),), options=(IDEAS, SAVED), effect=lambda shop: shop.cart.empty(user))
