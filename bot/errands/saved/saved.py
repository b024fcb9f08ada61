"""Kept for later: saved by a button or in words, shown as cards as they are now, with news of a price or a return for
who asks for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar

from bot.cues import cue
from bot.draft import Draft, Effect
from bot.errands.cart.adding import added
from bot.errands.cart.choice import Choice, read
from bot.errands.cart.positions import positions_of
from bot.errands.cart.view import IDEAS, SAVED, VIEW
from bot.errands.errand import Errand, Request, Tap
from bot.errands.saved.view import picking, saved_draft
from bot.errands.showing import shown_card
from bot.learning import learn
from bot.plain import one_line
from bot.reply import ErrandAct, Learned, Line, Option
from bot.understanding.pointing import places_named
from bot.understanding.screen import SCREEN
from bot.workers import Worker
from storage.records import Feedback, Intent, Product, Reaction, Recommendation
from storage.saved import SavedItem
from storage.shop import Shop

STOP = Option(Line("button-news-stop"), does=ErrandAct("saved", "stop"))
Kept = tuple[SavedItem, Product]
_TOAST_TITLE = 60


class SavedErrand(Errand):
    """What a shopper keeps for later."""

    name: ClassVar[str] = "saved"
    intents: ClassVar[frozenset[Intent]] = frozenset({Intent.SAVE, Intent.VIEW_SAVED})
    keys: ClassVar[Mapping[str, Intent]] = MappingProxyType(
        {
            "save": Intent.SAVE,
            "watch": Intent.SAVE,
            "await": Intent.SAVE,
            "bell": Intent.SAVE,
            "drop": Intent.SAVE,
            "show": Intent.VIEW_SAVED,
            "page": Intent.VIEW_SAVED,
            "cart": Intent.ADD_TO_CART,
            "stop": Intent.VIEW_SAVED,
        }
    )
    commands: ClassVar[tuple[str, ...]] = ("saved",)

    def __init__(self, database: Worker[Shop], page_size: int) -> None:
        self._database, self._page_size = database, page_size

    # --- words --------------------------------------------------------------------------------------

    async def serve(self, intent: Intent, request: Request) -> Draft | None:
        """Save what is pointed at, or show what is saved."""
        if intent is Intent.VIEW_SAVED:
            return await self._page(request)
        picks = self._picks(request)
        if picks:
            return self._saved(request, picks)
        page = request.before.page
        if not page:
            return Draft(request.need, (Line("no-items-shown"),), options=(IDEAS, SAVED))
        return picking(request.need, page)

    async def taken_off(self, request: Request) -> Draft:
        """ "Remove the second from my saved items": by its number on the page of saved items, or by name."""
        kept = await self._kept(request.user_id)
        ids = [product.id for _, product in kept]
        meant = [card.product.id for card in request.picks if card.product.id in ids and request.said.item_refs]
        meant = meant or [ids[place] for place in places_named(request.said, [product for _, product in kept])]
        meant = meant or (ids if len(ids) == 1 else [])
        if len(meant) != 1:
            draft = await self._page(request)
            return replace(draft, lines=(Line("saved-which"), *draft.lines)) if kept else draft
        user, product_id = request.user_id, meant[0]
        title = next(product.title_in(request.language) for _, product in kept if product.id == product_id)
        return Draft(
            request.need,
            (Line("saved-off", {"title": title}),),
            options=(SAVED, IDEAS),
            effect=lambda shop: shop.saved.remove(user, product_id),
        )

    async def answer(self, question: str, request: Request) -> Draft | None:
        """ "Remove the first" while the saved items are on the screen means one of them."""
        said = request.said
        if question != SCREEN or said.intent is not Intent.REMOVE_FROM_CART or cue("putting").search(said.text):
            return None
        return await self.taken_off(request)

    async def hear(self, request: Request) -> Draft | None:
        """ "Tell me when it gets cheaper", 到货通知我; "stop telling me"."""
        text = request.said.text
        if cue("stop-news").search(text):
            return self._stopped(request)
        if cue("which-notices").search(text):
            return await self._page(request)
        if not cue("notify").search(text):
            return None
        page, focus = request.before.page, request.before.focus
        picks = self._picks(request) or ((page[focus - 1],) if 0 < focus <= len(page) else ())
        if len(picks) == 1:
            return self._watched(request, picks[0])
        if not page:
            return Draft(request.need, (Line("no-items-shown"),), options=(IDEAS, SAVED))
        return picking(request.need, page, "watch")

    async def command(self, name: str, argument: str, request: Request) -> Draft:
        """/saved."""
        return await self._page(request)

    # --- buttons ------------------------------------------------------------------------------------

    async def tap(self, tap: Tap) -> Draft | Learned:
        """Under a card: keep it or not; under what is kept: news of it, off with it, into the cart with it."""
        match tap.key:
            case "save" | "watch" | "await":
                return await self._on_card(tap)
            case "show":
                return await self._page(tap)
            case "page":
                return await self._page(tap, tap.target)
            case "stop":
                return self._stopped(tap)
        kept = await self._database.run(lambda shop: _item(shop, tap.target, tap.user_id))
        if kept is None:
            return Learned("gone", tap.language)
        item, product = kept
        if tap.key == "bell":
            return self._belled(tap, item, product)
        if tap.key == "cart":
            held = await self._database.run(lambda shop: positions_of(shop, tap.user_id))
            choice = Choice(item.impression_id, item.color, item.size)
            return added(tap.need, product, choice, held, tap.vocabulary, tap.user_id, tap.now)
        return self._toast(tap, "saved-off-toast", product, lambda shop: shop.saved.remove(item.user_id, product.id))

    async def _on_card(self, tap: Tap) -> Draft | Learned:
        card = await self._database.run(lambda shop: shown_card(shop, tap.target, tap.user_id, tap.language))
        if isinstance(card, Learned):
            return card
        product, user = card.product, tap.user_id
        held = await self._database.run(lambda shop: shop.saved.find(user, product.id))
        keep = _keeping(user, card, tap.now)
        if tap.key != "save":
            awaited = read(tap.detail, card.id, product) or Choice(card.id)

            def watch(shop: Shop) -> None:
                keep(shop)
                shop.saved.notify(user, product, True, awaited.color, awaited.size)

            return self._toast(tap, "saved-watched-toast", product, watch)
        if held:
            return self._toast(tap, "saved-off-toast", product, lambda shop: shop.saved.remove(user, product.id))
        return self._toast(tap, "saved-toast", product, keep)

    @staticmethod
    def _belled(tap: Tap, item: SavedItem, product: Product) -> Draft:
        code = "saved-unwatched-toast" if item.notify else "saved-watched-toast"
        return SavedErrand._toast(
            tap, code, product, lambda shop: shop.saved.notify(item.user_id, product, not item.notify)
        )

    @staticmethod
    def _watched(request: Request, pick: Recommendation) -> Draft:
        user, product = request.user_id, pick.product
        keep = _keeping(user, pick, request.now)

        def watch(shop: Shop) -> None:
            keep(shop)
            shop.saved.notify(user, product, True)

        line = Line("saved-watched", {"title": product.title_in(request.language)})
        return Draft(request.need, (line,), options=(SAVED, STOP), effect=watch)

    @staticmethod
    def _stopped(asked: Request | Tap) -> Draft:
        user = asked.user_id
        return Draft(
            replace(asked.need, asked=None),
            (Line("saved-stopped"),),
            options=(SAVED, VIEW),
            effect=lambda shop: shop.saved.stop_notices(user),
        )

    @staticmethod
    def _toast(tap: Tap, code: str, product: Product, effect: Effect) -> Draft:
        title = one_line(product.title_in(tap.language), _TOAST_TITLE)
        return Draft(tap.before.need, silent=True, toast=Line(code, {"title": title}), effect=effect)

    # --- what is kept -------------------------------------------------------------------------------

    def _saved(self, request: Request, picks: tuple[Recommendation, ...]) -> Draft:
        titles = tuple(pick.product.title_in(request.language) for pick in picks)
        effects = [_keeping(request.user_id, pick, request.now) for pick in picks]
        bell: tuple[Option, ...] = ()
        if len(picks) == 1:
            bell = (Option(Line("button-saved-watch"), does=ErrandAct("saved", "watch", picks[0].id)),)

        def do(shop: Shop) -> None:
            for effect in effects:
                effect(shop)

        return Draft(request.need, (Line("saved-done", {"title": titles}),), options=(*bell, SAVED), effect=do)

    @staticmethod
    def _picks(request: Request) -> tuple[Recommendation, ...]:
        page = request.before.page
        if request.picks and (request.said.item_refs or len(page) == 1):
            return request.picks
        places = places_named(request.said, [card.product for card in page])
        return (page[places[0]],) if len(places) == 1 else ()

    async def _page(self, asked: Request | Tap, start: int = 0) -> Draft:
        kept = await self._kept(asked.user_id)
        return saved_draft(asked.need, kept, start, self._page_size, asked.before.turn.id, asked.now)

    async def _kept(self, user_id: int) -> list[Kept]:
        return await self._database.run(lambda shop: kept_of(shop, user_id))


def kept_of(shop: Shop, user_id: int) -> list[Kept]:
    """What a shopper keeps with its row as it is now, the newest first. Runs in the database's thread."""
    items = shop.saved.of(user_id)
    products = shop.catalogue.get([item.product_id for item in items])
    return [(item, products[item.product_id]) for item in items if item.product_id in products]


def _item(shop: Shop, item_id: int, user_id: int) -> Kept | None:
    item = shop.saved.get(item_id)
    if item is None or item.user_id != user_id:
        return None
    product = shop.catalogue.get([item.product_id]).get(item.product_id)
    return (item, product) if product else None


def _keeping(user_id: int, card: Recommendation, at: datetime) -> Effect:
    """Keeps it, and learns from that."""

    def do(shop: Shop) -> None:
        shop.saved.add(user_id, card.product, card.id, at)
        learn(shop, Feedback(card.id, user_id, Reaction.SAVE, at))

    return do
