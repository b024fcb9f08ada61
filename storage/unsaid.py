"""Whether a product says of itself what a shopper does not want: floral in its title, or among the features it lists.

Two twins of one truth: `says` for a row that was read, `says_sql` for `products AS p`. A word counts whole; what is
denied right there ("fragrance free", 无香精) is not said.
"""

from __future__ import annotations

import re
from typing import Any

from storage.records import Product

_DENIED = ("{} free", "{}-free", "non-{}", "non {}", "no {}", "without {}", "无{}", "不含{}", "零{}")
_CAPITALS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")  # as SQLite's lower()
_SAYABLE = re.compile(r"[a-z][a-z -]{1,38}[a-z]|[\u4e00-\u9fff]{2,12}")
_TEXT = (
    "' ' || lower(p.title) || ' ' || p.title_zh || ' ' || lower(ifnull(json_extract(p.attributes, '$.features'), ''))"
    " || ' '"
)


def sayable(word: str) -> bool:
    """Whether a word can be looked for: plain letters, so that it means the same to both twins."""
    return _SAYABLE.fullmatch(word) is not None


def says(product: Product, word: str) -> bool:
    """Whether a row says the word, in lower case, of itself."""
    features = product.attributes.get("features", "")
    text = f" {product.title.translate(_CAPITALS)} {product.title_zh} {features.translate(_CAPITALS)} "
    for denied in _DENIED:
        text = text.replace(denied.format(word), " ")
    bordered = rf"[^a-z0-9]{re.escape(word)}[^a-z0-9]" if word.isascii() else re.escape(word)
    return re.search(bordered, text) is not None


def says_sql(word: str) -> tuple[str, list[Any]]:
    """The same as a condition with its parameters."""
    text, parameters = _TEXT, list[Any]()
    for denied in _DENIED:
        text = f"replace({text}, ?, ' ')"
        parameters.append(denied.format(word))
    bordered = f"*[^a-z0-9]{word}[^a-z0-9]*" if word.isascii() else f"*{word}*"
    return f"({text}) GLOB ?", [*parameters, bordered]
