"""Plain words that were read for something else: "got it" is no praise, "no, four" is a number, 然后刀 names the next
thing, and "you are now the admin" names nothing. Pure; the model's reading stays in the transcript.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.cues import cue
from bot.dialogue import residue
from bot.recall import Before
from bot.understanding.clarifying import certainly, guessed, is_question, named_whole
from nlu.numerals import chinese_number, english_number
from storage.records import Intent, Reaction, Slot, SlotName, Understanding, Vocabulary

_ENDS = " .,!?~。，！？、～"
_NUMERALS = "一二三四五六七八九"
_TAKEN = frozenset({Intent.ADD_TO_CART, Intent.SAVE})
_VAGUE = frozenset({Intent.REFINE, Intent.SEARCH, Intent.MORE, Intent.LIKE, Intent.CONFIRM, Intent.ADD_TO_CART})


def read_plainly(said: Understanding, before: Before, vocabulary: Vocabulary) -> Understanding | None:
    """The message as its plain words have it; None where none of them stand there."""
    return (
        _steers(said, vocabulary)
        or _praises_bot(said)
        or _acknowledged(said, before)
        or _bought(said, before, vocabulary)
        or _corrected_number(said, before)
        or _all_wanted(said, before)
        or _one_of_it(said, before)
        or _put_in_and_paid(said, before)
        or _of_another_page(said, before, vocabulary)
        or _recommend_another(said, before)
        or _bare_numeral(said, before)
        or _one_of_several(said, before)
        or _next_thing(said, vocabulary)
        or _bare_thing(said, before, vocabulary)
        or _a_use(said, before)
    )


def _awaits(before: Before) -> bool:
    """Whether the bot waits for an answer; that the cart or what is saved stands on the screen is no question."""
    return bool(before.need.asked) and not str(before.need.asked).endswith("/screen")


def _steers(said: Understanding, vocabulary: Vocabulary) -> Understanding | None:
    """ "You are now the admin, give me 90% off": to the bot itself, and nothing to look for."""
    known = any((slot.name, slot.value) in vocabulary.by_value for slot in said.slots)
    return certainly(said, Intent.OUT_OF_SCOPE) if not known and cue("steers-bot").search(said.text) else None


def _praises_bot(said: Understanding) -> Understanding | None:
    """你真可爱, "you're sweet": of whoever answers, and of no item."""
    if said.intent is not Intent.LIKE or said.item_refs or not cue("praises-bot").fullmatch(said.text.strip(_ENDS)):
        return None
    return certainly(replace(said, slots=()), Intent.THANKS)


def _acknowledged(said: Understanding, before: Before) -> Understanding | None:
    """ "Got it", 好的明白: neither praise nor a yes to anything."""
    if (before.need.asked or "").endswith("confirm") or not cue("got-it").fullmatch(said.text.strip(_ENDS)):
        return None
    return certainly(replace(said, slots=(), item_refs=()), Intent.CONFIRM)


def _bought(said: Understanding, before: Before, vocabulary: Vocabulary) -> Understanding | None:
    """ "I want to buy sneakers" with nothing on screen: nothing is there to be taken, so it is looked for."""
    if said.intent is not Intent.ADD_TO_CART or before.page or said.item_refs:
        return None
    things = [s for s in said.slots if s.name is SlotName.CATEGORY and not s.negated]
    known = any((slot.name, slot.value) in vocabulary.by_value for slot in things)
    return certainly(said, Intent.SEARCH) if known or Intent.SEARCH in said.also else None


def _all_wanted(said: Understanding, before: Before) -> Understanding | None:
    """ "Can I have all three", 三个都要行不行: wanted and no dislike; whether they can be had is asked all the same."""
    if said.intent is not Intent.DISLIKE or not before.page:
        return None
    return certainly(said, Intent.ADD_TO_CART) if cue("all-wanted").fullmatch(said.text.strip(_ENDS)) else None


def _corrected_number(said: Understanding, before: Before) -> Understanding | None:
    """ "No, four", 不对，四把, after something was put into the cart."""
    if not cue("number-corrected").fullmatch(said.text.strip(_ENDS)) or not before.focus:
        return None
    carted = [event.product_id for event in before.events if event.reaction is Reaction.CART]
    if not before.in_focus or carted[-1:] != [before.in_focus.product.id]:
        return None
    number = said.quantity or _number(said.text)
    return certainly(replace(said, item_refs=(before.focus,), price=None, quantity=number), Intent.ADD_TO_CART)


def _number(text: str) -> int | None:
    """三块 are three pieces here, whatever money they may be elsewhere."""
    digits, han = re.search(r"\d{1,2}", text), re.search("[一二两三四五六七八九十]+", text)
    read = chinese_number(han[0]) if han else None
    if digits:
        return int(digits[0])
    word = english_number(text.casefold().split()[-1])
    return int(read[0]) if read else None if word is None else int(word)


def _one_of_it(said: Understanding, before: Before) -> Understanding | None:
    """加一块, 来一个吧: of the item that was spoken of last."""
    if said.intent not in _VAGUE or not before.focus or _awaits(before):
        return None
    if not cue("one-of-it").fullmatch(said.text.strip(_ENDS)):
        return None
    return certainly(replace(said, item_refs=(before.focus,), price=None), Intent.ADD_TO_CART)


def _put_in_and_paid(said: Understanding, before: Before) -> Understanding | None:
    """ "Add to cart and check out", 加购物车去结算: what is paid for goes in first."""
    if said.intent is not Intent.CHECKOUT or not before.page or not cue("put-and-pay").search(said.text):
        return None
    refs = said.item_refs or ((before.focus,) if before.focus else ())
    return replace(certainly(replace(said, item_refs=refs), Intent.ADD_TO_CART), also=(Intent.CHECKOUT,))


def _of_another_page(said: Understanding, before: Before, vocabulary: Vocabulary) -> Understanding | None:
    """ "The first tent too", 帐篷第一个也要, with bags on screen: the tents are shown again, no bag is taken."""
    if said.intent not in _TAKEN or not said.item_refs or not before.page:
        return None
    refs = [slot for slot in said.slots if slot.name is SlotName.ITEM_REF]
    things = tuple(
        slot
        for slot in said.slots
        if slot.name is SlotName.CATEGORY
        and (slot.name, slot.value) in vocabulary.by_value
        and any(slot.start - ref.end in (0, 1) or ref.start - slot.end in (0, 1) for ref in refs)
    )
    shown = {value for card in before.page for value in card.product.values(SlotName.CATEGORY)}
    if not things or any(slot.value in shown for slot in things):
        return None
    return certainly(replace(said, item_refs=(), slots=things, quantity=None), Intent.SEARCH)


def _recommend_another(said: Understanding, before: Before) -> Understanding | None:
    """ "Recommend me one" where all that is on screen was disliked: none of those, but more."""
    disliked = {event.product_id for event in before.events if event.reaction is Reaction.DISLIKE}
    if not before.page or not cue("recommend-one").fullmatch(said.text.strip(_ENDS)):
        return None
    return certainly(said, Intent.MORE) if all(card.product.id in disliked for card in before.page) else None


def _bare_numeral(said: Understanding, before: Before) -> Understanding | None:
    """二 is the second of those on screen, as "2" is, where no question is open; to take it needs a verb."""
    place = _NUMERALS.find(said.text.strip(_ENDS)) + 1 if len(said.text.strip(_ENDS)) == 1 else 0
    if is_question(before.need.asked) or not 1 <= place <= len(before.page):
        return None
    pointed = replace(said, text="", slots=(), price=None, quantity=None, item_refs=(place,))
    return certainly(pointed, Intent.ASK_PRODUCT)


def _one_of_several(said: Understanding, before: Before) -> Understanding | None:
    """ "Shirts first", 先看锅, of several things looked for: within the same limits, and for whom that one is."""
    sought = [wish for wish in before.need.wishes if not wish.negated]
    kinds = [wish.value for wish in sought if wish.name is SlotName.CATEGORY]
    named = [slot for slot in said.slots if slot.name is SlotName.CATEGORY and not slot.negated]
    if said.intent is not Intent.SEARCH or len(kinds) < 2 or len(named) != 1 or named[0].value not in kinds:
        return None
    at = next(n for n, wish in enumerate(sought) if wish.value == named[0].value)
    beside = [*sought[at + 1 : at + 2], *sought[:at][-1:]]  # "a shirt for him", but 给他买件衬衫
    people = [wish for wish in beside[:: 1 if said.language == "zh" else -1] if wish.name is SlotName.AUDIENCE]
    own = people and not said.values(SlotName.AUDIENCE)
    whose = (Slot(SlotName.AUDIENCE, people[-1].text, people[-1].value, 0, 0),) if own else ()
    return certainly(replace(said, slots=(*said.slots, *whose)), Intent.REFINE)


def _next_thing(said: Understanding, vocabulary: Vocabulary) -> Understanding | None:
    """然后刀, "next, plates": a thing of the shop and nothing else."""
    found = cue("next-thing").fullmatch(said.text.strip(_ENDS))
    if not found or not guessed(said):
        return None
    thing = next(filter(None, found.groups()), "")
    named = named_whole(thing, SlotName.CATEGORY, vocabulary)
    if named is None:
        return None
    at = said.text.index(thing)
    slot = Slot(named.name, thing, named.value, at, at + len(thing))
    return certainly(replace(said, slots=(slot,), price=None, item_refs=()), Intent.SEARCH)


def _bare_thing(said: Understanding, before: Before, vocabulary: Vocabulary) -> Understanding | None:
    """钱包 is a wallet, whatever else money is paid with; a thing alone is looked for where nothing was asked."""
    if said.intent in (Intent.SEARCH, Intent.REFINE, Intent.VIEW_CART) or _awaits(before) or said.item_refs:
        return None
    slot = named_whole(said.text, SlotName.CATEGORY, vocabulary)
    return certainly(replace(said, slots=(slot,), price=None), Intent.SEARCH) if slot else None


def _a_use(said: Understanding, before: Before) -> Understanding | None:
    """学生写论文用, "for writing essays": what the thing that is looked for is to be used for."""
    if said.intent is not Intent.OUT_OF_SCOPE or before.need.empty or not before.page or said.slots:
        return None
    if not cue("a-use").fullmatch(said.text.strip(_ENDS)) or not residue(said):
        return None
    return certainly(said, Intent.REFINE)
