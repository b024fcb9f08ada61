"""Which cards a message puts into the cart, and how many of what kind of each. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from bot.cues import cue
from bot.draft import Draft
from bot.errands.cart.adding import added, picking
from bot.errands.cart.changing import with_quantity
from bot.errands.cart.choice import Choice, as_listed, settled
from bot.errands.cart.positions import Position, totals_of
from bot.errands.cart.view import IDEAS, VIEW
from bot.errands.cart.words import changes_number, number_in
from bot.errands.errand import Request
from bot.reply import ErrandAct, Line, Option
from bot.understanding.pointing import places_named
from storage.records import Intent, Product, Recommendation, SlotName, Understanding
from storage.variants import offer_of

_ALL = re.compile(r"都要|全要|\ball (?:of (?:them|these|those)|two|three|four)\b", re.IGNORECASE)


def put_in(request: Request, held: tuple[Position, ...]) -> Draft:
    """Puts in what a message points at, or asks which one is meant."""
    said, page = request.said, request.before.page
    picks = _picks(request)
    if page and (slot := _one_of_each(said, picks)):
        draft = picking(request.need, picks or page, len(page))
        return replace(draft, lines=(Line(f"cart-one-of-each-{slot.value}"),))
    if page and not said.item_refs and _asks_for_all(said.text):
        return picking(request.need, page, len(page))
    if not picks:
        if not page:
            return Draft(request.need, (Line("no-items-shown"),), options=(IDEAS, VIEW))
        named = [page[place] for place in places_named(said, [card.product for card in page])]
        return picking(request.need, named or page, len(page))
    if len(picks) == 1:
        return _put_one(request, picks[0], held)
    drafts = [_put_one(request, pick, held) for pick in picks]
    return _together(request, drafts, picks)


def _asks_for_all(text: str) -> bool:
    """三个都要行不行: asked, and not yet ordered."""
    return bool(_ALL.search(text) and cue("asks-whether").search(text) and not cue("putting").search(text))


def _one_of_each(said: Understanding, picks: tuple[Recommendation, ...]) -> SlotName | None:
    """ "Two, one transparent and one black": several colours or sizes are no one choice, but of what is both."""
    for slot in (SlotName.COLOR, SlotName.SIZE):
        values = {*said.values(slot)}
        both = any(values <= {*pick.product.values(slot)} for pick in picks)
        if len(values) > 1 and len(said.item_refs) < 2 and ((said.quantity or 1) > 1 or not both):
            return slot
    return None


def _picks(request: Request) -> tuple[Recommendation, ...]:
    """The cards that are meant: by number, by name where it fits one alone."""
    page = request.before.page
    if request.picks and (request.said.item_refs or len(page) == 1):
        return request.picks
    places = places_named(request.said, [card.product for card in page])
    return (page[places[0]],) if len(places) == 1 else ()


def _put_one(request: Request, pick: Recommendation, held: tuple[Position, ...]) -> Draft:
    said, product = request.said, pick.product
    quantity = number_in(said) or 1
    in_cart = [position for position in held if position.line.product_id == product.id]
    if changes_number(said) and len(in_cart) == 1 and said.quantity is not None:
        return with_quantity(request, held, in_cart[0], quantity)
    choice = Choice(
        pick.id,
        said_value(request, SlotName.COLOR, product),
        said_value(request, SlotName.SIZE, product),
        quantity,
    )
    draft = added(request.need, product, choice, held, request.vocabulary, request.user_id, request.now)
    asks = Intent.VIEW_CART in said.also and draft.effect is not None and "cart-only-left" not in draft.codes
    return replace(draft, lines=(*draft.lines, *_total_with(held, product, choice))) if asks else draft


def _total_with(held: tuple[Position, ...], product: Product, choice: Choice) -> tuple[Line, ...]:
    """ "Add it, what's the total?": what the cart comes to with it."""
    whole = settled(choice, product)
    offer = offer_of(product, whole.color, whole.size)
    totals = totals_of(held)
    if offer is None or set(totals) - {product.currency}:
        return ()
    amount = totals.get(product.currency, Decimal(0)) + offer.price * choice.quantity
    return (Line("cart-total", {"amount": amount, "currency": product.currency}),)


def said_value(request: Request, slot: SlotName, product: Product) -> str:
    """What this message says of it; else what the wish says, where the product has that."""
    said = [value for value in request.said.values(slot) if value]
    if said:
        return next((as_listed(value, product, slot) or value for value in said), "")
    wished = [as_listed(w.value, product, slot) for w in request.need.wishes if w.name is slot and not w.negated]
    return next((value for value in wished if value in product.values(slot)), "")


def _together(request: Request, drafts: list[Draft], picks: tuple[Recommendation, ...]) -> Draft:
    """Several at once: what is complete goes in, what has a size or a colour to choose gets a button for it."""
    done = [draft for draft in drafts if draft.effect]
    whole = Draft(need=request.need)
    for draft in done:
        whole = whole.then(replace(draft, lines=draft.lines[:1], options=()))
    open_ones = tuple(
        Option(
            Line("button-cart-choose", {"number": pick.position, "title": pick.product.title_in(request.language)}),
            does=ErrandAct("cart", "add", pick.id),
            row=pick.position,
        )
        for draft, pick in zip(drafts, picks, strict=True)
        if not draft.effect
    )
    lines = (*whole.lines, *((Line("cart-choose", {"count": len(open_ones)}),) if open_ones else ()))
    return replace(whole, need=replace(request.need, asked=None), lines=lines, options=(*open_ones, VIEW))
