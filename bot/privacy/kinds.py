"""What counts as personal in a message, and where in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Personal(StrEnum):
    """The kinds; each value is also the word in its placeholder (`<phone>`)."""

    CARD = "card"
    ID = "id"
    BANK = "bank"
    EMAIL = "email"
    PHONE = "phone"
    LINK = "link"
    ADDRESS = "address"
    HANDLE = "handle"
    ORDER = "order"
    BIRTH = "birth"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Found:
    """A span of a message that says who somebody is or how to reach them: code points, end exclusive."""

    kind: Personal
    start: int
    end: int
