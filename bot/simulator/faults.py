"""Failures on demand: what a bot must survive, ordered by a test and counted.

faults.add(Fault("sendMessage", "status", code=429, retry_after=2, times=1))
faults.add(Fault("sendPhoto", "drop_after"))      # acts, then cuts the connection before answering
faults.add(Fault("getUpdates", "duplicate"))      # delivers the same updates once more
"""

from __future__ import annotations

from dataclasses import dataclass

KINDS = frozenset({"status", "slow", "drop_before", "drop_after", "garbage", "duplicate", "reorder"})
DEFAULT_TEXT = {
    429: "Too Many Requests: retry after {seconds}",
    500: "Internal Server Error",
    502: "Bad Gateway",
    403: "Forbidden: bot was blocked by the user",
}


@dataclass(slots=True)
class Fault:
    """One failure. `method` "*" means any; it passes over `skip` calls, then strikes `times` calls.

    `status` answers `code` without acting; `slow` waits `seconds` first; `drop_before` and `drop_after` cut the
    connection without or after acting; `garbage` answers a page of some proxy without acting; `duplicate` (getUpdates)
    repeats in the next poll what was delivered, `reorder` delivers it the wrong way round.
    """

    method: str
    kind: str
    code: int = 500
    description: str = ""
    retry_after: int | None = None
    seconds: float = 0.0
    times: int = 1
    skip: int = 0
    hits: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"A fault is one of {', '.join(sorted(KINDS))}, not {self.kind!r}.")
        if self.code == 429 and self.retry_after is None:
            self.retry_after = 1

    @property
    def text(self) -> str:
        """The description that a `status` fault answers."""
        return self.description or DEFAULT_TEXT.get(self.code, "Bad Request: fault").format(seconds=self.retry_after)

    def strikes(self, method: str) -> bool:
        """Whether this call is struck; counts it."""
        if self.method != "*" and self.method.lower() != method.lower():
            return False
        if self.hits >= self.times:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.hits += 1
        return True


class Faults:
    """The failures that are due, in the order they were asked for."""

    def __init__(self) -> None:
        self.all: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        self.all.append(fault)
        return fault

    def take(self, method: str) -> dict[str, Fault]:
        """The faults that strike this call, one of each kind."""
        struck: dict[str, Fault] = {}
        for fault in self.all:
            if fault.kind not in struck and fault.strikes(method):
                struck[fault.kind] = fault
        return struck

    def clear(self) -> None:
        self.all.clear()
