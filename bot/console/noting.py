"""Router: notes and tags beside a talk, from the review page and the transcript. Asked by htmx, the box comes back
alone: nothing else on the page is lost.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.console.review_page import beside_facts
from bot.console.visit import Acting, Visit, ours
from bot.reply import Line
from storage.console.notes import LONGEST_NOTE, LONGEST_TAG, NoteError
from storage.console.staff import Role

router = APIRouter()
Text = Annotated[str, Form()]
Number = Annotated[int, Form(ge=0, lt=2**63)]


@router.post("/notes")
def write(visit: Acting, conversation_id: Number, text: Text = "", turn_id: Number = 0, then: Text = "") -> Response:
    """A note on a conversation, or (`turn_id`) on one turn of it."""
    _check_there(visit, conversation_id, turn_id)
    try:
        note = visit.desk.store.notes.write(conversation_id, text, visit.staff.name, turn_id or None)
    except NoteError as error:
        return _answer(visit, conversation_id, turn_id, then, _problem("note", error))
    visit.audit("note", f"conversation {conversation_id}", f"note {note.id}")
    return _answer(visit, conversation_id, turn_id, then)


@router.post("/notes/{note_id:int}/remove")
def remove(visit: Acting, note_id: int, turn_id: Number = 0, then: Text = "") -> Response:
    """A note is dropped by who wrote it, or by an admin."""
    note = visit.desk.store.notes.note(note_id) if note_id < 2**63 else None
    if note is None:
        raise HTTPException(404)
    if note.by != visit.staff.name and not visit.may(Role.ADMIN):
        raise HTTPException(403)
    visit.desk.store.notes.remove(note_id)
    visit.audit("note removed", f"conversation {note.conversation_id}", f"note {note_id}")
    return _answer(visit, note.conversation_id, turn_id, then)


@router.post("/tags")
def tag(visit: Acting, conversation_id: Number, tag: Text = "", turn_id: Number = 0, then: Text = "") -> Response:
    """A tag on a conversation, or on one turn of it."""
    _check_there(visit, conversation_id, turn_id)
    try:
        visit.desk.store.notes.tag(conversation_id, tag, visit.staff.name, turn_id)
    except NoteError as error:
        return _answer(visit, conversation_id, turn_id, then, _problem("tag", error))
    visit.audit("tag", f"conversation {conversation_id}")
    return _answer(visit, conversation_id, turn_id, then)


@router.post("/tags/remove")
def untag(
    visit: Acting,
    conversation_id: Number,
    tag: Text = "",
    on: Number = 0,
    turn_id: Number = 0,
    then: Text = "",
) -> Response:
    """A tag is taken off what it is `on` (a turn; 0: the conversation)."""
    visit.desk.store.notes.untag(conversation_id, tag, on)
    visit.audit("tag removed", f"conversation {conversation_id}")
    return _answer(visit, conversation_id, turn_id, then)


def _check_there(visit: Visit, conversation_id: int, turn_id: int) -> None:
    """A turn is noted under its own conversation, and both must be there."""
    query, ids = "SELECT 1 FROM conversations WHERE id = ?", [conversation_id]
    if turn_id:
        query, ids = "SELECT 1 FROM turns WHERE conversation_id = ? AND id = ?", [conversation_id, turn_id]
    if visit.desk.shop.db.execute(query, ids).fetchone() is None:
        raise HTTPException(404)


def _answer(visit: Visit, conversation_id: int, turn_id: int, then: str, problem: Line | None = None) -> Response:
    if "HX-Request" in visit.request.headers:
        facts = beside_facts(visit, conversation_id, turn_id or None) | {"problem": problem, "then": ours(then)}
        return HTMLResponse(visit.render("beside.html", **facts))
    return visit.back(ours(then or f"/conversations/{conversation_id}"), problem)


def _problem(kind: str, error: NoteError) -> Line:
    longest = LONGEST_NOTE if kind == "note" else LONGEST_TAG
    return Line(f"console-{kind}-{error.code}", {"longest": longest})
