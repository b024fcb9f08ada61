"""The staff console as an ASGI app: every part's pages behind one guard.

app = build_app(settings)       # served by bot/console/serving.py, called directly by tests
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote, urlsplit

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from bot.console import (
    agreeing,
    canned,
    case_files,
    conversations,
    erasing,
    figures,
    health,
    hours,
    live,
    models,
    nights,
    noting,
    people,
    pictures,
    reveal,
    reviewing,
    signing_in,
    similar,
    tickets,
    viewing,
)
from bot.console.desk import THREADS, BotAwayError, Desk
from bot.console.guard import BodyTooLargeError, Guard
from bot.console.news import News
from bot.console.pages import HERE, environment, language_of
from bot.console.visit import SignInNeededError, render
from bot.desks.control import ControlError
from bot.settings import Settings
from storage.database import DatabaseError

log = logging.getLogger(__name__)
_LOCAL = ("127.0.0.1", "localhost", "[::1]")
ROUTERS = (
    conversations.router,
    models.router,
    pictures.router,
    figures.router,
    signing_in.router,
    people.router,
    erasing.router,
    reveal.router,
    reviewing.router,
    similar.router,
    agreeing.router,
    noting.router,
    live.router,
    tickets.router,
    hours.router,
    nights.router,
    canned.router,
    case_files.router,
    viewing.router,
    health.router,
)


def build_app(settings: Settings) -> FastAPI:
    """The console of a data folder."""
    desk = Desk(settings)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        yield
        desk.close()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
    app.state.desk, app.state.templates = desk, environment(desk)
    app.state.news = News(desk)
    app.state.findings = health.Findings(desk)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.add_api_route("/", _first, methods=["GET"])
    for router in ROUTERS:
        app.include_router(router)
    _add_errors(app)
    public = urlsplit(settings.console_origin).hostname
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*_LOCAL, *([public] if public else [])])
    app.add_middleware(Guard, secure=settings.console_secure)
    app.add_middleware(health.Counted)
    return app


def _first() -> Response:
    return RedirectResponse("/conversations", 303)


# --- what goes wrong ------------------------------------------------------------------------------------------------


def _add_errors(app: FastAPI) -> None:
    app.add_exception_handler(SignInNeededError, _sign_in_needed)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _odd_request)
    app.add_exception_handler(OverflowError, _odd_request)  # a number that SQLite has no room for
    app.add_exception_handler(BotAwayError, _problem)
    app.add_exception_handler(ControlError, _problem)
    app.add_exception_handler(DatabaseError, _problem)
    app.add_exception_handler(BodyTooLargeError, _too_large)
    app.add_exception_handler(Exception, _failed)


def _sign_in_needed(request: Request, error: Exception) -> Response:
    assert isinstance(error, SignInNeededError)
    address = f"/sign-in?then={quote(error.path)}" if error.path != "/" else "/sign-in"
    if "HX-Request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {403: "console-forbidden", 404: "console-not-found"}.get(error.status_code, "console-odd-request")
    if error.detail in ("token", "origin"):
        code = f"console-forbidden-{error.detail}"
    return _error_page(request, code, error.status_code)


def _odd_request(request: Request, error: Exception) -> Response:
    return _error_page(request, "console-odd-request", 400)


def _too_large(request: Request, error: Exception) -> Response:
    return _error_page(request, "console-odd-request", 413)


def _problem(request: Request, error: Exception) -> Response:
    return _error_page(request, "console-problem", 503, text=" ".join(str(error).split()))


def _failed(request: Request, error: Exception) -> Response:
    log.error("A page of the console failed: %s", request.url.path, exc_info=error)
    return _error_page(request, "console-failed", 500)


def _error_page(request: Request, code: str, status: int, **facts: str) -> Response:
    language = language_of(request.headers.get("accept-language", ""))
    return HTMLResponse(render(request, "error.html", language, None, {"code": code, "facts": facts}), status)
