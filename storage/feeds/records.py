"""What the readers of feeds pass on: a raw record with its place, or a rejection with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class FeedError(Exception):
    """The file as a whole cannot be read; the message says what to do."""


class RowError(Exception):
    """One row cannot become a product; the message is the reason for the report."""


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One product as the feed has it. `line` counts from 1 (for XML and JSON-LD: the number of the item)."""

    line: int
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that did not become a product."""

    line: int
    reason: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """What could not be read of a row that did become a product."""

    line: int
    reason: str
    id: str = ""
