"""The plain-rules twin of the understander: no weights, no training, a few hundred phrases and what they stand next to.

It is the fall-back when the model is missing, the baseline the model is measured against, and a double in tests.
Its helpers (prices, items, orders, negation, normal forms) serve the model too.

    RulesUnderstander(vocabulary).understand("a red dress under $60, not polyester").intent  # search
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlu.clauses import clauses_of, core
from nlu.cues import cue_scores
from nlu.fold import fold
from nlu.language import language_of
from nlu.lexicon import lexicon_of
from nlu.spans import read
from nlu.spelling import corrected
from nlu.things import unlisted_thing
from storage.records import (
    DEFAULT_STAGE,
    Context,
    Intent,
    Language,
    Slot,
    SlotName,
    Stage,
    Understanding,
    Vocabulary,
)

LONGEST = 2_000  # code points read; the rest of a longer message says nothing more to rules
_SHARPNESS = 1.2
_OWN_REQUEST = 4.0  # a clause with a cue this strong asks for something of its own
_TOP = 3
_EARLIER = 0.05  # what a row of the guide gains on the next one
_MOST_REQUESTS = 4

_PROPERTIES = (SlotName.COLOR, SlotName.MATERIAL, SlotName.SIZE, SlotName.BRAND, SlotName.FEATURE)
_PURPOSES = (SlotName.AUDIENCE, SlotName.OCCASION)
# What gives way to a request in the same message.
_ASIDES = frozenset(
    {Intent.GREET, Intent.THANKS, Intent.GOODBYE, Intent.CONFIRM, Intent.DENY, Intent.LIKE, Intent.DISLIKE}
) | {Intent.OUT_OF_SCOPE}
# Where one request fits two rows of the labelling guide, the earlier wins.
_ORDER = {
    intent: rank
    for rank, intent in enumerate(
        (
            Intent.OUT_OF_SCOPE, Intent.HUMAN, Intent.ORDER_STATUS, Intent.ORDER_CHANGE, Intent.RETURN_REFUND,
            Intent.SHIPPING, Intent.PAYMENT, Intent.CHECKOUT, Intent.REMOVE_FROM_CART, Intent.VIEW_CART,
            Intent.ADD_TO_CART, Intent.VIEW_SAVED, Intent.SAVE, Intent.COMPARE, Intent.ASK_PRODUCT, Intent.LIKE,
            Intent.DISLIKE, Intent.MORE, Intent.REFINE, Intent.SEARCH, Intent.INSPIRE, Intent.CONFIRM, Intent.DENY,
            Intent.HELP, Intent.GREET, Intent.THANKS, Intent.GOODBYE,
        )
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Judged:
    """A clause with its scores: `cued` is the strongest cue alone, before structure is counted."""

    scores: dict[Intent, float]
    cued: float

    @property
    def best(self) -> Intent:
        return _ranked(self.scores)[0]


class RulesUnderstander:
    """Understands a message by rules. Stateless, thread-safe; about a millisecond a message."""

    version = "rules-1"

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._lexicon = lexicon_of(vocabulary)

    def adopt(self, vocabulary: Vocabulary) -> None:
        """Reads with these words from now on."""
        self._lexicon = lexicon_of(vocabulary)

    def understand(self, text: str, context: Context | None = None) -> Understanding:
        """What one message says, in the code points of `text`. Never raises."""
        context = context or Context()
        said = text[:LONGEST]
        folded, language = fold(said), language_of(said)
        reading = read(said, context, self._lexicon)
        whole = self._judge(folded, reading.slots, language, context)
        requests = self._requests(folded, reading.slots, language, context, whole)
        scores = _led_by(whole.scores, requests[0])
        top = _probabilities(scores)
        intent, confidence = top[0]
        return Understanding(
            text=text,
            language=language,
            intent=intent,
            confidence=confidence,
            top=top[:_TOP],
            stage=DEFAULT_STAGE[intent],
            also=tuple(requests[1:]),
            slots=_told(said, folded, intent, reading.slots, language),
            price=reading.price,
            item_refs=reading.item_refs,
            quantity=reading.quantity,
            model=self.version,
        )

    def understand_many(self, messages: Sequence[tuple[str, Context]]) -> list[Understanding]:
        """What each message says, in their order."""
        return [self.understand(text, context) for text, context in messages]

    def _judge(self, folded: str, slots: tuple[Slot, ...], language: Language, context: Context) -> _Judged:
        """Cue scores and structure of one clause."""
        clause = core(folded)
        features = _features(clause, folded, slots, context, language)
        cued = cue_scores(clause, language, features)
        if language == "en" and max(cued.values(), default=0.0) < _OWN_REQUEST:
            cued = cue_scores(corrected(clause, self._lexicon.words), language, features)
        ranked = {intent: score + _EARLIER * (len(_ORDER) - _ORDER[intent]) for intent, score in cued.items()}
        return _Judged(_add(ranked, _structure(features, bool(cued))), max(cued.values(), default=0.0))

    def _requests(
        self, folded: str, slots: tuple[Slot, ...], language: Language, context: Context, whole: _Judged
    ) -> list[Intent]:
        """The requests of the message in order, at least one; asides and repeats are left out."""
        found: list[Intent] = []
        for start, end in clauses_of(folded):
            inside = tuple(
                replace(slot, start=slot.start - start, end=slot.end - start)
                for slot in slots
                if slot.start >= start and slot.end <= end
            )
            judged = self._judge(folded[start:end], inside, language, context)
            own = judged.cued >= _OWN_REQUEST or (judged.best is Intent.SEARCH and judged.cued > 0)
            if own and judged.best not in _ASIDES and judged.best not in found and not _part_of(judged.best, found):
                found.append(judged.best)
        if len(found) < 2:
            return found if found and whole.best in _ASIDES else [whole.best]
        return found[:_MOST_REQUESTS]


def _told(said: str, folded: str, intent: Intent, slots: tuple[Slot, ...], language: Language) -> tuple[Slot, ...]:
    """The slots as the intent has them: a search names its thing, talk points at nothing."""
    if intent is Intent.SEARCH and all(slot.name is not SlotName.CATEGORY for slot in slots):
        thing = unlisted_thing(folded, slots, language)
        if thing:
            start, end = thing
            found = Slot(SlotName.CATEGORY, said[start:end], folded[start:end], start, end)
            slots = tuple(sorted((*slots, found), key=lambda slot: slot.start))
    if DEFAULT_STAGE[intent] in (Stage.CHAT, Stage.AFTER_SALES):
        slots = tuple(slot for slot in slots if slot.name is not SlotName.ITEM_REF or slot.value)
    return slots


def _features(
    clause: str, folded: str, slots: tuple[Slot, ...], context: Context, language: Language
) -> frozenset[str]:
    """What the cue phrases and the structure may ask about a clause."""
    wanted = {slot.name for slot in slots if not slot.negated}
    found = {name.value.removesuffix("_ref").removesuffix("_id") for name in wanted}
    if any(name in wanted for name in (*_PROPERTIES, *_PURPOSES)):
        found.add("property")
    if any(slot.negated for slot in slots):
        found.add("negated")
    if context.shown:
        found.add("shown")
    if context.asked:
        found |= {"asked", f"asked_{context.asked}"}
    if folded.rstrip().endswith("?") or clause.endswith(("吗", "么", "没有")):
        found.add("question")
    if "category" not in found and unlisted_thing(folded, slots, language):
        found.add("thing")
    return frozenset(found)


def _structure(features: frozenset[str], cued: bool) -> dict[Intent, float]:
    """What the slots alone speak for, and what the bot's last question makes of them."""
    scores: dict[Intent, float] = {Intent.OUT_OF_SCOPE: 1.0}
    limits = features & {"color", "material", "size", "feature", "price", "negated"}
    if "category" in features:
        scores[Intent.SEARCH] = 1.4 if "item" in features else 2.6
    elif limits or features & {"property"}:
        scores[Intent.REFINE] = 2.6 if limits else 1.6
        if features & {"audience", "occasion"} and "item" not in features:
            scores[Intent.SEARCH] = 2.0
        if "brand" in features:
            scores[Intent.SEARCH] = 2.2
    if "thing" in features and (limits or "property" in features):
        scores[Intent.SEARCH] = 2.8
    elif "thing" in features and not cued:
        scores[Intent.SEARCH] = 1.6
    if "item" in features:
        scores[Intent.ADD_TO_CART] = 1.2
        if "question" in features:
            scores[Intent.ASK_PRODUCT] = 2.0
    if "order" in features:
        scores[Intent.ORDER_STATUS] = 1.5
    return _add(scores, _answered(features))


def _answered(features: frozenset[str]) -> dict[Intent, float]:
    """What an answer to the bot's question speaks for."""
    if "asked" not in features or "asked_confirm" in features:
        return {}
    if "asked_category" in features:
        return {Intent.SEARCH: 2.0}
    if features & {"property", "price", "negated"} and not features & {"category", "thing"}:
        return {Intent.REFINE: 3.0}
    return {}


def _add(one: dict[Intent, float], other: dict[Intent, float]) -> dict[Intent, float]:
    return {intent: one.get(intent, 0.0) + other.get(intent, 0.0) for intent in one.keys() | other.keys()}


def _part_of(intent: Intent, found: list[Intent]) -> bool:
    """Whether a clause only says more about a request already found: a price or colour after the thing sought."""
    return intent is Intent.REFINE and bool({Intent.SEARCH, Intent.MORE} & set(found))


def _led_by(scores: dict[Intent, float], first: Intent) -> dict[Intent, float]:
    """The scores with `first` on top: the clause that was said first leads the message."""
    best = max(scores.values())
    if _ranked(scores)[0] is first:
        return scores
    return scores | {first: best + 0.5}


def _ranked(scores: dict[Intent, float]) -> list[Intent]:
    return sorted(scores, key=lambda intent: (-scores[intent], _ORDER[intent]))


def _probabilities(scores: dict[Intent, float]) -> tuple[tuple[Intent, float], ...]:
    """Softmax over all 27 intents, those without a score at 0; best first, ties by the order of the guide."""
    full = {intent: scores.get(intent, 0.0) for intent in Intent}
    highest = max(full.values())
    weights = {intent: math.exp(_SHARPNESS * (score - highest)) for intent, score in full.items()}
    total = sum(weights.values())
    return tuple((intent, weights[intent] / total) for intent in _ranked(full))
