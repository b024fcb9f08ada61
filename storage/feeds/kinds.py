"""The place of a product in the category tree, from whatever the feed calls it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from storage.feeds.reading import reader_of
from storage.feeds.values import text_of
from storage.records import SlotName, Vocabulary
from storage.text import fold

_STEPS = re.compile(r"\s*(?:>|»|›|\||/|\\|::)\s*")
# What follows these belongs to the use of the thing, not to the thing: "cover for sofa", "mug with lid".
_USE = re.compile(r"\b(?:for|with|from|in)\b|适用|搭配|用于", re.IGNORECASE)


def lineage_of(said: Iterable[Any], title: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Category and its wider ones, narrowest first: ("boots", "shoes").

    Args:
        said: values of the feed's category columns, narrowest column first; paths like "Shoes > Boots" are split.
        title: read where the columns say only something wide ("apparel"), or nothing.

    Names that the tree does not know become the shop's own kinds: ("strings", "instruments").
    """
    names = list(dict.fromkeys(step for value in said for step in reversed(_steps(value))))
    known = [_known(name, vocabulary) for name in names]
    depth = {value: len(vocabulary.lineage(SlotName.CATEGORY, value)) for value in known if value}
    best = max(depth, key=lambda value: depth[value], default="")
    titled = _titled(title, vocabulary)
    own = tuple(dict.fromkeys(fold(name) for name in names))[:4]
    if titled and (not best or best in vocabulary.lineage(SlotName.CATEGORY, titled)):
        return (*vocabulary.lineage(SlotName.CATEGORY, titled), *(() if best else own))
    if not best:
        return own
    narrower = [fold(name) for name in names[: known.index(best)] if not _known(name, vocabulary)]
    return (*narrower[:2], *vocabulary.lineage(SlotName.CATEGORY, best))


def _steps(value: Any) -> list[str]:
    parts = value if isinstance(value, list) else _STEPS.split(text_of(value))
    return [text for part in parts if (text := text_of(part, 80)) and not text.isdigit()]


def _known(name: str, vocabulary: Vocabulary) -> str:
    """The normal form a name stands for, singular or plural; "" where the tree does not know it."""
    reader, folded = reader_of(vocabulary), fold(name)
    forms = (folded, f"{folded}s", f"{folded}es", folded.removesuffix("s"))
    return next((found for form in forms if (found := reader.exact(SlotName.CATEGORY, form))), "")


def _titled(title: str, vocabulary: Vocabulary) -> str:
    """The kind a title names last ("leather belt bag" is a bag), before what it is for."""
    found = reader_of(vocabulary).find(SlotName.CATEGORY, _USE.split(title)[0])
    return found[-1] if found else ""
