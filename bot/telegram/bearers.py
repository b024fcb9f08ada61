"""Attachments that bear the words of their reply: the picture over the details of an item, the table of a comparison.

They take the place of the header message, with its words and its buttons. An album bears no buttons: it goes in front.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

from bot.plain import one_line
from bot.reply import ALBUM, Attachment, Line
from bot.telegram.outgoing import AlbumMessage, CardMessage, Keyboard, Outgoing, TableMessage, TextMessage
from bot.telegram.split import CAPTION_LIMIT, weight
from bot.wording import Wording
from storage.product_rows import to_product
from storage.records import Language, Product

PORTRAIT, TABLE = "portrait", "table"
BEARERS = frozenset({PORTRAIT, TABLE, ALBUM})
_CELL = 120
_TITLE = 200


def product_of(portrait: Attachment) -> Product:
    """Whose picture it is."""
    row: dict[str, Any] = dict(portrait.facts["product"])
    return to_product(row)


def with_picture(product: Product, texts: Sequence[TextMessage], language: Language) -> tuple[Outgoing, ...]:
    """One message with picture, words and buttons; where the words are too long for a caption, the picture goes in
    front under the item's name.
    """
    if not texts:
        return ()
    if len(texts) == 1 and weight(texts[0].html) <= CAPTION_LIMIT:
        return (CardMessage(texts[0].html, product, texts[0].keyboard),)
    return (CardMessage(_name(product, language), product), *texts)


def with_album(
    product: Product, texts: Sequence[TextMessage], wording: Wording, language: Language
) -> tuple[Outgoing, ...]:
    """All its pictures under its name, then the words with their buttons."""
    views = tuple(replace(product, image_url=picture, pictures=()) for picture in product.gallery)
    refused = TextMessage(escape(wording.say(Line("item-pictures-refused"), language), quote=False))
    return (AlbumMessage(_name(product, language), views, refused), *texts)


def _name(product: Product, language: Language) -> str:
    return f"<b>{escape(one_line(product.title_in(language), _TITLE), quote=False)}</b>"


def with_table(
    table: Attachment, texts: Sequence[TextMessage], keyboard: Keyboard, wording: Wording, language: Language
) -> TableMessage:
    """The table between what it is of and what it says."""

    def said(line: Line) -> str:
        return one_line(wording.say(line, language), _CELL)

    intro = "\n".join(one_line(wording.say(line, language), _TITLE) for line in table.facts["titles"])
    cells = tuple(tuple(said(cell) for cell in row) for row in table.facts["cells"])
    return TableMessage(intro, cells, "\n".join(text.html for text in texts), keyboard)
