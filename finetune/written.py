"""Messages written one by one: the challenge set and the larger part of the training data.

A line is `intent[,further ...] | message with [words|slot], [!words|slot] for what is not wanted, @asked= and @shown=
behind it`; `finetune/data/README.md` says how spans are cut.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from finetune.grammar import Draw, GrammarError, Utterance, parse, write
from storage.records import Context, Intent, Language, SlotName

LANGUAGES: tuple[Language, ...] = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled message."""

    utterance: Utterance
    intent: Intent
    language: Language
    source: str
    also: tuple[Intent, ...] = ()
    context: Context = Context()

    def row(self) -> dict[str, Any]:
        """The line of the JSONL file (design: labelled example), without what is empty."""
        row: dict[str, Any] = {"text": self.utterance.text, "intent": self.intent, "lang": self.language}
        row["slots"] = [
            {"name": span.name, "start": span.start, "end": span.end, "negated": span.negated}
            for span in self.utterance.spans
        ]
        if self.also:
            row["also"] = list(self.also)
        if self.context != Context():
            row["context"] = {"asked": self.context.asked, "shown": self.context.shown}
        return row | {"source": self.source}


def folded(text: str) -> str:
    """What makes two messages the same: width, case, blanks and punctuation aside."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold()) or text.strip()


def challenge(folder: Path) -> list[Example]:
    """The set that is judged on and never trained on. Raises GrammarError with the file and the line."""
    return [e for language in LANGUAGES for e in _read(folder / f"{language}.txt", language, "challenge")]


def written(folder: Path) -> list[Example]:
    """Every message of `folder/<language>/*.txt`. Raises GrammarError with the file and the line."""
    files = [(path, language) for language in LANGUAGES for path in sorted((folder / language).glob("*.txt"))]
    return [example for path, language in files for example in _read(path, language, f"written/{path.stem}")]


def held_back(examples: Iterable[Example], share: float) -> tuple[list[Example], list[Example]]:
    """Examples to train on and to hold back. Which is which hangs on each message's own words, so that a new line moves
    no other.
    """
    kept: tuple[list[Example], list[Example]] = ([], [])
    for example in examples:
        digest = hashlib.sha256(folded(example.utterance.text).encode()).digest()
        kept[int.from_bytes(digest[:4], "big") < share * 2**32].append(example)
    return kept


def _read(path: Path, language: Language, source: str) -> tuple[Example, ...]:
    return _compiled(path.name, path.read_text(encoding="utf-8"), language, source)


@lru_cache(maxsize=256)
def _compiled(name: str, text: str, language: Language, source: str) -> tuple[Example, ...]:
    """The messages of a file. Reading the same again, for another seed, would be half of the work."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("# "):
            try:
                found.append(compiled(line, language, f"{source}/{language}/{number}"))
            except (GrammarError, ValueError) as error:
                raise GrammarError(f"{name}:{number}: {error}") from error
    return tuple(found)


_CONTEXT = re.compile(r"\s+@(asked|shown)=(\S+)")


def compiled(line: str, language: Language, source: str) -> Example:
    """One line; asking for the same again is no further request. Raises GrammarError or ValueError."""
    labels, bar, text = line.partition("|")
    if not bar:
        raise GrammarError(f"no | between intent and message in {line!r}")
    intent, *also = (Intent(name.strip()) for name in labels.split(","))
    said = dict(_CONTEXT.findall(text))
    utterance = write(parse(_CONTEXT.sub("", text).strip()), Draw(Random(0), _NoPools()))
    context = Context(said.get("asked"), int(said.get("shown", 0)))
    further = dict.fromkeys(name for name in also if name is not intent)
    return Example(utterance, intent, language, source, tuple(further), context)


class _NoPools:
    """The challenge set is written out: nothing is drawn."""

    def value(self, name: str, draw: Draw) -> Any:
        raise GrammarError(f"{{{name}}} in a message that should be written out")

    def slot(self, name: str) -> SlotName:
        raise GrammarError(f"[{name}] names no slot")
