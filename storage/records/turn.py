"""What arrives: an update, and the turn of a talk that it begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.records.intents import Language


@dataclass(frozen=True, slots=True)
class Turn:
    """Something a shopper said or wished by button, before anything was understood. `update_id` makes it unique."""

    update_id: int
    user_id: int
    chat_id: int
    text: str
    said_at: datetime
    language: Language = "en"
    source: str = "text"
    id: int = 0


@dataclass(frozen=True, slots=True)
class Update:
    """A raw update in the inbox."""

    update_id: int
    user_id: int
    body: str
    received_at: datetime
    attempts: int = 0
