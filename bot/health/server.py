"""/livez, /readyz and /metrics, in a thread of its own: a bot whose loop hangs still says so.

    server = HealthServer("127.0.0.1", 8082, pulse=heart.age, report=checks.report)
    server.start()              # server.address

What it tells is looked at by others (bot/health/checks.py); a probe reads what they found and can crowd nobody.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import threading
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.health import figures

Report = Callable[[], dict[str, Any]]
_ALIVE_S = 15.0
_PATIENCE_S = 5.0
_log = logging.getLogger(__name__)
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class HealthServer:
    """Serves until `stop`.

    Args:
        port: 0 takes a free one, as does a port that is taken; `address` says which.
        pulse: seconds since the loop's last heartbeat.
        report: as Checks.report gives it.
    """

    def __init__(self, host: str, port: int, pulse: Callable[[], float], report: Report) -> None:
        self._host, self._port, self._pulse, self._report = host, port, pulse, report
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self._up = threading.Event()
        self.address = ""

    def start(self) -> None:
        """Listens when it returns. Raises OSError where the host is none of this machine's."""
        listening = self._bound()
        host, port = listening.getsockname()[:2]
        self.address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        self._thread = threading.Thread(target=self._run, args=[listening], name="health", daemon=True)
        self._thread.start()
        self._up.wait(_PATIENCE_S)

    def stop(self) -> None:
        """Ends the thread."""
        if self._loop and self._end and self._thread:
            self._loop.call_soon_threadsafe(self._end.set)
            self._thread.join(_PATIENCE_S)

    def _bound(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        try:
            return socket.create_server((self._host, self._port), family=family)
        except OSError:
            if not self._port:
                raise
            _log.info("Port %d is taken; health is told at a free one", self._port)
            return socket.create_server((self._host, 0), family=family)

    def _run(self, listening: socket.socket) -> None:
        try:
            asyncio.run(self._serve(listening))
        except Exception:
            _log.exception("Health is told no more")
        finally:
            self._up.set()

    async def _serve(self, listening: socket.socket) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application(middlewares=[self._own_machine])
        app.router.add_get("/livez", self._livez)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._metrics)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.SockSite(runner, listening).start()
        self._up.set()
        await self._end.wait()
        await runner.cleanup()

    @web.middleware
    async def _own_machine(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """On loopback, a page of another site must not read this through somebody's browser."""
        if is_loopback(self._host) and not is_loopback(urlsplit(f"//{request.host}").hostname or ""):
            return web.json_response({"error": "Only this machine may ask."}, status=403)
        return await handler(request)

    async def _livez(self, _: web.Request) -> web.Response:
        age = self._pulse()
        alive = age <= _ALIVE_S
        body = {"ok": alive, "heartbeat_seconds_ago": round(age, 2)}
        return web.json_response(body, status=200 if alive else 503, headers=_HEADERS)

    async def _readyz(self, _: web.Request) -> web.Response:
        report = self._report()
        status = 200 if report["status"] in ("ready", "degraded") else 503
        return web.json_response(report, status=status, headers=_HEADERS)

    async def _metrics(self, _: web.Request) -> web.Response:
        body = generate_latest(figures.REGISTRY)
        return web.Response(body=body, headers={**_HEADERS, "Content-Type": CONTENT_TYPE_LATEST})


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
