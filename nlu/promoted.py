"""Which understander serves a data folder: a pointer beside the promoted adapters.

    DATA/models/understander/current.json            what serves, what served before, who changed it and when; and what
                                                     is on trial beside it
    DATA/models/understander/understander-1a2b3c4d/  a promoted adapter and the report of its promotion

Without a pointer the shipped understander serves, as it does where the promoted one is broken. The pointer is replaced
in one step, so a reader sees the old one or the new one. `finetune.promote`, `finetune.trial` and `finetune.rollback`
write it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from nlu.artifact import SHIPPED, ModelBroken, ModelMissing, load_artifact
from nlu.whole import write_whole

SHIPPED_VERSION = "shipped"
"""What the pointer calls the understander of the program."""
_VERSION = re.compile(r"understander-[0-9a-f]{8}")

REPORT = "promotion.json"
"""The report of a promotion, beside the adapter."""

Signature = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An understander on trial: it serves a `share` (0..1) of the shoppers; with `shadow` it also reads what the others
    say, and its reading is only kept. `since` is ISO 8601 in UTC.
    """

    version: str
    share: float = 0.0
    shadow: bool = False
    since: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Pointer:
    """`version` serves and `previous` is where a rollback goes (empty: nowhere). `promoted_at` is ISO 8601 in UTC,
    `figures` are those of the gate, `reason` says why a refusal was overruled. `candidate` is on trial.
    """

    version: str
    previous: str
    promoted_at: str
    by: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    candidate: Candidate | None = None


def shelf(cache: Path) -> Path:
    """The folder of promoted adapters. `cache`: DATA/models."""
    return cache / "understander"


def pointer_file(cache: Path) -> Path:
    """The pointer, which may not exist."""
    return shelf(cache) / "current.json"


def read_pointer(cache: Path) -> Pointer | None:
    """The pointer; None where nothing was promoted. ModelBroken where it cannot be read."""
    path = pointer_file(cache)
    try:
        return parse_pointer(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelBroken(f"{path} is not a pointer to a promoted model; promote or roll back again.") from error


def parse_pointer(row: Mapping[str, Any]) -> Pointer:
    """A pointer from JSON. Raises KeyError, TypeError or ValueError where it is none."""
    versions = str(row["version"]), str(row.get("previous") or "")
    if not is_version(versions[0]) or not (versions[1] == "" or is_version(versions[1])):
        raise ValueError(f"{versions} are not versions of understanders")
    figures = row.get("figures") or {}
    if not isinstance(figures, dict):
        raise TypeError("figures are not an object")
    at, by, reason = (str(row.get(name) or "") for name in ("promoted_at", "by", "reason"))
    return Pointer(*versions, at, by, figures, reason, _candidate(row.get("candidate")))


def _candidate(row: Mapping[str, Any] | None) -> Candidate | None:
    if row is None:
        return None
    version, share = str(row["version"]), float(row.get("share") or 0.0)
    if not is_version(version) or not 0 <= share <= 1:
        raise ValueError(f"{version} for a share of {share} is no trial")
    return Candidate(version, share, bool(row.get("shadow")), str(row.get("since") or ""), str(row.get("by") or ""))


def write_pointer(cache: Path, pointer: Pointer) -> None:
    """Switch; raises OSError, and then the old one still serves."""
    text = json.dumps(asdict(pointer), ensure_ascii=False, indent=1)
    write_whole(pointer_file(cache), text.encode() + b"\n")


def is_version(name: str) -> bool:
    """Whether this can be the name of a promoted adapter or the shipped one, and nothing else in a file system."""
    return name == SHIPPED_VERSION or bool(_VERSION.fullmatch(name))


def folder_of(cache: Path, version: str) -> Path:
    """Where the adapter of a pointer's version lies."""
    return SHIPPED / "understander" if version == SHIPPED_VERSION else shelf(cache) / version


def promoted(cache: Path) -> list[str]:
    """Versions on the shelf, the last promoted first."""
    found = [path.name for path in shelf(cache).glob("*") if path.is_dir() and is_version(path.name)]
    return sorted(found, key=lambda version: (report_of(cache, version).get("promoted_at", ""), version), reverse=True)


def report_of(cache: Path, version: str) -> dict[str, Any]:
    """The report of a version's promotion; empty where there is none."""
    with suppress(OSError, ValueError):
        found = json.loads((shelf(cache) / version / REPORT).read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    return {}


def promoted_folder(cache: Path) -> Path:
    """The folder that the pointer names, checked to hold that very version. Raises ModelMissing or ModelBroken."""
    pointer = read_pointer(cache)
    return sound_folder(cache, pointer.version if pointer else SHIPPED_VERSION)


def sound_folder(cache: Path, version: str) -> Path:
    """The folder of a version, checked to hold that very one. Raises ModelMissing or ModelBroken."""
    folder = folder_of(cache, version)
    found = load_artifact(folder, "understander").version
    if version not in (SHIPPED_VERSION, found):
        raise ModelBroken(f"The understander in {folder} is {found}; restore it, promote or roll back again.")
    return folder


def serving_folder(cache: Path) -> Path:
    """The folder that serves: the promoted one, or the shipped one where that is missing or broken."""
    try:
        return promoted_folder(cache)
    except (ModelMissing, ModelBroken):
        return SHIPPED / "understander"


def signature(cache: Path) -> Signature | None:
    """Changes whenever the pointer is written; None where there is none."""
    try:
        found = pointer_file(cache).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
