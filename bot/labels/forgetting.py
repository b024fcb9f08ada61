"""What an erased shopper leaves in training data goes, too: lines of the sets, mixes made of them, messages in reports.

A model that learned from a redacted message of theirs stays as it is; nothing in it names anybody.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.labels.training_set import forget, turns_of
from bot.learn.record import FILE, FOLDER, folder_of, runs, save
from nlu.promoted import REPORT, shelf
from nlu.whole import write_whole
from storage.console.database import FILE_NAME, ConsoleStore
from storage.said import Said


def sweep_sets(data: Path) -> int:
    """Removes what hangs on turns that are gone from everything under DATA; how many lines that were. Raises OSError or
    a `storage.database.DatabaseError`.
    """
    if not (data / FILE_NAME).is_file():
        return 0
    with ConsoleStore.open(data, readonly=True) as store:
        if not store.attach(data):
            return 0
        texts = forget(data, Said(store.db, "shop").existing(turns_of(data)))
    if texts:
        _forget_mixes(data)
        reports = [*(data / FOLDER).glob(f"run-*/{FILE}"), *shelf(data / "models").glob(f"*/{REPORT}")]
        for path in reports:
            _forget_in(path, set(texts))
    return len(texts)


def _forget_mixes(data: Path) -> None:
    """A run that goes on mixes anew."""
    for run in runs(data):
        mix = folder_of(data, run.id) / "mix"
        if mix.is_dir():
            shutil.rmtree(mix, ignore_errors=True)
            run.steps = {name: step for name, step in run.steps.items() if name == "export"}
            save(data, run)


def _forget_in(path: Path, texts: Iterable[str]) -> None:
    """Messages that changed are listed in reports with their words."""
    gone = set(texts)
    with suppress(ValueError, OSError):
        report = json.loads(path.read_text(encoding="utf-8"))
        if _without(report, gone):
            write_whole(path, json.dumps(report, ensure_ascii=False, indent=1).encode() + b"\n")


def _without(value: Any, gone: set[str]) -> bool:
    """Takes every object with one of these texts out of the lists of a report, in place; whether there was any."""
    if isinstance(value, list):
        kept = [each for each in value if not (isinstance(each, dict) and each.get("text") in gone)]
        changed = len(kept) < len(value)
        value[:] = kept
        return any([_without(each, gone) for each in kept]) or changed
    if isinstance(value, dict):
        return any([_without(each, gone) for each in value.values()])
    return False
