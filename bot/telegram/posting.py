"""How one message is posted or edited, with what to do when Telegram refuses a part of it.

A refused markup is sent as plain text, a refused picture as a text card: never lost, always logged.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramEntityTooLarge
from aiogram.methods import EditMessageMedia, EditMessageText, SendMessage, SendPhoto, TelegramMethod
from aiogram.types import InputFile, InputMediaPhoto, Message

from bot.telegram.albums import Albums
from bot.telegram.exports import Exports
from bot.telegram.invoices import Invoices
from bot.telegram.keyboards import markup
from bot.telegram.outgoing import (
    AlbumMessage,
    CardMessage,
    ExportMessage,
    FileMessage,
    InvoiceMessage,
    Kind,
    Single,
    TableMessage,
    TextMessage,
)
from bot.telegram.pictures import Pictures
from bot.telegram.posted import Posted
from bot.telegram.posted_files import PostedFiles
from bot.telegram.refusals import is_message_gone, is_unmodified, is_unparsable
from bot.telegram.sender import Sender
from bot.telegram.split import plain
from bot.telegram.tables import Tables
from storage.records import Product

_log = logging.getLogger(__name__)
_PICTURE_REFUSED = (TelegramBadRequest, TelegramEntityTooLarge)

Media = str | InputFile
# Builds the request from a text and its parse mode.
Make = Callable[[str, str | None], TelegramMethod[Any]]


class Posting:
    """Posts and edits single messages."""

    def __init__(self, sender: Sender, pictures: Pictures, exports: Exports, invoices: Invoices | None = None) -> None:
        self._sender, self._pictures = sender, pictures
        self._refused_uploads: set[str] = set()
        self._albums = Albums(sender, pictures, self._refused_uploads)
        self._tables, self._exports = Tables(sender), exports
        self._files = PostedFiles(sender, pictures.folder)
        self._invoices = invoices or Invoices(sender, "")

    def key(self, product: Product) -> str:
        """The picture's name among the uploads of this bot; "" for none."""
        return self._pictures.key_of(self._sender.bot.id, product)

    async def send(self, chat_id: int, message: Single, uploads: Mapping[str, str]) -> Posted:
        """Posts a new message."""
        if isinstance(message, TextMessage):
            return await self._send_text(chat_id, message.html, message, message.kind)
        if isinstance(message, TableMessage):
            return await self._tables.send(chat_id, message)
        if isinstance(message, FileMessage):
            return await self._files.send(chat_id, message)
        if isinstance(message, ExportMessage):
            return await self._exports.send(chat_id, message)
        if isinstance(message, InvoiceMessage):
            sent = await self._invoices.send(chat_id, message)
            refused = message.refused
            return sent or await self._send_text(chat_id, refused.html, refused, refused.kind)
        if posted := await self._send_photo(chat_id, message, uploads):
            return posted
        return await self._send_text(chat_id, message.html, message, Kind.CARD_TEXT)

    async def send_album(self, chat_id: int, album: AlbumMessage, uploads: Mapping[str, str]) -> Posted | None:
        """Posts an album; None where it cannot be had as one."""
        return await self._albums.send(chat_id, album, uploads)

    async def send_picture(self, chat_id: int, view: CardMessage, uploads: Mapping[str, str]) -> Posted | None:
        """Posts one picture of an album by itself; None where it cannot be had."""
        posted = await self._send_photo(chat_id, view, uploads)
        return replace(posted, kind=Kind.ALBUM) if posted else None

    async def edit(
        self, chat_id: int, message_id: int, was: Kind, message: Single, uploads: Mapping[str, str]
    ) -> Posted | None:
        """Edits a message in place; None where that cannot be done (gone, or of another kind)."""
        if isinstance(message, TableMessage | FileMessage | ExportMessage | InvoiceMessage):
            return None
        try:
            if isinstance(message, TextMessage) or was is Kind.CARD_TEXT:
                return await self._edit_text(chat_id, message_id, message, was)
            return await self._edit_photo(chat_id, message_id, message, uploads)
        except TelegramBadRequest as refusal:
            if is_unmodified(refusal):
                return Posted(message_id, was)
            if not is_message_gone(refusal):
                _log.warning("A message could not be edited: %s", refusal.message)
            return None

    # --- text ---------------------------------------------------------------------------------------

    async def _send_text(self, chat_id: int, html: str, message: TextMessage | CardMessage, kind: Kind) -> Posted:
        keyboard = markup(message.keyboard)
        sent = await self._formatted(
            chat_id,
            html,
            lambda text, mode: SendMessage(chat_id=chat_id, text=text, parse_mode=mode, reply_markup=keyboard),
        )
        assert isinstance(sent, Message)
        return Posted(sent.message_id, kind)

    async def _edit_text(self, chat_id: int, message_id: int, message: TextMessage | CardMessage, kind: Kind) -> Posted:
        keyboard = markup(message.keyboard)
        await self._formatted(
            chat_id,
            message.html,
            lambda text, mode: EditMessageText(
                chat_id=chat_id, message_id=message_id, text=text, parse_mode=mode, reply_markup=keyboard
            ),
        )
        return Posted(message_id, kind)

    async def _formatted(self, chat_id: int, html: str, make: Make) -> Message | bool:
        """As HTML; where Telegram cannot parse it, as the plain text of it."""
        try:
            posted: Message | bool = await self._sender.call(make(html, "HTML"))
        except TelegramBadRequest as refusal:
            if not is_unparsable(refusal):
                raise
            _log.error("Markup was refused and sent as plain text: %s", refusal.message)
            posted = await self._sender.call(make(plain(html), None))
        return posted

    # --- pictures -----------------------------------------------------------------------------------

    async def _send_photo(self, chat_id: int, card: CardMessage, uploads: Mapping[str, str]) -> Posted | None:
        keyboard = markup(card.keyboard)

        def make(media: Media) -> Make:
            return lambda text, mode: SendPhoto(
                chat_id=chat_id, photo=media, caption=text, parse_mode=mode, reply_markup=keyboard
            )

        return await self._with_picture(chat_id, card, uploads, make)

    async def _edit_photo(
        self, chat_id: int, message_id: int, card: CardMessage, uploads: Mapping[str, str]
    ) -> Posted | None:
        keyboard = markup(card.keyboard)

        def make(media: Media) -> Make:
            return lambda text, mode: EditMessageMedia(
                chat_id=chat_id,
                message_id=message_id,
                media=InputMediaPhoto(media=media, caption=text, parse_mode=mode),
                reply_markup=keyboard,
            )

        return await self._with_picture(chat_id, card, uploads, make)

    async def _with_picture(
        self, chat_id: int, card: CardMessage, uploads: Mapping[str, str], make: Callable[[Media], Make]
    ) -> Posted | None:
        """Tries the upload made before, then the picture itself; None where both fail or there is none."""
        key = self.key(card.product)
        file_id = uploads.get(key)
        if file_id and file_id not in self._refused_uploads:
            try:
                return _photo_posted(await self._formatted(chat_id, card.html, make(file_id)), key)
            except _PICTURE_REFUSED as refusal:
                _pass_on_edit_trouble(refusal)
                self._refused_uploads.add(file_id)
        media = await self._pictures.media(card.product) if key else None
        if media is None:
            return None
        try:
            return _photo_posted(await self._formatted(chat_id, card.html, make(media)), key)
        except _PICTURE_REFUSED as refusal:
            _pass_on_edit_trouble(refusal)
            _log.warning("The picture of product %s was refused: %s", card.product.id, refusal.message)
            return None


def _pass_on_edit_trouble(refusal: TelegramAPIError) -> None:
    """A message that is gone or unchanged says nothing about the picture."""
    if is_message_gone(refusal) or is_unmodified(refusal):
        raise refusal


def _photo_posted(sent: Message | bool, key: str) -> Posted:
    assert isinstance(sent, Message)
    uploads = {key: sent.photo[-1].file_id} if sent.photo else {}
    return Posted(sent.message_id, Kind.CARD_PHOTO, uploads)
