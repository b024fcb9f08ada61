"""The answer to a tap: given once, and no trouble where it comes too late."""

from __future__ import annotations

import logging

from aiogram.exceptions import AiogramError
from aiogram.types import CallbackQuery

from bot.plain import one_line
from bot.telegram.flow import AnsweredError

_TEXT_LIMIT = 200
_log = logging.getLogger(__name__)


class CallbackAnswer:
    """Answers one callback query at most once."""

    def __init__(self, callback: CallbackQuery) -> None:
        self._callback = callback
        self._given = False

    async def give(self, text: str = "", *, alert: bool = False) -> bool:
        """Shows the text as a toast or an alert; blank only stops the waiting. False where it was answered before, here
        or while it waited for its turn.

        A tap expires after some seconds, and a replay always comes too late: a refusal is not an error.
        """
        if self._given:
            return False
        self._given = True
        try:
            await self._callback.answer(one_line(text, _TEXT_LIMIT) or None, show_alert=alert or None)
        except AnsweredError:
            return False
        except AiogramError as error:
            _log.info("A tap could not be answered: %s", error)
        return True
