"""Router: views, the names that staff give to what a list is narrowed to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Form, Path
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.console.filters import asked
from bot.console.pages import link
from bot.console.queue_view import asked_queue
from bot.console.visit import Visit, acting
from bot.reply import Line
from storage.console.staff import Role
from storage.console.views import LONGEST_NAME, ViewError

router = APIRouter()
# A view is of what somebody may read; whoever may read the list may name it.
Naming = Annotated[Visit, Depends(acting(Role.VIEWER))]
Text = Annotated[str, Form()]
_LEAST_ROLE = {"conversations": Role.VIEWER, "review": Role.REVIEWER}


@router.post("/views")
def keep(visit: Naming, page: Text = "", name: Text = "", query: Text = "", shared: Text = "") -> Response:
    """Keeps a view under a name; one of that name is replaced."""
    if page not in _READ or not visit.may(_LEAST_ROLE[page]):
        raise HTTPException(403)
    kept = _READ[page](visit, dict(parse_qsl(query, max_num_fields=50)))
    sharing = shared == "yes" and visit.may(Role.REVIEWER)  # what everybody sees is no longer one's own
    there = link(f"/{page}", kept)
    try:
        visit.desk.store.views.keep(visit.staff.name, page, name, link("", kept)[1:], shared=sharing)
    except ViewError as error:
        return visit.back(there, Line(f"console-view-{error.code}", {"longest": LONGEST_NAME}))
    visit.audit("view kept", page)
    return visit.back(there, Line("console-view-kept", {"name": " ".join(name.split())}))


@router.post("/views/{view_id}/remove")
def remove(visit: Naming, view_id: Annotated[int, Path(ge=1, lt=2**63)]) -> Response:
    """Takes one of one's own away; an admin takes away any that is shared."""
    view = visit.desk.store.views.get(view_id)
    mine = view is not None and view.owner.casefold() == visit.staff.name.casefold()
    if view is None or not (mine or (view.shared and visit.may(Role.ADMIN))):
        raise HTTPException(404)
    visit.desk.store.views.remove(view_id)
    visit.audit("view removed", view.page)
    return visit.back(f"/{view.page}", Line("console-view-removed", {"name": view.name}))


def _conversations(visit: Visit, query: Mapping[str, str]) -> Mapping[str, str]:
    return asked(query, visit.desk.settings.clock).query


def _review(visit: Visit, query: Mapping[str, str]) -> Mapping[str, str]:
    return asked_queue(query)[1]


# A view holds what the page itself reads in an address, and nothing else that was sent.
_READ: dict[str, Callable[[Visit, Mapping[str, str]], Mapping[str, str]]] = {
    "conversations": _conversations,
    "review": _review,
}
