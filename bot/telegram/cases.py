"""Router: buttons about a case. A person is asked for, the bot is asked back, or the shopper says how it was."""

from __future__ import annotations

import logging

from aiogram import Bot, Router
from aiogram.exceptions import AiogramError
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message, Update

from bot.reply import Learned, Line
from bot.telegram.buttons import CaseButton
from bot.telegram.callback_answer import CallbackAnswer
from bot.telegram.keyboards import MARK
from bot.telegram.outgoing import Address
from bot.telegram.protocols import Assistant
from bot.telegram.replies import Replies
from bot.telegram.turns import press_of
from bot.wording import language_of_code

_TOASTS = {"new": "rate-toast", "same": "rate-same-toast"}
_log = logging.getLogger(__name__)


def case_router() -> Router:
    """Everything that carries a `CaseButton`."""
    router = Router(name="cases")
    router.callback_query.register(press_case, CaseButton.filter())
    return router


async def press_case(
    callback: CallbackQuery,
    callback_data: CaseButton,
    bot: Bot,
    event_update: Update,
    assistant: Assistant,
    replies: Replies,
) -> str:
    """Acts, and answers the tap: a rating by a toast and a tick, the others by a message."""
    answer = CallbackAnswer(callback)
    press = press_of(callback, event_update.update_id, callback_data.action, callback_data.case_id, callback_data.key)
    result = await assistant.press(press)
    if isinstance(result, Learned):
        toast, language = Line(_TOASTS.get(result.state, "gone-toast")), language_of_code(result.language)
        if not await answer.give(replies.words(toast, language), alert=result.state not in _TOASTS):
            await replies.say(Address(press.update_id, press.user_id, press.chat_id), language, toast)
        if result.state == "new":
            await _tick(callback)
        return result.state
    await answer.give()
    await replies.send(Address(press.update_id, press.user_id, press.chat_id), result)
    return "answered"


async def _tick(callback: CallbackQuery) -> None:
    """Leaves the pressed rating alone under the question, ticked."""
    message = callback.message
    if not isinstance(message, Message) or message.reply_markup is None:
        return
    buttons = [button for row in message.reply_markup.inline_keyboard for button in row]
    kept = [[b.model_copy(update={"text": MARK + b.text})] for b in buttons if b.callback_data == callback.data]
    try:
        await message.edit_reply_markup(reply_markup=InlineKeyboardMarkup(inline_keyboard=kept))
    except AiogramError as error:
        _log.info("A rating could not be ticked: %s", error)
