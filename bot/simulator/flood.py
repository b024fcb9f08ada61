"""Flood control as a model, not Telegram's own numbers: buckets that refuse with a 429 and say for how long.

    simulator.flood = Flood()               # or POST /control/flood {"chat_burst": 5}

A message a second to a private chat after a burst of five, twenty a minute to a group, thirty a second in all; what
changes messages, and what only shows that something goes on, have buckets of their own. An album counts as many
messages as it has pictures. Who asks again before the pause is over waits longer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil

_SHOWS = frozenset({"sendchataction", "sendmessagedraft", "sendrichmessagedraft"})
_PENALTY_S = 1.0


@dataclass(slots=True)
class _Tokens:
    """A bucket that is filled as time passes. `left` may be a fraction."""

    rate: float
    most: float
    left: float = field(init=False)
    at: float = 0.0
    closed_until: float = 0.0

    def __post_init__(self) -> None:
        self.left = self.most

    def missing(self, now: float, tokens: int) -> float:
        """Seconds until so many tokens (at most all) are there; asking while it is closed closes it for longer."""
        self.left = min(self.most, self.left + (now - self.at) * self.rate)
        self.at = now
        if now < self.closed_until:
            self.closed_until += _PENALTY_S
            return self.closed_until - now
        wanted = min(tokens, self.most)
        if self.left >= wanted:
            return 0.0
        self.closed_until = now + (wanted - self.left) / self.rate
        return self.closed_until - now


class Flood:
    """The buckets of one bot. Rates a second but for groups."""

    def __init__(
        self,
        chat_per_second: float = 1.0,
        chat_burst: float = 5.0,
        group_per_minute: float = 20.0,
        all_per_second: float = 30.0,
    ) -> None:
        self._chat, self._group = (chat_per_second, chat_burst), (group_per_minute / 60, group_per_minute)
        self._all = _Tokens(all_per_second, all_per_second)
        self._buckets: dict[tuple[int, str], _Tokens] = {}
        self.refused = 0

    def pause(self, method: str, chat_id: int | None, now: float, messages: int = 1) -> int:
        """Seconds that the caller is told to wait, 0 where the call is let through; whole, as Telegram tells them."""
        kind = _kind(method.lower())
        if not kind or chat_id is None:
            return 0
        rate, most = self._group if chat_id < 0 else self._chat
        own = self._buckets.setdefault((chat_id, kind), _Tokens(rate, most, at=now))
        buckets = [own, self._all] if kind == "send" else [own]
        pause = max(bucket.missing(now, messages) for bucket in buckets)
        if pause:
            self.refused += 1
            return max(1, ceil(pause))
        for bucket in buckets:
            bucket.left -= messages
        return 0


def _kind(method: str) -> str:
    """Which of a chat's buckets a call takes from; "" for what is not limited."""
    if method in _SHOWS:
        return method
    if method.startswith(("edit", "delete")):
        return "edit"
    return "send" if method.startswith(("send", "copy", "forward")) else ""
