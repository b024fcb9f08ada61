"""Router: files that were sent within a case or with a request, for whoever is signed in and sees what is personal.

A shopper's picture may show anything: it is hidden like what they write, until it is revealed or the case or the
ticket is one's own. A browser is told what a file is by what it holds, and runs nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.console.guard import PICTURE_LIMIT
from bot.console.visit import Viewer, Visit
from bot.media import EXTENSIONS, PICTURES, SENDABLE, media_of
from bot.reply import Line
from storage.case_files import CaseFile, write_file
from storage.cases import Case, CaseState
from storage.tickets import TicketState

router = APIRouter()
_ALONE = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, no-store"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A file on a page; `seen` where this session may open it."""

    id: int
    picture: bool
    title: str
    kilobytes: int
    seen: bool


@router.get("/files/{file_id}")
def file(visit: Viewer, file_id: Annotated[int, Path(ge=1, lt=2**63)]) -> Response:
    """Its bytes: a picture to be looked at, everything else to be saved."""
    found = visit.desk.shop.case_files.get(file_id)
    if found is None:
        raise HTTPException(404)
    if not sees_file(visit, found):
        raise HTTPException(403)
    content = visit.desk.shop.case_files.content(found)
    media = media_of(content) if content else ""
    if not content or not media:
        raise HTTPException(404)
    way = "inline" if media in PICTURES else "attachment"
    name = quote(found.title or f"file-{found.id}.{EXTENSIONS[media]}", safe="")
    headers = _ALONE | {"Content-Disposition": f"{way}; filename*=UTF-8''{name}"}
    visit.audit("file opened", f"file {found.id}")
    return Response(content, media_type=media, headers=headers)


def shown(visit: Visit, found: CaseFile) -> Shown:
    """A file as pages show it. Its name is its sender's words, and masked as such."""
    seen = sees_file(visit, found)
    title = found.title if seen else visit.masked(found.title, 0)
    return Shown(found.id, found.is_picture, title, max(1, round(found.size / 1024)), seen)


def sees_file(visit: Visit, found: CaseFile) -> bool:
    """Whether this session sees it: of a case or ticket of one's own, or revealed; what staff sent, always."""
    if found.turn_id is None:
        return True
    case: Case | None = visit.desk.shop.cases.get(found.case_id) if found.case_id else None
    if case and case.state is CaseState.HELD and case.owner == visit.staff.name:
        return True
    ticket = visit.desk.shop.tickets.get(found.ticket_id) if found.ticket_id else None
    if ticket and ticket.state is not TicketState.DONE and ticket.owner == visit.staff.name:
        return True
    return visit.sees(visit.desk.shop.conversations.of_turn(found.turn_id) or 0)


def uploaded(folder: FilePath, picture: UploadFile | None) -> dict[str, str] | Line:
    """What the bot is told of a picture that came with a form, which lies in the data folder then; nothing where none
    came; or why it cannot be sent.
    """
    content = picture.file.read(PICTURE_LIMIT + 1) if picture else b""
    if not picture or not content:
        return {}
    if len(content) > PICTURE_LIMIT:
        return Line("console-file-too-large", {"most": PICTURE_LIMIT // 1024**2})
    if media_of(content) not in SENDABLE:
        return Line("console-file-wrong")
    return {"picture": write_file(folder, content), "title": picture.filename or ""}
