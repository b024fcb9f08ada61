"""How a table is posted: as a rich message where the server knows them (Bot API 10.1), else in letters of one width."""

from __future__ import annotations

import logging
from html import escape

from aiogram.exceptions import TelegramBadRequest, TelegramNotFound
from aiogram.methods import SendMessage, SendRichMessage
from aiogram.types import (
    InputRichBlockParagraph,
    InputRichBlockTable,
    InputRichBlockUnion,
    InputRichMessage,
    RichBlockTableCell,
)

from bot.telegram.keyboards import markup
from bot.telegram.outgoing import Kind, TableMessage
from bot.telegram.posted import Posted
from bot.telegram.sender import Sender
from bot.telegram.split import TEXT_LIMIT, plain, shorten
from bot.telegram.text_table import text_table

_log = logging.getLogger(__name__)


class Tables:
    """Posts tables. A server that knows no rich messages is asked once."""

    def __init__(self, sender: Sender) -> None:
        self._sender, self._rich = sender, True

    async def send(self, chat_id: int, table: TableMessage) -> Posted:
        """Posts a new message."""
        if self._rich:
            try:
                method = SendRichMessage(chat_id=chat_id, rich_message=rich(table), reply_markup=markup(table.keyboard))
                return Posted((await self._sender.call(method)).message_id, Kind.HEADER)
            except TelegramNotFound:
                self._rich = False
                _log.info("This server knows no rich messages: tables are sent as text")
            except TelegramBadRequest as refusal:
                _log.warning("A table was refused and is sent as text: %s", refusal.message)
        text = SendMessage(chat_id=chat_id, text=as_text(table), parse_mode="HTML", reply_markup=markup(table.keyboard))
        return Posted((await self._sender.call(text)).message_id, Kind.HEADER)


def rich(table: TableMessage) -> InputRichMessage:
    """The message in blocks: what it is of, the table, what it says."""
    blocks: list[InputRichBlockUnion] = [
        InputRichBlockTable(cells=_cells(table), is_bordered=True, is_striped=True, is_compact=True)
    ]
    if table.intro:
        blocks.insert(0, InputRichBlockParagraph(text=table.intro))
    if words := plain(table.html):
        blocks.append(InputRichBlockParagraph(text=words))
    return InputRichMessage(blocks=blocks, skip_entity_detection=True)


def as_text(table: TableMessage) -> str:
    """The same as Telegram HTML."""
    letters = escape(text_table(table.cells), quote=False)
    parts = (escape(table.intro, quote=False), f"<pre>{letters}</pre>" if letters else "", table.html)
    return shorten("\n".join(part for part in parts if part), TEXT_LIMIT)


def _cells(table: TableMessage) -> list[list[RichBlockTableCell]]:
    return [
        [
            RichBlockTableCell(align="left", valign="top", text=cell, is_header=True if not row or not at else None)
            for at, cell in enumerate(cells)
        ]
        for row, cells in enumerate(table.cells)
    ]
