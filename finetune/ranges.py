"""Price ranges that rise: pools draw the two ends of a range apart, and nobody asks for "from 300 to 20"."""

from __future__ import annotations

import re
from dataclasses import replace

from finetune.grammar import Utterance
from nlu.tags import Span
from storage.records import SlotName

_NUMBER = r"\d+(?:[.,]\d+)*"
_RANGE = re.compile(rf"({_NUMBER})(\D+)({_NUMBER})")


def rising(utterance: Utterance) -> Utterance:
    """The message with the lower number first in every price. Lengths, and so all spans, stay as they are."""
    text = utterance.text
    for span in utterance.spans:
        if span.name is SlotName.PRICE:
            text = text[: span.start] + _ordered(text, span) + text[span.end :]
    return replace(utterance, text=text)


def _ordered(text: str, span: Span) -> str:
    words = text[span.start : span.end]
    found = _RANGE.search(words)
    if not found or _amount(found[1]) <= _amount(found[3]):
        return words
    return f"{words[: found.start()]}{found[3]}{found[2]}{found[1]}{words[found.end() :]}"


def _amount(number: str) -> float:
    return float(number.replace(",", ""))
