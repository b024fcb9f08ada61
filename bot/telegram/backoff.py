"""Exponential back-off with full jitter, so that many bots do not knock at the same instant.

See "Exponential Backoff And Jitter", AWS Architecture Blog, 2015: here half of each pause is fixed, half is drawn.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field


@dataclass(slots=True)
class Backoff:
    """Pauses in seconds: about `first`, doubling up to `cap`."""

    first: float = 1.0
    cap: float = 60.0
    draw: random.Random = field(default_factory=random.Random)
    _next: float = 0.0

    def pause(self) -> float:
        """The next pause, longer each time."""
        self._next = min(self._next * 2 or self.first, self.cap)
        return self._next * (0.5 + self.draw.random() / 2)

    def reset(self) -> None:
        """Starts again from the first pause."""
        self._next = 0.0
