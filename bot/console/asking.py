"""Asks something of the running bot in the name of whoever is signed in."""

from __future__ import annotations

from typing import Any

from bot.console.visit import Visit
from bot.reply import Line


def asked(visit: Visit, request: str, **fields: Any) -> dict[str, Any] | Line:
    """The bot's answer, or why it will not, as a sentence. Raises BotAwayError or ControlError."""
    answer = visit.desk.bot(request, staff=visit.staff.name, **fields)
    if "refused" in answer:
        return Line(f"console-refused-{answer['refused']}", answer.get("facts", {}))
    return answer
