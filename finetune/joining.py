"""Messages of two requests, made of two messages of one: "add the second one" and "show me hats".

Shoppers ask for two things at once more often than anybody writes such examples, and the second request looks
like the first requests of other messages. So training draws pairs that a person could say in one breath.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from finetune.examples import Example
from nlu.tags import Span
from storage.records import Context, Intent, Language

_ASKED_FOR = frozenset(
    {
        Intent.SEARCH, Intent.ADD_TO_CART, Intent.REMOVE_FROM_CART, Intent.VIEW_CART, Intent.CHECKOUT, Intent.SAVE,
        Intent.VIEW_SAVED, Intent.ORDER_STATUS, Intent.ORDER_CHANGE, Intent.RETURN_REFUND, Intent.SHIPPING,
        Intent.PAYMENT, Intent.HUMAN, Intent.COMPARE, Intent.ASK_PRODUCT, Intent.MORE,
    }
)  # fmt: skip
_JOINTS = {
    "en": (" and ", ", and ", ", ", ". ", ". also ", " then ", ", then ", "; ", " and also ", " plus "),
    "zh": ("，", "，然后", "，再", "，顺便", "。", "，还有", "，另外", " ", "，并且", "；"),
}
_LONGEST = 70


def join_pairs(examples: Sequence[Example], count: int, seed: int) -> list[Example]:
    """`count` messages of two different requests in one language; none where the labels are not the shop's."""
    chance = random.Random(seed)
    fit: dict[Language, list[Example]] = defaultdict(list)
    for example in examples:
        if (
            example.intent in _ASKED_FOR
            and not example.also
            and len(example.text) <= _LONGEST
            and not example.context.asked
        ):
            fit[example.language].append(example)
    languages = sorted(language for language, found in fit.items() if len({e.intent for e in found}) > 1)
    if not languages:
        return []
    found: list[Example] = []
    while len(found) < count:
        one, other = chance.sample(fit[chance.choice(languages)], 2)
        if one.intent != other.intent:
            found.append(join(one, other, chance.choice(_JOINTS.get(one.language, _JOINTS["en"]))))
    return found


def join(one: Example, other: Example, joint: str) -> Example:
    """The two messages said in one breath; the second's spans move along."""
    first = one.text.rstrip(" .。!！,，")
    second = other.text[:1].lower() + other.text[1:] if len(other.text[:1].lower()) == 1 else other.text
    shift = len(first) + len(joint)
    spans: tuple[Span, ...] | None = None
    if one.spans is not None and other.spans is not None:
        moved = (replace(span, start=span.start + shift, end=span.end + shift) for span in other.spans)
        spans = (*(span for span in one.spans if span.end <= len(first)), *moved)
    shown = max(one.context.shown, other.context.shown)
    return Example(
        first + joint + second, one.intent, one.language, spans, (other.intent,), Context(None, shown), "joined"
    )
