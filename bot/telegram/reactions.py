"""Router: tapped buttons.

A tap is answered once: with what the row says when it is looked up within a second, blank otherwise, so that the
button never hangs. Everything is idempotent, because taps come twice and old messages stay tappable for months.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from datetime import UTC, datetime

from aiogram import Bot, Router
from aiogram.exceptions import AiogramError
from aiogram.types import CallbackQuery, Message, Update

from bot.reply import Action, Learned, Line, Press, Reply
from bot.telegram.buttons import CardButton, PageButton, SayButton
from bot.telegram.callback_answer import CallbackAnswer
from bot.telegram.commands import LANGUAGE_CHOICES
from bot.telegram.keyboards import marked
from bot.telegram.outgoing import Address
from bot.telegram.preview import preview
from bot.telegram.protocols import Assistant, Show
from bot.telegram.replies import Replies
from bot.telegram.turns import chat_of, press_of
from bot.telegram.typing_action import typing
from bot.wording import language_of_code
from storage.records import Turn

_LOOKUP_S = 1.0
_TYPING_AFTER_S = 0.3
_TAUGHT = (Action.LIKE, Action.DISLIKE)
_TOASTS = {"same": "same-toast", "replaced": "replaced-toast"}
_ALERTS = {"stranger": "stranger-card", "gone": "old-card"}
_log = logging.getLogger(__name__)


def reaction_router() -> Router:
    """Buttons under cards and pages, tappable answers, and buttons of another age."""
    router = Router(name="reactions")
    router.callback_query.register(press_card, CardButton.filter())
    router.callback_query.register(press_page, PageButton.filter())
    router.callback_query.register(press_option, SayButton.filter())
    router.callback_query.register(press_unknown)
    return router


async def press_card(
    callback: CallbackQuery,
    callback_data: CardButton,
    bot: Bot,
    event_update: Update,
    assistant: Assistant,
    replies: Replies,
) -> str:
    """👍 👎, more or less like this, cheaper, why."""
    action, target = callback_data.action, callback_data.recommendation_id
    press = press_of(callback, event_update.update_id, action, target)
    result = await press_and_answer(callback, press, bot, assistant, replies)
    if isinstance(result, Learned) and result.state not in _ALERTS:
        await _mark(callback, callback_data)
    return result.state if isinstance(result, Learned) else "answered"


async def press_page(
    callback: CallbackQuery,
    callback_data: PageButton,
    bot: Bot,
    event_update: Update,
    assistant: Assistant,
    replies: Replies,
) -> str:
    """More, a chip dropped, or which of two things was meant."""
    action, target, key = callback_data.action, callback_data.turn_id, callback_data.key
    press = press_of(callback, event_update.update_id, action, target, key)
    result = await press_and_answer(callback, press, bot, assistant, replies)
    return result.state if isinstance(result, Learned) else "answered"


async def press_option(
    callback: CallbackQuery,
    callback_data: SayButton,
    bot: Bot,
    event_update: Update,
    assistant: Assistant,
    replies: Replies,
) -> str:
    """A tappable answer counts as having said it; one with a slash is a command."""
    press = press_of(callback, event_update.update_id, Action.SAY, callback_data.turn_id, callback_data.text)
    name, _, argument = press.argument.removeprefix("/").partition(" ")
    if press.argument.startswith("/") and name in assistant.menu:
        await CallbackAnswer(callback).give()
        turn = Turn(
            press.update_id,
            press.user_id,
            press.chat_id,
            press.argument,
            datetime.now(UTC),
            press.telegram_language,
            "command",
        )
        reply = await assistant.command(turn, name, LANGUAGE_CHOICES.get(argument, argument))
        await replies.send(Address(press.update_id, press.user_id, press.chat_id), reply)
        return "answered"
    result = await press_and_answer(callback, press, bot, assistant, replies)
    return result.state if isinstance(result, Learned) else "answered"


async def press_unknown(callback: CallbackQuery, event_update: Update, replies: Replies) -> str:
    """A button that this version does not know."""
    language = await replies.language(callback.from_user.id, callback.from_user.language_code)
    gone = Line("gone-toast")
    if not await CallbackAnswer(callback).give(replies.words(gone, language), alert=True):
        await replies.say(Address(event_update.update_id, callback.from_user.id, chat_of(callback)), language, gone)
    return "unknown button"


async def press_and_answer(
    callback: CallbackQuery, press: Press, bot: Bot, assistant: Assistant, replies: Replies
) -> Reply | Learned:
    """Acts on a tap, and answers it: once, within a second, with a toast or with a message."""
    answer = CallbackAnswer(callback)
    to = Address(press.update_id, press.user_id, press.chat_id)
    async with AsyncExitStack() as stack:
        show = None
        if press.action not in _TAUGHT:
            await stack.enter_async_context(typing(bot, press.chat_id, _TYPING_AFTER_S))
            show = await stack.enter_async_context(preview(bot, press.chat_id, press.update_id))
        result = await _within_a_second(assistant, press, answer, show)
    if isinstance(result, Reply):
        await answer.give()
        await replies.send(to, result)
        return result
    toast = _toast(press, result)
    language = language_of_code(result.language)
    alert = result.state in _ALERTS
    given = await answer.give(replies.words(toast, language), alert=alert)
    if alert and not given:
        await replies.say(to, language, toast)
    return result


def _toast(press: Press, result: Learned) -> Line:
    known = _ALERTS.get(result.state) or (None if result.line else _TOASTS.get(result.state))
    return Line(known) if known else result.line or Line(f"{press.action.value}-toast")


async def _within_a_second(
    assistant: Assistant, press: Press, answer: CallbackAnswer, show: Show | None
) -> Reply | Learned:
    """The assistant's result; the tap is answered blank where that takes longer than a second."""
    work = asyncio.ensure_future(assistant.press(press, show))
    try:
        done, _ = await asyncio.wait({work}, timeout=_LOOKUP_S)
        if not done:
            await answer.give()
        return await work
    finally:
        work.cancel()


async def _mark(callback: CallbackQuery, pressed: CardButton) -> None:
    """Ticks the pressed reaction under the card; a card that cannot be edited any more stays as it is."""
    message = callback.message
    if not isinstance(message, Message) or message.reply_markup is None:
        return
    keyboard = marked(message.reply_markup, pressed)
    if keyboard == message.reply_markup:
        return
    try:
        await message.edit_reply_markup(reply_markup=keyboard)
    except AiogramError as error:
        _log.info("A pressed button could not be marked: %s", error)
