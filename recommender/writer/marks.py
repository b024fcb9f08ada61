"""Facts in a sentence, each replaced by one private character: what remains is what the facts do not explain.

Values carry in their mark the slot they belong to, and whether the shopper asked for them or is known to like them, so
that a claim about asking or liking can demand the right one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from recommender.writer.amounts import count_pattern, money_pattern, number_pattern
from recommender.writer.contract import CardFacts
from storage.records import Language, ReasonCode, SlotName


class Mark(StrEnum):
    """A fact's private character."""

    NAME = "\ue001"
    OTHER = "\ue002"
    PRICE = "\ue003"
    LIMIT = "\ue004"
    RATING = "\ue005"
    COUNT = "\ue006"
    WORDS = "\ue007"
    MEASURE = "\ue008"
    CARDS = "\ue009"
    CLAIM = "\ue00a"


# These say nothing wrong wherever they stand; the others need a claim around them that names what they are.
FREE = frozenset({Mark.NAME, Mark.PRICE, Mark.RATING, Mark.COUNT, Mark.MEASURE, Mark.CARDS, Mark.CLAIM})
_VALUES, _WISHED, _LIKED = 0xE100, 1, 2
_SLOTS = tuple(SlotName)
_TASTE_SLOTS = {
    ReasonCode.LIKES_BRAND: SlotName.BRAND,
    ReasonCode.LIKES_CATEGORY: SlotName.CATEGORY,
    ReasonCode.LIKES_COLOR: SlotName.COLOR,
    ReasonCode.LIKES_MATERIAL: SlotName.MATERIAL,
}
_EXACT = frozenset({SlotName.BRAND, SlotName.SIZE})  # these are read with their capitals
# Borders of Latin words; Chinese letters may touch them.
_BEFORE, _AFTER = r"(?<![A-Za-z0-9_-])", r"(?![A-Za-z0-9_-])"
ANY_VALUE = f"[{chr(_VALUES)}-{chr(_VALUES + 4 * len(_SLOTS) - 1)}]"


def value_mark(slot: SlotName, *, wished: bool = False, liked: bool = False) -> str:
    """The character of a value."""
    return chr(_VALUES + 4 * _SLOTS.index(slot) + _WISHED * wished + _LIKED * liked)


def is_value(letter: str) -> bool:
    """Whether a character is the mark of a value."""
    return _VALUES <= ord(letter) < _VALUES + 4 * len(_SLOTS)


def macros() -> dict[str, str]:
    """Names of marks as patterns of claims write them: {PRICE}, {WISHED}, {LIKED_COLOR}, {VALUE}, {COLOR}."""
    wished = [value_mark(slot, wished=True, liked=liked) for slot in _SLOTS for liked in (False, True)]
    named = {"VALUE": ANY_VALUE, "WISHED": f"[{''.join(wished)}]"}
    for slot in _SLOTS:
        flags = [(wished, liked) for wished in (False, True) for liked in (False, True)]
        named[slot.name] = f"[{''.join(value_mark(slot, wished=w, liked=k) for w, k in flags)}]"
        named[f"LIKED_{slot.name}"] = f"[{''.join(value_mark(slot, wished=w, liked=True) for w in (False, True))}]"
    # A price is both: as a mark it is the amount.
    return named | {mark.name: mark.value for mark in Mark}


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    mark: Callable[[re.Match[str]], str]


def marked(text: str, facts: CardFacts, language: Language, *, prices: tuple[Decimal, ...], cards: int = 0) -> str:
    """The text with every fact in it replaced by its mark, longer facts before shorter ones.

    Args:
        prices: amounts that may be said as a price.
        cards: how many cards there are, where that may be said; else 0.
    """
    for rule in (*_named(facts), *_amounts(facts, language, prices), *_measured(facts), *_values(facts, language)):
        text = rule.pattern.sub(rule.mark, text)
    if cards:
        counted = count_pattern(cards, language)
        counted = rf"这?{counted}[款件个条双台只]" if language == "zh" else counted
        text = re.compile(counted, re.IGNORECASE).sub(Mark.CARDS, text)
    return text


def _rule(pattern: str, mark: str, *, exact: bool = False) -> _Rule:
    return _Rule(re.compile(pattern, 0 if exact else re.IGNORECASE), lambda _: mark)


def _named(facts: CardFacts) -> list[_Rule]:
    found = [(facts.name, Mark.NAME), (facts.similar_to, Mark.OTHER)]
    named = sorted((pair for pair in found if pair[0]), key=lambda pair: -len(pair[0]))
    rules = [_rule(f"[“\"'‘《「]?{_word(name)}[”\"'’》」]?", mark) for name, mark in named]
    if facts.words:
        rules.append(_rule(f"[“\"'‘「]{_word(facts.words)}[”\"'’」]", Mark.WORDS))
    return rules


def _measured(facts: CardFacts) -> list[_Rule]:
    rules = []
    for name, value in facts.measures.items():
        told, measured = _word(name), _word(value)
        ways = (rf"{told}(?: ?[:：]| of| is|为|达)? ?{measured}", rf"(?:an? )?{measured}(?: of)? ?{told}")
        rules.append(_rule("|".join(ways), Mark.MEASURE))
    return rules


def _amounts(facts: CardFacts, language: Language, prices: tuple[Decimal, ...]) -> list[_Rule]:
    rules = []
    if facts.limit is not None and facts.limit not in prices:
        rules.append(_rule(money_pattern(facts.limit, facts.currency, language), Mark.LIMIT))
    rules += [_rule(money_pattern(price, facts.currency, language), Mark.PRICE) for price in prices]
    if facts.rating is not None:
        rating = number_pattern(Decimal(str(facts.rating)), language)
        rules.append(_rule(_RATING[language].replace("{N}", rating), Mark.RATING))
    if facts.rating_count:
        count = number_pattern(Decimal(facts.rating_count), language)
        rules.append(_rule(_COUNT[language].replace("{N}", count), Mark.COUNT))
    return rules


_RATING = {
    "en": r"(?:(?:rated|scores|a rating of|rating of|rating:|★) ?(?:an? )?{N}(?:[- ]stars?| out of 5(?: stars)?|/5)?"
    r"|(?:an? )?{N}(?:[- ]stars?| out of 5(?: stars)?|/5)(?: rating)?)",
    "zh": r"(?:(?:评分|平均评分|买家评分|★) ?(?:为|是|有|达|高达|达到|：)? ?{N} ?(?:分|星|颗星)?"
    r"|{N} ?(?:分|星|颗星)(?:的?评分)?)",
}
_COUNT = {
    "en": r"(?:(?:from|by|among|based on|across|with) )?{N} (?:buyers?|ratings?|reviews?|shoppers?|customers?|people"
    r"|buyer ratings|buyer reviews|customer ratings|customer reviews)",
    "zh": r"(?:来自|经|由|共|已有|有)?{N} ?(?:位|名|个|条|人)(?:买家|顾客|用户|评价|评分)?(?:的?评分|的?评价|打分)?",
}


def _values(facts: CardFacts, language: Language) -> list[_Rule]:
    """One rule for sizes, which need their unit, and one for all other values, the longest word first."""
    rules = _sizes(facts, language)
    words: dict[str, str] = {}
    exact: dict[str, str] = {}
    for slot, values in facts.values.items():
        if slot is SlotName.SIZE:
            continue
        liked = {word for code, each in facts.liked.items() if _TASTE_SLOTS.get(code) is slot for word in each}
        for value in values:
            mark = value_mark(slot, wished=value in facts.wished, liked=value in liked)
            for form in _forms(value, slot, language):
                (exact if slot in _EXACT else words).setdefault(form if slot in _EXACT else form.casefold(), mark)
    for table, flag in ((exact, 0), (words, re.IGNORECASE)):
        if table:
            pattern = re.compile(_any_word(table), flag)
            rules.append(_Rule(pattern, _lookup(table, bool(flag))))
    return rules


def _lookup(table: dict[str, str], fold: bool) -> Callable[[re.Match[str]], str]:
    def mark(found: re.Match[str]) -> str:
        form = " ".join(re.split(r"[ -]", found["form"]))
        return table[form.casefold() if fold else form]

    return mark


def _sizes(facts: CardFacts, language: Language) -> list[_Rule]:
    sizes = facts.values.get(SlotName.SIZE, ())
    if not sizes:
        return []
    one = f"(?:{'|'.join(re.escape(size) for size in sorted(sizes, key=len, reverse=True))})"
    if language == "zh":
        many = rf"{one}(?:[、和/,]{one})*"
        told = rf"(?:尺码|码数|鞋码|尺寸)(?:有|为|：)?{many}码?"
        pattern = rf"(?<![A-Za-z0-9.])(?:{many} ?[码号]|{told})(?![A-Za-z0-9.])"
    else:
        many = rf"{one}(?:(?:, and |, or |, | and | or |/){one})*"
        pattern = rf"{_BEFORE}(?:[Ss]izes?:? {many}){_AFTER}(?!\.\d)"
    wished = any(size in facts.wished for size in sizes) and len(sizes) == 1
    return [_rule(pattern, value_mark(SlotName.SIZE, wished=wished), exact=True)]


def _forms(value: str, slot: SlotName, language: Language) -> Iterable[str]:
    """A word with its plural or singular; spelt with spaces where the value has hyphens."""
    base = " ".join(re.split(r"[ -]", value))
    yield base
    if language == "zh" or slot is not SlotName.CATEGORY:
        return
    if base.endswith("s"):
        yield base[:-1]
        if base.endswith(("ses", "xes", "ches", "shes")):
            yield base[:-2]
    else:
        yield f"{base}es" if base.endswith(("s", "x", "ch", "sh")) else f"{base}s"


def _word(text: str) -> str:
    """A text as it stands, with its borders where it has such; a possessive belongs to it."""
    escaped = re.escape(text).replace(r"\ ", r"[ \u00a0]").replace("'", "['’]")
    before = _BEFORE if text[0].isascii() and text[0].isalnum() else ""
    after = f"(?:['’]s)?{_AFTER}" if text[-1].isascii() and text[-1].isalnum() else ""
    return f"{before}{escaped}{after}"


def _any_word(table: Iterable[str]) -> str:
    forms = sorted(table, key=len, reverse=True)
    bordered = [re.escape(form).replace(r"\ ", "[ -]") for form in forms if form.isascii()]
    parts = [f"{_BEFORE}(?:{'|'.join(bordered)}){_AFTER}"] if bordered else []
    parts += [re.escape(form) for form in forms if not form.isascii()]
    return f"(?P<form>{'|'.join(parts)})(?:['’]s)?"
