"""The words that the understander was trained on: the shipped messages and those of the shop's own training sets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from bot.labels.training_set import examples_of, versions
from bot.learn.record import FOLDER
from nlu.whole import write_whole
from storage.segment import Segmenter


def words_of(text: str) -> list[str]:
    """The words of a message, as search has them; numbers are none."""
    return [word for word in _segmenter().tokens(text) if not any(letter.isdigit() for letter in word)]


def trained_words(data: Path) -> frozenset[str]:
    """Every word of the training data. The first call takes some ten seconds; the outcome is kept beside the runs."""
    files = list(_files(data))
    stamp = sha256("|".join(f"{path.name} {path.stat().st_size}" for path in files).encode()).hexdigest()[:8]
    kept = data / FOLDER / f"words-{stamp}.json"
    if kept.is_file():
        return frozenset(json.loads(kept.read_text(encoding="utf-8")))
    found = sorted(_words(files))
    for old in (data / FOLDER).glob("words-*.json"):
        old.unlink(missing_ok=True)
    write_whole(kept, json.dumps(found, ensure_ascii=False).encode())
    return frozenset(found)


def _files(data: Path) -> Iterator[Path]:
    found = find_spec("finetune")  # looked for and never imported: the rooms stay apart
    for folder in (found.submodule_search_locations or []) if found else []:
        yield from sorted((Path(folder) / "data").glob("train*.jsonl"))
    yield from sorted(each.path("train") for each in versions(data))


def _words(files: Iterable[Path]) -> set[str]:
    return {word for path in files for row in examples_of(path) for word in words_of(str(row["text"]))}


@cache
def _segmenter() -> Segmenter:
    return Segmenter()
