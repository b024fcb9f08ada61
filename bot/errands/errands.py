"""All errands together: who serves which intent, button, question and command."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.draft import UNSURE_BELOW, Draft
from bot.errands.errand import Errand, Photo, Request, Tap
from bot.reply import Learned, Option
from storage.records import Intent

_PARTS = "/"

_AFTER_ADDING = frozenset({Intent.VIEW_CART, Intent.CHECKOUT})


class Errands:
    """The errands of this shop. ValueError where two claim the same name, intent or command."""

    def __init__(self, errands: Iterable[Errand] = ()) -> None:
        self._all = tuple(errands)
        self._by_name = {errand.name: errand for errand in self._all}
        self._by_intent = {intent: errand for errand in self._all for intent in errand.intents}
        self._by_command = {name: errand for errand in self._all for name in (*errand.commands, *errand.events)}
        claims = (
            len(self._all),
            sum(len(e.intents) for e in self._all),
            sum(len(e.commands) + len(e.events) for e in self._all),
        )
        if claims != (len(self._by_name), len(self._by_intent), len(self._by_command)):
            raise ValueError("Two errands claim the same name, intent or command.")

    @property
    def commands(self) -> tuple[str, ...]:
        """The commands that errands bring to the menu."""
        return tuple(command for errand in self._all for command in errand.commands)

    @property
    def doors(self) -> tuple[Option, ...]:
        """The buttons under the welcome."""
        return tuple(option for errand in self._all for option in errand.doors)

    @property
    def tapped_intents(self) -> frozenset[Intent]:
        """What the errands' buttons may stand for."""
        return frozenset(intent for errand in self._all for intent in errand.keys.values())

    async def served(self, request: Request) -> dict[Intent, Draft]:
        """A draft for each request of the message that an errand serves, in the message's order; each goes on from the
        need that the one before it left. What the bot is unsure of is not done.
        """
        said = request.said
        intents = dict.fromkeys(said.also if said.confidence < UNSURE_BELOW else (said.intent, *said.also))
        drafts: dict[Intent, Draft] = {}
        for intent in intents:
            if intent in _AFTER_ADDING and Intent.ADD_TO_CART in drafts:
                continue  # what is put in counts with the end of the turn: its buttons lead there
            errand = self._by_intent.get(intent)
            if errand and (draft := await errand.serve(intent, request)):
                drafts[intent] = draft
                request = replace(request, need=draft.need)
        return drafts

    async def answer(self, request: Request) -> Draft | None:
        """What a message does where it answers an errand's question; None where it does not, or nothing was asked."""
        name, _, question = (request.before.need.asked or "").partition(_PARTS)
        errand = self._by_name.get(name)
        return await errand.answer(question, request) if errand and question else None

    async def hear(self, request: Request) -> Draft | None:
        """The answer of the first errand that hears its own words in a message; None where none does."""
        for errand in self._all:
            if draft := await errand.hear(request):
                return draft
        return None

    async def expects_photo(self, user_id: int, now: datetime) -> bool:
        """Whether some errand takes the next photo."""
        for errand in self._all:
            if await errand.expects_photo(user_id, now):
                return True
        return False

    async def see(self, photo: Photo) -> Draft | None:
        """The answer of the first errand that takes a photo; None where none does."""
        for errand in self._all:
            if draft := await errand.see(photo):
                return draft
        return None

    def beside(self, draft: Draft) -> Draft:
        """A page of products with what errands offer beside it."""
        if draft.slate is None or not draft.slate.page:
            return draft
        offers = tuple(option for errand in self._all for option in errand.beside(draft))
        return replace(draft, options=(*draft.options, *offers))

    def intent_of(self, name: str, key: str) -> Intent | None:
        """What a tap stands for in the transcript; None for a button that nobody made."""
        errand = self._by_name.get(name)
        return errand.keys.get(key) if errand else None

    async def tap(self, name: str, tap: Tap) -> Draft | Learned:
        """Serves a button. KeyError where `intent_of` has none for it."""
        return await self._by_name[name].tap(tap)

    async def command(self, name: str, argument: str, request: Request) -> Draft | None:
        """The answer to an errand's command; None for another command."""
        errand = self._by_command.get(name)
        return await errand.command(name, argument, request) if errand else None
