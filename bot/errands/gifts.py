"""The gift finder: for whom, for what occasion, for how much; each can be tapped, answered in words or skipped.

Who says it all at once gets the page at once. A gift says nothing of its giver: a page of gifts is ranked without the
giver's taste, and what is liked on it teaches nothing (bot/paging.py, storage/seen_pages.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar

from bot import dialogue
from bot.cues import cue
from bot.draft import Draft
from bot.errands.errand import Errand, Request, Tap
from bot.money import Rates
from bot.paging import GIFT
from bot.reply import ErrandAct, Learned, Line, Option
from bot.understanding.clarifying import named_whole
from bot.understanding.implied import with_implied
from storage.records import WISHED_SLOTS, Intent, Need, PriceRange, SlotName, Understanding, Wish

NAME = "gift"
_STEPS = ("audience", "occasion", "budget")
_PEOPLE = ("women", "men", "kids", "baby", "unisex")
_OCCASIONS = ("birthday", "christmas", "valentines", "wedding", "housewarming", "graduation", "new year")
_LIMITS = (25, 50, 100, 200)  # dollars; in another currency the nearest round amounts
_ROUND = Decimal(5)
_SLOTS = {"audience": SlotName.AUDIENCE, "occasion": SlotName.OCCASION}
_TOLD = (*_SLOTS.values(), SlotName.COLOR, SlotName.MATERIAL, SlotName.BRAND, SlotName.FEATURE)
_SKIP = 0
_AND = re.compile(r"(?:^|\s+)(?:and|or|also|both)(?:\s+|$)|[和跟与及、]\s*")
_ANOTHER = re.compile(
    r"\bthe (?:eldest|oldest|youngest|other(?: one)?|little one|big one)\b|老[大二三幺](?!师|板|婆|公)|另一个",
    re.IGNORECASE,
)
_DOES = frozenset({Intent.ADD_TO_CART, Intent.REMOVE_FROM_CART, Intent.CHECKOUT, Intent.SAVE, Intent.COMPARE})


class Gifts(Errand):
    """Asks in turn for what it does not know yet; a button carries the number of the choice, 0 to skip."""

    name: ClassVar[str] = NAME
    keys: ClassVar[Mapping[str, Intent]] = MappingProxyType(dict.fromkeys(("begin", *_STEPS), Intent.SEARCH))
    commands: ClassVar[tuple[str, ...]] = (NAME,)

    def __init__(self, rates: Rates) -> None:
        self._rates = rates

    async def hear(self, request: Request) -> Draft | None:
        """ "I need a gift" begins; "a gift for my dad" is for whom already, and shows a page with the next question."""
        said = request.said
        if GIFT in request.before.need.inquired and (about := _about(request.need, request)):
            return self._page(about, again=bool(request.before.page))
        asks = said.intent in (Intent.SEARCH, Intent.INSPIRE, Intent.HELP) and not said.item_refs
        if not asks or said.also or not cue("gift").search(said.text):
            return None
        if _of_the_person(said) and (about := _about(self._told(begun(request), replace(said, slots=())), request)):
            return self._page(about)
        if _names_a_thing(said):
            return self._thing(request)
        need = self._told(begun(request), said)
        return self._page(need) if _told_something(need) else self._next(need, 0)

    def _thing(self, request: Request) -> Draft:
        """ "A scarf for my mom's birthday, as a gift": an ordinary page, that says nothing of its giver."""
        said = request.said
        price = self._rates.to_shop(said.price) if said.price else None
        need = with_implied(dialogue.begin(said, price, request.now), request.vocabulary, said.text)
        need = replace(need, language=request.language, inquired=(GIFT,))
        return Draft(need=need, lines=(Line("gift-page"),), seeks=True)

    async def answer(self, question: str, request: Request) -> Draft | None:
        """An answer in words; whatever else is said, "no matter" skips the question."""
        if question not in _STEPS or GIFT not in request.before.need.inquired:
            return None
        said, need = request.said, request.need
        if about := _about(need, request):
            return self._page(about)
        if said.intent in (Intent.DENY, Intent.CONFIRM) or cue("gift-skip").search(said.text):
            return self._next(need, _STEPS.index(question) + 1)
        if question in _SLOTS and (named := named_whole(said.text, _SLOTS[question], request.vocabulary)):
            told = self._told(need, replace(said, slots=(named,), price=None))
            return self._next(told, _STEPS.index(question) + 1)
        if _names_a_thing(said) or said.intent not in (Intent.REFINE, Intent.SEARCH, Intent.LIKE):
            return None
        told = self._told(need, said)
        return self._next(told, _STEPS.index(question) + 1) if told != need else None

    async def tap(self, tap: Tap) -> Draft | Learned:
        if tap.key == "begin":
            return self._next(begun(tap), 0)
        need = tap.need if GIFT in tap.before.need.inquired else begun(tap)
        return self._next(self._chosen(need, tap.key, tap.target), _STEPS.index(tap.key) + 1)

    async def command(self, name: str, argument: str, request: Request) -> Draft:
        return self._next(begun(request), 0)

    # --- what is known ------------------------------------------------------------------------------

    def _told(self, need: Need, said: Understanding) -> Need:
        """The need with whatever of the three the message says."""
        fresh = [Wish(slot.name, slot.value, slot.text, slot.negated) for slot in said.slots if slot.name in _TOLD]
        price = self._rates.to_shop(said.price) if said.price else None
        names = {wish.name for wish in fresh}
        kept = tuple(wish for wish in need.wishes if wish.name not in names)
        if not (fresh or price):
            return need
        said_price = said.price if price else need.price_said
        return replace(need, wishes=(*kept, *fresh), price=price or need.price, price_said=said_price)

    def _chosen(self, need: Need, step: str, number: int) -> Need:
        """The need with a tapped choice; a number that no button has changes nothing."""
        if step == "budget":
            limits = self._limits()
            if not 0 < number <= len(limits):
                return need
            price = PriceRange(max=limits[number - 1], currency=self._rates.currency)
            return replace(need, price=price, price_said=price)
        choices = _PEOPLE if step == "audience" else _OCCASIONS
        if not 0 < number <= len(choices):
            return need
        wish = Wish(_SLOTS[step], choices[number - 1])
        return replace(need, wishes=(*(w for w in need.wishes if w.name is not wish.name), wish))

    def _limits(self) -> tuple[Decimal, ...]:
        """The four budgets of the buttons in the shop's currency."""
        rates = self._rates
        if rates.currency == "USD":
            return tuple(Decimal(limit) for limit in _LIMITS)
        found = (rates.to_shop(PriceRange(max=Decimal(limit), currency="USD")) for limit in _LIMITS)
        rounded = [(each.max / _ROUND).quantize(Decimal(1)) * _ROUND for each in found if each and each.max]
        return tuple(rounded) or tuple(Decimal(limit) for limit in _LIMITS)

    # --- what is said -------------------------------------------------------------------------------

    def _next(self, need: Need, first: int) -> Draft:
        """The first question from `first` on that is not answered yet; the page after the last one."""
        for at, step in enumerate(_STEPS[first:], start=first):
            if not _known(need, step):
                asked = replace(need, asked=f"{NAME}/{step}")
                lines = (*((Line("gift-begin"),) if first == 0 else ()), Line(f"gift-ask-{step}", {"number": at + 1}))
                return Draft(need=asked, lines=lines, options=self._choices(step))
        return self._page(need)

    def _page(self, need: Need, *, again: bool = False) -> Draft:
        """The page; what is not known yet stays a question beside it. What a gift is to the bot is said once."""
        open_steps = [step for step in _STEPS if not _known(need, step)]
        if not _told_something(need):
            return Draft(need=need, lines=(Line("gift-anything"),), seeks=True)
        options = self._choices(open_steps[0])[:-1] if len(open_steps) < len(_STEPS) and open_steps else ()
        ask = (Line(f"gift-narrow-{open_steps[0]}"),) if options else ()
        told = () if again else (Line("gift-page"),)
        return Draft(need=need, lines=(*told, *ask), options=options, seeks=True)

    def _choices(self, step: str) -> tuple[Option, ...]:
        if step == "budget":
            facts = [{"amount": limit, "currency": self._rates.currency} for limit in self._limits()]
            labels = [Line("chip-price-max", fact) for fact in facts]
        else:
            values = _PEOPLE if step == "audience" else _OCCASIONS
            labels = [Line(f"gift-{step}", {"value": value.replace(" ", "-")}) for value in values]
        chosen = [
            Option(label, does=ErrandAct(NAME, step, number), row=1 + (number - 1) // 2)
            for number, label in enumerate(labels, start=1)
        ]
        last = chosen[-1].row if len(chosen) % 2 else 9  # beside the odd one
        return (*chosen, Option(Line("gift-skip"), does=ErrandAct(NAME, step, _SKIP), row=last))


def _known(need: Need, step: str) -> bool:
    if step == "budget":
        return need.price is not None
    return any(wish.name is _SLOTS[step] and not wish.negated for wish in need.wishes)


def _about(need: Need, request: Request) -> Need | None:
    """The need with what the person likes, "he likes fishing and coffee": what the gift is about, and no other search.
    None for a message that says nothing of the kind.
    """
    said = request.said
    if said.item_refs or said.intent in _DOES or not _of_the_person(said):
        return None
    wishes: list[Wish] = []
    for slot in said.slots:
        known = (slot.name, slot.value) in request.vocabulary.by_value
        if slot.negated or (known and slot.name not in (SlotName.CATEGORY, SlotName.FEATURE)):
            wishes += [Wish(slot.name, slot.value, slot.text, slot.negated)] if slot.name in WISHED_SLOTS else []
        elif slot.name in WISHED_SLOTS:
            wishes += _interests(slot.text)
    wishes += _interests(dialogue.residue(said, "likes", "gift"))
    fresh = [wish for wish in dict.fromkeys(wishes) if wish not in need.wishes]
    return replace(need, wishes=(*_of_another(need, fresh, said.text), *fresh)) if fresh else None


def _of_another(need: Need, fresh: Sequence[Wish], text: str) -> tuple[Wish, ...]:
    """What still holds: where another person is named, nothing that was said of the one before."""
    named = any(wish.name is SlotName.AUDIENCE and not wish.negated for wish in fresh)
    if not named and not _ANOTHER.search(text):
        return need.wishes
    return tuple(wish for wish in need.wishes if wish.name not in (SlotName.AUDIENCE, SlotName.FEATURE))


def _of_the_person(said: Understanding) -> bool:
    """Whether the words say what somebody likes, and name no thing to give before: "a scarf for mom, who likes red"."""
    liked = cue("likes").search(said.text)
    named = [slot.start for slot in said.slots if slot.name is SlotName.CATEGORY and cue("gift").sub("", slot.text)]
    return liked is not None and not any(start < liked.start() for start in named)


def _interests(words: str) -> list[Wish]:
    """ "Fishing and coffee" are two."""
    return [Wish(SlotName.FEATURE, each, each) for each in (part.strip() for part in _AND.split(words)) if each]


def begun(where: Request | Tap) -> Need:
    """A new wish for a gift, of which nothing is known yet."""
    words = {"en": "gift", "zh": "礼物"}
    return Need(query=words[where.language], language=where.language, since=where.now, inquired=(GIFT,))


def _told_something(need: Need) -> bool:
    return bool(need.wishes or need.price)


def _names_a_thing(said: Understanding) -> bool:
    """Whether the message names a thing to give: "a scarf", not "a present"."""
    things = [cue("gift").sub("", slot.text) for slot in said.slots if slot.name is SlotName.CATEGORY]
    return any(letter.isalpha() for thing in things for letter in thing)
