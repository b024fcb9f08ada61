"""Router: signing in and out, and one's own account."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console import passwords
from bot.console.desk import Desk
from bot.console.pages import language_of
from bot.console.visit import Visit, acting, check_origin, cookie_name, ours, render, visiting
from bot.reply import Line
from bot.wording import LANGUAGES
from storage import instants
from storage.console.sessions import IDLE, LONGEST
from storage.console.staff import Role

router = APIRouter()
Text = Annotated[str, Form()]


@router.get("/sign-in")
def sign_in_page(request: Request, then: str = "/") -> Response:
    """The one page that is open to everybody."""
    return _sign_in_page(request, then)


@router.post("/sign-in")
def sign_in(request: Request, name: Text = "", password: Text = "", then: Text = "/") -> Response:
    """A new session with a new token, whatever cookie came along: none that somebody planted is ever taken up."""
    check_origin(request)
    desk: Desk = request.app.state.desk
    now, address = instants.now(), request.client.host if request.client else ""
    sessions = desk.store.sessions
    if sessions.paused(name, address, now):
        return _sign_in_page(request, then, "console-sign-in-paused", 429)
    staff = desk.store.staff.get(name)
    if not passwords.fits(password, staff.password if staff and staff.active else None) or staff is None:
        sessions.failed(name, address, now)
        desk.store.audit.add(staff.name if staff else "", "sign in refused", "", "")
        return _sign_in_page(request, then, "console-sign-in-refused", 401)
    sessions.succeeded(name)
    token, _ = sessions.begin(staff.name, now)
    desk.store.audit.add(staff.name, "sign in")
    answer = RedirectResponse(ours(then), 303)
    secure = desk.settings.console_secure
    answer.set_cookie(
        cookie_name(secure),
        token,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return answer


@router.post("/sign-out")
def sign_out(visit: Annotated[Visit, Depends(acting(Role.VIEWER))]) -> Response:
    """Ends the session on the server; the cookie is then worth nothing."""
    visit.desk.store.sessions.end(visit.session.key)
    visit.audit("sign out")
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(cookie_name(visit.desk.settings.console_secure), path="/")
    return answer


@router.get("/account")
def account(visit: Annotated[Visit, Depends(visiting())]) -> Response:
    """One's own language, password and sessions."""
    sessions = visit.desk.store.sessions.of(visit.staff.name)
    return visit.page("account.html", sessions=sessions, languages=LANGUAGES, idle=IDLE)


@router.post("/account/language")
def set_language(visit: Annotated[Visit, Depends(acting(Role.VIEWER))], language: Text) -> Response:
    """The language of one's pages."""
    if language in LANGUAGES:
        visit.desk.store.staff.set_language(visit.staff.name, language)
    return visit.back("/account")


@router.post("/account/password")
def set_password(visit: Annotated[Visit, Depends(acting(Role.VIEWER))], old: Text = "", new: Text = "") -> Response:
    """A new password for the old one; every session of the account ends, this one too."""
    now, sessions = instants.now(), visit.desk.store.sessions
    if sessions.paused(visit.staff.name, "", now):
        return visit.back("/account", Line("console-sign-in-paused"))
    if not passwords.fits(old, visit.staff.password):
        sessions.failed(visit.staff.name, "", now)
        return visit.back("/account", Line("console-password-wrong"))
    try:
        kept = passwords.hashed(new, visit.staff.name)
    except passwords.PasswordError as error:
        return visit.back("/account", Line(error.code, {"shortest": passwords.SHORTEST}))
    visit.audit("password changed", visit.staff.name)
    visit.desk.store.staff.set_password(visit.staff.name, kept)
    return RedirectResponse("/sign-in", 303)


@router.post("/account/sign-out-everywhere")
def sign_out_everywhere(visit: Annotated[Visit, Depends(acting(Role.VIEWER))]) -> Response:
    """Ends all sessions of the account."""
    visit.desk.store.sessions.end_all(visit.staff.name)
    visit.audit("sign out everywhere", visit.staff.name)
    return RedirectResponse("/sign-in", 303)


def _sign_in_page(request: Request, then: str, problem: str = "", status: int = 200) -> Response:
    desk: Desk = request.app.state.desk
    language = language_of(request.headers.get("accept-language", ""))
    facts = {"then": ours(then), "problem": problem, "empty": not desk.store.staff.all()}
    return HTMLResponse(render(request, "sign_in.html", language, None, facts), status)
