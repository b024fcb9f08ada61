"""All that is kept of a shopper, as a file, made at the moment it is sent: it is stored nowhere."""

from __future__ import annotations

import json

from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile, Message

from bot.telegram.outgoing import ExportMessage, Kind
from bot.telegram.posted import Posted
from bot.telegram.sender import Sender
from bot.workers import Worker
from storage import personal
from storage.shop import Shop


class Exports:
    """Sends exports to private chats, which have the number of their user."""

    def __init__(self, sender: Sender, database: Worker[Shop]) -> None:
        self._sender, self._database = sender, database

    async def send(self, chat_id: int, message: ExportMessage) -> Posted:
        kept = await self._database.run(lambda shop: personal.export(shop, chat_id))
        body = json.dumps(kept, ensure_ascii=False, indent=1).encode(errors="replace")
        file = BufferedInputFile(body, filename=message.name)
        posted = await self._sender.call(
            SendDocument(chat_id=chat_id, document=file, caption=message.html, parse_mode="HTML")
        )
        assert isinstance(posted, Message)
        return Posted(posted.message_id, Kind.FILE)
