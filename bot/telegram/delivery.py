"""Messages to their reader, each recorded the moment Telegram has accepted it.

The record holds the update and the ordinal of the message, so a replay after a crash sends only what is missing. A
message can be repeated in one case alone: the process died between Telegram's acceptance and our record of it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from aiogram.exceptions import TelegramAPIError
from aiogram.methods import DeleteMessage

from bot.telegram.outgoing import Address, AlbumMessage, CardMessage, Kind, Outgoing, Single, TextMessage
from bot.telegram.posted import Posted
from bot.telegram.posting import Posting
from bot.telegram.refusals import UnreachableError
from bot.telegram.sender import Sender
from bot.workers import Worker
from storage.records import Product
from storage.shop import Shop

_log = logging.getLogger(__name__)
_CARDS = frozenset({Kind.CARD_PHOTO, Kind.CARD_TEXT})
# Far above any page, an apology and a notice: pictures of an album that go one by one, each with a record of its own.
_PICTURE_ORDINALS = 1_000


@dataclass(frozen=True, slots=True)
class _Slot:
    """A message that can be edited in place."""

    message_id: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database knows before a delivery: ordinals sent already, uploads, and the page to edit."""

    sent: Mapping[int, int]
    uploads: Mapping[str, str]
    header: _Slot | None = None
    cards: Sequence[_Slot] = field(default_factory=tuple)


class Delivery:
    """Delivers messages in order, at most one at a time to a chat."""

    def __init__(self, sender: Sender, posting: Posting, database: Worker[Shop]) -> None:
        self._sender, self._posting, self._database = sender, posting, database
        # Accepted by Telegram while the database was out of order: not sent again when their update is.
        self._unrecorded: dict[tuple[int, int], Posted] = {}

    async def deliver(
        self, to: Address, messages: Sequence[Outgoing], *, edits_turn: int = 0, first_ordinal: int = 0
    ) -> None:
        """Sends what was not sent yet; with `edits_turn`, in place of the messages of that turn.

        Raises:
            UnreachableError: the shopper cannot be written to; recorded as such.
            PostponedError: to be called again later; what was sent stays sent.
        """
        keys = [self._posting.key(product) for message in messages for product in _pictured(message)]
        known = await self._database.run(lambda shop: _known(shop, to.update_id, keys, edits_turn))
        try:
            await self._deliver(to, messages, known, first_ordinal)
        except UnreachableError:
            _log.info("A shopper cannot be written to any more")
            if to.chat_id == to.user_id:  # of a group that the bot was put out of, its shoppers know nothing
                await self._database.run(lambda shop: shop.shoppers.set_blocked(to.user_id, True))
            raise

    async def post(self, chat_id: int, messages: Sequence[TextMessage]) -> None:
        """Sends messages of which no record is kept; who cannot be written to any more is not."""
        try:
            for message in messages:
                await self._posting.send(chat_id, message, {})
        except UnreachableError:
            _log.info("A shopper cannot be written to any more")

    def owes_record(self, update_id: int, ordinal: int) -> bool:
        """Whether this message was accepted and could not be recorded yet."""
        return (update_id, ordinal) in self._unrecorded

    async def _deliver(self, to: Address, messages: Sequence[Outgoing], known: _Known, first: int) -> None:
        cards = iter(known.cards)
        for ordinal, message in enumerate(messages, start=first):
            slot = next(cards, None) if isinstance(message, CardMessage) else _header_slot(message, known)
            if ordinal in known.sent:
                continue
            if isinstance(message, AlbumMessage):
                await self._album(to, ordinal, message, known)
            else:
                await self._once(to, ordinal, partial(self._place, to.chat_id, message, slot, known.uploads))
        for surplus in cards:
            await self._remove(to.chat_id, surplus)

    async def _once(self, to: Address, ordinal: int, place: Callable[[], Awaitable[Posted | None]]) -> Posted | None:
        """Places a message and records it; None, and no record, where it cannot be placed."""
        sent = to.update_id, ordinal
        posted = self._unrecorded.get(sent) or await place()
        if posted is None:
            return None
        self._unrecorded[sent] = posted
        await self._database.run(lambda shop: _record(shop, to, ordinal, posted))
        del self._unrecorded[sent]
        return posted

    async def _album(self, to: Address, ordinal: int, album: AlbumMessage, known: _Known) -> None:
        """As one where Telegram takes it so, else its pictures one by one: what can be shown is, and is once."""
        chat_id, first = to.chat_id, _PICTURE_ORDINALS * (ordinal + 1)
        begun = [known.sent[at] for at in range(first, first + len(album.views)) if at in known.sent]
        whole = partial(self._posting.send_album, chat_id, album, known.uploads)
        if not begun and await self._once(to, ordinal, whole):
            return
        shown = [Posted(message_id, Kind.ALBUM) for message_id in begun]
        for at, view in enumerate(album.views, start=first):
            card = CardMessage("" if shown else album.html, view)
            alone = partial(self._posting.send_picture, chat_id, card, known.uploads)
            if at not in known.sent and (posted := await self._once(to, at, alone)):
                shown.append(posted)
        refused = partial(self._posting.send, chat_id, album.refused, {})
        await self._once(to, ordinal, partial(_given, shown[0]) if shown else refused)

    async def _place(self, chat_id: int, message: Single, slot: _Slot | None, uploads: Mapping[str, str]) -> Posted:
        if slot and (edited := await self._posting.edit(chat_id, slot.message_id, slot.kind, message, uploads)):
            return edited
        if slot:
            await self._remove(chat_id, slot)
        return await self._posting.send(chat_id, message, uploads)

    async def _remove(self, chat_id: int, slot: _Slot) -> None:
        """Takes a message away; one that cannot be deleted any more stays."""
        try:
            await self._sender.call(DeleteMessage(chat_id=chat_id, message_id=slot.message_id))
        except TelegramAPIError as refusal:
            _log.info("A message could not be removed: %s", refusal.message)


def _pictured(message: Outgoing) -> tuple[Product, ...]:
    if isinstance(message, AlbumMessage):
        return message.views
    return (message.product,) if isinstance(message, CardMessage) else ()


async def _given(posted: Posted) -> Posted:
    """What was placed already."""
    return posted


def _header_slot(message: Outgoing, known: _Known) -> _Slot | None:
    return known.header if isinstance(message, TextMessage) and message.kind is Kind.HEADER else None


def _known(shop: Shop, update_id: int, keys: Sequence[str], edits_turn: int) -> _Known:
    uploads = {key: file_id for key in keys if key and (file_id := shop.files.get(key))}
    sent = shop.sent.of(update_id)
    if not edits_turn:
        return _Known(sent, uploads)
    page = [_Slot(message_id, Kind(kind)) for _, (message_id, kind) in sorted(shop.sent.of_turn(edits_turn).items())]
    headers = [slot for slot in page if slot.kind is Kind.HEADER]
    cards = tuple(slot for slot in page if slot.kind in _CARDS)
    return _Known(sent, uploads, headers[-1] if headers else None, cards)


def _record(shop: Shop, to: Address, ordinal: int, posted: Posted) -> None:
    with shop.atomic():
        shop.sent.record(to.update_id, ordinal, to.chat_id, posted.message_id, posted.kind, to.turn_id)
        for key, file_id in posted.uploads.items():
            shop.files.put(key, file_id)
