"""Parts of a data set that say where a reader is weak: by length, origin, context, negation, script and requests."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from finetune.examples import Example

_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_]+")
_LATIN = re.compile(r"[A-Za-z]{2,}")


def slices_of(examples: Sequence[Example]) -> dict[str, dict[str, NDArray[np.bool_]]]:
    """Flags (messages,) by kind of slice and by slice, in reading order; a kind with one slice alone is left out."""
    found = {}
    for kind, name_of in KINDS.items():
        names = [name_of(example) for example in examples]
        seen = sorted({name for name in names if name})
        if len(seen) > 1:
            found[kind] = {name: np.array([it == name for it in names], dtype=np.bool_) for name in seen}
    return found


def length_of(example: Example) -> str:
    """Short, medium or long, by words; two Chinese characters count as one."""
    words = len(_WORD.findall(_HAN.sub(" ", example.text))) + len(_HAN.findall(example.text)) / 2
    return "0 to 3 words" if words <= 3 else "4 to 8 words" if words <= 8 else "9 words and more"


def origin_of(example: Example) -> str:
    """Where a message came from: "written/casual/en/7" is "written/casual", a template family is "grammar"."""
    if not example.source:
        return "unknown"
    parts = [part for part in example.source.split("/") if part]
    if len(parts) == 3 and parts[0] in ("en", "zh"):
        return "grammar"
    return "/".join(part for part in parts[:2] if part not in ("en", "zh") and not part.isdigit()) or parts[0]


def _context(example: Example) -> str:
    if example.context.asked:
        return "a question asked"
    return "items shown" if example.context.shown else "no context"


def _negation(example: Example) -> str:
    if example.spans is None:
        return ""
    return "something negated" if any(span.negated for span in example.spans) else "nothing negated"


def _script(example: Example) -> str:
    if _HAN.search(example.text):
        return "Chinese with Latin words" if _LATIN.search(example.text) else "Chinese alone"
    return "no Chinese"


def _typing(example: Example) -> str:
    return "typos" if re.search("typo|noise|noisy", example.source) else "as written"


KINDS: Mapping[str, Callable[[Example], str]] = {
    "length": length_of,
    "origin": origin_of,
    "typing": _typing,
    "context": _context,
    "negation": _negation,
    "script": _script,
    "requests": lambda example: "several" if example.also else "one",
}
"""Each kind names the slice of a message; "" belongs to none. Typos show where the source tells of them."""
