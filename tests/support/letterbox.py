"""The door without a network: updates go in by the runner, what would be sent lies in `sent`.

Only the lowest seam is another: aiogram's session. Everything above it is what a shop runs.
"""

import asyncio
import itertools
import json
from contextlib import suppress
from datetime import UTC, datetime

from aiogram.client.session.base import BaseSession
from aiogram.methods import EditMessageText, GetFile, SendDocument, SendMessage, SendPhoto
from aiogram.types import Chat, File, Message, User

from bot.running import RunningBot
from bot.telegram.updates import MalformedUpdateError, read_update
from storage.records import Update

TOKEN = "123456:" + "A" * 35
_MESSAGES = (SendMessage, SendPhoto, SendDocument, EditMessageText)


class Letterbox(BaseSession):
    """Takes every request, and keeps it as (method, chat, all it holds as text)."""

    def __init__(self):
        super().__init__()
        self.sent, self._numbers = [], itertools.count(1)

    async def make_request(self, bot, method, timeout=None):
        chat_id = getattr(method, "chat_id", None)
        self.sent.append((method.__api_method__, chat_id, _content(method)))
        if method.__api_method__ == "getMe":
            return User(id=bot.id, is_bot=True, first_name="Shop", username="shop_bot")
        if isinstance(method, _MESSAGES):
            chat = Chat(id=chat_id or 1, type="private")
            return Message(message_id=next(self._numbers), date=datetime.now(UTC), chat=chat, text="x")
        if isinstance(method, GetFile):
            return File(file_id=method.file_id, file_unique_id="1", file_path="photos/1.jpg")
        return True

    async def stream_content(self, *_, **__):
        yield b""

    async def close(self):
        pass


def _content(method):
    """All of a request as text; the bytes of a file too."""
    files = [each for each in vars(method).values() if hasattr(each, "data")]
    held = method.model_dump(exclude={"document", "photo", "media"}, exclude_none=True, warnings=False)
    return json.dumps(held, default=str, ensure_ascii=False) + "".join(f.data.decode("utf-8", "replace") for f in files)


class Post:
    """The door of a house, with a letterbox. `deliver` works updates to their end."""

    def __init__(self, house):
        self._house, self._numbers = house, itertools.count(5_000_000)
        self._door = RunningBot(house.settings, TOKEN, "http://127.0.0.1:1")._door(house)
        self.box = self._door._bot.session = Letterbox()

    async def deliver(self, events):
        """Works (user, {"message": ...}) pairs; the outcome of each."""
        return await self._work([_update(next(self._numbers), user, event) for user, event in events])

    async def deliver_raw(self, batch):
        """Works whatever came, as polling does; the outcome of each that has a number to be kept by."""
        updates = []
        for raw in batch:
            with suppress(MalformedUpdateError):
                updates.append(read_update(raw, datetime.now(UTC)))
        return await self._work(list({update.update_id: update for update in updates}.values()))

    async def _work(self, updates):
        await self._house.database.run(lambda shop: shop.inbox.add(updates))
        self._door.runner.submit(updates)
        async with asyncio.timeout(300):
            await self._door.runner.idle()
        numbers = json.dumps([update.update_id for update in updates])
        sql = "SELECT outcome FROM json_each(?) AS n JOIN updates AS u ON u.update_id = n.value ORDER BY n.key"
        rows = await self._house.database.run(lambda shop: shop.db.execute(sql, [numbers]).fetchall())
        return [outcome for (outcome,) in rows]


def _update(number, user, event):
    return Update(number, user, json.dumps({"update_id": number, **event}), datetime.now(UTC))


def person(user, language="en"):
    return {"id": user, "is_bot": False, "first_name": "Ann", "language_code": language}


def tapped(user, data, language="en"):
    """A callback query under a message of the user's own chat."""
    chat = {"id": user, "type": "private"}
    message = {"message_id": 5, "date": 1_900_000_000, "chat": chat, "text": "x"}
    return {
        "callback_query": {
            "id": str(user),
            "from": person(user, language),
            "chat_instance": "1",
            "data": data,
            "message": message,
        }
    }


def written(user, text, language="en", **changed):
    """A message in the user's own chat."""
    now = int(datetime.now(UTC).timestamp())
    chat = {"id": user, "type": "private"}
    return {
        "message": {"message_id": 6, "date": now, "chat": chat, "from": person(user, language), "text": text, **changed}
    }
