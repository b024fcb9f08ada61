"""A question about one shown item, answered from its row alone: a stated figure or value, or the very sentence. Pure.

"No" is said only of what the shop lists (a colour that is not among the listed ones, a figure that is stated). What is
not stated is not said: never a guess.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.attributes import attribute_name
from bot.cues import cue
from bot.errands.items.aspects import Aspect, aspects_of
from bot.errands.items.facts import FEATURES, STOCK, Fact, facts_of, labels_of, stock_line
from bot.errands.items.kinds import AskedKind, asked_kind
from bot.errands.items.measures import holds, measured, measures_in, relation
from bot.errands.items.sentences import Found, by_aspect, by_words, sentences_of
from bot.naming import value_name
from bot.reply import Line
from bot.understanding.release import names_a_part
from recommender.wishes import wanted_of
from storage.records import Language, Need, Product, Slot, SlotName, Understanding, Vocabulary, Wish
from storage.saved import is_there
from storage.segment import Segmenter

Likeness = Callable[[str, Sequence[str]], Sequence[float] | None]
_LISTED = (SlotName.COLOR, SlotName.MATERIAL, SlotName.SIZE, SlotName.AUDIENCE)
_ITEM = re.compile(
    r"\b(?:the )?(?:first|second|third|fourth|fifth)(?: one)?\b|\bthe last(?: one)?\b"
    r"|第[一二三四五六七八九十\d]+[个件款双条只台]?|最后一[个件款]"
)


_SIZE = re.compile(r"X{0,4}[SL]|M|\d{1,3}(?:\.5)?|[2-5]XL", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found: `kind` is "yes", "no", "fact", "quote" or "unsaid"; `quoted` the place of the sentence, -1 for
    none; `facts` the keys of the facts that were told.
    """

    kind: str
    lines: tuple[Line, ...]
    quoted: int = -1
    facts: tuple[str, ...] = ()


def is_general(said: Understanding) -> bool:
    """Whether a message asks for all there is to know rather than for one thing."""
    text = said.text
    if (
        measures_in(text)
        or aspects_of(text)
        or _asked_facts(text)
        or _asked_values(said)
        or cue("discount").search(text)
    ):
        return False
    return not _ITEM.sub(" ", text).strip(" ?？!.。") or bool(cue("details").search(text))


def answered(
    said: Understanding,
    product: Product,
    vocabulary: Vocabulary,
    language: Language,
    segment: Segmenter,
    likeness: Likeness | None = None,
) -> Answer:
    """The answer. `likeness`: the cosine of the question with each of some sentences, where there is an encoder."""
    question = _ITEM.sub(" ", said.text)
    facts = {fact.key: fact for fact in facts_of(product, vocabulary, language)}
    sentences = sentences_of(product.description_in(language))
    aspects = aspects_of(question)
    return (
        _by_price(said, product)
        or _by_saving(question, product)
        or _by_figure(question, product, language, aspects)
        or _by_value(said, product, vocabulary, language, sentences)
        or _by_fact(question, facts, product, aspects, language)
        or _by_feature(aspects, product, vocabulary, language, sentences)
        or _by_sentence(question, aspects, sentences, product, segment, likeness)
        or Answer("unsaid", (Line("item-does-not-say"),))
    )


def _by_price(said: Understanding, product: Product) -> Answer | None:
    """ "Is it under $50?", from the price of the row; in another currency the price alone is told."""
    limit = said.price
    if limit is None or (limit.min is None and limit.max is None):
        return None
    money = {"amount": product.price, "currency": product.currency}
    if limit.currency not in (None, product.currency):
        return Answer("fact", (Line("fact-price", money),), facts=("price",))
    fits = (limit.min is None or product.price >= limit.min) and (limit.max is None or product.price <= limit.max)
    return Answer("yes" if fits else "no", (Line("item-yes" if fits else "item-no"), Line("fact-price", money)))


def _by_saving(question: str, product: Product) -> Answer | None:
    """ "Any discount on it?", from the former price of the row."""
    if not cue("discount").search(question):
        return None
    if product.saving:
        facts = {"amount": product.price, "was": product.former_price, "currency": product.currency}
        return Answer("yes", (Line("item-yes"), Line("item-reduced", facts)))
    money = {"amount": product.price, "currency": product.currency}
    return Answer("no", (Line("item-not-reduced"), Line("fact-price", money)), facts=("price",))


def _by_figure(question: str, product: Product, language: Language, aspects: Sequence[Aspect]) -> Answer | None:
    asked = measures_in(question)
    if not asked:
        return None
    stated = measured(product.attributes, asked[0].kind)
    named = [name for name in stated if _names(question, name)]
    of_aspect = [name for aspect in aspects for name in aspect.attributes if name in stated]
    chosen = named or of_aspect or (list(stated) if len(stated) == 1 else [])
    if not chosen:
        return Answer("unsaid", (Line("item-does-not-say"),))
    name = chosen[0]
    fits = holds(asked[0], stated[name], relation(question), name)
    fact = Line(
        "item-fact",
        {"name": attribute_name(name, product.attributes[name], language) or name, "value": product.attributes[name]},
    )
    return Answer("yes" if fits else "no", (Line("item-yes" if fits else "item-no"), fact), facts=(name,))


def _names(question: str, attribute: str) -> bool:
    """Whether a question names an attribute, by its English or its Chinese name."""
    if re.search(rf"\b{re.escape(attribute)}\b", question, re.IGNORECASE):
        return True
    chinese = attribute_name(attribute, "1", "zh")
    counted = chinese.removesuffix("数")
    return bool(chinese) and (
        chinese in question or bool(re.search(f"(?:多少|几)[个种]?{re.escape(counted)}", question))
    )


def _asked_values(said: Understanding) -> list[Slot]:
    return [
        slot
        for slot in said.slots
        if slot.name in _LISTED and (_SIZE.fullmatch(slot.value) or not names_a_part(slot.text))
    ]


def _by_value(
    said: Understanding, product: Product, vocabulary: Vocabulary, language: Language, sentences: Sequence[str]
) -> Answer | None:
    """ "In blue?", "real leather?", "in M?": by what the shop lists, and by what there is of its variants."""
    if kind := asked_kind(_asked_values(said), product, vocabulary):
        return _by_kind(kind, product, vocabulary, language)
    for slot in _asked_values(said):
        if (slot.name, slot.value) not in vocabulary.by_value and not _SIZE.fullmatch(slot.value):
            continue
        if slot.name is SlotName.AUDIENCE and aspects_of(said.text):
            continue
        listed = labels_of(product, slot.name, vocabulary, language)
        if not listed:
            continue
        need = Need(language=language, wishes=(Wish(slot.name, slot.value, slot.text),))
        granted = any(wish.granted(product) for wish in wanted_of(need, vocabulary).wishes)
        stock = (stock_line(product),) if slot.name is SlotName.SIZE else ()
        fact = Line(f"fact-{slot.name.value}", {"values": listed})
        quote = (
            by_aspect((_spoken(slot, vocabulary),), sentences) if slot.name is SlotName.MATERIAL and granted else None
        )
        lines = (Line("item-yes" if granted else "item-no"), fact, *filter(None, stock), *_quoted(quote, sentences))
        if slot.negated:  # "sure there's no wool in it?": a "no" alone could mean either
            return Answer("fact", (fact,), facts=(slot.name.value,))
        return Answer("yes" if granted else "no", lines, quote.place if quote else -1, (slot.name.value,))
    return None


def _by_kind(kind: AskedKind, product: Product, vocabulary: Vocabulary, language: Language) -> Answer:
    """ "Is the red one available in M?", from the variants."""
    facts = {fact.key: fact for fact in facts_of(product, vocabulary, language)}
    told = [facts[slot.name.value] for slot in kind.slots]
    lines = [Line("item-fact", {"name": fact.name, "value": fact.value}) for fact in told]
    keys = tuple(fact.key for fact in told)
    if not (kind.there and is_there(product)):
        values = tuple(value_name(slot.name, slot.value, vocabulary, language) for slot in kind.slots)
        return Answer("no", (Line("item-kind-gone", {"values": values}), *lines), facts=keys)
    if kind.offer and kind.offer.price != product.price:
        money = {"amount": kind.offer.price, "currency": product.currency}
        lines.append(Line("fact-price", money))
    stock = stock_line(kind.offer) if kind.offer else None
    return Answer("yes", (Line("item-yes"), *lines, *filter(None, (stock,))), facts=keys)


def _spoken(slot: Slot, vocabulary: Vocabulary) -> Aspect:
    term = vocabulary.by_value.get((slot.name, slot.value))
    forms = sorted({slot.value, *(term.en + term.zh if term else ())}, key=len, reverse=True)
    words = re.compile("|".join(map(re.escape, forms)), re.IGNORECASE)
    return Aspect(slot.value, "", (), words, words)


def _by_fact(
    question: str, facts: Mapping[str, Fact], product: Product, aspects: Sequence[Aspect], language: Language
) -> Answer | None:
    """ "How much is it?", "what is it made of?", "how tall is it?": what is stated under that name."""
    asked = [key for key in _asked_facts(question) if key in facts or key in _MAY_LACK]
    figure = _wants_figure(question)
    named = [name for name in product.attributes if name.casefold() in facts and _names(question, name)]
    asked += [name.casefold() for name in named if not figure or re.search(r"\d", product.attributes[name])]
    if aspects and not asked and figure:
        asked = [name.casefold() for aspect in aspects for name in aspect.attributes if name.casefold() in facts]
    known = [facts[key] for key in dict.fromkeys(asked) if key in facts]
    if not known:
        return Answer("unsaid", (Line("item-does-not-say"),)) if asked else None
    lines = tuple(Line("item-fact", {"name": fact.name, "value": fact.value}) for fact in known)
    stars = (Line("item-stars-only"),) if cue("complaints").search(question) else ()
    return Answer("fact", (*lines, *stars), facts=tuple(fact.key for fact in known))


_MAY_LACK = frozenset({STOCK, "rating", "size", "material", "brand", "color"})
_FIGURE = re.compile(
    r"\bhow\b|what(?:'s| is) the|\bwhich\b|多[长宽高厚大重少久深]|几[个升斤寸瓦小天岁件片]"
    r"|是多少|重量|容量|续航|尺寸|直径",
    re.I,
)


def _wants_figure(question: str) -> bool:
    return bool(_FIGURE.search(question))


def _by_feature(
    aspects: Sequence[Aspect],
    product: Product,
    vocabulary: Vocabulary,
    language: Language,
    sentences: Sequence[str],
) -> Answer | None:
    """ "Is it waterproof?" of what the shop lists among its features, with the sentence that says so."""
    listed = {part.strip().casefold() for part in product.attributes.get(FEATURES, "").split(",")}
    for aspect in aspects:
        if not aspect.feature or aspect.feature not in listed:
            continue
        label = vocabulary.label(SlotName.FEATURE, aspect.feature, language)
        ratings = [(name, product.attributes[name]) for name in aspect.attributes if name in product.attributes]
        facts = tuple(
            Line("item-fact", {"name": attribute_name(name, value, language) or name, "value": value})
            for name, value in ratings
        )
        quote = by_aspect((_spoken_as(label),), sentences) or by_aspect((aspect,), sentences)
        lines = (Line("item-yes-says", {"value": label}), *_quoted(quote, sentences), *facts)
        return Answer("yes", lines, quote.place if quote else -1, tuple(name for name, _ in ratings))
    return None


def _spoken_as(label: str) -> Aspect:
    words = re.compile(re.escape(label), re.IGNORECASE)
    return Aspect(label, "", (), words, words)


def _by_sentence(
    question: str,
    aspects: Sequence[Aspect],
    sentences: Sequence[str],
    product: Product,
    segment: Segmenter,
    likeness: Likeness | None,
) -> Answer | None:
    quote = by_aspect(aspects, sentences)
    if quote is None:
        told = f"{product.title} {product.title_zh} {product.category} {product.brand}"
        like = likeness(question, sentences) if likeness and sentences else None
        quote = by_words(question, sentences, told, segment, like, alone=not aspects)
    if quote is None:
        return None
    return Answer("quote", (Line("item-says"), *_quoted(quote, sentences)), quote.place)


def _quoted(quote: Found | None, sentences: Sequence[str]) -> tuple[Line, ...]:
    return (Line("item-quote", {"text": sentences[quote.place], "marks": quote.marks}),) if quote else ()


def _asked_facts(question: str) -> list[str]:
    return [fact for fact, words in _fact_words() if words.search(question)]


@cache
def _fact_words() -> tuple[tuple[str, re.Pattern[str]], ...]:
    with (Path(__file__).parent / "asked_facts.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return tuple((row["fact"], re.compile(row["question"], re.IGNORECASE)) for row in rows)
