"""A photo that goes along with a request to the shop: sent while the request is put together, or right after it.

A photo that comes at another moment is a wish (bot/sense/seen.py), or is for the person whom the shopper talks with.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum

from bot.draft import Draft
from bot.errands.errand import Photo
from bot.errands.orders.asking import CONFIRM, REASON, SENT
from bot.errands.orders.own import options_of, turn_before
from bot.errands.orders.told import HUMAN
from bot.media import PICTURES, media_of
from bot.plain import one_line
from bot.reply import Line
from storage.case_files import LONGEST_TITLE, CaseFile, folder_of, write_file
from storage.shop import Shop
from storage.tickets import Ticket, TicketState

MOST = 10
"""Photos of one request."""
WHILE = timedelta(hours=2)
"""How long after the bot's last words a photo is still meant for what they were about."""


class Place(Enum):
    """Where a photo goes: along with the request when it is sent, or to the ticket that was opened."""

    REQUEST = "request"
    TICKET = "ticket"


def place_of(shop: Shop, user_id: int, now: datetime, turn_id: int = 0) -> Place | None:
    """Where a photo of this shopper belongs by the last turn before `turn_id`; None where it belongs to no request."""
    before = turn_before(shop, user_id, turn_id)
    if before is None or now - before.turn.said_at > WHILE or before.need is None:
        return None
    asked = before.need.asked
    if asked in (REASON, CONFIRM):
        return Place.REQUEST
    return Place.TICKET if asked == SENT and _latest(shop, user_id) else None


def taken(shop: Shop, photo: Photo) -> Draft | None:
    """The answer to a photo, which is kept with the turn's commit; None where it belongs to no request."""
    turn = photo.before.turn
    place = place_of(shop, photo.user_id, photo.now, turn.id)
    if place is None:
        return None
    draft = _again(shop, photo) if place is Place.REQUEST else _said("request-photo-added", photo, SENT)
    media = media_of(photo.content)
    if media not in PICTURES:
        return replace(draft, lines=(Line("request-photo-unread"),))
    ticket = _latest(shop, photo.user_id) if place is Place.TICKET else None
    if len(_kept(shop, photo.user_id, ticket, photo.now)) >= MOST:
        return replace(draft, lines=(Line("request-photo-many", {"most": MOST}),))

    def keep(shop: Shop) -> None:
        shop.case_files.add(
            *(turn.user_id, None, write_file(folder_of(shop.db), photo.content), media),
            one_line(turn.text, LONGEST_TITLE),
            size=len(photo.content),
            at=photo.now,
            turn_id=turn.id,
            ticket_id=ticket.id if ticket else None,
        )

    return replace(draft, effect=keep)


def _again(shop: Shop, photo: Photo) -> Draft:
    """The photo waits; what was asked is still asked."""
    options = options_of(turn_before(shop, photo.user_id, photo.before.turn.id))
    return replace(_said("request-photo-waits", photo, photo.before.need.asked), options=options)


def _said(code: str, photo: Photo, asked: str | None) -> Draft:
    return Draft(need=replace(photo.need, asked=asked), lines=(Line(code),), options=(HUMAN,))


def _latest(shop: Shop, user_id: int) -> Ticket | None:
    """The shopper's newest ticket, while it is worked."""
    newest = next(iter(shop.tickets.of(user_id)), None)
    return newest if newest and newest.state is not TicketState.DONE else None


def _kept(shop: Shop, user_id: int, ticket: Ticket | None, now: datetime) -> list[CaseFile]:
    return shop.case_files.of_ticket(ticket.id) if ticket else shop.case_files.waiting(user_id, now - WHILE)
