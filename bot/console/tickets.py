"""Router: tickets. Returns, changes and the rest as a queue to be worked."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Path
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.console.asking import asked
from bot.console.case_files import shown
from bot.console.case_view import latest_conversation
from bot.console.visit import Acting, Viewer, Visit
from bot.reply import Line
from bot.ticket_acts import NOTICE_LIMIT, notice_key
from storage import instants
from storage.console.notes import LONGEST_NOTE, NoteError
from storage.console.staff import Role
from storage.tickets import Ticket, TicketState

router = APIRouter()
TicketId = Annotated[int, Path(ge=1, lt=2**63)]
Text = Annotated[str, Form()]
_DONE = 50


@router.get("/tickets")
def tickets(visit: Viewer, mine: bool = False, done: bool = False) -> Response:
    """The queue: what is due first comes first; `mine` alone, or what is done."""
    store = visit.desk.shop.tickets
    found = store.done(_DONE) if done else store.open()
    if mine:
        found = [ticket for ticket in found if ticket.owner == visit.staff.name]
    return visit.page("tickets.html", tickets=found, mine=mine, done=done, today=visit.desk.clock().date())


@router.get("/tickets/{ticket_id}")
def ticket_page(visit: Viewer, ticket_id: TicketId) -> Response:
    """One ticket with its notes."""
    ticket = _ticket(visit, ticket_id)
    people = [each.name for each in visit.desk.store.staff.all() if each.active and each.role.includes(Role.REVIEWER)]
    return visit.page(
        "ticket.html",
        ticket=ticket,
        states=list(TicketState),
        people=people,
        notes=visit.desk.store.case_notes.of_ticket(ticket.id),
        today=visit.desk.clock().date(),
        note_limit=LONGEST_NOTE,
        files=[shown(visit, each) for each in visit.desk.shop.case_files.of_ticket(ticket.id)],
        conversation=latest_conversation(visit.desk.shop, ticket.user_id),
        notice=visit.desk.shop.outbox.last_posted(notice_key(ticket.id)),
        notice_limit=NOTICE_LIMIT,
        quiet_until=_quiet_until(visit),
    )


@router.post("/tickets/{ticket_id}")
def change(
    visit: Acting,
    ticket_id: TicketId,
    version: Annotated[int, Form(ge=1, lt=2**63)],
    state: Text = "",
    owner: Text = "",
    due: Text = "",
    tell: Text = "",
    words: Text = "",
) -> Response:
    """Its state, owner and due date, where nobody else has changed it meanwhile; by day, or when the quiet hours are
    over, the shopper is told that it is done.
    """
    ticket = _ticket(visit, ticket_id)
    known = visit.desk.store.staff.get(owner) if owner else None
    if state not in tuple(TicketState) or (owner and known is None):
        return visit.back(f"/tickets/{ticket_id}", Line("console-odd-request"))
    fields: dict[str, object] = {"version": version, "state": state, "owner": known.name if known else "", "due": due}
    fields |= {"tell": tell == "yes", "words": words.replace("\r\n", "\n")}
    if until := _quiet_until(visit):
        fields["not_before"] = instants.to_text(until)
    answer = asked(visit, "ticket change", ticket=ticket.id, **fields)
    if isinstance(answer, Line):
        return visit.back(f"/tickets/{ticket_id}", answer)
    visit.audit("ticket change", f"ticket {ticket_id}", state)
    return visit.back(f"/tickets/{ticket_id}", Line("console-ticket-saved"))


@router.post("/tickets/{ticket_id}/note")
def note(visit: Acting, ticket_id: TicketId, text: Text = "") -> Response:
    """A note that no shopper sees."""
    ticket = _ticket(visit, ticket_id)
    try:
        visit.desk.store.case_notes.write(text, visit.staff.name, ticket_id=ticket.id)
    except NoteError as error:
        return visit.back(f"/tickets/{ticket_id}", Line(f"console-live-note-{error.code}"))
    return visit.back(f"/tickets/{ticket_id}#notes")


def _quiet_until(visit: Visit) -> datetime | None:
    """When a notice made now would go out; None where at once."""
    now = visit.desk.clock()
    over = visit.desk.settings.quiet.over_at(now)
    return over if over > now else None


def _ticket(visit: Visit, ticket_id: int) -> Ticket:
    ticket = visit.desk.shop.tickets.get(ticket_id)
    if ticket is None:
        raise HTTPException(404)
    return ticket
