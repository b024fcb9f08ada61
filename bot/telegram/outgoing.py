"""Messages ready to be sent, as values: what `render` makes and `delivery` delivers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storage.records import Product


class Kind(StrEnum):
    """What a sent message was, as the record of sent messages keeps it."""

    TEXT = "text"
    HEADER = "header"
    CARD_PHOTO = "card-photo"
    CARD_TEXT = "card-text"
    APOLOGY = "apology"
    NOTICE = "notice"
    FILE = "file"
    INVOICE = "invoice"
    ALBUM = "album"


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: callback data within 64 bytes, or (`url`) a page to open."""

    label: str
    data: str = ""
    url: str = ""


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A text of at most 4096 code points after parsing, as Telegram HTML."""

    html: str
    keyboard: Keyboard = ()
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class CardMessage:
    """A product card: a caption of at most 1024 code points after parsing, with the product's picture if it has one."""

    html: str
    product: Product
    keyboard: Keyboard = ()


@dataclass(frozen=True, slots=True)
class AlbumMessage:
    """Pictures of one item, with a caption under the first. `views` are the product with each of them in the place of
    the one that stands for it. `refused` is said where none of them can be shown.
    """

    html: str
    views: tuple[Product, ...]
    refused: TextMessage


@dataclass(frozen=True, slots=True)
class TableMessage:
    """A table with plain words over it (`intro`) and Telegram HTML under it. The first row and column are headings."""

    intro: str
    cells: tuple[tuple[str, ...], ...]
    html: str
    keyboard: Keyboard = ()


@dataclass(frozen=True, slots=True)
class FileMessage:
    """A file of a case (storage/case_files.py), by the name that it lies under in the data folder."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class ExportMessage:
    """A file with all that is kept of the shopper of the chat, made when it is sent; a caption in Telegram HTML."""

    html: str
    name: str


@dataclass(frozen=True, slots=True)
class InvoiceMessage:
    """An invoice. `payload` is the order's number; `prices` are (label, minor units); `pay` the label of its button.
    `refused` is said where Telegram does not take the invoice.
    """

    title: str
    description: str
    payload: str
    currency: str
    prices: tuple[tuple[str, int], ...]
    pay: str
    refused: TextMessage


Single = TextMessage | CardMessage | TableMessage | FileMessage | ExportMessage | InvoiceMessage
Outgoing = Single | AlbumMessage


@dataclass(frozen=True, slots=True)
class Address:
    """For whom, and in answer to what: the update that a replay recognises, and the turn that a page belongs to."""

    update_id: int
    user_id: int
    chat_id: int
    turn_id: int = 0
