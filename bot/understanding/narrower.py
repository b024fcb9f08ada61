"""Names that say which of a kind: an espresso machine among coffee makers, 意式 of 意式咖啡机. Pure.

The shop files both under the one kind, so the name is no limit; it is kept in the shopper's words from turn to turn,
and where a page holds others too, that is said.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.reply import Line
from storage.records import Need, Product, SlotName, Vocabulary, Wish

_UNEVEN = ("s", "x", "h", "y", "f")  # endings with a plural of their own


def own_plural(wish: Wish, vocabulary: Vocabulary) -> str:
    """The plural of the shopper's own name of a kind that the shop does not call it by; empty where there is none."""
    said = vocabulary.own_name(wish)
    if not said or said.endswith(_UNEVEN):
        return ""
    return "" if wish.value in (said, f"{said}s") else f"{said}s"


def of_some_alone(need: Need, page: Sequence[Product], vocabulary: Vocabulary) -> tuple[Line, ...]:
    """How many of a page are called by the narrower name, where not all are."""
    counted = ((words, called(words, need, page)) for words in narrower_names(need, vocabulary))
    return tuple(
        Line("called-some", {"value": words, "count": count}) for words, count in counted if 0 < count < len(page)
    )


def called(words: str, need: Need, page: Sequence[Product]) -> int:
    """How many of a page have these words in their titles."""
    return sum(words.casefold() in product.title_in(need.language).casefold() for product in page)


def narrower_names(need: Need, vocabulary: Vocabulary) -> list[str]:
    """The names that say which of a kind is looked for; in Chinese a word that is no known property, and the kind."""
    wished = [wish for wish in need.wishes if not wish.negated and wish.text]
    kinds = [wish for wish in wished if wish.name is SlotName.CATEGORY]
    if need.language == "en":
        return [vocabulary.own_name(kind) for kind in kinds if own_plural(kind, vocabulary)]
    said = [w.text for w in wished if w.name is SlotName.FEATURE and (w.name, w.value) not in vocabulary.by_value]
    return [k.text if k.text.startswith(words) else f"{words}{k.text}" for k in kinds for words in said]
