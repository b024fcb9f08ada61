"""What a message says about the cart beside its intent: change a number, one more, all of it, and which line. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.cues import cue
from bot.errands.cart.positions import Position
from bot.understanding.pointing import places_named
from nlu.numerals import chinese_number, english_number
from storage.cart import MOST_PIECES
from storage.records import SlotName, Understanding, Vocabulary

_NUMBER = re.compile(
    r"(\d{1,3})|([一二两三四五六七八九十百]{1,4})|\b(one|two|three|four|five|six|seven|eight|nine|ten)\b", re.I
)


def changes_number(said: Understanding) -> bool:
    """ "Make it two", 改成两件, "no, four"."""
    return bool(cue("cart-change").search(said.text) or cue("number-corrected").fullmatch(said.text.strip(" .!。！")))


def wants_all(said: Understanding) -> bool:
    """ "Empty my cart", 清空."""
    return bool(cue("cart-all").search(said.text))


def of_the_saved(said: Understanding) -> bool:
    """ "From my saved items", 收藏里的."""
    return bool(cue("saved-items").search(said.text))


def step_of(said: Understanding) -> int:
    """1 for "one more", -1 for "two fewer", else 0."""
    if cue("cart-fewer").search(said.text):
        return -1
    return 1 if cue("cart-another").search(said.text) else 0


def names_another_thing(said: Understanding, held: Sequence[Position], vocabulary: Vocabulary) -> bool:
    """ "One more pair of socks", where the cart has none: a kind of thing that no line is of."""
    kinds = {kind for kind in said.values(SlotName.CATEGORY) if (SlotName.CATEGORY, kind) in vocabulary.by_value}
    return bool(kinds) and not any(kinds & set(p.product.categories) for p in held if p.product)


def number_in(said: Understanding) -> int | None:
    """How many pieces are meant, 0..99: as understood, else the number that stands in the words but names no line."""
    if said.quantity is not None:
        return min(said.quantity, MOST_PIECES)
    letters = list(said.text)
    for slot in said.slots:
        if slot.name is SlotName.ITEM_REF:
            letters[slot.start : slot.end] = " " * (slot.end - slot.start)
    found = _NUMBER.search("".join(letters))
    if found is None:
        return None
    digits, han, word = found.groups()
    if han:
        numbers = chinese_number(han)
        return min(int(numbers[0]), MOST_PIECES) if numbers else None
    number = int(digits) if digits else english_number(word.casefold())
    return None if number is None else min(int(number), MOST_PIECES)


def lines_meant(said: Understanding, held: Sequence[Position], latest: str = "") -> tuple[Position, ...]:
    """The lines that a message means: by number, by name, the only one, or the one of the product `latest` added."""
    if said.item_refs:
        places = [ref - 1 if ref > 0 else len(held) + ref for ref in said.item_refs]
        return tuple(held[place] for place in dict.fromkeys(places) if 0 <= place < len(held))
    if named := places_named(said, [position.product for position in held]):
        return tuple(held[place] for place in named)
    corrected = {SlotName.PRICE} if changes_number(said) else set()  # 三块 are three pieces here
    if any(slot.name not in {SlotName.QUANTITY, SlotName.ITEM_REF, *corrected} for slot in said.slots):
        return ()
    if len(held) == 1:
        return (held[0],)
    return tuple(position for position in held if position.line.product_id == latest)[-1:]
