"""Check digits that python-stdnum knows, asked so that no odd number makes it raise."""

from __future__ import annotations

from stdnum.cn import ric


def is_resident(number: str) -> bool:
    """Whether this is a Chinese resident identity number; one of an impossible day or place is none."""
    try:
        return bool(ric.is_valid(number))
    except (ValueError, LookupError):
        return False
