"""Router: photos and voice messages, as far as something can be made of them; else the chat says that it cannot."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from aiogram import Bot, F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.exceptions import AiogramError
from aiogram.types import Message, Update

from bot.reply import Line
from bot.sense.colors import PictureError, colors_of
from bot.sense.hearing import Hearing
from bot.telegram.chat import with_person
from bot.telegram.protocols import Assistant
from bot.telegram.replies import Replies
from bot.telegram.turns import address_of, turn_of
from bot.telegram.typing_action import typing
from bot.workers import Worker
from storage.shop import Shop

_log = logging.getLogger(__name__)


def senses_router() -> Router:
    """Stands before the chat's own router. A photo with words under it is answered by its words, unless a photo was
    expected.
    """
    router = Router(name="senses")
    router.message.filter(F.chat.type == "private")
    router.message.register(look_at_photo, F.photo)
    router.message.register(listen, F.voice)
    return router


async def look_at_photo(
    message: Message,
    bot: Bot,
    event_update: Update,
    assistant: Assistant,
    replies: Replies,
    database: Worker[Shop],
    file_limit: int,
) -> str:
    """What the photo was expected for, or a page by its colours; where a person has the talk, the photo is theirs."""
    words = message.caption or ""
    turn = turn_of(message, event_update.update_id, words, "caption" if words else "photo")
    if await with_person(database, turn.user_id) or (words and not await assistant.expects_photo(turn.user_id)):
        raise SkipHandler
    assert message.photo, "the filter lets photos through"
    async with typing(bot, message.chat.id):
        content = await _content(bot, message.photo[-1].file_id)
        try:
            colors = await asyncio.to_thread(colors_of, content)
        except PictureError as error:
            _log.info("A photo could not be read: %s", error)
            colors = ()
        reply = await assistant.see(turn, colors, content if len(content) <= file_limit else b"")
    await replies.send(address_of(message, event_update.update_id), reply)
    return "answered"


async def listen(
    message: Message,
    bot: Bot,
    event_update: Update,
    assistant: Assistant,
    replies: Replies,
    database: Worker[Shop],
    hearing: Hearing,
) -> str:
    """Answers what was heard, and says what that was; without a recogniser, or a word, the chat's own words answer."""
    to = address_of(message, event_update.update_id)
    if not hearing.able or await with_person(database, to.user_id):
        raise SkipHandler
    assert message.voice, "the filter lets voices through"
    async with typing(bot, message.chat.id):
        words = await hearing.words(await _content(bot, message.voice.file_id))
        if not any(letter.isalnum() for letter in words):
            raise SkipHandler
        reply = await assistant.answer(turn_of(message, event_update.update_id, words, "voice"))
    heard = Line("voice-heard", {"text": words})
    await replies.send(to, replace(reply, lines=(heard, *reply.lines)))
    return "answered"


async def _content(bot: Bot, file_id: str) -> bytes:
    """The file; empty where Telegram does not give it."""
    try:
        file = await bot.download(file_id)
    except (AiogramError, TimeoutError) as error:
        _log.warning("A file could not be fetched: %s", error)
        return b""
    return file.read() if file else b""
