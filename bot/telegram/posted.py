"""What Telegram has accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.telegram.outgoing import Kind


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that Telegram has accepted. `uploads`: file ids by picture key, to be used again."""

    message_id: int
    kind: Kind
    uploads: Mapping[str, str] = field(default_factory=dict)
