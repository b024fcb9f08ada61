"""What Telegram's 429s mean together: one chat sent too much, or all chats did.

A refusal does not say whose limit it is. One that meets a chat within what every chat may send is meant for all where
others are refused in the same moment; such a chat is excused from what a chat at fault has to do.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

_TOGETHER_S, _TOGETHER = 2.0, 3  # a 429 in so many chats within so long is meant for all


@dataclass(frozen=True, slots=True)
class Objection:
    """Told `at` a chat, asking for nothing before `until`; `modest`: it had sent no more than every chat may."""

    at: float
    chat_id: int
    until: float
    modest: bool


@dataclass(frozen=True, slots=True)
class ForAll:
    """What all have to wait for, and the chats that were refused for the others' sake."""

    until: float
    excused: frozenset[int]


class Objections:
    """The latest; times are a monotonic clock's."""

    def __init__(self) -> None:
        self._heard: deque[Objection] = deque()

    def heard(self, objection: Objection) -> ForAll | None:
        """What it means for all, with those just before it; None where it is one chat's own."""
        self._heard.append(objection)
        while self._heard[0].at < objection.at - _TOGETHER_S:
            self._heard.popleft()
        if len({each.chat_id for each in self._heard}) < _TOGETHER:
            return None
        modest = [each for each in self._heard if each.modest]
        if len({each.chat_id for each in modest}) < _TOGETHER:
            return ForAll(min(each.until for each in self._heard), frozenset())
        return ForAll(max(each.until for each in modest), frozenset(each.chat_id for each in modest))
