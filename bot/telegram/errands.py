"""Router: the buttons of errands (bot/errands)."""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.types import CallbackQuery, Update

from bot.reply import Action, Learned
from bot.telegram.buttons import DetailButton, ErrandButton
from bot.telegram.protocols import Assistant
from bot.telegram.reactions import press_and_answer
from bot.telegram.replies import Replies
from bot.telegram.turns import press_of


def errand_router() -> Router:
    """Everything that carries an `ErrandButton`, or one with a detail."""
    router = Router(name="errands")
    for kind in (ErrandButton, DetailButton):
        router.callback_query.register(press_errand, kind.filter())
    return router


async def press_errand(
    callback: CallbackQuery,
    callback_data: ErrandButton | DetailButton,
    bot: Bot,
    event_update: Update,
    assistant: Assistant,
    replies: Replies,
) -> str:
    """Does it, and answers with a message, or with a toast where a word is enough."""
    detail = callback_data.detail if isinstance(callback_data, DetailButton) else ""
    what = f"{callback_data.errand}:{callback_data.key}:{detail}"
    press = press_of(callback, event_update.update_id, Action.ERRAND, callback_data.target, what)
    result = await press_and_answer(callback, press, bot, assistant, replies)
    return result.state if isinstance(result, Learned) else "answered"
