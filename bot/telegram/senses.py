"""Router: photos, sent as such or as files, and voice messages, as far as something can be made of them; else the chat
says that it cannot.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from aiogram import Bot, F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.exceptions import AiogramError
from aiogram.types import Message, Update

from bot.media import PICTURES
from bot.reply import Line
from bot.sense.colors import colors_of
from bot.sense.hearing import Hearing
from bot.sense.look import Look
from bot.sense.picture import PictureError
from bot.telegram.chat import with_person
from bot.telegram.protocols import Assistant
from bot.telegram.replies import Replies
from bot.telegram.shopper_files import fetch
from bot.telegram.turns import address_of, turn_of
from bot.telegram.typing_action import typing
from bot.workers import Worker
from storage.records import Turn
from storage.shop import Shop

_PICTURE_NAMES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".heif", ".bmp", ".tif", ".tiff")
_log = logging.getLogger(__name__)


def senses_router() -> Router:
    """Stands before the chat's own router. A photo with words under it is answered by its words, unless a photo was
    expected, or what looks like it can be found.
    """
    router = Router(name="senses")
    router.message.filter(F.chat.type == "private")
    router.message.register(look_at_photo, F.photo)
    router.message.register(look_at_file, is_picture)
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
    look: Look,
) -> str:
    """What the photo was expected for, or a page by its look or colours; where a person has the talk, it is theirs."""
    turn, expected = await _turn_of_picture(message, event_update, assistant, database, look)
    assert message.photo, "the filter lets photos through"
    async with typing(bot, message.chat.id):
        content = await _content(bot, message.photo[-1].file_id)
        looks = await _looks(turn, content, look, expected)
        kept = content if len(content) <= file_limit else b""
        reply = await assistant.see(turn, await _colors(content), kept, looks)
    await replies.send(address_of(message, event_update.update_id), reply)
    return "answered"


def is_picture(message: Message) -> bool:
    """Whether a file calls itself a picture: sent uncompressed, a photo comes as a document."""
    sent = message.document
    if sent is None:
        return False
    name = (sent.file_name or "").casefold()
    return (sent.mime_type or "").startswith("image/") or name.endswith(_PICTURE_NAMES)


async def look_at_file(
    message: Message,
    bot: Bot,
    event_update: Update,
    assistant: Assistant,
    replies: Replies,
    database: Worker[Shop],
    file_limit: int,
    look: Look,
) -> str:
    """A picture that was sent as a file: the same as a photo, or why it cannot be opened."""
    turn, expected = await _turn_of_picture(message, event_update, assistant, database, look)
    to = address_of(message, event_update.update_id)
    async with typing(bot, message.chat.id):
        fetched = await fetch(bot, message, file_limit)
        content = fetched.content if fetched.media in PICTURES else b""
        if content or expected:
            looks = await _looks(turn, content, look, expected)
            await replies.send(to, await assistant.see(turn, await _colors(content), content, looks))
            return "answered"
        if turn.text:
            raise SkipHandler
    language = await replies.language(to.user_id, message.from_user.language_code if message.from_user else None)
    await replies.say(to, language, Line("picture-unopened", {"why": fetched.why or "kind"}))
    return "unreadable"


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


async def _turn_of_picture(
    message: Message, event_update: Update, assistant: Assistant, database: Worker[Shop], look: Look
) -> tuple[Turn, bool]:
    """And whether a photo was expected. Raises SkipHandler where the picture is a person's, or its words alone are to
    be answered.
    """
    words = message.caption or ""
    turn = turn_of(message, event_update.update_id, words, "caption" if words else "photo")
    if await with_person(database, turn.user_id):
        raise SkipHandler
    expected = await assistant.expects_photo(turn.user_id)
    if words and not (expected or look.able):
        raise SkipHandler
    return turn, expected


async def _looks(turn: Turn, content: bytes, look: Look, expected: bool) -> tuple[str, ...] | None:
    """What looks like the picture, None where that cannot be said or is not asked. Raises SkipHandler where its words
    are to be answered then.
    """
    looks = None if expected else await look.alike(content)
    if looks is None and turn.text and not expected:
        raise SkipHandler
    return looks


async def _colors(content: bytes) -> tuple[str, ...]:
    """What stands out on a picture; nothing on one that cannot be read."""
    try:
        return await asyncio.to_thread(colors_of, content)
    except PictureError as error:
        _log.info("A photo could not be read: %s", error)
        return ()


async def _content(bot: Bot, file_id: str) -> bytes:
    """The file; empty where Telegram does not give it."""
    try:
        file = await bot.download(file_id)
    except (AiogramError, TimeoutError) as error:
        _log.warning("A file could not be fetched: %s", error)
        return b""
    return file.read() if file else b""
