"""Times as feeds write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

_UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))  # nano-, micro- and milliseconds since 1970, by size


def instant_of(text: str, zone: tzinfo) -> datetime | None:
    """ISO 8601 (also "2026-01-31 09:05:00 +0800"), 20260131, or seconds and their fractions since 1970; None for what
    is no time.
    """
    text = text.replace("/", "-")
    if re.fullmatch(r"\d{9,19}(\.\d+)?", text):
        seconds = float(text)
        seconds = next((seconds / unit for least, unit in _UNITS if seconds >= least), seconds)
        return datetime.fromtimestamp(seconds, UTC)
    text = re.sub(r"\s*(?:UTC|GMT)$", "+00:00", text)
    text = re.sub(r"\s+([+-]\d\d:?\d\d)$", r"\1", text)
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
