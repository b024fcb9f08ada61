"""Half a name, of which the talk has the other half: "beans" in a talk of coffee are coffee beans, 壳子 after phones is
a phone case. Pure.

Names of several words are cut short by who goes on about a thing. Only words that the shop does not know by themselves
are read so: after running shoes, "shoes" are any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.cues import cue
from bot.dialogue import residue
from bot.understanding.clarifying import certainly
from nlu.fold import fold
from storage.records import Intent, Need, Slot, SlotName, Term, Understanding, Vocabulary

_WORD = re.compile(r"[a-z]{3,}")
_ENDS = "子儿"  # 豆子 is 豆
_KEPT = frozenset({Intent.SEARCH, Intent.REFINE, Intent.ADD_TO_CART, Intent.SAVE})


def made_whole(said: Understanding, need: Need, vocabulary: Vocabulary) -> Understanding | None:
    """The message with the whole name in the place of its half; None where it has none. With little else said, it is
    looked for.
    """
    known = [slot for slot in said.slots if (slot.name, slot.value) in vocabulary.by_value]
    if not (need.wishes or need.query) or any(slot.name is SlotName.CATEGORY for slot in known) or said.item_refs:
        return None
    slot = next(
        (s for s in _halves(said, need, vocabulary) if not any(k.start < s.end and k.end > s.start for k in known)),
        None,
    )
    if slot is None:
        return None
    others = tuple(other for other in said.slots if other.end <= slot.start or other.start >= slot.end)
    whole = replace(said, slots=(*others, slot))
    bare = not residue(whole) or cue("what-about").fullmatch(said.text.strip(" ?？!.。"))
    if said.intent is Intent.ASK_PRODUCT and cue("asks-whether").search(said.text):
        return None  # 苹果手机能用吗 asks about what is there
    return whole if said.intent in _KEPT or not bare else certainly(whole, Intent.SEARCH)


def _halves(message: Understanding, need: Need, vocabulary: Vocabulary) -> Iterator[Slot]:
    alone = {slot.text for slot in message.slots if slot.name is SlotName.CATEGORY}
    wished = (f"{wish.text} {wish.value}" for wish in need.wishes if not wish.negated)
    said, talk = fold(message.text), fold(" ".join((need.query, *wished)))
    words = _WORD.findall(talk)
    spoken = {*words, *(word.removesuffix("s") for word in words)}
    for term in vocabulary.terms:
        if term.slot is SlotName.CATEGORY:
            yield from _english(term, said, spoken)
            yield from _chinese(term, said, talk, alone)


def _english(term: Term, said: str, spoken: set[str]) -> Iterator[Slot]:
    for form in term.en:
        *front, last = form.casefold().split()
        found = re.search(rf"\b{re.escape(last)}\b", said) if front and spoken.issuperset(front) else None
        if found and not set(front) & set(_WORD.findall(said)):
            yield Slot(term.slot, form, term.value, *found.span())


def _chinese(term: Term, said: str, talk: str, alone: set[str]) -> Iterator[Slot]:
    for form in term.zh:
        for cut in range(2, len(form)):
            front, last = form[:cut], form[cut:]
            if front not in talk or front in said:
                continue
            whole = len(last) > 1 or last in alone
            found = re.search(last if whole else f"{last}[{_ENDS}]", said)
            if found:
                yield Slot(term.slot, form, term.value, *found.span())
