"""From a raw update to aiogram's: refused where it is malformed, None where it is of a kind that aiogram does not know.

What Telegram sends fits; what does not is kept for the owner and passed over, and no part of it reaches a log.
"""

from __future__ import annotations

import re
from typing import Any

from aiogram import Bot
from aiogram.types import Update
from aiogram.types.update import UpdateTypeLookupError
from pydantic import ValidationError

from bot.telegram.updates import MalformedUpdateError, Raw

_LONG = re.compile(r"\d{19}")
_MOST = 2**63  # SQLite keeps 64 bits; Telegram's own numbers have 52 at most


def parse(raw: Raw, body: str, bot: Bot) -> Update | None:
    """The update, tied to the bot. `body` is its text. Raises MalformedUpdateError."""
    if _LONG.search(body) and _beyond(raw):
        raise MalformedUpdateError("A number is beyond 64 bits.")
    try:
        update = Update.model_validate(raw, context={"bot": bot})
    except ValidationError as error:
        raise MalformedUpdateError(str(error)) from error
    try:
        # Fed to the dispatcher all the same, aiogram would print the whole update with a warning.
        return update if update.event_type else None
    except UpdateTypeLookupError:
        return None


def _beyond(value: Any) -> bool:
    if isinstance(value, int):
        return not -_MOST <= value < _MOST
    if isinstance(value, dict):
        return any(map(_beyond, value.values()))
    return isinstance(value, list) and any(map(_beyond, value))
