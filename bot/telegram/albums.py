"""All pictures of an item as one album, sent whole or not at all; Telegram hangs no buttons on one.

A picture that was uploaded before goes by its file id. One that cannot be read is left out here; one that Telegram does
not take makes it refuse the album, and does not say for certain which it was: then each goes by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from itertools import zip_longest

from aiogram.exceptions import TelegramBadRequest, TelegramEntityTooLarge
from aiogram.methods import SendMediaGroup
from aiogram.types import InputFile, InputMediaPhoto, Message

from bot.telegram.outgoing import AlbumMessage, Kind
from bot.telegram.pictures import Pictures
from bot.telegram.posted import Posted
from bot.telegram.sender import Sender

_log = logging.getLogger(__name__)
_LEAST = 2


class Albums:
    """Posts albums. `refused` are file ids that stopped working, as whoever posts single pictures finds out."""

    def __init__(self, sender: Sender, pictures: Pictures, refused: Collection[str]) -> None:
        self._sender, self._pictures, self._refused = sender, pictures, refused

    async def send(self, chat_id: int, album: AlbumMessage, uploads: Mapping[str, str]) -> Posted | None:
        """Posts it; None where fewer than two pictures can be read, or Telegram takes one of them for none."""
        media = await self._media(album, uploads)
        if len(media) < _LEAST:
            return None
        captions = zip_longest(media.values(), (album.html,))
        group = [InputMediaPhoto(media=each, caption=words, parse_mode="HTML") for each, words in captions]
        try:
            sent = await self._sender.call(SendMediaGroup(chat_id=chat_id, media=list(group)))
        except (TelegramBadRequest, TelegramEntityTooLarge) as refusal:
            _log.warning("An album of product %s was refused: %s", album.views[0].id, refusal.message)
            return None
        return Posted(sent[0].message_id, Kind.ALBUM, _uploads(media, sent))

    async def _media(self, album: AlbumMessage, uploads: Mapping[str, str]) -> dict[str, str | InputFile]:
        """What is handed to Telegram, by the picture's name among the uploads."""
        found: dict[str, str | InputFile] = {}
        for view in album.views:
            key = self._pictures.key_of(self._sender.bot.id, view)
            file_id = uploads.get(key, "")
            known = file_id if file_id not in self._refused else ""
            if key and (media := known or await self._pictures.media(view)):
                found[key] = media
        return found


def _uploads(media: Mapping[str, object], sent: list[Message]) -> dict[str, str]:
    return {key: message.photo[-1].file_id for key, message in zip(media, sent, strict=False) if message.photo}
