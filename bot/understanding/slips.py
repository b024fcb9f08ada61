"""What a reading's spans cannot mean, put right before anything is done about it: who says something is nobody to buy
for, a price without a figure may be a thing, "4K" is a picture, and 莫得红色的 refuses red.

The model finds the spans; what stands right beside them decides. Pure; the transcript keeps what the model said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.cues import cue
from bot.understanding.clarifying import certainly
from nlu.fold import fold
from nlu.homophones import thing_right, typed_right
from nlu.lexicon import Lexicon, lexicon_of
from nlu.normalise import normalise
from nlu.numerals import chinese_number
from storage.records import WISHED_SLOTS, Intent, Slot, SlotName, Understanding, Vocabulary

_SIZE_IN_WORDS = re.compile(r"([一二两三四五六七八九]?十[一二三四五六七八九]?)码")
_ENDINGS = frozenset("味精料气子")  # 香味 is 香; 香菜 is not
_WISHING = frozenset({Intent.SEARCH, Intent.REFINE})
_BESIDE = 2  # characters of a property before a thing
_RESOLUTION = re.compile(r"[48]k(?: ?(?:的|分辨率|画质|one|ones|resolution))?|2k ?(?:的|分辨率|画质|resolution)")
_LIMITED = re.compile(r"(?:under|below|up to|max|over|have|only|spend|[<>$¥€£]|预算|不超过|最多|只有|就|花)\W*$")
_OF = re.compile(r"(?<=..)的(?=.)")

_WITHOUT = re.compile(r"(?:没有?|无|no |without )(?:any )?(?P<what>.+?)的?")


def put_right(said: Understanding, vocabulary: Vocabulary) -> Understanding:
    """The reading with its slips mended; itself where it has none."""
    said = _decided(_without_speakers(_by_sound(said, vocabulary), vocabulary))
    found = (*said.slots, *_sized(said))
    meant = [slot for slot in _untorn(found, vocabulary) if not cue("mere-praise").fullmatch(slot.text)]
    slots = tuple(_refused(_named(slot, said, vocabulary), said) for slot in meant)
    if slots == said.slots:
        return said
    no_price = any(slot.name is SlotName.PRICE for slot in said.slots) > any(
        slot.name is SlotName.PRICE for slot in slots
    )
    return replace(said, slots=slots, price=None if no_price else said.price)


def _by_sound(said: Understanding, vocabulary: Vocabulary) -> Understanding:
    """With the things that were written by their sound as the shop writes them: 耳基, 蓝呀耳机, "lanya erji"."""
    lexicon = lexicon_of(vocabulary)
    if typed := typed_right(said.text, lexicon):
        value = normalise(SlotName.CATEGORY, typed, "zh", vocabulary)
        slot = Slot(SlotName.CATEGORY, typed, value, 0, len(typed))
        read = replace(said, text=typed, language="zh", slots=(slot,), price=None, item_refs=(), quantity=None)
        return certainly(read, Intent.SEARCH)
    text, slots = said.text, []
    for slot in said.slots:
        start, right = _sounding(slot, text, lexicon)
        if right:
            text = f"{text[:start]}{right}{text[slot.end :]}"
            value = normalise(slot.name, right, "zh", vocabulary)
            slot = replace(slot, text=right, value=value, start=start)
        slots.append(slot)
    return said if text == said.text else replace(said, text=text, slots=tuple(slots))


def _sounding(slot: Slot, text: str, lexicon: Lexicon) -> tuple[int, str]:
    """Where a thing that was written by its sound begins, with the two characters before it where they belong to it
    (蓝呀耳机), and as what it is meant; empty for any other.
    """
    if slot.name is not SlotName.CATEGORY or slot.text.isascii():
        return slot.start, ""
    wider = max(slot.start - _BESIDE, 0)
    if slot.start - wider == _BESIDE and (right := thing_right(text[wider : slot.end], lexicon)):
        return wider, right
    return slot.start, thing_right(slot.text, lexicon)


def _without_speakers(said: Understanding, vocabulary: Vocabulary) -> Understanding:
    """Without those who say so (我婆婆说, "my husband thinks") and those who are greeted (你好孩子): their words name
    nothing to look for either.
    """
    people = [(slot.start, slot.end) for slot in said.slots if slot.name is SlotName.AUDIENCE]
    found = lexicon_of(vocabulary).matches(fold(said.text))
    people += [(match.start, match.end) for match in found if match.slot is SlotName.AUDIENCE]
    spoken = [
        (start, end)
        for start, end in (found.span() for found in cue("speakers").finditer(said.text))
        if any(start <= first and last <= end for first, last in people)
    ]
    if not spoken:
        return said
    letters = list(said.text)
    for start, end in spoken:
        letters[start:end] = " " * (end - start)
    slots = tuple(s for s in said.slots if not any(start <= s.start and s.end <= end for start, end in spoken))
    return replace(said, text="".join(letters), slots=slots)


def _decided(said: Understanding) -> Understanding:
    """ "Red ... in the end we decided on beige", 最后决定买米色的: what was weighed before is not wished for."""
    words = next(iter(cue("decided").finditer(said.text)), None)
    if words is None:
        return said
    after = {slot.name for slot in said.slots if slot.start >= words.end() and not slot.negated}
    weighed = after & {SlotName.COLOR, SlotName.MATERIAL, SlotName.BRAND, SlotName.CATEGORY}
    slots = tuple(slot for slot in said.slots if slot.start >= words.end() or slot.name not in weighed)
    return replace(said, slots=slots)


def _sized(said: Understanding) -> tuple[Slot, ...]:
    """三十二码, as a voice is written down, where no size was found."""
    found = _SIZE_IN_WORDS.search(said.text)
    number = chinese_number(found[1]) if found else None
    if found is None or number is None or any(slot.name is SlotName.SIZE for slot in said.slots):
        return ()
    return (Slot(SlotName.SIZE, found[0], str(int(number[0])), *found.span()),)


def _untorn(slots: Iterable[Slot], vocabulary: Vocabulary) -> list[Slot]:
    """A person with a property in the same span, 长辈的羊毛, is both."""
    found: list[Slot] = []
    for slot in slots:
        border = _OF.search(slot.text) if slot.name is SlotName.AUDIENCE else None
        rest = lexicon_of(vocabulary).matches(fold(slot.text[border.end() :])) if border else []
        if border is None or len(rest) != 1 or rest[0].slot is SlotName.AUDIENCE:
            found.append(slot)
            continue
        who, at = slot.text[: border.start()], slot.start + border.end()
        value = lexicon_of(vocabulary).value_of(SlotName.AUDIENCE, fold(who)) or who
        found.append(replace(slot, text=who, value=value, end=slot.start + len(who)))
        text = slot.text[border.end() :][rest[0].start : rest[0].end]
        found.append(Slot(rest[0].slot, text, rest[0].value, at + rest[0].start, at + rest[0].end, slot.negated))
    return found


def _named(slot: Slot, said: Understanding, vocabulary: Vocabulary) -> Slot:
    """The slot under the name that its words can have: a thing is no price, 4K neither, and 没有线的 is wireless."""
    folded = fold(slot.text).strip()
    if (
        slot.name is SlotName.SIZE
        and (found := _SIZE_IN_WORDS.fullmatch(folded))
        and (size := chinese_number(found[1]))
    ):
        return replace(slot, value=str(int(size[0])))
    if slot.name is SlotName.CATEGORY and (head := _headed(slot, folded, vocabulary)):
        return replace(slot, value=head)
    if slot.name is SlotName.PRICE and said.price is None and not re.search(r"\d", folded):
        thing = lexicon_of(vocabulary).value_of(SlotName.CATEGORY, folded)
        return replace(slot, name=SlotName.CATEGORY, value=thing) if thing else slot
    if slot.name is SlotName.PRICE and _RESOLUTION.fullmatch(folded) and not _LIMITED.search(said.text[: slot.start]):
        return replace(slot, name=SlotName.FEATURE, value=folded[:2], text=slot.text[:2])
    return _free_of(slot, folded, vocabulary) if slot.name is SlotName.FEATURE else slot


def _headed(slot: Slot, folded: str, vocabulary: Vocabulary) -> str:
    """The kind of thing that 机械表 is: a property that the shop knows, and the last character of one kind's names."""
    lexicon = lexicon_of(vocabulary)
    if (slot.name, slot.value) in vocabulary.by_value or not lexicon.value_of(SlotName.FEATURE, folded[:-1]):
        return ""
    headed = [kind for form, kind in lexicon.forms(slot.name).items() if len(form) == 2 and form[1] == folded[-1]]
    return headed[0] if len(headed) > 1 and len({*headed}) == 1 else ""


def _free_of(slot: Slot, folded: str, vocabulary: Vocabulary) -> Slot:
    """ "Without wires", 没有线的: what the shop calls wireless."""
    free = _WITHOUT.fullmatch(folded)
    if free is None and not slot.negated:
        return slot
    what = free["what"] if free else folded
    forms = (
        f"无{what}",
        *((f"无{what[0]}",) if what[1:] in _ENDINGS else ()),
        f"{what.removesuffix('s')}less",
        f"{what} free",
    )
    value = next((known for form in forms if (known := lexicon_of(vocabulary).value_of(slot.name, form))), None)
    return replace(slot, value=value, negated=False) if value else slot


def _refused(slot: Slot, said: Understanding) -> Slot:
    """The slot as refused where dialect or slang says so around it: 莫得红色的, 粉的达咩, "pink is a nope"; as wished
    for where it is missed: 没有灰色的吗？, "no grey ones?".
    """
    if slot.name not in WISHED_SLOTS:
        return slot
    if slot.negated:
        return replace(slot, negated=False) if cue("is-there-none").fullmatch(said.text.strip()) else slot
    before = any(slot.start in found.span() for found in cue("refused-before").finditer(said.text))
    ends = (found.start() for found in cue("refused-after").finditer(said.text))
    after = any(slot.start < start <= slot.end for start in ends)
    fault = (
        slot.name is SlotName.FEATURE and _WISHING & {said.intent, *said.also} and cue("faults").fullmatch(slot.text)
    )
    return replace(slot, negated=True) if before or after or fault else slot
