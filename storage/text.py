"""One folding for everything that is compared: full width, case, and traditional Chinese become one form.

The original is always kept beside it for showing. OpenCC loads its tables at the first Chinese text only.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Protocol

# Ideographs: unified, extension A, compatibility, and the supplementary planes 2 and 3.
CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CHINESE = re.compile(f"[{CHINESE}]")


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


def has_chinese(text: str) -> bool:
    """Whether any character is a Chinese one."""
    return _CHINESE.search(text) is not None


def fold(text: str) -> str:
    """NFKC, case folded, traditional characters turned into simplified ones. For matching, never for showing."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _simplifier().convert(folded) if has_chinese(folded) else folded


@cache
def _simplifier() -> _Converter:
    from opencc import OpenCC

    converter: _Converter = OpenCC("t2s")
    return converter
