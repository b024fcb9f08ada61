"""Router: replies kept ready for staff, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Path
from starlette.responses import Response

from bot.console.visit import Acting, Viewer, Visit
from bot.reply import Line
from storage.console.canned import LONGEST_NAME, LONGEST_TEXT, PLACES, CannedError

router = APIRouter()
CannedId = Annotated[int, Path(ge=1, lt=2**63)]
Text = Annotated[str, Form()]


@router.get("/canned")
def canned(visit: Viewer) -> Response:
    """All of them, to be read and edited."""
    return _page(visit)


@router.post("/canned/add")
def add(visit: Acting, name: Text = "", en: Text = "", zh: Text = "") -> Response:
    """A new one."""
    written = {"name": name, "en": en, "zh": zh}
    return _kept(visit, name, written, lambda: visit.desk.store.canned.add(name, en, zh, visit.staff.name))


@router.post("/canned/{canned_id}")
def change(
    visit: Acting,
    canned_id: CannedId,
    version: Annotated[int, Form(ge=1, lt=2**63)],
    name: Text = "",
    en: Text = "",
    zh: Text = "",
) -> Response:
    """Another wording of one that nobody else has changed meanwhile."""
    store, by = visit.desk.store.canned, visit.staff.name
    written = {"name": name, "en": en, "zh": zh}
    return _kept(visit, name, written, lambda: store.change(canned_id, version, name, en, zh, by))


@router.post("/canned/{canned_id}/remove")
def remove(visit: Acting, canned_id: CannedId) -> Response:
    """Takes one away."""
    visit.desk.store.canned.remove(canned_id)
    visit.audit("canned removed", f"canned {canned_id}")
    return visit.back("/canned", Line("console-canned-saved"))


def _kept(visit: Visit, name: str, written: dict[str, str], change: Callable[[], None]) -> Response:
    """Done and said, or the page with what was written and why it cannot be kept."""
    try:
        change()
    except CannedError as error:
        refusal = Line(f"console-canned-{error.code}", {"place": f"{{{error.place}}}"})
        return _page(visit, 409, written, refusal)
    visit.audit("canned changed", name.strip()[:LONGEST_NAME])
    return visit.back("/canned", Line("console-canned-saved"))


def _page(
    visit: Visit, status: int = 200, written: dict[str, str] | None = None, refusal: Line | None = None
) -> Response:
    return visit.page(
        "canned.html",
        status,
        canned=visit.desk.store.canned.all(),
        blanks=PLACES,
        written=written or {"name": "", "en": "", "zh": ""},
        refusal=refusal,
        longest_name=LONGEST_NAME,
        longest_text=LONGEST_TEXT,
    )
