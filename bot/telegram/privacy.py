"""Router: the button that erases. It leaves no record: the answer goes out by hand, after everything is gone."""

from __future__ import annotations

import logging

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.errands.privacy import NAME, SURE
from bot.forgetting import Forget
from bot.reply import Line
from bot.telegram.buttons import ErrandButton
from bot.telegram.callback_answer import CallbackAnswer
from bot.telegram.replies import Replies
from bot.telegram.turns import chat_of

_log = logging.getLogger(__name__)


def privacy_router() -> Router:
    """Stands before the router of errands."""
    router = Router(name="privacy")
    router.callback_query.register(erase_all, ErrandButton.filter((F.errand == NAME) & (F.key == SURE)))
    return router


async def erase_all(callback: CallbackQuery, replies: Replies, forget: Forget, backup_days: int) -> str:
    """Forgets the shopper, then says so in the language that was theirs."""
    language = await replies.language(callback.from_user.id, callback.from_user.language_code)
    await CallbackAnswer(callback).give()
    gone = await forget(callback.from_user.id)
    _log.info("A shopper asked to be forgotten: %d rows", sum(gone.values()))
    await replies.say_unrecorded(chat_of(callback), language, Line("privacy-gone", {"days": backup_days}))
    return "erased"
