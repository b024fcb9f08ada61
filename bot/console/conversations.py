"""Router: what was said in the shop. The list, a conversation, and one turn with all that was weighed for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot.console.case_files import Shown, shown
from bot.console.case_view import Entry, said_after
from bot.console.filters import asked
from bot.console.marking import excerpt
from bot.console.pages import link
from bot.console.review_page import beside_facts
from bot.console.telling import Teller, kinds_of
from bot.console.visit import Viewer, Visit
from recommender.prior import prior
from storage.cases import Case
from storage.console.conversation_list import THUMBS, Listed
from storage.conversations import LANGUAGES, SILENCE, Conversation
from storage.records import Intent
from storage.transcript_pages import TranscriptPage
from storage.turn_words import asked_words, places_of

router = APIRouter()
Number = Annotated[int, Query(ge=0, lt=1 << 62)]
_A_PAGE = 50


@router.get("/conversations")
def conversations(visit: Viewer, below: Number = 0, count: str = "") -> Response:
    """The list, narrowed by its address, the newest first; with `count=all` all that fit are counted."""
    desk = visit.desk
    filter = asked(visit.request.query_params, desk.settings.clock)
    shop = desk.shop  # says what to do where there is none
    page = desk.store.conversations.page(filter.sought, below or None, _A_PAGE)
    if count == "all" and not below and not page.exact:
        page = replace(page, found=desk.store.conversations.count(filter.sought), exact=True)
    return visit.page(
        "conversations.html",
        page=page,
        rows=[(listed, _shown(visit, listed, filter.sought.words)) for listed in page.items],
        asked=dict(filter.query),
        problems=filter.problems,
        first=not below,
        intents=tuple(Intent),
        languages=LANGUAGES,
        thumbs=THUMBS,
        tags=desk.store.notes.known_tags(),
        models=list(reversed(shop.conversations.models().values())),
    )


@router.get("/conversations/{conversation_id}")
def conversation(
    visit: Viewer, conversation_id: int, turn: Number = 0, before: Number = 0, since: Number = 0, q: str = ""
) -> Response:
    """A page of a conversation: its end, the one that holds `turn`, ends before a turn or begins with one."""
    talk = _talk(visit, conversation_id)
    pages = visit.desk.shop.pages
    if turn:
        page = pages.around(talk.id, turn)
    elif before:
        page = pages.before(talk.id, before)
    else:
        page = pages.since(talk.id, since) if since else pages.last(talk.id)
    return visit.page("conversation.html", **_facts(visit, talk, page, q), query={"q": q})


@router.get("/conversations/{conversation_id}/turns/{turn_id}")
def turn(visit: Viewer, conversation_id: int, turn_id: int) -> Response:
    """Everything about one turn; for htmx the candidates alone."""
    talk, read = _talk(visit, conversation_id), visit.desk.shop.pages.turn(turn_id)
    if read is None or read.record.conversation_id != talk.id:
        raise HTTPException(404)
    told = Teller(visit, talk.id).told(read, parts=True)
    part = "HX-Request" in visit.request.headers
    facts: dict[str, Any] = {"turn": told, "talk": talk, "kinds": kinds_of([told]), "known_parts": prior().features}
    return visit.page("turn_candidates.html" if part else "turn.html", **facts)


@router.get("/turns/{turn_id}")
def turn_place(visit: Viewer, turn_id: int) -> Response:
    """Where a turn stands, whatever page of its conversation that is."""
    conversation_id = visit.desk.shop.conversations.of_turn(turn_id)
    if conversation_id is None:
        raise HTTPException(404)
    return RedirectResponse(f"{link(f'/conversations/{conversation_id}', turn=turn_id)}#turn-{turn_id}", 303)


def _talk(visit: Visit, conversation_id: int) -> Conversation:
    talk = visit.desk.shop.conversations.get(conversation_id)
    if talk is None:
        raise HTTPException(404)
    return talk


def _facts(visit: Visit, talk: Conversation, page: TranscriptPage, q: str) -> dict[str, Any]:
    """What the page of a conversation is made of, with what staff made of it."""
    teller = Teller(visit, talk.id, asked_words(q))
    told = [teller.told(read) for read in page.turns]
    store = visit.desk.store
    cases = [case for case in visit.desk.shop.cases.of(talk.user_id) if _during(case, talk)]
    return {
        "talk": talk,
        "turns": told,
        "page": page,
        "kinds": kinds_of(told),
        "labels": {one.id: store.labels.get(one.id) for one in told},
        "cases": cases,
        "by_staff": _by_staff(visit, page, cases),
        "files": _files(visit, talk.user_id, cases),
        "then": _here(visit),
        "problem": None,
        **beside_facts(visit, talk.id, None),
    }


def _files(visit: Visit, user_id: int, cases: list[Case]) -> dict[int, Shown]:
    """Files that the shopper sent, by the turns that brought them."""
    store = visit.desk.shop.case_files
    found = [file for case in cases for file in store.of_case(case.id)]
    found += [file for ticket in visit.desk.shop.tickets.of(user_id) for file in store.of_ticket(ticket.id)]
    return {file.turn_id: shown(visit, file) for file in found if file.turn_id}


def _by_staff(visit: Visit, page: TranscriptPage, cases: list[Case]) -> dict[int, list[Entry]]:
    """What staff said and what became of cases, by the turn of this page that it comes after."""
    shown = {read.record.turn.id for read in page.turns}
    found: dict[int, list[Entry]] = {}
    for case in reversed(cases):
        for turn_id, entry in said_after(visit, case):
            if turn_id in shown:
                found.setdefault(turn_id, []).append(entry)
    return found


def _during(case: Case, talk: Conversation) -> bool:
    """Whether a case belongs to a conversation: opened while it lasted, or still open at its end."""
    return talk.began_at <= case.opened_at <= talk.ended_at + SILENCE


def _here(visit: Visit) -> str:
    url = visit.request.url
    return f"{url.path}?{url.query}" if url.query else url.path


def _shown(visit: Visit, listed: Listed, words: tuple[str, ...]) -> list[object]:
    """The excerpts of a row: what was said, or the titles that the words were found in."""
    number = listed.conversation.id
    if listed.titles:
        found = [(title, places_of(title, words)) for title in listed.titles]
        return [excerpt(title, spans) for title, spans in found if spans] or [excerpt(listed.titles[0])]
    spans = places_of(listed.text, words) if words else []
    return [excerpt(visit.masked(listed.text, number), spans)]
