"""Names that say which of a kind: an espresso machine among coffee makers, 意式 of 意式咖啡机. Pure.

The shop files both under the one kind, so the name is no limit; it is kept in the shopper's words from turn to turn,
and where a page holds others too, that is said.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.reply import Line
from storage.records import Language, Need, Product, SlotName, Vocabulary, Wish

_UNEVEN = ("s", "x", "h", "y", "f")  # endings with a plural of their own


def own_plural(wish: Wish, vocabulary: Vocabulary) -> str:
    """The plural of an English name of two words or more that the shop knows for a kind and does not call it by; empty
    where there is none.
    """
    said, term = wish.text.casefold(), vocabulary.by_value.get((wish.name, wish.value))
    if term is None or " " not in said or said not in term.en or said.endswith(_UNEVEN):
        return ""
    return "" if wish.value in (said, f"{said}s") else f"{wish.text}s"


def of_some_alone(need: Need, page: Sequence[Product], vocabulary: Vocabulary) -> tuple[Line, ...]:
    """How many of a page are called by the narrower name, where not all are."""
    lines = []
    for words in _names(need, vocabulary):
        count = sum(words.casefold() in _title(product, need.language) for product in page)
        if 0 < count < len(page):
            lines.append(Line("called-some", {"value": words, "count": count}))
    return tuple(lines)


def _names(need: Need, vocabulary: Vocabulary) -> list[str]:
    wished = [wish for wish in need.wishes if not wish.negated and wish.text]
    kinds = [wish for wish in wished if wish.name is SlotName.CATEGORY]
    said = [wish.text for wish in kinds if own_plural(wish, vocabulary)]
    rest = [
        wish.text
        for wish in wished
        if wish.name is SlotName.FEATURE
        and (wish.name, wish.value) not in vocabulary.by_value
        and any(kind.text != wish.text and kind.text.startswith(wish.text) for kind in kinds)
    ]
    return [*said, *rest]


def _title(product: Product, language: Language) -> str:
    return product.title_in(language).casefold()
