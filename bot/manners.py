"""How patient the assistant is, and how it ranks: the numbers that settings decide."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manners:
    """How patient the assistant is, and how it ranks. Times in seconds; `page_size` in cards.

    `holdout` is the share of shoppers who are served by the plain ranker for good.
    """

    understand_timeout: float = 3.0
    search_timeout: float = 8.0
    page_size: int = 3
    policy: str = "thompson"
    holdout: float = 0.05
