"""Every slot of a message: what the helpers of this room find, without overlaps, with normal forms and negation.

Where two readings compete for the same characters, the surer one wins: order numbers, prices, shown items, sizes,
counts, then the vocabulary's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from nlu.fold import fold
from nlu.items import item_refs_in
from nlu.lexicon import Lexicon
from nlu.negation import Marked, negated_among
from nlu.orders import orders_in
from nlu.prices import merge, price_text, prices_in
from nlu.quantities import quantities_in
from nlu.sizes import sizes_in
from storage.records import Context, PriceRange, Slot, SlotName

_BUDGET = ("budget", "price")
_WHOSE = re.compile(
    r"(?<![a-z])(?:my|our|his|her|a|an)\s+(?:(?:little|big|older|younger|best|dear|new|\d{1,2}[- ](?:year"
    r"|month)s?[- ]old)\s+)*$"
)
_WHOSE_ZH = re.compile(r"(?:我的|我家|我|你|他的|她的)$")
_AGED = re.compile(
    r"(?<![a-z0-9])(?:(?:my|our|an?|his|her)\s+)?\d{1,2}[\s-]*(?:year|yr|month)s?[\s-]*olds?(?![a-z])"
    r"(?: (?:boy|girl|son|daughter|nephew|niece|kid|child|grandson|granddaughter)s?(?![a-z]))?"
    r"|(?<!\d)\d{1,2}(?:周?岁|个月)(?:大)?(?:的)?(?:男孩|女孩|孩子|小孩|宝宝|儿子|女儿|小朋友)?"
)
_TOO = re.compile(
    r"(?<![a-z])(?<!not )too\s+(?P<en>(?!much|many|late|bad|good|expensive|pricey|costly|cheap|long ago|soon"
    r"|kind)[a-z-]{3,})(?![a-z])"
    r"|(?<!不)(?<!别)太(?P<zh>(?!好|美|贵|棒|赞|感谢|谢|喜欢|漂亮|可爱|爱|酷|帅|多|少|完美|满意|慢|难看|丑|差"
    r"|便宜|划算|绝|厉害|贴心|不)"
    r"[\u4e00-\u9fff]{1,3}?)(?=了|的|,|\.|!|\?|$|吧|啦|，)"
)
_COUNT_BEFORE = re.compile(r"(?<![a-z0-9.$€£¥#-])(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|twelve)\s+$")
_COUNTS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message names, before anything is said about what it asks."""

    slots: tuple[Slot, ...] = ()
    price: PriceRange | None = None
    item_refs: tuple[int, ...] = ()
    quantity: int | None = None


def read(text: str, context: Context, lexicon: Lexicon) -> Reading:
    """The slots of a text in its own code points, and the figures they add up to. Never raises."""
    folded = fold(text)
    prices = prices_in(text, asked=context.asked in _BUDGET)
    items = item_refs_in(text, shown=0 if context.asked in (*_BUDGET, "size", "quantity") else context.shown)
    quantities = quantities_in(text)
    found = _without_overlaps(
        [
            *(_slot(SlotName.ORDER_ID, text, span.start, span.end, span.number) for span in orders_in(text)),
            *(_slot(SlotName.PRICE, text, span.start, span.end, price_text(span.range)) for span in prices),
            *(_slot(SlotName.ITEM_REF, text, span.start, span.end, ",".join(map(str, span.refs))) for span in items),
            *(
                _slot(
                    SlotName.SIZE,
                    text,
                    span.start,
                    span.end,
                    lexicon.value_of(SlotName.SIZE, fold(span.value)) or span.value,
                )
                for span in sizes_in(text, asked=context.asked == "size")
            ),
            *(_slot(SlotName.QUANTITY, text, span.start, span.end, str(span.quantity)) for span in quantities),
            *_excesses(text, folded, lexicon),
            *_people(text, folded),
            *_words(text, folded, lexicon),
        ]
    )
    found = _negated(text, _counted(text, folded, found))
    kept = {(slot.start, slot.end) for slot in found}
    counts = [int(slot.value) for slot in found if slot.name is SlotName.QUANTITY]
    refs = [ref for span in items if (span.start, span.end) in kept for ref in span.refs]
    return Reading(
        tuple(found),
        merge(span.range for span in prices if (span.start, span.end) in kept),
        tuple(dict.fromkeys(refs)),
        counts[0] if counts else None,
    )


def _slot(name: SlotName, text: str, start: int, end: int, value: str) -> Slot:
    return Slot(name, text[start:end], value, start, end)


def _excesses(text: str, folded: str, lexicon: Lexicon) -> Iterator[Slot]:
    """ "too flashy", 太花哨了: a property that is not wanted, whether or not the vocabulary lists it."""
    for found in _TOO.finditer(folded):
        start, end = found.span("en" if found["en"] else "zh")
        word = folded[start:end]
        value = lexicon.value_of(SlotName.FEATURE, word) or word
        yield replace(_slot(SlotName.FEATURE, text, start, end, value), negated=True)


def _people(text: str, folded: str) -> Iterator[Slot]:
    """ "my 7 year old", 7岁: an age says for whom."""
    for found in _AGED.finditer(folded):
        age = int(re.findall(r"\d+", found[0])[0])
        infant = age <= 1 or "month" in found[0] or "个月" in found[0]
        value = "baby" if infant else "kids" if age < 13 else found[0]
        yield _slot(SlotName.AUDIENCE, text, found.start(), found.end(), value)


def _words(text: str, folded: str, lexicon: Lexicon) -> Iterator[Slot]:
    for match in lexicon.matches(folded):
        start, end = match.start, match.end
        if match.slot is SlotName.AUDIENCE:
            start += len("for ") if folded.startswith("for ", start) else 0
            whose = _WHOSE.search(folded, 0, start) or _WHOSE_ZH.search(folded, 0, start)
            start = whose.start() if whose else start
        yield _slot(match.slot, text, start, end, match.value)


def _without_overlaps(slots: Iterable[Slot]) -> list[Slot]:
    """The slots in reading order, an earlier one of the argument shutting out what overlaps it."""
    kept: list[Slot] = []
    for slot in slots:
        if slot.start < slot.end and not any(slot.start < other.end and other.start < slot.end for other in kept):
            kept.append(slot)
    return sorted(kept, key=lambda slot: slot.start)


def _counted(text: str, folded: str, slots: list[Slot]) -> list[Slot]:
    """ "two black t-shirts": a number right before a thing and its properties counts it."""
    counts: list[Slot] = []
    for at, slot in enumerate(slots):
        before = slots[at - 1] if at else None
        if slot.name not in (SlotName.CATEGORY, SlotName.COLOR, SlotName.MATERIAL, SlotName.FEATURE):
            continue
        found = _COUNT_BEFORE.search(folded, before.end if before else 0, slot.start)
        chain = at
        while slots[chain].name is not SlotName.CATEGORY and chain + 1 < len(slots):
            if folded[slots[chain].end : slots[chain + 1].start].strip():
                break
            chain += 1
        if found and slots[chain].name is SlotName.CATEGORY:
            number = _COUNTS.get(found[1]) or int(found[1])
            if number:
                counts.append(_slot(SlotName.QUANTITY, text, found.start(1), found.end(1), str(number)))
    return sorted([*slots, *counts], key=lambda slot: slot.start)


def _negated(text: str, slots: list[Slot]) -> list[Slot]:
    flags = negated_among(text, [Marked(slot.start, slot.end, slot.name) for slot in slots])
    return [replace(slot, negated=slot.negated or flag) for slot, flag in zip(slots, flags, strict=True)]
