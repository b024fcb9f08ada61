"""One request by one member of staff: who it is, what they may do, and the ways to answer.

    @router.get("/notes")
    def notes(visit: Annotated[Visit, Depends(visiting(Role.VIEWER))]) -> Response:
        return visit.page("notes.html", notes=visit.desk.store.notes.all())

    @router.post("/notes")
    def add(visit: Annotated[Visit, Depends(acting(Role.REVIEWER))], text: Annotated[str, Form()]) -> Response:
        visit.desk.store.notes.add(text)
        visit.audit("note", subject)
        return visit.back("/notes", Line("console-noted"))

`acting` refuses what does not carry the session's own token and come from our own pages (OWASP, Cross-Site Request
Forgery Prevention Cheat Sheet: synchroniser token, and Origin beside it).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console.desk import Desk
from bot.console.navigation import PLACES
from bot.console.news import waiting_count
from bot.privacy.masking import masked
from bot.reply import Line
from storage import instants
from storage.console.sessions import Session
from storage.console.staff import Role, Staff
from storage.records import Language

TOKEN_HEADER = "X-CSRF-Token"


class SignInNeededError(Exception):
    """Nobody is signed in; `path` is where they wanted to go."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody who is signed in."""

    request: Request
    desk: Desk
    staff: Staff
    session: Session

    @property
    def language(self) -> Language:
        return self.staff.language

    def page(self, template: str, status: int = 200, **facts: Any) -> Response:
        """The page, with what base.html needs."""
        return HTMLResponse(self.render(template, **facts), status)

    def render(self, template: str, **facts: Any) -> str:
        """The template's text, for a part of a page or a stream."""
        return render(self.request, template, self.language, self, facts)

    def back(self, path: str, said: Line | None = None) -> Response:
        """To another page after something was done; `said` is read there once. `path` is one of ours."""
        if said:
            flash = {"code": said.code, "facts": {name: str(fact) for name, fact in said.facts.items()}}
            self.desk.store.sessions.leave_flash(self.session.key, json.dumps(flash, ensure_ascii=False))
        return RedirectResponse(path, 303)

    def flash(self) -> Line | None:
        """The sentence that was left for this page; reading takes it."""
        if self.request.method != "GET" or "HX-Request" in self.request.headers:
            return None
        left = self.desk.store.sessions.take_flash(self.session.key)
        if not left:
            return None
        flash = json.loads(left)
        return Line(flash["code"], flash["facts"])

    def audit(self, act: str, subject: str = "", detail: str = "") -> None:
        """Notes what was done. `detail` must hold nothing personal of a shopper."""
        self.desk.store.audit.add(self.staff.name, act, subject, detail)

    def say(self, line: Line) -> str:
        return self.desk.wording.say(line, self.language)

    def may(self, role: Role) -> bool:
        return self.staff.role.includes(role)

    def masked(self, text: str, conversation_id: int) -> str:
        """What a shopper wrote, of the same length, personal data masked unless this session had it revealed."""
        return text if self.sees(conversation_id) else masked(text)

    def sees(self, conversation_id: int) -> bool:
        """Whether this session had the personal data of a conversation revealed."""
        return self.session.sees(subject_of(conversation_id), instants.now())


Open = Callable[[Request], Coroutine[Any, Any, Visit]]


def visiting(role: Role = Role.VIEWER) -> Open:
    """A dependency: the visit, where somebody with this role is signed in."""

    async def opened(request: Request) -> Visit:
        visit = await run_in_threadpool(_visit, request)
        if not visit.may(role):
            raise HTTPException(403)
        return visit

    return opened


def acting(role: Role = Role.REVIEWER) -> Open:
    """A dependency for what changes something: the token of the session must come with it, from our own pages."""

    async def opened(request: Request) -> Visit:
        visit = await run_in_threadpool(_visit, request)
        check_origin(request)
        token = request.headers.get(TOKEN_HEADER) or str((await request.form()).get("csrf") or "")
        if not secrets.compare_digest(token.encode(), visit.session.csrf.encode()):
            raise HTTPException(403, "token")
        if not visit.may(role):
            raise HTTPException(403)
        return visit

    return opened


# Who a page is for, as routes name it: who may read it, and who may do what it does.
Viewer = Annotated[Visit, Depends(visiting(Role.VIEWER))]
Reviewing = Annotated[Visit, Depends(visiting(Role.REVIEWER))]
Admin = Annotated[Visit, Depends(visiting(Role.ADMIN))]
Acting = Annotated[Visit, Depends(acting(Role.REVIEWER))]
ActingAdmin = Annotated[Visit, Depends(acting(Role.ADMIN))]


def check_origin(request: Request) -> None:
    """Raises HTTPException 403 where a browser says that another site's page sent this."""
    origin = request.headers.get("origin") or ""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "origin")
    if not origin:
        return
    public = str(request.app.state.desk.settings.console_origin).rstrip("/")
    if origin != public and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "origin")


def render(request: Request, template: str, language: Language, visit: Visit | None, facts: dict[str, Any]) -> str:
    """A template's text, for somebody who is signed in or (None) not."""
    places = [place for place in PLACES if visit and visit.may(place.role)]
    shared = {
        "request": request,
        "path": request.url.path,
        "language": language,
        "visit": visit,
        "csrf": visit.session.csrf if visit else "",
        "places": places,
        "people_waiting": waiting_count(visit.desk) if visit else 0,
        "flash": visit.flash() if visit else None,
    }
    return str(request.app.state.templates.get_template(template).render(shared | facts))


def subject_of(conversation_id: int) -> str:
    """What the audit log and a session call a conversation."""
    return f"conversation {conversation_id}"


def ours(path: str) -> str:
    """A path on this server; whatever else is asked for leads to the first page, never to another site."""
    plain = path.startswith("/") and not path.startswith("//") and path.isprintable() and "\\" not in path
    return path if plain and not path.startswith("/sign-") else "/"


def cookie_name(secure: bool) -> str:
    """`__Host-` binds the cookie to this host and to TLS; without TLS browsers refuse that name."""
    return "__Host-console" if secure else "console"


def _visit(request: Request) -> Visit:
    desk: Desk = request.app.state.desk
    token = request.cookies.get(cookie_name(desk.settings.console_secure), "")
    session = desk.store.sessions.get(token, instants.now()) if token else None
    staff = desk.store.staff.get(session.staff) if session else None
    if session is None or staff is None or not staff.active:
        raise SignInNeededError(_wanted(request))
    return Visit(request, desk, staff, session)


def _wanted(request: Request) -> str:
    """Where to go after signing in: this page, if it was asked for and not sent to."""
    if request.method != "GET" or "HX-Request" in request.headers:
        return "/"
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")
