"""/preferences: what the bot keeps in mind of a shopper, with consent, shown and changed by words and by buttons.

Consent is asked once, with the first thing there is to keep; a no is kept as well, and both can be taken back. What is
kept bends the ranking (bot/habits.py); what the shopper never wants is a limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar

from bot import dialogue
from bot.cues import cue
from bot.draft import Draft, Effect
from bot.errands.currencies import KEY as MONEY
from bot.errands.currencies import code_in, currency_asked, currency_name, money_lines, money_options
from bot.errands.errand import Errand, Request, Tap
from bot.errands.statements import named_in, refusing, statements_in, wished_beside, without_cue
from bot.money import Rates
from bot.naming import value_name
from bot.reply import ErrandAct, Learned, Line, Option
from bot.understanding.implied import in_full
from bot.understanding.simplified import in_simplified
from bot.understanding.size_charts import with_regions
from bot.understanding.slips import put_right
from bot.workers import Worker
from storage.preferences import Preference, Stance
from storage.records import Intent, Language, Need, SlotName, Understanding, Vocabulary
from storage.shop import Shop

NAME = "prefs"
_SHOWN = 20
_ADD = {
    "size": (Stance.LIKE, (SlotName.SIZE,)),
    "brand": (Stance.LIKE, (SlotName.BRAND,)),
    "color": (Stance.LIKE, (SlotName.COLOR,)),
    "avoid": (Stance.AVOID, (SlotName.BRAND, SlotName.COLOR, SlotName.MATERIAL)),
    "never": (Stance.NEVER, (SlotName.BRAND, SlotName.COLOR, SlotName.MATERIAL, SlotName.CATEGORY)),
}
_LANGUAGES = ("en", "zh", "auto")
_CONTEXT = {"never": "never/material", "avoid": "avoid/material"}  # what is asked for, as the model knows questions
_ITEM = {
    Stance.LIKE: "prefs-item",
    Stance.USUAL: "prefs-item",
    Stance.AVOID: "prefs-item-avoid",
    Stance.NEVER: "prefs-item-never",
}
_NAMED = {Stance.NEVER: "prefs-never", Stance.AVOID: "prefs-avoids"}
_KEYS = ("show", "yes", "no", "drop", "stop", "start", MONEY, *(f"add-{what}" for what in _ADD))


class PreferencesErrand(Errand):
    """A button carries the id of what is dropped; yes and no carry the turn whose words they are about."""

    name: ClassVar[str] = NAME
    keys: ClassVar[Mapping[str, Intent]] = MappingProxyType(dict.fromkeys(_KEYS, Intent.HELP))
    commands: ClassVar[tuple[str, ...]] = ("preferences",)

    def __init__(self, database: Worker[Shop], rates: Rates) -> None:
        self._database, self._rates = database, rates

    # --- by words -----------------------------------------------------------------------------------

    async def hear(self, request: Request) -> Draft | None:
        text = request.said.text
        if cue("keep-forget").search(text) and not _slots(request.said):
            return await self._stopped(request)
        if cue("keep-show").search(text) and not _slots(request.said):
            return await self._shown(request)
        if (code := currency_asked(text)) is not None:
            return await self._priced_in(request, code)
        stated = statements_in(request.said, self._rates, request.vocabulary)
        return await self._state(request, stated) if stated else None

    async def answer(self, question: str, request: Request) -> Draft | None:
        number, _, kind = question.partition("/")
        if kind == "confirm" and number.isdigit():
            if request.said.intent not in (Intent.CONFIRM, Intent.DENY):
                return None
            agreed = await self._consent(request, int(number), request.said.intent is Intent.CONFIRM)
            return agreed if isinstance(agreed, Draft) else None
        what = question.partition("/")[0]
        if what not in _ADD:
            return None
        named = named_in(request.said, *_ADD[what])
        return await self._state(request, named) if named else None

    async def command(self, name: str, argument: str, request: Request) -> Draft:
        return await self._shown(request)

    # --- by buttons ---------------------------------------------------------------------------------

    async def tap(self, tap: Tap) -> Draft | Learned:
        match tap.key:
            case "yes" | "no":
                return await self._consent(tap, tap.target, tap.key == "yes")
            case "stop":
                return await self._stopped(tap)
            case "start":
                return await self._shown(tap, (Line("prefs-on"),), _agreed(tap.user_id, True), remembers=True)
            case "drop":
                return await self._dropped(tap)
            case "money":
                return await self._priced_in(tap, code_in(tap.target))
            case key if key.startswith("add-"):
                what = key.removeprefix("add-")
                asked = replace(tap.need, asked=f"{NAME}/{_CONTEXT.get(what, what)}")
                return Draft(need=asked, lines=(Line(f"prefs-ask-{what}"),), options=(_back(),))
        return await self._shown(tap)

    async def _priced_in(self, where: Request | Tap, code: str) -> Draft:
        """In what prices are shown from now on; where the shop gives no rate for that, it stays as it is."""
        code = "" if code == self._rates.currency else code
        language, effect = where.language, None
        if self._rates.knows(code or self._rates.currency):
            lines = (Line("prefs-money-done"), *money_lines(code, self._rates, language))
            effect = lambda shop: shop.shoppers.set_currency(where.user_id, code)  # noqa: E731
        else:
            facts = {"near": currency_name(code, language)}
            code, lines = where.before.currency or "", (Line("prefs-money-unknown", facts),)
        options = (*money_options(NAME, self._rates, code, language), _back())
        return Draft(replace(where.need, asked=None), lines, options=options, effect=effect)

    async def _dropped(self, tap: Tap) -> Draft | Learned:
        kept = await self._database.run(lambda shop: shop.preferences.of(tap.user_id))
        gone = next((each for each in kept if each.id == tap.target), None)
        if gone is None:
            return Learned("gone", tap.language)
        lines = (Line("prefs-dropped", {"what": _name(gone, tap.vocabulary, tap.language)}),)
        rest = tuple(each for each in kept if each.id != gone.id)
        return await self._shown(tap, lines, lambda shop: shop.preferences.drop(tap.user_id, gone.id), rest=rest)

    # --- what is kept -------------------------------------------------------------------------------

    async def _state(self, request: Request, stated: tuple[Preference, ...]) -> Draft:
        """What was stated holds for the wish of the moment in any case, and is kept where the shopper agreed."""
        remembers = await self._database.run(lambda shop: shop.preferences.remembers(request.user_id))
        names = tuple(_name(each, request.vocabulary, request.language) for each in stated)
        need, seeks = self._at_once(request, stated)
        if remembers:
            lines = (Line("prefs-kept", {"what": names}),)
            effect = _keeping(request, stated)
            return Draft(need, lines, effect=effect, seeks=seeks, options=(_back(),), stated=stated)
        if remembers is False:
            return Draft(
                need, (Line("prefs-not-kept", {"what": names}),), seeks=seeks, options=(_back(),), stated=stated
            )
        turn = request.before.turn.id
        ask = (Line("prefs-may-i", {"what": names}),)
        options = tuple(Option(Line(f"prefs-{key}"), does=ErrandAct(NAME, key, turn), row=1) for key in ("yes", "no"))
        asked = need if seeks else replace(need, asked=f"{NAME}/{turn}/confirm")
        return Draft(asked, ask, options=options, seeks=seeks, stated=stated)

    def _at_once(self, request: Request, stated: tuple[Preference, ...]) -> tuple[Need, bool]:
        """The wish of the moment with what was stated, and whether there is one that it changes."""
        need = request.need
        if wish := wished_beside(request.said, stated, request.vocabulary):
            return self._advanced(wish, request), True
        going_on = bool(need.query or any(wish.name is SlotName.CATEGORY for wish in need.wishes))
        if not going_on or request.said.price or (request.before.need.asked or "").startswith(f"{NAME}/"):
            return need, False
        if all(each.stance is Stance.AVOID for each in stated):
            return need, True  # it moves the page's order, and limits nothing
        refined = refusing(without_cue(with_regions(request.said)), stated)
        refined = replace(refined, intent=Intent.REFINE, also=())
        return self._advanced(refined, request), True

    def _advanced(self, wish: Understanding, request: Request) -> Need:
        price = self._rates.to_shop(wish.price) if wish.price else None
        need = replace(dialogue.advance(request.need, wish, price, request.now), language=request.language)
        return in_full(need, request.vocabulary, wish.text)

    async def _consent(self, where: Request | Tap, turn_id: int, agrees: bool) -> Draft | Learned:
        """The answer to "may I": what the turn stated is read anew from its own record, if it is this shopper's."""
        said = await self._database.run(lambda shop: _said_in(shop, turn_id, where.user_id, where.vocabulary))
        if said is None:
            return Learned("gone", where.language)
        stated = statements_in(said, self._rates, where.vocabulary) if agrees else ()
        lines = (Line("prefs-yes-done" if agrees else "prefs-no-done"),)
        kept = _keeping(where, stated)

        def effect(shop: Shop) -> None:
            shop.preferences.agree(where.user_id, agrees)
            kept(shop)

        return await self._shown(where, lines, effect, remembers=agrees, more=stated)

    async def _stopped(self, where: Request | Tap) -> Draft:
        return await self._shown(where, (Line("prefs-off-done"),), _agreed(where.user_id, False), remembers=False)

    async def _shown(
        self,
        where: Request | Tap,
        lead: tuple[Line, ...] = (),
        effect: Effect | None = None,
        remembers: bool | None = None,
        rest: tuple[Preference, ...] | None = None,
        more: tuple[Preference, ...] = (),
    ) -> Draft:
        """All that is kept, as it is after `effect`, each with a button to drop it, and buttons to add."""
        held, agreed = await self._database.run(
            lambda shop: (shop.preferences.of(where.user_id), shop.preferences.remembers(where.user_id))
        )
        agreed = agreed if remembers is None else remembers
        kept = () if remembers is False else (*(held if rest is None else rest), *more)
        names = [_name(each, where.vocabulary, where.language) for each in kept]
        lines = [*lead, Line("prefs-list") if kept else Line("prefs-empty")]
        lines += [Line(_ITEM[each.stance], {"what": name}) for each, name in zip(kept, names, strict=True)]
        near = where.before.currency
        lines += money_lines(near, self._rates, where.language)
        drops = [
            Option(Line("button-drop", {"label": name}), does=ErrandAct(NAME, "drop", each.id), row=1 + at // 2)
            for at, (each, name) in enumerate(zip(kept, names, strict=True))
            if each.id
        ][:_SHOWN]
        return Draft(
            need=replace(where.need, asked=None),
            lines=tuple(lines),
            options=(*drops, *_buttons(agreed), *money_options(NAME, self._rates, near, where.language)),
            effect=effect,
        )


def _buttons(agreed: bool | None) -> tuple[Option, ...]:
    adds = [
        Option(Line(f"prefs-add-{what}"), does=ErrandAct(NAME, f"add-{what}"), row=30 + at // 2)
        for at, what in enumerate(_ADD)
    ]
    key = "stop" if agreed else "start"
    switch = Option(Line(f"prefs-{key}"), does=ErrandAct(NAME, key), row=40)
    languages = tuple(Option(Line(f"button-language-{tag}"), text=f"/language {tag}", row=41) for tag in _LANGUAGES)
    return (*adds, switch, *languages) if agreed else (switch, *languages)


def _back() -> Option:
    return Option(Line("prefs-show"), does=ErrandAct(NAME, "show"), row=50)


def _slots(said: Understanding) -> bool:
    return any(slot.name in (SlotName.BRAND, SlotName.COLOR, SlotName.MATERIAL) for slot in said.slots)


def _agreed(user_id: int, remembers: bool) -> Effect:
    return lambda shop: shop.preferences.agree(user_id, remembers)


def _keeping(where: Request | Tap, stated: tuple[Preference, ...]) -> Effect:
    user_id, now = where.user_id, where.now

    def effect(shop: Shop) -> None:
        for each in stated:
            shop.preferences.keep(user_id, each, now)

    return effect


def _said_in(shop: Shop, turn_id: int, user_id: int, vocabulary: Vocabulary) -> Understanding | None:
    record = shop.transcripts.get(turn_id)
    own = record is not None and record.turn.user_id == user_id
    understood = record.understanding if own and record else None
    return put_right(in_simplified(understood), vocabulary) if understood else None


def _name(kept: Preference, vocabulary: Vocabulary, language: Language) -> Line:
    """A preference in words: "never polyester", "size 42", "about $40 a thing"."""
    if kept.stance is Stance.USUAL:
        amount, _, currency = kept.value.partition(" ")
        return Line("prefs-usual", {"amount": Decimal(amount), "currency": currency})
    slot = SlotName(kept.slot)
    value = kept.text if slot is SlotName.BRAND and kept.text else value_name(slot, kept.value, vocabulary, language)
    liked = "prefs-size" if slot is SlotName.SIZE else "prefs-likes"
    return Line(_NAMED.get(kept.stance, liked), {"value": value})
