"""What is in the bar at the top of every page: address, words, and who sees it."""

from __future__ import annotations

from dataclasses import dataclass

from storage.console.staff import Role


@dataclass(frozen=True, slots=True)
class Place:
    """An entry. `code` is its word in the message catalogues."""

    path: str
    code: str
    role: Role = Role.VIEWER


PLACES = (
    Place("/live", "console-nav-live"),
    Place("/tickets", "console-nav-tickets"),
    Place("/conversations", "console-nav-conversations"),
    Place("/review", "console-nav-review", Role.REVIEWER),
    Place("/canned", "console-nav-canned"),
    Place("/hours", "console-nav-hours"),
    Place("/figures", "console-nav-figures"),
    Place("/models", "console-nav-models"),
    Place("/people", "console-nav-people", Role.ADMIN),
    Place("/nights", "console-nav-nights", Role.ADMIN),
    Place("/audit", "console-nav-audit", Role.ADMIN),
)
