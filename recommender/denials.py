"""Words that a text names only to deny them: "not waterproof", "latex-free", 不防水.

    said("Light, but not waterproof.", pattern of "waterproof")    # Said.DENIED

A shop's words are taken at their word, so what it denies must not become a reason for the product, or a yes to
"is it waterproof?". The cues stand right before the word, or one word away within the same clause (the scope that
NegEx gives short texts: Chapman et al., "A simple algorithm for identifying negated findings and diseases in discharge
summaries", Journal of Biomedical Informatics 34(5), 2001).
"""

from __future__ import annotations

import re
from enum import StrEnum

_NOT = r"not|non|no|never|without|neither|nor|(?:is|are|does|do|was|ca)n['’]t|cannot|free of"
_BEFORE = re.compile(
    rf"(?:(?<![\w-])(?:{_NOT})(?:\s+(?!only\b|just\b|merely\b)[\w'’]+)?(?:\s+|-)"
    r"|(?:不|非|无|未|没有|并没|不含|不是)(?:是|能|会|太|够|算|完全|具备|具有|支持|带|含|可)?\s*)\Z"
)
# "-free" and 免 deny what they are about; "free" after a space begins something else ("waterproof, free shipping").
_AFTER = re.compile(r"(?:-free(?!\w)|[ -]less(?!\w))")
_REACH = 40  # characters before a word in which its denial would stand


class Said(StrEnum):
    """What a text says of something."""

    NAMED = "named"
    DENIED = "denied"
    UNSAID = "unsaid"


def said(text: str, words: re.Pattern[str]) -> Said:
    """Whether a casefolded text names one of the words without denying it; where it does both, it names it."""
    denied = False
    for found in words.finditer(text):
        if not _denied(text, found.start(), found.end()):
            return Said.NAMED
        denied = True
    return Said.DENIED if denied else Said.UNSAID


def _denied(text: str, start: int, end: int) -> bool:
    return bool(_BEFORE.search(text[max(start - _REACH, 0) : start]) or _AFTER.match(text, end))
