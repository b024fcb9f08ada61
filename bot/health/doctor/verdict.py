"""What the doctor says of one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.settings import Settings


class State(StrEnum):
    """FAIL: the bot does not run, or not rightly. WARN: it does, and somebody should look."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line: `name` of the thing, how it is in a sentence, and what to do where it is not well."""

    name: str
    state: State
    what: str
    todo: str = ""


Look = Callable[[Settings], Iterable[Verdict]]


def ok(name: str, what: str) -> Verdict:
    """All is well."""
    return Verdict(name, State.OK, what)


def warn(name: str, what: str, todo: str) -> Verdict:
    """Somebody should look."""
    return Verdict(name, State.WARN, what, todo)


def fail(name: str, what: str, todo: str) -> Verdict:
    """It does not work."""
    return Verdict(name, State.FAIL, what, todo)
