"""What one training learns from and is judged on: files read, checked against each other, drawn and parted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from finetune.examples import MOST_LINES, BadExample, Example, files_of, labels_of, read_some, split_files
from finetune.portions import draw_each, hold_out
from nlu.base import file_hash
from nlu.outliers import OUTSIDE


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files, and how much of them. `dev_share` counts where no development file is named; 0 holds out nothing."""

    data: tuple[Path, ...]
    dev: tuple[Path, ...] = ()
    dev_share: float = 0.1
    per_label: int | None = None
    most_lines: int = MOST_LINES
    outside: str = OUTSIDE
    seed: int = 17


@dataclass(frozen=True, slots=True)
class Material:
    """Examples to train on and to judge on, the labels, the files by name with their SHA-256, and what a maintainer
    should know about them.
    """

    train: list[Example]
    dev: list[Example]
    labels: tuple[str, ...]
    hashes: dict[str, str]
    warnings: list[str] = field(default_factory=list)


def gather(wanted: Wanted) -> Material:
    """Raises BadExample where the examples cannot be learned from, and OSError where a file cannot be read."""
    files, dev_files = _files(wanted)
    train, dev = read_some(files, wanted.most_lines), read_some(dev_files, wanted.most_lines)
    warnings = []
    if wanted.per_label:
        train = draw_each(train, wanted.per_label, wanted.seed)
    if not dev_files and wanted.dev_share:
        train, dev, whole = hold_out(train, wanted.dev_share, wanted.seed)
        if whole:
            warnings.append(f"Only one example of {_some(whole)}: learned from, and not judged on.")
    _check(train, dev, _named(files), _named(dev_files), wanted.outside)
    return Material(train, dev, labels_of(train), _hashes([*files, *dev_files]), [*warnings, *_doubts(train, dev)])


def _files(wanted: Wanted) -> tuple[list[Path], list[Path]]:
    train = [file for path in wanted.data for file in (split_files(path, "train") if path.is_dir() else [path])]
    held = [file for path in wanted.dev for file in (split_files(path, "dev") if path.is_dir() else [path])]
    return train, held or [file for path in wanted.data if path.is_dir() for file in files_of(path, "dev")]


def _check(train: Sequence[Example], dev: Sequence[Example], files: str, dev_files: str, outside: str) -> None:
    labels = {example.intent for example in train}
    if len(labels) < 2:
        only = f" ({next(iter(labels))!r})" if labels else ""
        raise BadExample(f"There must be two labels or more to tell apart; {files} has {len(labels)}{only}.")
    known = set(labels_of(train))
    strange = {example.intent for example in dev} - known - {outside} | {label for e in dev for label in e.also} - known
    if strange:
        raise BadExample(f"{dev_files or files} is to be judged on {_some(sorted(strange))}, which nothing trains.")


def _doubts(train: Sequence[Example], dev: Sequence[Example]) -> list[str]:
    found = []
    seen = {example.text.casefold().strip() for example in train}
    if again := sum(example.text.casefold().strip() in seen for example in dev):
        found.append(f"{again} of {len(dev)} messages to judge on are also trained on; the figures flatter.")
    meant: dict[str, set[str]] = {}
    for example in train:
        meant.setdefault(f"{example.text.casefold().strip()} {example.context}", set()).add(example.intent)
    if torn := sum(len(intents) > 1 for intents in meant.values()):
        found.append(f"{torn} messages carry more than one label.")
    return found


def _hashes(files: Sequence[Path]) -> dict[str, str]:
    """By name, or by folder and name where two files share a name."""
    names = Counter(path.name for path in files)
    return {
        path.name if names[path.name] == 1 else f"{path.parent.name}/{path.name}": file_hash(path) for path in files
    }


def _some(labels: Sequence[str]) -> str:
    shown = ", ".join(map(repr, labels[:3]))
    return shown if len(labels) <= 3 else f"{shown} and {len(labels) - 3} more"


def _named(files: Sequence[Path]) -> str:
    return ", ".join(map(str, files))
