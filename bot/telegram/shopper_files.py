"""Files that a shopper sends to a person of the shop: fetched through the Bot API, checked, kept for the case.

What cannot be passed on is not silently dropped: the shopper is told why (`Fetched.why`).
"""

from __future__ import annotations

import asyncio
import io
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import Message

from bot.media import media_of
from bot.plain import one_line
from bot.workers import Worker
from storage.case_files import LONGEST_TITLE, drop_files, folder_of, write_file
from storage.shop import Shop

_PATIENCE_S = 30
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file with its type, or why there is none: "large", "kind" or "failed"."""

    content: bytes = b""
    media: str = ""
    title: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Named:
    file_id: str
    size: int
    title: str


def carries_file(message: Message) -> bool:
    """Whether there is something to fetch in a message."""
    return _named(message) is not None


async def fetch(bot: Bot, message: Message, limit: int) -> Fetched:
    """The file of a message, of at most `limit` bytes."""
    named = _named(message)
    if named is None:
        return Fetched(why="kind")
    if named.size > limit:
        return Fetched(why="large")
    try:
        content = await _download(bot, named.file_id, limit)
    except (AiogramError, OSError, TimeoutError, ValueError) as error:
        _log.warning("A file of a shopper could not be fetched: %s", type(error).__name__)
        return Fetched(why="failed")
    if len(content) > limit:
        return Fetched(why="large")
    media = await asyncio.to_thread(media_of, content)
    return Fetched(content, media, one_line(named.title, LONGEST_TITLE)) if media else Fetched(why="kind")


async def keep(database: Worker[Shop], user_id: int, turn_id: int, fetched: Fetched) -> None:
    """Keeps a file for the shopper's open case, once for each turn."""
    folder = await database.run(lambda shop: folder_of(shop.db))
    name = await asyncio.to_thread(write_file, folder, fetched.content)

    def kept(shop: Shop) -> bool:
        case = shop.cases.open_of(user_id)
        if case is None or shop.case_files.of_turn(turn_id):
            return False
        shop.case_files.add(
            *(user_id, case.id, name, fetched.media, fetched.title),
            size=len(fetched.content),
            at=datetime.now(UTC),
            turn_id=turn_id,
        )
        return True

    if not await database.run(kept):
        await asyncio.to_thread(drop_files, folder, [name])


async def _download(bot: Bot, file_id: str, limit: int) -> bytes:
    """The bytes; reading stops behind the limit, whatever was announced."""
    file = await bot.get_file(file_id, request_timeout=_PATIENCE_S)
    if (file.file_size or 0) > limit:
        return b"\0" * (limit + 1)
    if not file.file_path:
        raise ValueError("no path")
    target = io.BytesIO()
    url = bot.session.api.file_url(bot.token, file.file_path)
    async for chunk in bot.session.stream_content(url, timeout=_PATIENCE_S, chunk_size=65_536, raise_for_status=True):
        target.write(chunk)
        if target.tell() > limit:
            break
    return target.getvalue()


def _named(message: Message) -> _Named | None:
    if message.photo:
        largest = message.photo[-1]
        return _Named(largest.file_id, largest.file_size or 0, "")
    for part in (message.document, message.video, message.voice, message.audio, message.video_note):
        if part is not None:
            return _Named(part.file_id, part.file_size or 0, getattr(part, "file_name", None) or "")
    return None
