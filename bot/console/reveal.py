"""Router: personal data in a conversation shown to one session, for a quarter of an hour, and written down."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.console.visit import Visit, acting, ours, subject_of
from storage import instants
from storage.console.staff import Role

router = APIRouter()


@router.post("/conversations/{conversation_id}/reveal")
def reveal(
    visit: Annotated[Visit, Depends(acting(Role.REVIEWER))],
    conversation_id: int,
    then: Annotated[str, Form()] = "",
) -> Response:
    """Shows what is masked; `then` is the page that it was asked for on."""
    there = visit.desk.shop.db.execute("SELECT 1 FROM conversations WHERE id = ?", [conversation_id]).fetchone()
    if there is None:
        raise HTTPException(404)
    visit.desk.store.sessions.reveal(visit.session, subject_of(conversation_id), instants.now())
    visit.audit("reveal", subject_of(conversation_id))
    return visit.back(ours(then or f"/conversations/{conversation_id}"))
