"""Files of cases as messages: a picture as such, or as a file where Telegram does not take it for one."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from aiogram.exceptions import TelegramBadRequest, TelegramEntityTooLarge
from aiogram.methods import SendDocument, SendPhoto
from aiogram.types import BufferedInputFile

from bot.telegram.outgoing import FileMessage, Kind
from bot.telegram.posted import Posted
from bot.telegram.sender import Sender
from storage.case_files import read_file

_log = logging.getLogger(__name__)


class PostedFiles:
    """Posts them; `folder` is the data folder."""

    def __init__(self, sender: Sender, folder: Path) -> None:
        self._sender, self._folder = sender, folder

    async def send(self, chat_id: int, message: FileMessage) -> Posted:
        """Posts a file. Raises ValueError where it is gone."""
        content = await asyncio.to_thread(read_file, self._folder, message.name)
        if content is None:
            raise ValueError("The file of a message is gone.")
        file = BufferedInputFile(content, message.title or "picture")
        try:
            sent = await self._sender.call(SendPhoto(chat_id=chat_id, photo=file))
        except (TelegramBadRequest, TelegramEntityTooLarge) as refusal:
            _log.warning("A picture by staff goes as a file: %s", refusal.message)
            sent = await self._sender.call(SendDocument(chat_id=chat_id, document=file))
        return Posted(sent.message_id, Kind.FILE)
