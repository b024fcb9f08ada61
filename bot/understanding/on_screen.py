"""What a message means beside what is on screen, where a few sure words say so: "the cheaper one" is a shown item,
"another colour" is none of this colour, "a size bigger" starts from the size that was asked for, and "actually, bags
instead" is a new wish, whatever the model takes them for. Pure; the transcript keeps what the model said.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.cues import cue
from bot.dialogue import of_ratings, residue
from bot.recall import Before
from bot.understanding.another_one import read_another_one
from bot.understanding.clarifying import certainly
from bot.understanding.compounds import made_whole
from bot.understanding.conditions import read_conditions
from bot.understanding.courtesies import read_courtesy
from bot.understanding.item_questions import read_as_question
from bot.understanding.kinds import read_kind
from bot.understanding.plain_words import read_plainly
from bot.understanding.pointing import places_named
from bot.understanding.shown_items import asks_for_different, kind_of_one, names_another_kind, read_of_items
from bot.understanding.stars import place_of_stars, without_stars
from storage.records import Intent, Need, Slot, SlotName, Understanding, Vocabulary

_LETTERS = ("XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL")
_ALREADY = frozenset({Intent.SEARCH, Intent.REFINE})
_OF_THE_SHOP = frozenset(
    {Intent.RETURN_REFUND, Intent.ORDER_CHANGE, Intent.ORDER_STATUS, Intent.SHIPPING, Intent.PAYMENT}
)
_GUESS = 0.9  # a reading less likely than that is one
_WHETHER = re.compile(r"(?:好|高|错)[吗么嘛]\W*$")  # 评价好吗 asks, 有评价好的吗 wishes


def read_on_screen(said: Understanding, before: Before, vocabulary: Vocabulary) -> Understanding:
    """The message as it is to be acted on; itself where no sure words say otherwise."""
    return (
        read_courtesy(said, before)
        or read_conditions(said, before)
        or read_another_one(said, before)
        or _new_wish(said, vocabulary)
        or _only_a_price(said, before)
        or read_plainly(said, before, vocabulary)
        or _what_about(said, before, vocabulary)
        or _whether_different(said, before)
        or _another_colour(said, before)
        or _another_size(said, before.need)
        or _other_brand(said, before)
        or _same_brand(said, before)
        or _like_one_but_cheaper(said, before)
        or _not_that_one(said, before)
        or _no_removal(said, before)
        or _bare_name(said, before, vocabulary)
        or read_of_items(said, before)
        or read_as_question(said, before, vocabulary)
        or _rated_first(said, before.need)
        or _whole_name(said, before, vocabulary)
        or read_kind(said, before, vocabulary)
        or said
    )


def _whole_name(said: Understanding, before: Before, vocabulary: Vocabulary) -> Understanding | None:
    """Half a name made whole, and read as the kind of thing that it then names."""
    whole = made_whole(said, before.need, vocabulary)
    return (read_kind(whole, before, vocabulary) or whole) if whole else None


def _new_wish(said: Understanding, vocabulary: Vocabulary) -> Understanding | None:
    """ "Actually, show me bags instead": a thing of the shop is named, and it is not read as a search."""
    if said.intent in _ALREADY or not cue("changed-mind").search(said.text):
        return None
    things = [slot for slot in said.slots if slot.name is SlotName.CATEGORY and not slot.negated]
    known = [slot for slot in things if (slot.name, slot.value) in vocabulary.by_value]
    return certainly(said, Intent.SEARCH) if known else None


def _only_a_price(said: Understanding, before: Before) -> Understanding | None:
    """ "Budget 30 bucks", 预算一百五: a price alone limits what is looked for, whether it was read as a new search or
    as a change.
    """
    rest = [slot for slot in said.slots if slot.name is not SlotName.PRICE]
    if said.intent not in _ALREADY or not said.price or rest or said.also or before.need.empty or residue(said):
        return None
    return certainly(said, Intent.REFINE)


def _what_about(said: Understanding, before: Before, vocabulary: Vocabulary) -> Understanding | None:
    """ "And chargers?", 那充电器呢: another kind of thing than is on screen, where it was read for a guess."""
    if said.intent in _ALREADY or said.confidence >= _GUESS or said.item_refs or not before.page:
        return None
    things = [slot for slot in said.slots if slot.name is SlotName.CATEGORY and not slot.negated]
    known = all((slot.name, slot.value) in vocabulary.by_value for slot in things)
    if not things or not known or not cue("what-about").fullmatch(said.text.strip(" ?？!.。")):
        return None
    return certainly(said, Intent.SEARCH) if names_another_kind(said, before.page) else None


def _whether_different(said: Understanding, before: Before) -> Understanding | None:
    """ "Can I get three in different colours?" is asked before anything is ordered, whatever it sounds like."""
    if not before.page or not asks_for_different(said.text):
        return None
    return certainly(replace(said, price=None, quantity=None), Intent.ASK_PRODUCT)


def _another_colour(said: Understanding, before: Before) -> Understanding | None:
    """ "Another colour": none of those wished for; where none was, none of what is on screen."""
    if not cue("another-color").search(said.text) or said.values(SlotName.COLOR):
        return None
    wished = {wish.value for wish in before.need.wishes if wish.name is SlotName.COLOR and not wish.negated}
    shown = {color for card in before.page for color in card.product.colors}
    unwanted = sorted(wished or shown)
    if not unwanted:
        return None
    slots = tuple(Slot(SlotName.COLOR, color, color, 0, 0, negated=True) for color in unwanted)
    return certainly(replace(said, slots=slots, price=None, item_refs=()), Intent.REFINE)


def _another_size(said: Understanding, need: Need) -> Understanding | None:
    """ "A size bigger", from the size that was wished for."""
    if cue("asks-policy").search(said.text):
        return None  # "should I size up?" asks for advice
    step = 1 if cue("bigger-size").search(said.text) else -1 if cue("smaller-size").search(said.text) else 0
    sizes = [wish.value for wish in need.wishes if wish.name is SlotName.SIZE and not wish.negated]
    size = _next(sizes[-1], step) if step and sizes else ""
    if not size:
        return None
    slots = (Slot(SlotName.SIZE, size, size, 0, 0),)
    return certainly(replace(said, slots=slots, price=None, item_refs=()), Intent.REFINE)


def _next(size: str, step: int) -> str:
    """The neighbour of a size; empty where it has none."""
    if size.upper() in _LETTERS:
        place = _LETTERS.index(size.upper()) + step
        return _LETTERS[place] if 0 <= place < len(_LETTERS) else ""
    return str(int(size) + step) if re.fullmatch(r"\d{2,3}", size) else ""


def _same_brand(said: Understanding, before: Before) -> Understanding | None:
    """ "Cheaper, but the same brand", 同品牌的: that of the item that was spoken of last, or is pointed at."""
    places = said.item_refs or ((before.focus,) if before.focus else ())
    if not cue("same-brand").search(said.text) or len(places) != 1:
        return None
    brand = next((card.product.brand for card in before.page if card.position == places[0]), "")
    if not brand:
        return None
    kept = tuple(slot for slot in said.slots if slot.name in (SlotName.COLOR, SlotName.SIZE, SlotName.MATERIAL))
    slots = (*kept, Slot(SlotName.BRAND, brand, brand.casefold(), 0, 0))
    return certainly(replace(said, slots=slots, price=None, item_refs=places), Intent.REFINE)


def _other_brand(said: Understanding, before: Before) -> Understanding | None:
    """ "Not that brand again", 换个牌子: none of the item's that was spoken of last, else none of those on screen."""
    if said.intent in _OF_THE_SHOP or not before.page or said.values(SlotName.BRAND):
        return None
    if not cue("other-brand").search(said.text):
        return None
    meant = [card for card in before.page if card.position in (*said.item_refs, before.focus)] or before.page
    brands = dict.fromkeys(card.product.brand for card in meant if card.product.brand)
    slots = tuple(Slot(SlotName.BRAND, brand, brand.casefold(), 0, 0, negated=True) for brand in brands)
    return certainly(replace(said, slots=slots, price=None, item_refs=()), Intent.REFINE) if slots else None


def _like_one_but_cheaper(said: Understanding, before: Before) -> Understanding | None:
    """ "The blue one but cheaper" is a wish, whatever is on screen: nothing of it is there to be taken."""
    if not cue("but-cheaper").search(said.text) or said.item_refs or not kind_of_one(said) or not before.page:
        return None
    places = places_named(replace(said, slots=kind_of_one(said)), [card.product for card in before.page])
    refs = (before.page[places[0]].position,) if len(places) == 1 else ()
    return certainly(replace(said, item_refs=refs, price=None), Intent.REFINE)


def _not_that_one(said: Understanding, before: Before) -> Understanding | None:
    """ "Not the black one", 黑色那个不要, about what is on screen, and not about the cart."""
    words = cue("not-that-one").fullmatch(said.text.strip(" .!。！,，"))
    if not words or not before.page or said.item_refs or (before.need.asked or "").startswith("cart"):
        return None
    slots = tuple(replace(slot, negated=True) for slot in kind_of_one(said))
    return certainly(replace(said, slots=slots, price=None), Intent.REFINE) if slots else None


def _no_removal(said: Understanding, before: Before) -> Understanding | None:
    """ "Clear one please", 不要那个，另一个棕色的, after a page: a wish, or more of the same, where nothing says that a
    thing is to leave the cart.
    """
    if said.intent is not Intent.REMOVE_FROM_CART or said.confidence >= _GUESS or not before.page or said.item_refs:
        return None
    wished = tuple(s for s in said.slots if s.name in (SlotName.COLOR, SlotName.MATERIAL, SlotName.SIZE))
    asked = (before.need.asked or "").startswith("cart")
    if asked or not wished or any(slot.negated for slot in wished) or cue("removing").search(said.text):
        return None
    known = {(wish.name, wish.value) for wish in before.need.wishes}
    again = all((slot.name, slot.value) in known for slot in wished)
    return certainly(replace(said, slots=wished, quantity=None), Intent.MORE if again else Intent.REFINE)


def _bare_name(said: Understanding, before: Before, vocabulary: Vocabulary) -> Understanding | None:
    """ "Wexcombe", "Wexcombe ones", 韦斯康的有哪些: a brand of this shop and nothing else is looked for, whatever it
    was guessed to be; the one that is on screen may be spoken of.
    """
    if said.confidence >= _GUESS or len(said.slots) != 1 or before.need.asked:
        return None
    [slot] = said.slots
    if slot.name is not SlotName.BRAND or slot.negated or (slot.name, slot.value) not in vocabulary.by_value:
        return None
    whole = slot.text.strip() == said.text.strip(" .!?。！？,，")
    shown = any(slot.value in card.product.values(slot.name) for card in before.page)
    if not whole and (shown or cue("kept-things").search(said.text) or residue(said)):
        return None
    return certainly(said, Intent.SEARCH if before.need.empty else Intent.REFINE)


def _rated_first(said: Understanding, need: Need) -> Understanding | None:
    """ "With good reviews", "4 stars and up", 评价好的: of ratings and nothing else, whatever it was taken for."""
    limited = need.least_rating is not None
    start, end = place_of_stars(said.text, limited)
    words = f"{said.text[: max(start, 0)]} {said.text[max(end, 0) :]}"
    rest = cue("beside-rated").sub("", cue("best-rated").sub(" ", words))
    rated = of_ratings(said.text) or start >= 0
    if without_stars(said, limited).item_refs or rest or not rated or _WHETHER.search(said.text):
        return None
    bare = replace(said, slots=(), price=None, item_refs=())
    return certainly(bare, Intent.SEARCH if need.empty else Intent.REFINE)
