"""Labelled messages, one JSON object a line, as the labelling guide describes them.

    {"text": "not red", "intent": "refine", "lang": "en",
     "slots": [{"name": "color", "start": 4, "end": 7, "negated": true}],
     "also": [], "context": {"asked": null, "shown": 3}, "source": "written"}

Only text and intent (or `label`, as other collections call it) are required; a line without `slots` teaches nothing
about slots. Labels may be any strings. A slot may carry its `text`, which must then be what its span covers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.language import language_of
from nlu.tags import Span
from storage.records import Context, Intent, Language, SlotName

LONGEST_LINE = 100_000
"""Bytes of a line; a message is far shorter, and what is longer is another kind of file."""
MOST_LINES = 1_000_000
"""Lines of a file that are read without being asked for more."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class BadExample(Exception):  # noqa: N818
    """A line that is not a labelled message; the message names the file and the line."""


class _Fault(ValueError):  # noqa: N818
    """What is wrong with a line, in words."""


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


def read_examples(paths: Iterable[Path], most_lines: int = MOST_LINES) -> list[Example]:
    """All examples of some files. Raises BadExample, or OSError where a file cannot be read."""
    return [_parse(line, where) for path in paths for line, where in _lines(path, most_lines)]


def read_some(paths: Sequence[Path], most_lines: int = MOST_LINES) -> list[Example]:
    """As `read_examples`; BadExample, too, where there are files and no example in them."""
    found = read_examples(paths, most_lines)
    if paths and not found:
        raise BadExample(f"There is no example in {', '.join(map(str, paths))}.")
    return found


def files_of(folder: Path, split: str) -> list[Path]:
    """The files of one split: `train.jsonl`, `train.en.jsonl`, ...; there may be none."""
    return sorted([*folder.glob(f"{split}.jsonl"), *folder.glob(f"{split}.*.jsonl")])


def split_files(folder: Path, split: str) -> list[Path]:
    """The files of one split. FileNotFoundError where there is none."""
    found = files_of(folder, split)
    if not found:
        raise FileNotFoundError(f"{folder} has no {split}.jsonl or {split}.*.jsonl.")
    return found


def labels_of(examples: Sequence[Example]) -> tuple[str, ...]:
    """Every intent that occurs. The shop's own keep their order in the guide; others are sorted."""
    seen = {e.intent for e in examples} | {label for e in examples for label in e.also}
    shop = tuple(str(intent) for intent in Intent)
    return shop if seen <= set(shop) else tuple(sorted(seen))


def _lines(path: Path, most: int) -> Iterator[tuple[str, str]]:
    """Lines that are not blank, each with its place. A line is never read further than it may be long."""
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(LONGEST_LINE + 2):
            number += 1
            where = f"{path}:{number}"
            if number > most:
                raise BadExample(f"{path} has more than {most:,} lines; name a part of it, or allow more lines.")
            if line := _decoded(raw, where, first=number == 1).strip():
                yield line, where


def _decoded(raw: bytes, where: str, *, first: bool) -> str:
    if (first and raw.startswith(_UTF16)) or b"\0" in raw:
        raise BadExample(f"{where}: not UTF-8 text (it looks like UTF-16); save the file as UTF-8.")
    if len(raw.rstrip(b"\r\n")) > LONGEST_LINE:
        raise BadExample(f"{where}: the line is longer than {LONGEST_LINE:,} bytes; a line holds one message.")
    try:
        return raw.decode("utf-8-sig" if first else "utf-8")
    except UnicodeDecodeError as error:
        found = f"byte 0x{raw[error.start]:02x} at place {error.start + 1}"
        raise BadExample(f"{where}: not UTF-8 text ({found}); save the file as UTF-8.") from error


def _parse(line: str, where: str) -> Example:
    try:
        return _example(json.loads(line))
    except json.JSONDecodeError as error:
        raise BadExample(
            f"{where}: not a labelled message (not JSON: {error.msg} at place {error.pos + 1})."
        ) from error
    except _Fault as error:
        raise BadExample(f"{where}: not a labelled message ({error}).") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadExample(f"{where}: not a labelled message ({error!r}).") from error


def _example(row: Any) -> Example:
    if not isinstance(row, dict):
        raise _Fault("a line must be a JSON object with text and intent")
    text = _words(row, "text")
    slots, language = row.get("slots"), row.get("lang") or language_of(text)
    if not isinstance(language, str):
        raise _Fault(f"lang must be a string, not {language!r:.40}")
    return Example(
        text=text,
        intent=_words(row, "intent" if "intent" in row else "label"),
        language=language,  # others than the two are learned from as they come
        spans=None if slots is None else tuple(_span(slot, text) for slot in slots),
        also=_further(row.get("also", ())),
        context=_context(row.get("context") or {}),
        source=str(row.get("source", "")),
    )


def _words(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        raise _Fault("it has no text" if name == "text" else "it has no intent and no label")
    if not isinstance(value, str):
        raise _Fault(f"{name} must be a string, not {value!r:.40}")
    if not value.strip():
        raise _Fault(f"{name} is empty")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise _Fault(f"{name} holds half of a surrogate pair")
    return value


def _context(said: Mapping[str, Any]) -> Context:
    asked = said.get("asked")
    if asked is not None and not isinstance(asked, str):
        raise _Fault(f"context.asked must be a string or null, not {asked!r:.40}")
    return Context(asked, int(said.get("shown") or 0))


def _further(also: Any) -> tuple[str, ...]:
    if not isinstance(also, list | tuple) or not all(isinstance(label, str) and label for label in also):
        raise _Fault("also must be a list of intents")
    return tuple(also)


def _span(slot: Mapping[str, Any], text: str) -> Span:
    name, start, end = slot["name"], int(slot["start"]), int(slot["end"])
    if name not in set(SlotName):
        raise _Fault(f"unknown slot {name!r}; slots are {', '.join(SlotName)}")
    if not 0 <= start < end <= len(text):
        raise _Fault(f"the span {start}..{end} of {name} lies outside the text of {len(text)} characters")
    covered = text[start:end]
    if "text" in slot and slot["text"] != covered:
        raise _Fault(f"the span {start}..{end} of {name} covers {covered!r}, not {slot['text']!r}")
    if covered != covered.strip():
        raise _Fault(f"the span {start}..{end} of {name} covers {covered!r}, which begins or ends with a blank")
    return Span(SlotName(name), start, end, bool(slot.get("negated", False)))
