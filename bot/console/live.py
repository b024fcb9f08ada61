"""Router: live hand-off. Who waits, the talk with one shopper, and what staff do in it: take, say, give back, close.

The bot writes the shop's database: every act is asked of it (bot/desks/case_requests.py), and fails with a sentence
where no bot runs.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Path, Query, Request, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from bot.case_acts import PRODUCTS_LIMIT, TEXT_LIMIT
from bot.console.asking import asked
from bot.console.case_files import uploaded
from bot.console.case_view import before_of, beside_of, conversation_of, orders_seen, talk_of
from bot.console.drafting import composer
from bot.console.news import News, event_stream
from bot.console.visit import Acting, Viewer, Visit
from bot.reply import Line
from bot.spoken import spoken_language
from storage.case_files import drop_files
from storage.cases import Case, CaseState, Satisfaction
from storage.console.canned import unfilled
from storage.console.notes import LONGEST_NOTE, NoteError
from storage.tickets import TicketKind

router = APIRouter()
CaseId = Annotated[int, Path(ge=1, lt=2**63)]
Text = Annotated[str, Form()]
_CLOSED = 20
_LONG_WAIT = timedelta(minutes=5)


# --- who waits ------------------------------------------------------------------------------------------------------


@router.get("/live")
def live(visit: Viewer) -> Response:
    """Waiting, held and ended cases."""
    return visit.page("live.html", **_lists(visit))


@router.get("/live/list")
def live_list(visit: Viewer) -> Response:
    """The lists alone, for a page that is open."""
    return visit.page("live_list.html", **_lists(visit))


@router.get("/live/count")
def count(visit: Viewer) -> Response:
    """How many wait, for the badge of every page."""
    return PlainTextResponse(str(visit.desk.shop.cases.waiting_count()))


@router.get("/live/news")
async def news(visit: Viewer, request: Request) -> Response:
    """Server-sent events: one whenever something became of a case."""
    hub: News = request.app.state.news
    return event_stream(hub)


def _lists(visit: Visit) -> dict[str, Any]:
    cases, now = visit.desk.shop.cases, visit.desk.clock()
    closed = cases.closed(_CLOSED)
    said = [case.satisfaction for case in closed if case.satisfaction]
    return {
        "waiting": cases.waiting(),
        "held": cases.held(),
        "closed": closed,
        "said": {each: said.count(each) for each in Satisfaction},
        "usual": cases.usual_wait(),
        "long_before": now - _LONG_WAIT,
        "hours_open": visit.desk.hours.open_at(now),
    }


# --- one case -------------------------------------------------------------------------------------------------------


@router.get("/live/{case_id}")
def case_page(
    visit: Viewer,
    case_id: CaseId,
    draft: Annotated[bool, Query()] = False,
    canned: Annotated[int, Query(ge=0, lt=2**63)] = 0,
    find: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The talk, what is known of the shopper, and the composer, filled as asked."""
    case, shop = _case(visit, case_id), visit.desk.shop
    language = spoken_language(shop, case.user_id, case.language)
    chosen = visit.desk.store.canned.get(canned) if canned else None
    return visit.page(
        "case.html",
        case=case,
        mine=_mine(visit, case),
        talk=talk_of(visit, case),
        before=before_of(visit, case),
        beside=beside_of(visit, case),
        composer=composer(visit, case, language, draft=draft, canned=chosen, find=find.strip()),
        find=find,
        canned=visit.desk.store.canned.all(),
        notes=visit.desk.store.case_notes.of_case(case.id),
        kinds=list(TicketKind),
        order=next(iter(orders_seen(visit, case)), ""),
        spoken=language,
        conversation=conversation_of(shop, case),
        blocked=shop.shoppers.blocked(case.user_id),
        key=uuid.uuid4().hex,
        text_limit=TEXT_LIMIT,
        note_limit=LONGEST_NOTE,
    )


@router.get("/live/{case_id}/talk")
def case_talk(visit: Viewer, case_id: CaseId) -> Response:
    """What was said, alone, for a page that is open."""
    case = _case(visit, case_id)
    return visit.page("case_talk.html", case=case, mine=_mine(visit, case), talk=talk_of(visit, case))


@router.post("/live/open")
def open_case(visit: Acting, turn: Annotated[int, Form(ge=1, lt=2**63)]) -> Response:
    """Takes over the talk in which a turn was said."""
    answer = asked(visit, "case open", turn=turn, key=f"open:{turn}:{uuid.uuid4().hex}")
    if isinstance(answer, Line):
        return visit.back("/live", answer)
    visit.audit("case open", f"case {answer['case']}")
    return visit.back(f"/live/{answer['case']}")


@router.post("/live/{case_id}/take")
def take(visit: Acting, case_id: CaseId, key: Text = "", held_by: Text = "", sure: Text = "") -> Response:
    """Makes it one's own. One that somebody holds is taken from them only by somebody who is sure."""
    if held_by and sure != "yes":
        return visit.back(f"/live/{case_id}", Line("console-refused-case-held", {"name": held_by}))
    answer = asked(visit, "case take", case=case_id, held_by=held_by, key=_key(key))
    if isinstance(answer, Line):
        return visit.back(f"/live/{case_id}", answer)
    visit.audit("case take", f"case {case_id}", f"from {held_by}" if held_by else "")
    return visit.back(f"/live/{case_id}")


@router.post("/live/{case_id}/say")
def say(
    visit: Acting,
    case_id: CaseId,
    key: Text = "",
    text: Text = "",
    product: Annotated[list[str] | None, Form()] = None,
    picture: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Says something to the shopper, with a picture or with products as cards."""
    place = unfilled(text)
    if place:
        return _kept(visit, case_id, text, Line("console-refused-place", {"place": f"{{{place}}}"}))
    products = (product or [])[: PRODUCTS_LIMIT + 1]
    said = {"text": text.replace("\r\n", "\n"), "products": products, "key": _key(key)}
    sent = uploaded(visit.desk.settings.data, picture)
    if isinstance(sent, Line):
        return _kept(visit, case_id, text, sent)
    answer = asked(visit, "case say", case=case_id, **said, **sent)
    if isinstance(answer, Line):
        drop_files(visit.desk.settings.data, [sent["picture"]] if sent else [])
        return _kept(visit, case_id, text, answer)
    visit.audit("case say", f"case {case_id}")
    return visit.back(f"/live/{case_id}")


@router.post("/live/{case_id}/back")
def give_back(visit: Acting, case_id: CaseId, key: Text = "") -> Response:
    """Gives the shopper back to the bot."""
    return _ended(visit, case_id, "case give back", key)


@router.post("/live/{case_id}/close")
def close(visit: Acting, case_id: CaseId, key: Text = "", decline: Text = "") -> Response:
    """Ends it: solved, or turned down where nobody has taken it."""
    return _ended(visit, case_id, "case close", key, decline=decline == "yes")


@router.post("/live/{case_id}/note")
def note(visit: Acting, case_id: CaseId, text: Text = "") -> Response:
    """A note that no shopper sees."""
    _case(visit, case_id)
    try:
        visit.desk.store.case_notes.write(text, visit.staff.name, case_id=case_id)
    except NoteError as error:
        return visit.back(f"/live/{case_id}", Line(f"console-live-note-{error.code}"))
    return visit.back(f"/live/{case_id}#notes")


@router.post("/live/{case_id}/ticket")
def ticket(
    visit: Acting, case_id: CaseId, key: Text = "", kind: Text = "", order: Text = "", text: Text = "", due: Text = ""
) -> Response:
    """A ticket for what outlives the talk."""
    if kind not in tuple(TicketKind):
        return visit.back(f"/live/{case_id}", Line("console-odd-request"))
    fields = {"kind": kind, "order": order, "text": text, "due": due, "key": f"{case_id}:{_key(key)}"}
    answer = asked(visit, "ticket open", case=case_id, **fields)
    if isinstance(answer, Line):
        return visit.back(f"/live/{case_id}", answer)
    visit.audit("ticket open", f"ticket {answer['ticket']}")
    return visit.back(f"/tickets/{answer['ticket']}")


def _case(visit: Visit, case_id: int) -> Case:
    case = visit.desk.shop.cases.get(case_id)
    if case is None:
        raise HTTPException(404)
    return case


def _mine(visit: Visit, case: Case) -> bool:
    return case.state is CaseState.HELD and case.owner == visit.staff.name


def _ended(visit: Visit, case_id: int, request: str, key: str, **fields: object) -> Response:
    answer = asked(visit, request, case=case_id, key=_key(key), **fields)
    if isinstance(answer, Line):
        return visit.back(f"/live/{case_id}", answer)
    visit.audit(request, f"case {case_id}")
    return visit.back("/live", Line("console-live-ended", {"case": case_id}))


def _kept(visit: Visit, case_id: int, text: str, refusal: Line) -> Response:
    """What was written and not sent is not lost: the page shows it again, with why."""
    case = _case(visit, case_id)
    return visit.page(
        "case_unsent.html", 409, case=case, mine=_mine(visit, case), text=text, refusal=refusal, key=uuid.uuid4().hex
    )


def _key(key: str) -> str:
    """The form's own number; a form without one is a new act."""
    return key[:64] or uuid.uuid4().hex
