"""/livez, /readyz and /metrics of the console, to this machine alone: no login, and nothing of anybody.

A proxy in front of the console must not pass them on, so whoever comes through one is told that there is nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client import generate_latest as exposition
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.console.desk import Desk
from bot.health.server import is_loopback
from storage.database import DatabaseError

FIGURES = CollectorRegistry(auto_describe=True)
ProcessCollector(registry=FIGURES)
_REQUESTS = Counter("console_requests", "Pages by method and status", ["method", "status"], registry=FIGURES)
_SECONDS = Histogram("console_request_seconds", "How long a page took to begin", registry=FIGURES)
_QUEUE = Gauge("review_queue_size", "Messages that wait for a reviewer", registry=FIGURES)
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
_METHODS = frozenset({"GET", "POST", "HEAD", "PUT", "DELETE"})
_KEPT_S = 5.0
_NO_STORE = {"Cache-Control": "no-store"}
router = APIRouter(include_in_schema=False)


class Counted:
    """Counts pages, around everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        method = scope["method"] if scope["method"] in _METHODS else "other"

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                _REQUESTS.labels(method=method, status=str(message["status"])).inc()
                _SECONDS.observe(time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, counted)


class Findings:
    """What /readyz says, looked at anew every few seconds at most, however many ask."""

    def __init__(self, desk: Desk, clock: Callable[[], float] = time.monotonic) -> None:
        self._desk, self._clock = desk, clock
        self._lock = threading.Lock()
        self._kept: tuple[float, dict[str, Any]] | None = None

    def report(self) -> dict[str, Any]:
        """As the bot's own /readyz has it."""
        with self._lock:
            if self._kept is None or self._clock() - self._kept[0] > _KEPT_S:
                self._kept = self._clock(), self._looked()
            return self._kept[1]

    def _looked(self) -> dict[str, Any]:
        checks = {"database": self._database(), "bot": self._bot()}
        unready = any(check["required"] and not check["ok"] for check in checks.values())
        degraded = not all(check["ok"] for check in checks.values())
        return {"status": "unready" if unready else "degraded" if degraded else "ready", "checks": checks}

    def _database(self) -> dict[str, Any]:
        try:
            waiting = self._desk.store.queue.open("") if self._desk.store.attached else None
        except DatabaseError as error:
            return {"ok": False, "required": True, "what": str(error), "todo": "shopbot doctor"}
        size = waiting.worth + waiting.sample if waiting else 0
        _QUEUE.set(size)
        return {"ok": True, "required": True, "what": f"{size} messages wait for a reviewer.", "todo": ""}

    def _bot(self) -> dict[str, Any]:
        if self._desk.bot_runs():
            return {"ok": True, "required": False, "what": "A bot runs on this folder.", "todo": ""}
        what = "No bot runs on this folder: pages can be read, shoppers cannot be answered."
        return {"ok": False, "required": False, "what": what, "todo": "shopbot run"}


@router.get("/livez")
def alive(request: Request) -> Response:
    """The console's threads turn."""
    _own_machine(request)
    return JSONResponse({"ok": True}, headers=_NO_STORE)


@router.get("/readyz")
def ready(request: Request) -> Response:
    """Whether pages can be served."""
    _own_machine(request)
    report = request.app.state.findings.report()
    return JSONResponse(report, 503 if report["status"] == "unready" else 200, headers=_NO_STORE)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """The console's own figures."""
    _own_machine(request)
    request.app.state.findings.report()
    return Response(exposition(FIGURES), media_type=CONTENT_TYPE_LATEST, headers=_NO_STORE)


def _own_machine(request: Request) -> None:
    """Raises "not found" for whoever comes from elsewhere, or through a proxy."""
    if not is_loopback(request.url.hostname or "") or any(name in request.headers for name in _FORWARDED):
        raise HTTPException(404)
