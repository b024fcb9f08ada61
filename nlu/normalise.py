"""From a span of a message to its normal form: the vocabulary decides what "frocks", 红的 or "my dad" mean.

Tried in turn: the surface form itself; without determiners and endings (plural, 色, 的, 款, 码); the words of the
vocabulary inside it, the last first (heads come last in both languages); one slip of the keyboard. What the
vocabulary does not know keeps its own folded words.
"""

from __future__ import annotations

import re

from nlu.fold import fold
from nlu.items import item_refs_in
from nlu.lexicon import Lexicon, lexicon_of
from nlu.numerals import chinese_number, english_number
from nlu.orders import orders_in
from nlu.prices import price_of, price_text
from nlu.quantities import quantities_in
from nlu.sizes import sizes_in
from storage.records import Language, SlotName, Vocabulary

_DETERMINERS = re.compile(r"^(?:(?:for|to|my|our|his|her|their|your|a|an|the|some|any|in|of|made of|size|brand)\s+)+")
_LEADING_ZH = re.compile(r"^(?:我的|我家|我们|我|给|送|适合|一[个件双条款只]|尺码)")
_TRAILING_ZH = re.compile(r"(?:颜色|材质|面料|色系|色|的|款|码|号|用|穿|质|制|牌|家的?|人)$")
_INSIDE = (SlotName.CATEGORY, SlotName.COLOR, SlotName.MATERIAL, SlotName.AUDIENCE, SlotName.OCCASION, SlotName.SIZE)
_YEARS = re.compile(r"(\d{1,3})\s*-?\s*(years?|yrs?|y/?o|months?|个月|岁|周岁)")
_TEEN_YEARS = 13
LONGEST = 200


def normalise(slot: SlotName, text: str, language: Language, vocabulary: Vocabulary) -> str:
    """The normal form of a slot's text: a value of the vocabulary where one fits, else the folded words.

    Prices become "20-40 USD", "<=60", "cheaper"; item_refs "2" or "-1" (empty for a pronoun); quantities "2";
    order numbers capitals without "#". At most 200 characters; never raises.
    """
    folded = " ".join(fold(text[:LONGEST]).split())
    lexicon = lexicon_of(vocabulary)
    match slot:
        case SlotName.PRICE:
            return price_text(price_of(text[:LONGEST], asked=True)) or lexicon.value_of(slot, folded) or folded
        case SlotName.ITEM_REF:
            return ",".join(str(ref) for span in item_refs_in(text[:LONGEST], shown=9) for ref in span.refs)
        case SlotName.QUANTITY:
            return _quantity(text[:LONGEST]) or folded
        case SlotName.ORDER_ID:
            orders = orders_in(f"order {text[:LONGEST]}")
            return orders[0].number if orders else folded.lstrip("# ").upper()
        case _:
            return _known(slot, folded, lexicon) or _measured(slot, text) or folded


def _known(slot: SlotName, folded: str, lexicon: Lexicon) -> str | None:
    for form in _variants(folded):
        if value := lexicon.value_of(slot, form):
            return value
    if slot is SlotName.AUDIENCE and (age := _YEARS.search(folded)):
        return _by_age(int(age[1]), age[2])
    if slot in _INSIDE and (inside := [match for match in lexicon.matches(folded) if match.slot is slot]):
        return inside[-1].value
    return lexicon.corrected(slot, folded)


def _variants(folded: str) -> list[str]:
    bare = _LEADING_ZH.sub("", _DETERMINERS.sub("", folded)).strip(" .,!?'\"")
    forms = [folded, bare, bare.replace("-", " "), bare.replace(" ", "-"), bare.replace(" ", "")]
    if bare.isascii():
        forms += [bare.removesuffix("'s"), f"{bare}s", *_singulars(bare)]
    else:
        shorter = _TRAILING_ZH.sub("", bare)
        forms += [shorter, _TRAILING_ZH.sub("", shorter), f"{shorter}色", f"{shorter}码"]
    return [form for form in forms if form]


def _singulars(word: str) -> list[str]:
    endings = (("ies", "y"), ("ves", "f"), ("ves", "fe"), ("es", ""), ("s", ""), ("ish", ""), ("y", ""), ("en", ""))
    return [word.removesuffix(end) + new for end, new in endings if word.endswith(end) and len(word) > len(end) + 2]


def _by_age(age: int, unit: str) -> str | None:
    if unit.startswith("month") or unit == "个月" or age <= 1:
        return "baby"
    return "kids" if age < _TEEN_YEARS else None


def _measured(slot: SlotName, text: str) -> str | None:
    sizes = sizes_in(text[:LONGEST], asked=True) if slot is SlotName.SIZE else ()
    return sizes[0].value if sizes else None


def _quantity(text: str) -> str | None:
    if spans := quantities_in(text):
        return str(spans[0].quantity)
    folded = fold(text)
    if number := re.search(r"\d{1,3}", folded):
        return str(int(number[0]))
    if re.search(r"\b(?:a|an|another|single|one)\b", folded) and "dozen" not in folded and "couple" not in folded:
        return "1"
    read = english_number(folded)
    if (
        read is None
        and (han := re.search(r"[一二两三四五六七八九十百]+", folded))
        and (found := chinese_number(han[0]))
    ):
        read = found[0]
    return str(read) if read is not None else None
