"""What the parts of a wish are called in a sentence: "dresses", "size M", "for my mom", 42 码, 女款.

Normal forms are for filters; a shopper reads words of her own language, in the form that stands well between others.
"""

from __future__ import annotations

import re

from bot.reply import Line
from bot.understanding.narrower import own_plural
from storage.records import Language, SlotName, Vocabulary, Wish

_OWN_WORDS = frozenset({SlotName.OCCASION, SlotName.FEATURE, SlotName.BRAND})
_MEASURE = re.compile(r"(?:X{0,4}[SL]|M|\d{1,3}(?:\.5)?)", re.IGNORECASE)
_FOR = re.compile(r"^(?:for|to)\s+", re.IGNORECASE)
_KIND_OF_PERSON = re.compile(r"(?:[男女]|男女通用|儿童|婴儿|宝宝|童)[士款式生性装人]?的?")
_GIVEN = re.compile(r"^[给送帮]")
_END = re.compile(r"[的款穿用]+$")


def wish_line(wish: Wish, vocabulary: Vocabulary, language: Language) -> Line:
    """One wish as a chip reads it."""
    name = wish_name(wish, vocabulary, language)
    return Line("chip-not", {"value": name}) if wish.negated else name


def wish_name(wish: Wish, vocabulary: Vocabulary, language: Language) -> Line:
    """The wished thing itself, whether it is wanted or not."""
    match wish.name:
        case SlotName.SIZE if _MEASURE.fullmatch(wish.value):
            return Line("chip-size", {"value": wish.value.upper()})
        case SlotName.SIZE if _own_measure(wish, vocabulary, language):
            return Line("chip-value", {"value": wish.text})
        case SlotName.CATEGORY if _own_name(wish, vocabulary, language):
            return Line("chip-value", {"value": wish.text})
        case SlotName.CATEGORY if language == "en" and (plural := own_plural(wish, vocabulary)):
            return Line("chip-value", {"value": plural})
        case SlotName.AUDIENCE:
            return _audience(wish, vocabulary, language)
        case name if name in _OWN_WORDS and wish.text and not _better_named(wish, vocabulary, language):
            return Line("chip-value", {"value": wish.text})
        case name:
            return Line("chip-value", {"value": value_name(name, wish.value, vocabulary, language)})


def value_name(slot: SlotName, value: str, vocabulary: Vocabulary, language: Language) -> str:
    """A normal form in words. English kinds of thing are plural already, as headers want them."""
    if slot is SlotName.CATEGORY and language == "en":
        return value
    if slot is SlotName.SIZE and _MEASURE.fullmatch(value):
        return value.upper()
    label = vocabulary.label(slot, value, language)
    return f"{label}士" if slot is SlotName.AUDIENCE and label in ("男", "女") else label


def _own_measure(wish: Wish, vocabulary: Vocabulary, language: Language) -> bool:
    """Whether a size is best named as it was said: 28寸, whose normal form is English."""
    own = bool(wish.text) and wish.text.isascii() == (language == "en")
    return own and (wish.name, wish.value) not in vocabulary.by_value


def _own_name(wish: Wish, vocabulary: Vocabulary, language: Language) -> bool:
    """Whether the shopper's own word for the thing says more than ours and reads well: earbuds, hiking boots, 红茶.

    English headers want a plural ("dresses", not "dress"), or our own word with another in front ("black tea").
    """
    term = vocabulary.by_value.get((wish.name, wish.value))
    said = wish.text.casefold()
    if term is None or said not in {form.casefold() for form in (term.zh if language == "zh" else term.en)}:
        return False
    return language == "zh" or bool(re.search(r"[^s]s$", said)) or said.endswith(f" {wish.value}")


def _better_named(wish: Wish, vocabulary: Vocabulary, language: Language) -> bool:
    """Whether the shop has a better word than the span: 生日 for 生日礼, or the word of the language now spoken."""
    term = vocabulary.by_value.get((wish.name, wish.value))
    if term is None:
        return False
    forms = term.zh if language == "zh" else term.en
    return wish.text.casefold() not in {form.casefold() for form in forms}


def _audience(wish: Wish, vocabulary: Vocabulary, language: Language) -> Line:
    """ "for my mom", 给妈妈; a kind of person, "mens" or 男, by the shop's own word for it: "for men", 男款."""
    said = wish.text.strip()
    term = vocabulary.by_value.get((SlotName.AUDIENCE, wish.value))
    if language == "zh":
        said = _END.sub("", _GIVEN.sub("", said))
        kind = not said or said.isascii() or bool(_KIND_OF_PERSON.fullmatch(said))
    else:
        said = _FOR.sub("", said)
        kind = not said or not said.isascii() or (term is not None and said.casefold() in _words_of_kind(term.en))
    if kind:
        return Line("chip-audience", {"kind": wish.value, "value": vocabulary.label(wish.name, wish.value, language)})
    return Line("chip-for", {"value": said})


def _words_of_kind(words: tuple[str, ...]) -> set[str]:
    """The words of a term that say what people, not which person: "womens", "lady", not "mom" or "her"."""
    return {word for word in words if word not in _PERSONS}


_PERSONS = frozenset(
    {"girlfriend", "wife", "mom", "mum", "mother", "grandma", "her", "sister", "boyfriend", "husband", "dad", "father"}
    | {"grandpa", "him", "brother", "son", "daughter", "nephew", "niece", "couple", "everyone"}
)
