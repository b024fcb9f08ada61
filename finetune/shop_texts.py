"""What a catalogue says in two languages: pairs to learn search from, and questions to measure it with.

Nobody labels anything. A title in one language and in the other mean the same, so do a title and its description, and
the words of the vocabulary name what a row states ("红色棉质连衣裙" of a red cotton dress). Products that are held back
give the questions: each is asked for by its Chinese title or words, and should be found.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from nlu.fold import fold
from nlu.language import has_han
from storage.product_rows import embedding_text
from storage.records import Product, SlotName, Vocabulary

_SENTENCE_END = re.compile(r"(?<=[。！？!?.])\s*")
_SAID = (SlotName.COLOR, SlotName.MATERIAL, SlotName.CATEGORY)
_SHORTEST = 4  # characters of a part of a title that still names it
_LONGEST = 200  # characters of a text that is learnt from; the encoder reads 128 tokens


@dataclass(frozen=True, slots=True)
class Item:
    """A product as texts. `document` is what the index embeds; `chinese_document` what it would embed in a Chinese
    shop; `phrase` its properties in the vocabulary's Chinese words. What the catalogue does not say is empty.
    """

    id: str
    english: str
    chinese: str
    document: str
    chinese_document: str
    phrase: str
    story: str


@dataclass(frozen=True, slots=True)
class Twin:
    """Two texts of one product. `text` has Chinese; where `other` has none, its vector is fixed."""

    text: str
    other: str
    product: str


@dataclass(frozen=True, slots=True)
class Question:
    """A Chinese query and the product that it should find."""

    text: str
    product: str


def items_of(products: Iterable[Product], vocabulary: Vocabulary) -> list[Item]:
    """Each available product that has a title."""
    return [_item(p, vocabulary) for p in products if p.available and (p.title or p.title_zh)]


def held_back(items: Sequence[Item], most: int) -> tuple[list[Item], list[Item]]:
    """Items to learn from, and a fifth of them (at most `most`) to ask for; items with one title stay together."""
    kept: list[Item] = []
    asked: list[Item] = []
    for item in sorted(items, key=lambda item: _lot(item.chinese or item.english)):
        last = asked[-1] if asked else None
        same = last is not None and (last.chinese, last.english) == (item.chinese, item.english)
        (asked if same or len(asked) < min(most, len(items) // 5) else kept).append(item)
    return kept, asked


def twins(items: Iterable[Item], seed: int) -> list[Twin]:
    """Everything that means the same."""
    chance = random.Random(seed)
    found = []
    for item in items:
        names = [name for name in (item.chinese, item.phrase) if name]
        others = [other for other in (item.english, item.story) if other and not has_han(other)]
        pairs = [(name, other) for name in names for other in others]
        if item.chinese:
            pairs.append((part_of(item.chinese, chance), item.chinese))
            pairs += [(text, item.chinese) for text in (item.phrase, item.story) if has_han(text)]
        found += [Twin(fold(a), fold(b) if has_han(b) else b, item.id) for a, b in pairs if a != b]
    return found


def across(items: Iterable[Item]) -> list[Question]:
    """Questions in Chinese for products that the index holds in English."""
    asked = ((item.chinese or item.phrase, item) for item in items if not has_han(item.document))
    return [Question(text, item.id) for text, item in asked if text]


def within(items: Iterable[Item], seed: int) -> list[Question]:
    """Questions in Chinese for products with Chinese texts: a part of the title, as a shopper remembers it."""
    chance = random.Random(seed)
    return [Question(part_of(item.chinese, chance), item.id) for item in items if item.chinese]


def part_of(title: str, chance: random.Random) -> str:
    """About half of a title, from anywhere in it."""
    length = max(_SHORTEST, (len(title) + 1) // 2)
    start = chance.randint(0, max(0, len(title) - length))
    return title[start : start + length].strip()


def _item(product: Product, vocabulary: Vocabulary) -> Item:
    chinese = product.title if has_han(product.title) else product.title_zh
    english = "" if has_han(product.title) else product.title
    told = product.description_zh or (product.description if has_han(product.description) else "")
    in_chinese = replace(product, title=chinese, description=told)
    return Item(
        id=product.id,
        english=english[:_LONGEST],
        chinese=chinese[:_LONGEST],
        document=embedding_text(product),
        chinese_document=embedding_text(in_chinese) if chinese else "",
        phrase=_phrase(product, vocabulary),
        story=_opening(product.description if english else told),
    )


def _phrase(product: Product, vocabulary: Vocabulary) -> str:
    """The row's brand, colour, material and kind in Chinese words; empty where it states too little to be asked for."""
    terms = [vocabulary.by_value.get((slot, value)) for slot in _SAID for value in product.values(slot)[:1]]
    words = [term.zh[0] for term in terms if term and term.zh]
    kind = terms[-1] if terms else None
    if not words or kind is None or kind.slot is not SlotName.CATEGORY or len(words) + bool(product.brand) < 2:
        return ""
    return f"{product.brand} {''.join(words)}".strip()


def _opening(description: str) -> str:
    return _SENTENCE_END.split(description.strip(), 1)[0][:_LONGEST]


def _lot(title: str) -> str:
    return hashlib.blake2b(title.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
