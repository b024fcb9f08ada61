"""The question beside a page: how it is put, and what a tapped or typed answer makes of the wish. Pure.

A question is asked with the cards, never in their place. What was asked stands in `Need.asked`, by which the next
message is understood, and in `Need.inquired`, so that it is not asked again. Who does not care says so or taps it,
and gets the next page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from bot.cues import cue
from bot.draft import Draft
from bot.errands.items.aspects import aspects_of
from bot.naming import value_name
from bot.plain import clean
from bot.recall import Before
from bot.reply import Line, Option
from bot.summary import range_line
from bot.understanding.relative import direction
from bot.understanding.release import released
from nlu.fold import fold
from nlu.prices import price_of
from recommender.clarify import ANSWERABLE, part_of
from storage.records import (
    Answer,
    Clarification,
    Intent,
    Language,
    Need,
    PriceRange,
    Slot,
    SlotName,
    Stage,
    Understanding,
    Vocabulary,
    Wish,
)

ANY = "any"
_PARTS = {part_of(slot): slot for slot in ANSWERABLE}
_NOT_WORDS = re.compile(r"[\W_]+")
_PLEASE = re.compile(
    r"(?:please|thanks|pls|one|ones|maybe|吧|的|色的|谢谢|款)$|^(?:in|for|my|the|maybe|要|给|送|我)", re.IGNORECASE
)
_ASKS_OF_IT = re.compile(r"\W*(?:is|are|does|do) (?:it|they|this|these)\b", re.IGNORECASE)
_LEAST_IN_WORDS = 5
_GUESS = 0.6  # a reading less likely than that is one
_SHORT = 24  # letters: a longer message says more than "whatever"


def with_question(draft: Draft, question: Clarification | None, vocabulary: Vocabulary, language: Language) -> Draft:
    """The page with the question in its header and the answers as buttons; the page itself where there is none."""
    if question is None or draft.slate is None or not draft.slate.page:
        return draft
    part = part_of(question.slot)
    options = [
        Option(_label(answer, question.slot, vocabulary, language), answer=_key(part, answer))
        for answer in question.answers
    ]
    options.append(Option(Line("answer-any"), answer=f"{part}={ANY}"))
    need = replace(draft.need, asked=part, inquired=(*draft.need.inquired, part))
    lines = (*draft.lines, Line(f"ask-{part}"))
    return replace(draft, need=need, lines=lines, options=(*draft.options, *options))


def waved_off(answer: str) -> bool:
    """Whether the tapped answer was "any"."""
    return answer.endswith(f"={ANY}")


def answered(need: Need, answer: str) -> Need:
    """The need with a tapped answer in it; an unknown one, or "any", leaves it as it is."""
    part, _, value = answer.partition("=")
    need, slot = replace(need, asked=None), _PARTS.get(part)
    if slot is None or value in ("", ANY):
        return need
    if slot is SlotName.PRICE:
        limit = _range(value)
        return replace(need, price=limit, price_said=limit) if limit else need
    kept = tuple(wish for wish in need.wishes if wish.name is not slot or wish.negated)
    return replace(need, wishes=(*kept, Wish(slot, value, value)))


def read_as_answer(said: Understanding, before: Before, vocabulary: Vocabulary) -> Understanding:
    """What a message says where it answers the question; as it was understood where it does not.

    "Whatever" and 都可以 ask for more of the same; "blue", 蓝色的 and "for her" change the wish, whatever else the
    words may mean.
    """
    slot = _PARTS.get(before.need.asked or "")
    refused = cue("not-that-one").fullmatch(said.text.strip(" .!。！,，"))
    buys = said.intent is Intent.ADD_TO_CART and cue("putting").search(said.text)
    if slot is None or said.item_refs or said.stage is Stage.AFTER_SALES or refused or buys:
        return said
    if slot is SlotName.PRICE:
        price = said.price or _amount(said.text)
        if price and not _names_a_thing(said):
            return certainly(replace(said, price=price), Intent.REFINE)
    elif named := named_whole(said.text, slot, vocabulary):
        return certainly(replace(said, slots=(named,), price=None), Intent.REFINE)
    elif any(found.name is slot and (slot, found.value) in vocabulary.by_value for found in said.slots):
        return said if slot is SlotName.CATEGORY and _begins_anew(said) else certainly(said, Intent.REFINE)
    names_something = any((found.name, found.value) in vocabulary.by_value for found in said.slots)
    if names_something or not waves_off(said.text, before.need):
        return said
    return certainly(replace(said, slots=(), price=None), Intent.MORE)


def _amount(text: str) -> PriceRange | None:
    """A bare number as a price; 换一批 and "one more" name none: in words, nobody means to spend so little."""
    price = price_of(text, asked=True)
    if price is None or re.search(r"\d", text):
        return price
    ends = [end for end in (price.min, price.max) if end is not None]
    return price if ends and max(ends) >= _LEAST_IN_WORDS else None


def keeps_words(need: Need, before: Need) -> Need:
    """The need after a typed answer of the kind of thing: it says which of the things sought, and sought they stay."""
    if before.asked != SlotName.CATEGORY or not before.query or before.query in need.query:
        return need
    return replace(need, query=f"{before.query} {need.query}".strip())


def waves_off(text: str, need: Need) -> bool:
    """Whether a short message says that it does not matter; "forget the budget" lets go of a limit instead, and "is it
    any good?" asks.
    """
    if (
        _ASKS_OF_IT.match(text)
        or aspects_of(text)
        or len(_NOT_WORDS.sub("", text)) > _SHORT
        or direction(text)
        or re.search(r"\d", text)
        or released(text, need)
    ):
        return False
    return bool(cue("letting-go").search(text))


def is_question(asked: str | None) -> bool:
    """Whether the bot's last word was a question beside a page."""
    return asked in _PARTS


def guessed(said: Understanding) -> bool:
    """Whether a reading is hardly likelier than another: sure words go before it."""
    return said.confidence < _GUESS


def certainly(said: Understanding, intent: Intent) -> Understanding:
    """The message as surely that."""
    return replace(said, intent=intent, confidence=1.0, top=((intent, 1.0),), also=())


def _names_a_thing(said: Understanding) -> bool:
    return any(slot.name is SlotName.CATEGORY and not slot.negated for slot in said.slots)


def _begins_anew(said: Understanding) -> bool:
    """Whether more than the kind of thing is said: "red dresses under $50" is a wish of its own."""
    return said.intent is Intent.SEARCH and (len(said.slots) > 1 or said.price is not None)


def named_whole(text: str, slot: SlotName, vocabulary: Vocabulary) -> Slot | None:
    """The whole message as a value of the slot, where the vocabulary knows it, courtesies aside."""
    bare = _bare(text)
    for term in vocabulary.terms:
        if term.slot is slot and bare in {_bare(form) for form in _forms(term.value, term.en, term.zh)}:
            return Slot(slot, text, term.value, 0, len(text))
    return None


def _forms(*groups: str | Iterable[str]) -> list[str]:
    return [form for group in groups for form in ((group,) if isinstance(group, str) else group)]


def _bare(text: str) -> str:
    said = fold(text).strip(" .,!?。，！？")
    previous = ""
    while said != previous:
        previous, said = said, _PLEASE.sub("", said).strip()
    return said


def _label(answer: Answer, slot: SlotName, vocabulary: Vocabulary, language: Language) -> Line:
    name = (
        range_line(answer.price, answer.price.currency)
        if answer.price
        else Line("chip-value", {"value": clean(value_name(slot, answer.value, vocabulary, language))})
    )
    return Line("answer-count", {"value": name, "count": answer.count})


def _key(part: str, answer: Answer) -> str:
    if answer.price is None:
        return f"{part}={answer.value}"
    ends = (answer.price.min, answer.price.max)
    low, high = ("" if end is None else str(end) for end in ends)
    return f"{part}={low}..{high} {answer.price.currency}"


def _range(value: str) -> PriceRange | None:
    limits, _, currency = value.partition(" ")
    low, _, high = limits.partition("..")
    least, most = (Decimal(end) if end else None for end in (low, high))
    return None if least is None and most is None else PriceRange(least, most, currency or None)
