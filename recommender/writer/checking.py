"""Whether a written sentence says nothing but its facts: a closed world, and no list of lies.

Each fact is replaced by a mark, each claim that the facts bear out likewise, and what is left must be function words
and harmless description from a shipped list. A wrong number, another product's colour, a superlative that is not true
of this page, a promise, a link, an order, a word of another language: none of them is in that list, so none of them
passes.

Precision comes first. A sentence that is refused costs its shopper a template; one that lies costs the shop.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from recommender.facts import ENOUGH_RATINGS
from recommender.writer.contract import OPENING, CardFacts, PageFacts, Sentence
from recommender.writer.marks import FREE, is_value, macros, marked
from recommender.writer.untrusted import data_lines, has_invisible
from storage.records import Language, ReasonCode, SlotName

LONGEST = {"en": 220, "zh": 110}  # code points
_PUNCTUATION = {
    "en": frozenset(" ,.;:!'\"‘’“”()–—-&…\u00a0"),
    "zh": frozenset(" ，。！、；：“”‘’（）《》…—·,.;:!()-&\"'"),
}
_MOST_EXCLAMATIONS = 1
_ENDING = re.compile(r"[.!。！…][”\"’')）]?$")  # an answer that was cut short stops in the middle
_ENGLISH_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_LONGEST_PHRASE = 8  # Chinese characters of one harmless phrase


@dataclass(frozen=True, slots=True)
class Verdict:
    """`why` names what the facts do not explain; "" for a sentence that may be shown."""

    why: str = ""

    @property
    def ok(self) -> bool:
        return not self.why


def check(sentence: Sentence, page: PageFacts) -> Verdict:
    """Judges one sentence of a page. Pure; a position that is not on the page is refused."""
    text, language = sentence.text, page.language
    if fault := _form(text, language):
        return Verdict(fault)
    over_page = sentence.position == OPENING
    facts = shared_facts(page.cards) if over_page else _card(sentence.position, page)
    if facts is None:
        return Verdict("no such card")
    prices = {min(c.price for c in page.cards), max(c.price for c in page.cards)} if over_page else {facts.price}
    # Where a price is the whole budget, its figure may stand for either.
    readings = [prices] if facts.limit not in prices else [prices, prices - {facts.limit}]
    for reading in readings:
        cards = len(page.cards) if over_page else 0
        left = _claimed(marked(text, facts, language, prices=tuple(sorted(reading)), cards=cards), facts, page)
        why = _unexplained(left, language, over_page=over_page)
        if not why:
            break
    return Verdict(why)


def _card(position: int, page: PageFacts) -> CardFacts | None:
    return next((card for card in page.cards if card.position == position), None)


def shared_facts(cards: Sequence[CardFacts]) -> CardFacts:
    """What is true of every card of a page: all that the sentence over it may say."""
    first = cards[0]
    values: dict[SlotName, tuple[str, ...]] = {}
    for slot, words in first.values.items():
        if shared := tuple(word for word in words if all(word in card.values.get(slot, ()) for card in cards)):
            values[slot] = shared
    one_money = all(card.currency == first.currency for card in cards)
    within = one_money and all(card.limit == first.limit is not None for card in cards)
    return CardFacts(
        position=OPENING,
        price=max(card.price for card in cards),
        currency=first.currency if one_money else "",
        limit=first.limit if within else None,
        values=values,
        wished=frozenset.intersection(*(card.wished for card in cards)),
        reasons=frozenset.intersection(*(card.reasons for card in cards)) - _PERSONAL,
    )


# These name something of one card; over a page they would have nothing to point at.
_PERSONAL = frozenset(ReasonCode) - {
    ReasonCode.HAS_WISH,
    ReasonCode.MATCHES_MEANING,
    ReasonCode.MATCHES_WORDS,
    ReasonCode.WITHIN_BUDGET,
    ReasonCode.WELL_RATED,
    ReasonCode.POPULAR,
    ReasonCode.NEW,
    ReasonCode.IN_STOCK,
}


def _form(text: str, language: Language) -> str:
    """What is wrong with a sentence before its meaning is looked at."""
    if not text.strip():
        return "empty"
    if len(text) > LONGEST[language]:
        return "too long"
    if not _ENDING.search(text.rstrip()):
        return "unfinished"
    if has_invisible(text):
        return "invisible characters"
    return "too loud" if text.count("!") + text.count("！") > _MOST_EXCLAMATIONS else ""


# --- claims -----------------------------------------------------------------------------------------


def _claimed(text: str, facts: CardFacts, page: PageFacts) -> str:
    """The text with every claim that holds replaced by its mark."""
    for condition, pattern in _claims(page.language):
        if _CONDITIONS[condition](facts, page):
            text = pattern.sub(_CLAIM, text)
    return text


def _has(code: ReasonCode) -> Callable[[CardFacts, PageFacts], bool]:
    return lambda facts, page: code in facts.reasons


def _below(facts: CardFacts, page: PageFacts) -> bool:
    return facts.limit is not None and facts.price < facts.limit


def _asked(facts: CardFacts, page: PageFacts) -> bool:
    return bool(facts.reasons & {ReasonCode.HAS_WISH, ReasonCode.MATCHES_MEANING, ReasonCode.MATCHES_WORDS})


def _cheapest(facts: CardFacts, page: PageFacts) -> bool:
    others = [card for card in page.cards if card.position != facts.position]
    comparable = all(card.currency == facts.currency and facts.price < card.price for card in others)
    return bool(others) and facts.position != OPENING and comparable


def _top_rated(facts: CardFacts, page: PageFacts) -> bool:
    others = [card for card in page.cards if card.position != facts.position]
    if not others or facts.rating is None or facts.rating_count < ENOUGH_RATINGS:
        return False
    return all(card.rating is not None and card.rating < facts.rating for card in others)


_CLAIM = macros()["CLAIM"]
_CONDITIONS: dict[str, Callable[[CardFacts, PageFacts], bool]] = {
    "price": lambda facts, page: facts.position != OPENING,
    "range": lambda facts, page: facts.position == OPENING,
    "limit": lambda facts, page: facts.limit is not None,
    "below": _below,
    "rating": lambda facts, page: facts.rating is not None,
    "well_rated": _has(ReasonCode.WELL_RATED),
    "popular": _has(ReasonCode.POPULAR),
    "new": _has(ReasonCode.NEW),
    "stock": _has(ReasonCode.IN_STOCK),
    "season": _has(ReasonCode.IN_SEASON),
    "wished": lambda facts, page: bool(facts.wished),
    "asked": _asked,
    "words": lambda facts, page: bool(facts.words),
    "liked": lambda facts, page: bool(facts.liked),
    "session": _has(ReasonCode.LIKE_SESSION),
    "other": lambda facts, page: bool(facts.similar_to),
    "cheapest": _cheapest,
    "top_rated": _top_rated,
}


@cache
def _claims(language: Language) -> tuple[tuple[str, re.Pattern[str]], ...]:
    names = macros()
    found = []
    for line in data_lines(f"claims.{language}.tsv"):
        condition, pattern = line.split("\t")
        for name, mark in names.items():
            pattern = pattern.replace(f"{{{name}}}", mark)
        borders = (r"(?<![A-Za-z])", r"(?![A-Za-z])") if language == "en" else ("", "")
        found.append((condition, re.compile(f"{borders[0]}(?:{pattern}){borders[1]}", re.IGNORECASE)))
    return tuple(found)


# --- what is left -----------------------------------------------------------------------------------


def _unexplained(left: str, language: Language, *, over_page: bool) -> str:
    """The first thing that neither a fact nor the list of harmless words explains, "" where there is none."""
    rest = "".join("\n" if letter in FREE or is_value(letter) else letter for letter in left)
    strange = (_strange_words if language == "en" else _strange_runs)(rest, over_page)
    if strange:
        return strange[0]
    letters = _ENGLISH_WORD.sub(" ", rest) if language == "en" else _HAN_RUN.sub(" ", rest)
    odd = next((letter for letter in letters if letter != "\n" and letter not in _PUNCTUATION[language]), "")
    return repr(odd) if odd else ""


def _strange_words(rest: str, over_page: bool) -> list[str]:
    phrases, words = _harmless_english(over_page)
    rest = phrases.sub(" ", rest)
    return [word for word in _ENGLISH_WORD.findall(rest) if word.casefold().replace("’", "'") not in words]


def _strange_runs(rest: str, over_page: bool) -> list[str]:
    phrases = _harmless_chinese(over_page)
    return [run for run in _HAN_RUN.findall(rest) if not _covered(run, phrases)]


def _covered(run: str, phrases: frozenset[str]) -> bool:
    """Whether harmless phrases laid end to end make the run."""
    reached = [True] + [False] * len(run)
    for end in range(1, len(run) + 1):
        reached[end] = any(
            reached[start] and run[start:end] in phrases for start in range(max(0, end - _LONGEST_PHRASE), end)
        )
    return reached[-1]


def harmless(language: Language, *, over_page: bool = False) -> list[str]:
    """The shipped words and phrases that claim nothing; those that only a whole page may use where it is one."""
    separator = ", " if language == "en" else " "
    lines = [(line.startswith("> "), line.removeprefix("> ")) for line in data_lines(f"harmless.{language}.txt")]
    return [entry for page_only, line in lines if over_page or not page_only for entry in line.split(separator)]


@cache
def _harmless_english(over_page: bool) -> tuple[re.Pattern[str], frozenset[str]]:
    entries = harmless("en", over_page=over_page)
    phrases = sorted((entry for entry in entries if " " in entry), key=len, reverse=True)
    pattern = "|".join(re.escape(phrase).replace("'", "['’]") for phrase in phrases)
    words = frozenset(entry.casefold() for entry in entries if " " not in entry)
    return re.compile(rf"(?<![A-Za-z'’-])(?:{pattern})(?![A-Za-z'’-])", re.IGNORECASE), words


@cache
def _harmless_chinese(over_page: bool) -> frozenset[str]:
    return frozenset(harmless("zh", over_page=over_page))
