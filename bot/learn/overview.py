"""What serves, what is on trial, what lies on the shelf, and how the trial does: for a command and a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from nlu.artifact import ModelBroken
from nlu.promoted import SHIPPED_VERSION, Candidate, promoted, read_pointer, report_of
from storage.second_readings import Agreement
from storage.shop import FILE_NAME, Shop


@dataclass(frozen=True, slots=True)
class Shelved:
    """A promoted version with the report of its promotion. `accuracy` is that on the frozen messages, 0..1."""

    version: str
    promoted_at: str
    by: str
    reason: str
    previous: str
    accuracy: float | None
    report: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Overview:
    """`serving` since when and by whom, and what went wrong with the pointer (empty: nothing)."""

    serving: str
    since: str
    by: str
    previous: str
    candidate: Candidate | None
    shelf: tuple[Shelved, ...]
    agreement: tuple[Agreement, ...] = ()
    trouble: str = ""


def overview(data: Path) -> Overview:
    """How things stand in a data folder. Never raises for what is broken: that is what it tells."""
    cache, trouble = data / "models", ""
    try:
        pointer = read_pointer(cache)
    except ModelBroken as error:
        pointer, trouble = None, str(error)
    shelf = tuple(_shelved(version, report_of(cache, version)) for version in promoted(cache))
    candidate = pointer.candidate if pointer else None
    return Overview(
        serving=pointer.version if pointer else SHIPPED_VERSION,
        since=pointer.promoted_at if pointer else "",
        by=pointer.by if pointer else "",
        previous=pointer.previous if pointer else "",
        candidate=candidate,
        shelf=shelf,
        agreement=_agreement(data, candidate) if candidate else (),
        trouble=trouble,
    )


def plain(found: Overview) -> dict[str, Any]:
    """For JSON, without the long reports."""
    row = asdict(found)
    for each in row["shelf"]:
        each.pop("report")
    return row


def _agreement(data: Path, candidate: Candidate) -> tuple[Agreement, ...]:
    """Second readings by language."""
    if not (data / FILE_NAME).is_file():
        return ()
    shop = Shop.open(data, readonly=True)
    try:
        lines = shop.second_readings.agreement(candidate.version)
    finally:
        shop.close()
    return by_language(lines)


def by_language(lines: list[Agreement]) -> tuple[Agreement, ...]:
    """The sums over the intents."""
    sums: dict[str, tuple[int, int]] = {}
    for line in lines:
        turns, same = sums.get(line.language, (0, 0))
        sums[line.language] = (turns + line.turns, same + line.same)
    return tuple(Agreement(language, "", turns, same) for language, (turns, same) in sorted(sums.items()))


def _shelved(version: str, report: Mapping[str, Any]) -> Shelved:
    figures = ((report.get("figures") or {}).get("candidate") or {}).get("all") or {}
    said = {name: str(report.get(name) or "") for name in ("promoted_at", "by", "reason", "previous")}
    return Shelved(version, **said, accuracy=figures.get("accuracy"), report=report)
