"""What the owner decided by hand, with its dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Act(StrEnum):
    """What the owner does by hand."""

    PIN = "pin"
    BOOST = "boost"
    BURY = "bury"
    HIDE = "hide"
    SYNONYM = "synonym"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing the owner decided, with its dates.

    `subject` is "product:ID", "brand:NAME", "category:VALUE" or "tag:VALUE" in normal form; of a synonym it is the
    word, and `means` what it stands for (and the reverse, where `both`). A pin stands at `place`, from 1; boosts and
    buries multiply the score by `factor`. `query` and `category` say for which wishes; both empty: a pin holds where
    nothing was asked, the others hold always. From `begins` on, until before `ends`; None is open.
    """

    act: Act
    subject: str
    means: str = ""
    both: bool = True
    place: int = 0
    factor: float = 1.0
    query: str = ""
    category: str = ""
    begins: datetime | None = None
    ends: datetime | None = None
    note: str = ""
    id: int = 0

    @property
    def ways(self) -> tuple[tuple[str, str], ...]:
        """(word, what it stands for) of a synonym, in each way it is meant."""
        return ((self.subject, self.means), (self.means, self.subject))[: 1 + self.both]

    def holds(self, now: datetime) -> bool:
        """Whether an aware instant lies between its dates."""
        return (self.begins is None or self.begins <= now) and (self.ends is None or now < self.ends)
