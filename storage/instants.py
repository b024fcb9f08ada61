"""Instants as text: UTC, ISO 8601, always the same width, so that comparing texts compares times."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(instant: datetime) -> str:
    """`2026-01-31T09:05:00.000000+00:00`. Raises ValueError for a datetime without a time zone."""
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone: pass an aware datetime.")
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def start_text(since: datetime | None) -> str:
    """What every instant from `since` on is not less than; None is open."""
    return to_text(since) if since else ""


def from_text(text: str) -> datetime:
    """The instant `to_text` wrote, in UTC."""
    return datetime.fromisoformat(text)


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)
