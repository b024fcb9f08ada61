"""What staff do with a ticket: make one out of a case, work it, and let the shopper know when it is done. Runs in the
database's thread of the bot, each act one commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.case_acts import Refused, name_of
from bot.plain import clean
from bot.reply import Action, CaseAct, Line, Option
from bot.spoken import spoken_language
from bot.telling import letter
from storage.shop import Shop
from storage.tickets import StaleTicket, Ticket, TicketKind, TicketState

TEXT_LIMIT = 2_000
NOTICE_LIMIT = 700
"""Code points of what is to be done, and of what the shopper is told beside the sentence that is always there."""
_HUMAN = Option(Line("button-human"), act=CaseAct(Action.HUMAN))


def make(
    shop: Shop,
    case_id: int,
    staff: str,
    kind: TicketKind,
    text: str,
    at: datetime,
    *,
    order: str = "",
    owner: str = "",
    due: date | None = None,
    key: str = "",
) -> int:
    """A ticket for what outlives a talk; its number. Raises Refused."""
    text = text.strip()
    if not text:
        raise Refused("nothing-said")
    if len(text) > TEXT_LIMIT:
        raise Refused("said-too-long", {"most": TEXT_LIMIT})
    with shop.atomic():
        case = shop.cases.get(case_id)
        if case is None:
            raise Refused("case-gone")
        ticket_id = shop.tickets.add(
            case.user_id,
            case.chat_id,
            kind,
            text,
            name_of(staff),
            at,
            case_id=case.id,
            order_said=order[:100],
            owner=owner,
            due=due,
            key=key,
        )
        shop.case_talk.noted(case.id, "ticket", at, {"ticket": ticket_id})
    return ticket_id


def change(
    shop: Shop,
    ticket_id: int,
    version: int,
    staff: str,
    *,
    state: TicketState,
    owner: str,
    due: date | None,
    at: datetime,
    tell: bool,
    words: str,
    not_before: datetime,
) -> None:
    """Changes a ticket that is still of this version. Where it is done by this, and `tell`, the shopper gets a notice
    from `not_before` on, with the words of staff under it. Raises Refused.
    """
    words = clean(words).strip()
    if len(words) > NOTICE_LIMIT:
        raise Refused("said-too-long", {"most": NOTICE_LIMIT})
    try:
        with shop.atomic():
            ticket = shop.tickets.get(ticket_id)
            shop.tickets.change(ticket_id, version, state=state, owner=owner, due=due, at=at)
            if ticket and state is TicketState.DONE and ticket.state is not TicketState.DONE and tell:
                _notice(shop, ticket, name_of(staff), words, at, not_before)
    except StaleTicket as stale:
        raise Refused("ticket-stale") from stale
    except LookupError as missing:
        raise Refused("ticket-gone") from missing


def notice_key(ticket_id: int) -> str:
    """What the keys of a ticket's notices begin with, in the outbox."""
    return f"ticket:{ticket_id}:"


def _notice(shop: Shop, ticket: Ticket, staff: str, words: str, at: datetime, not_before: datetime) -> None:
    case = shop.cases.get(ticket.case_id) if ticket.case_id else None
    language = spoken_language(shop, ticket.user_id, case.language if case else "en")
    outbox_id = shop.outbox.put(
        f"{notice_key(ticket.id)}{ticket.version}",
        ticket.chat_id,
        letter(language, _lines(ticket, staff, words), (_HUMAN,)),
        at,
        user_id=ticket.user_id,
        not_before=not_before if not_before > at else None,
    )
    if case and outbox_id is not None:
        shop.case_talk.noted(case.id, "ticket_done", at, {"ticket": ticket.id, "name": staff}, outbox_id=outbox_id)


def _lines(ticket: Ticket, staff: str, words: str) -> Sequence[Line]:
    facts = {"kind": ticket.kind.value, "ticket": ticket.id, "order": ticket.order_said, "name": staff}
    said = Line("ticket-done-order" if ticket.order_said else "ticket-done", facts)
    quoted = [Line("quote", {"text": line}) for line in words.split("\n") if line.strip()]
    return (said, *quoted)
