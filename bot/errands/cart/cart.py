"""The cart: put in, looked at, changed and emptied, by words and by buttons. Everything is read anew each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import ClassVar, Protocol

from bot import dialogue
from bot.draft import UNSURE_BELOW, Draft
from bot.errands.cart.adding import added
from bot.errands.cart.changing import ask_to_empty, emptied, in_another, with_quantity, without
from bot.errands.cart.choice import Choice, as_listed, is_gone, read
from bot.errands.cart.positions import Position, positions_of
from bot.errands.cart.putting import put_in, said_value
from bot.errands.cart.view import IDEAS, VIEW, cart_draft, named_line
from bot.errands.cart.words import (
    changes_number,
    lines_meant,
    names_another_thing,
    number_in,
    of_the_saved,
    step_of,
    wants_all,
)
from bot.errands.errand import Errand, Request, Tap
from bot.errands.showing import shown_card
from bot.naming import value_name
from bot.reply import Learned, Line
from bot.reply_json import load_reply
from bot.understanding.pointing import places_named
from bot.understanding.screen import SCREEN
from bot.workers import Worker
from storage.records import Intent, Need, Product, Reaction, SlotName
from storage.shop import Shop
from storage.variants import known

_ASKED = {"size": SlotName.SIZE, "color": SlotName.COLOR}
_STEPS = {"less": -1, "more": 1}


class OfTheSaved(Protocol):
    """Who takes something off what was saved, where that is what "take out" means."""

    async def taken_off(self, request: Request) -> Draft: ...


class CartErrand(Errand):
    """What a shopper means to buy.

    Args:
        saved: for "remove the second from my saved items".
    """

    name: ClassVar[str] = "cart"
    intents: ClassVar[frozenset[Intent]] = frozenset({Intent.ADD_TO_CART, Intent.VIEW_CART, Intent.REMOVE_FROM_CART})
    keys: ClassVar[Mapping[str, Intent]] = MappingProxyType(
        {
            "add": Intent.ADD_TO_CART,
            "pick": Intent.ADD_TO_CART,
            "more": Intent.ADD_TO_CART,
            "less": Intent.REMOVE_FROM_CART,
            "drop": Intent.REMOVE_FROM_CART,
            "ask": Intent.REMOVE_FROM_CART,
            "empty": Intent.REMOVE_FROM_CART,
            "view": Intent.VIEW_CART,
            "similar": Intent.SEARCH,
            "ideas": Intent.INSPIRE,
        }
    )
    commands: ClassVar[tuple[str, ...]] = ("cart",)

    def __init__(self, database: Worker[Shop], saved: OfTheSaved) -> None:
        self._database, self._saved = database, saved

    # --- words --------------------------------------------------------------------------------------

    async def serve(self, intent: Intent, request: Request) -> Draft | None:
        """Put in, look, take out."""
        held = await self._held(request.user_id)
        match intent:
            case Intent.ADD_TO_CART:
                return put_in(request, held)
            case Intent.REMOVE_FROM_CART:
                if of_the_saved(request.said):
                    return await self._saved.taken_off(request)
                return self._take_out(request, held)
            case _:
                return self._view(request, held)

    async def answer(self, question: str, request: Request) -> Draft | None:
        """Which size, which colour; whether to empty the cart; what is said while the cart is on the screen."""
        if question in _ASKED:
            return await self._chosen(_ASKED[question], request)
        said = request.said
        held = await self._held(request.user_id)
        if question == "confirm" and said.confidence >= UNSURE_BELOW and said.intent in (Intent.CONFIRM, Intent.DENY):
            return emptied(request, held) if said.intent is Intent.CONFIRM else self._view(request, held)
        return self._renumbered(request, held) if question == SCREEN and held else None

    async def command(self, name: str, argument: str, request: Request) -> Draft:
        """/cart."""
        return self._view(request, await self._held(request.user_id))

    # --- buttons ------------------------------------------------------------------------------------

    async def tap(self, tap: Tap) -> Draft | Learned:
        """Every button of the cart, and those under cards that put something in."""
        match tap.key:
            case "add" | "pick" | "similar":
                return await self._on_card(tap)
            case "ideas":
                need = Need(language=tap.language, since=tap.before.turn.said_at)
                return Draft(need, seeks=True)
        held = await self._held(tap.user_id)
        match tap.key:
            case "ask":
                return ask_to_empty(tap, held)
            case "empty":
                return emptied(tap, held)
            case "view":
                return self._view(tap, held)
            case _:
                return await self._stepped(tap, held)

    async def _on_card(self, tap: Tap) -> Draft | Learned:
        card = await self._database.run(lambda shop: shown_card(shop, tap.target, tap.user_id, tap.language))
        if isinstance(card, Learned):
            return card
        if tap.key == "similar":
            return Draft(dialogue.like_product(Need(language=tap.language), card.product.id, tap.now), seeks=True)
        choice = read(tap.detail, card.id, card.product) or Choice(card.id)
        return await self.put(tap, card.product, choice, toast=tap.key == "add")

    async def put(self, asked: Request | Tap, product: Product, choice: Choice, *, toast: bool = False) -> Draft:
        """Puts a choice of a product in, or asks what is open of it."""
        held = await self._held(asked.user_id)
        return added(asked.need, product, choice, held, asked.vocabulary, asked.user_id, asked.now, toast=toast)

    async def _stepped(self, tap: Tap, held: tuple[Position, ...]) -> Draft:
        """＋, － and ✕ change the message that shows the cart."""
        position = next((each for each in held if each.line.id == tap.target), None)
        shown_in = await self._database.run(lambda shop: shop.cart.shown_in(tap.user_id))
        if position is None:
            return self._view(tap, held, edits_turn=shown_in)
        quantity = position.line.quantity + _STEPS[tap.key] if tap.key in _STEPS else 0
        offer = position.offer
        if tap.key == "more" and offer and offer.stock is not None and quantity > offer.stock:
            return Draft(tap.before.need, silent=True, toast=Line("cart-short-toast", {"count": offer.stock}))
        return with_quantity(tap, held, position, quantity, edits_turn=shown_in)

    async def _chosen(self, slot: SlotName, request: Request) -> Draft | None:
        """An answer to "which size?" in words, matched against the buttons that stand there."""
        said = request.said
        if said.intent in (Intent.DENY, Intent.DISLIKE) and not said.item_refs:
            return Draft(request.need, (Line("cart-left"),), options=(VIEW, IDEAS))
        found = await self._database.run(lambda shop: _offered(shop, request.user_id))
        if found is None:
            return None
        product, choices = found
        wanted = {value.casefold() for value in said.values(slot)} | {said.text.strip().casefold()}
        fits = [choice for choice in choices if _folded(choice.value(slot), product, slot) & wanted]
        gone = [each for each in known(product, slot) if each.casefold() in wanted]
        fits = fits or [choice.having(slot, each) for choice in choices[:1] for each in gone]
        if not fits:
            return None
        choice = replace(fits[0], quantity=number_in(said) or fits[0].quantity) if said.quantity else fits[0]
        other = SlotName.COLOR if slot is SlotName.SIZE else SlotName.SIZE
        if not choice.value(other) and (value := said_value(request, other, product)):
            choice = choice.having(other, value)
        return await self.put(request, product, choice)

    # --- changing ---------------------------------------------------------------------------------

    def _take_out(self, request: Request, held: tuple[Position, ...]) -> Draft:
        said = request.said
        if not held:
            return self._view(request, held)
        if wants_all(said) and not said.item_refs and not places_named(said, [p.product for p in held]):
            return ask_to_empty(request, held)
        meant = lines_meant(said, held, _latest(request))
        if not meant or (len(meant) > 1 and not said.item_refs):
            line = Line("cart-which-line") if not said.item_refs else Line("cart-no-such-line", {"count": len(held)})
            return self._view(request, held, line)
        if len(meant) > 1:
            return without(request, held, meant)
        quantity = number_in(said) if said.quantity is not None else None
        left = meant[0].line.quantity - quantity if quantity else 0
        return with_quantity(request, held, meant[0], max(left, 0))

    def _renumbered(self, request: Request, held: tuple[Position, ...]) -> Draft | None:
        """ "Make it two", "one more of the first", 改成两件; None for anything else."""
        said, step = request.said, step_of(request.said)
        if changes_number(said) and (chosen := self._rechosen(request, held)):
            return chosen
        if names_another_thing(said, held, request.vocabulary):
            return None
        number = number_in(said)
        wants = said.intent is Intent.ADD_TO_CART and said.quantity is not None and not said.item_refs
        wants = wants and not said.slots[1:] and not dialogue.residue(said)
        if not (step or (changes_number(said) and number is not None) or wants):
            return None
        meant = lines_meant(said, held, _latest(request))
        if len(meant) != 1:
            return self._view(request, held, Line("cart-which-line")) if step or changes_number(said) else None
        quantity = meant[0].line.quantity + step * (number or 1) if step else number
        return with_quantity(request, held, meant[0], max(quantity or 0, 0))

    def _rechosen(self, request: Request, held: tuple[Position, ...]) -> Draft | None:
        """ "Make it size 44", 换成黑色的: another size or colour of a line, where the shop lists it."""
        said = request.said
        slot = next((s for s in said.slots if s.name in _ASKED.values() and s.value and not s.negated), None)
        plain = replace(said, slots=tuple(s for s in said.slots if slot and s.name is not slot.name))
        meant = lines_meant(plain, held, _latest(request)) if slot else ()
        if slot is None or len(meant) != 1 or meant[0].product is None:
            return None
        line, product, title = meant[0].line, meant[0].product, meant[0].product.title_in(request.language)
        value = as_listed(slot.value, product, slot.name)
        if not value:
            wrong = value_name(slot.name, slot.value, request.vocabulary, request.language)
            return self._view(request, held, Line("cart-not-in", {"title": title, "value": wrong}))
        wanted = Choice(line.impression_id, line.color, line.size).having(slot.name, value)
        if is_gone(wanted, product):
            item = named_line(title, wanted.color, wanted.size, request.vocabulary, request.language)
            return self._view(request, held, Line("cart-kind-gone", {"item": item}))
        return in_another(request, held, meant[0], wanted)

    def _view(self, asked: Request | Tap, held: tuple[Position, ...], *notes: Line, edits_turn: int = 0) -> Draft:
        return cart_draft(asked.need, held, asked.vocabulary, asked.before.turn.id, *notes, edits_turn=edits_turn)

    async def _held(self, user_id: int) -> tuple[Position, ...]:
        return await self._database.run(lambda shop: positions_of(shop, user_id))


def _latest(request: Request) -> str:
    """The product that was put into the cart last."""
    carted = [event.product_id for event in request.before.events if event.reaction is Reaction.CART]
    return carted[-1] if carted else ""


def _folded(value: str, product: Product, slot: SlotName) -> set[str]:
    return {value.casefold()} if value in product.values(slot) else set()


def _offered(shop: Shop, user_id: int) -> tuple[Product, list[Choice]] | None:
    """The product that was asked about last, and the choices that the buttons of that question stand for."""
    latest = shop.transcripts.latest_reply(user_id)
    options = load_reply(0, latest[0], ()).options if latest else ()
    picks = [
        option.does for option in options if option.does and (option.does.errand, option.does.key) == ("cart", "pick")
    ]
    card = shop.impressions.get(picks[0].target) if picks else None
    if card is None or card.user_id != user_id:
        return None
    product = card.recommendation.product
    choices = [choice for pick in picks if (choice := read(pick.detail, pick.target, product))]
    return product, choices
