"""Versions of the shop's own training data, under DATA/training.

    set-1a2b3c4d/train.jsonl     what teaches (finetune/examples.py says what a line is)
                 test.jsonl      what judges: conversations that never teach
                 sample.jsonl    of these, what was drawn blindly, lately: how good a model is with shoppers
                 turns.json      the turn that each line came from, so that an erased shopper's lines can go, too
                 manifest.json   counts, where it came from, what was left out

The name is a hash of the content: the same labels give the same version.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.labels.cleaning import Cleaned, Example, clean, merged
from bot.labels.gathering import Reviewed
from bot.labels.splitting import HELD_OUT, held_out
from nlu.whole import write_folder, write_whole
from storage import instants

FOLDER = "training"
PARTS = ("train", "test", "sample")
WINDOW = timedelta(days=28)
"""The talk before an export that later talk is compared with (bot/drift)."""
_ENOUGH = 50
"""Sampled messages that say something; where the days asked for hold fewer, older ones join them."""


class TrainingSetError(Exception):
    """There is nothing to export, or no such version; one sentence says which."""


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """A version that lies on the disk."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def version(self) -> str:
        return self.folder.name

    def path(self, part: str) -> Path:
        """The file of one of PARTS."""
        return self.folder / f"{part}.jsonl"

    def count(self, part: str) -> int:
        """How many messages a part holds."""
        return int(self.manifest["counts"][part]["messages"])


def export(data: Path, reviewed: Sequence[Reviewed], share: float = HELD_OUT, days: int = 7) -> TrainingSet:
    """Write a version of these reviewed messages; the same content is written once. `share` (0..1) of the conversations
    judge; `days` of sampled messages before the newest one make the sample. Raises TrainingSetError or OSError.
    """
    cleaned = clean(reviewed)
    judging = {each.turn_id for each in reviewed if held_out(each.conversation_id, share)}
    parts = {
        "train": merged(cleaned, (each for each in cleaned.examples if each.turn_id not in judging)),
        "test": merged(cleaned, (each for each in cleaned.examples if each.turn_id in judging)),
        "sample": _sample([each for each in cleaned.examples if each.turn_id in judging and each.sampled], days),
    }
    if not parts["train"] and not parts["test"]:
        raise TrainingSetError("There is no settled label yet: review messages first.")
    files = {f"{part}.jsonl": b"".join(map(_line, examples)) for part, examples in parts.items()}
    version = f"set-{sha256(b'|'.join(files.values())).hexdigest()[:8]}"
    folder = data / FOLDER / version
    if not (folder / "manifest.json").is_file():
        turns = {part: [each.turn_id for each in examples] for part, examples in parts.items()}
        manifest = _manifest(version, reviewed, cleaned, parts, share)
        papers = {"turns.json": _json(turns), "manifest.json": _json(manifest)}
        write_folder(folder, files | papers)
    return open_set(data, version)


def _sample(examples: Sequence[Example], days: int) -> list[Example]:
    """What was drawn in the last days, or as much of what was drawn before that it is enough to judge by."""
    newest = sorted(examples, key=lambda each: each.said_at, reverse=True)
    if not newest:
        return []
    since = newest[0].said_at - timedelta(days=days)
    lately = [each for each in newest if each.said_at >= since]
    return sorted(lately if len(lately) >= _ENOUGH else newest[:_ENOUGH], key=lambda each: each.turn_id)


def _manifest(
    version: str, reviewed: Sequence[Reviewed], cleaned: Cleaned, parts: Mapping[str, Sequence[Example]], share: float
) -> dict[str, Any]:
    versions = [each.label.version for each in reviewed]
    newest = max(each.said_at for each in reviewed)
    return {
        "version": version,
        "made_at": instants.to_text(instants.now()),
        "held_out": share,
        "counts": {part: _counts(examples) for part, examples in parts.items()},
        "labels": {
            "settled": len(reviewed),
            "changed": sum(number > 1 for number in versions),
            "highest_version": max(versions),
            "newest": instants.to_text(max(each.label.at or each.said_at for each in reviewed)),
            "reviewers": dict(Counter(each.label.by for each in reviewed).most_common()),
        },
        "redactions": dict(cleaned.redactions.most_common()),
        "duplicates": cleaned.duplicates,
        "conflicts": sorted(cleaned.conflicts),
        "unusable": cleaned.unusable,
        "in_both": len({each.key for each in parts["train"]} & {each.key for each in parts["test"]}),
        "talk": {"from": instants.to_text(newest - WINDOW), "to": instants.to_text(newest)},
        "erased": 0,
    }


def _counts(examples: Sequence[Example]) -> dict[str, Any]:
    """Messages, and of these how many were read wrong at the time; by language and by intent."""
    return {
        "messages": len(examples),
        "corrections": sum(each.read != each.row["intent"] for each in examples),
        "languages": dict(sorted(Counter(each.row["lang"] for each in examples).items())),
        "intents": dict(Counter(each.row["intent"] for each in examples).most_common()),
    }


# --- reading --------------------------------------------------------------------------------------------------------


def versions(data: Path) -> list[TrainingSet]:
    """Every version there is, the newest first; what cannot be read is left out."""
    found = []
    for path in (data / FOLDER).glob("set-*/manifest.json"):
        with suppress(OSError, ValueError):
            found.append(TrainingSet(path.parent, json.loads(path.read_text(encoding="utf-8"))))
    return sorted(found, key=lambda each: str(each.manifest.get("made_at")), reverse=True)


def open_set(data: Path, version: str) -> TrainingSet:
    """A version by its name, or the `latest`. Raises TrainingSetError."""
    known = versions(data)
    for each in known:
        if version in ("latest", each.version):
            return each
    said = ", ".join(each.version for each in known[:5]) or "none yet: shopbot labels export makes one"
    raise TrainingSetError(f"There is no training set {version}; there is {said}.")


def examples_of(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a part."""
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


# --- erasing --------------------------------------------------------------------------------------------------------


def forget(data: Path, existing: Iterable[int]) -> list[str]:
    """Remove every line whose turn is not among the `existing` ones; the messages that went. The names of the versions
    stay.
    """
    there, gone = set(existing), list[str]()
    for each in versions(data):
        turns = json.loads((each.folder / "turns.json").read_text(encoding="utf-8"))
        lost = {part: [at for at, turn in enumerate(turns[part]) if turn not in there] for part in PARTS}
        if not any(lost.values()):
            continue
        for part in PARTS:
            lines = list(examples_of(each.path(part)))
            gone += [str(lines[at]["text"]) for at in lost[part]]
            kept = [line for at, line in enumerate(lines) if at not in set(lost[part])]
            write_whole(each.path(part), b"".join(map(_row_line, kept)))
            turns[part] = [turn for at, turn in enumerate(turns[part]) if at not in set(lost[part])]
        removed = sum(map(len, lost.values()))
        write_whole(each.folder / "turns.json", _json(turns))
        erased = int(each.manifest.get("erased", 0)) + removed
        write_whole(each.folder / "manifest.json", _json({**each.manifest, "erased": erased}))
    return gone


def turns_of(data: Path) -> set[int]:
    """The turns whose messages lie in any version."""
    found: set[int] = set()
    for each in versions(data):
        turns = json.loads((each.folder / "turns.json").read_text(encoding="utf-8"))
        found.update(turn for part in PARTS for turn in turns[part])
    return found


def _line(example: Example) -> bytes:
    return _row_line(example.row)


def _row_line(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
