"""Labelled messages, one JSON object a line, as the labelling guide describes them.

    {"text": "not red", "intent": "refine", "lang": "en",
     "slots": [{"name": "color", "start": 4, "end": 7, "negated": true}],
     "also": [], "context": {"asked": null, "shown": 3}, "source": "written"}

Only text and intent are required; a line without `slots` teaches nothing about slots. Labels may be any strings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.language import language_of
from nlu.tags import Span
from storage.records import Context, Intent, Language, SlotName


class BadExample(Exception):  # noqa: N818
    """A line that is not a labelled message; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled message. `spans` is None where the line does not say."""

    text: str
    intent: str
    language: Language = "en"
    spans: tuple[Span, ...] | None = None
    also: tuple[str, ...] = ()
    context: Context = Context()
    source: str = ""


def read_examples(paths: Iterable[Path]) -> list[Example]:
    """All examples of some files. Raises BadExample, or FileNotFoundError."""
    found: list[Example] = []
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    found.append(_parse(line, f"{path}:{number}"))
    return found


def split_files(folder: Path, split: str) -> list[Path]:
    """The files of one split: `train.jsonl`, `train.en.jsonl`, ... FileNotFoundError where there is none."""
    found = sorted([*folder.glob(f"{split}.jsonl"), *folder.glob(f"{split}.*.jsonl")])
    if not found:
        raise FileNotFoundError(f"{folder} has no {split}.jsonl or {split}.*.jsonl.")
    return found


def labels_of(examples: Sequence[Example]) -> tuple[str, ...]:
    """Every intent that occurs. The shop's own keep their order in the guide; others are sorted."""
    seen = {e.intent for e in examples} | {label for e in examples for label in e.also}
    shop = tuple(str(intent) for intent in Intent)
    return shop if seen <= set(shop) else tuple(sorted(seen))


def _parse(line: str, where: str) -> Example:
    try:
        row = json.loads(line)
        return _example(row)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadExample(f"{where}: not a labelled message ({error!r}).") from error


def _example(row: Mapping[str, Any]) -> Example:
    text = row["text"]
    if not isinstance(text, str) or not isinstance(row["intent"], str):
        raise TypeError("text and intent must be strings")
    slots, context = row.get("slots"), row.get("context") or {}
    return Example(
        text=text,
        intent=row["intent"],
        language=row.get("lang") or language_of(text),
        spans=None if slots is None else tuple(_span(slot, text) for slot in slots),
        also=tuple(row.get("also", ())),
        context=Context(context.get("asked"), int(context.get("shown") or 0)),
        source=str(row.get("source", "")),
    )


def _span(slot: Mapping[str, Any], text: str) -> Span:
    start, end = int(slot["start"]), int(slot["end"])
    if not 0 <= start < end <= len(text):
        raise ValueError(f"span {start}..{end} lies outside the text")
    return Span(SlotName(slot["name"]), start, end, bool(slot.get("negated", False)))
