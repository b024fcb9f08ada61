"""The HTTP side of the webhook: one address that takes updates from Telegram, and nothing from anybody else.

It listens behind a proxy that does TLS. What it answers decides what Telegram does: 200 ends an update and is said only
when the update is on the disk, or kept as one that cannot be read (it would be repeated for a day); 503 asks for it
again. Whoever does not know the secret learns nothing.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from bot.health import figures
from bot.telegram.arrivals import Batch, read_batch

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_AGAIN_S = 5
_STOP_S = 10.0
_log = logging.getLogger(__name__)

Keep = Callable[[Batch], Awaitable[None]]


class AddressTakenError(Exception):
    """The port that updates should come to is another program's."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a request may cost. `body` in bytes, times in seconds: of a whole body, and of an idle or half request."""

    body: int = 1024 * 1024
    body_seconds: float = 10.0
    idle_seconds: float = 75.0
    connections: int = 256


class Receiver:
    """Listens between `start` and `stop`.

    Args:
        path: the only one that is served, as Telegram calls it.
        secret: what Telegram sends with each update; compared in constant time.
        keep: stores a batch, and returns when it is on the disk.
    """

    def __init__(self, path: str, secret: str, keep: Keep, bounds: Bounds | None = None) -> None:
        self._path, self._secret, self._keep = path, secret.encode(), keep
        self._bounds = bounds or Bounds()
        self._runner: web.ServerRunner | None = None
        self._warned = False

    async def start(self, host: str, port: int) -> int:
        """The port it listens on. Raises AddressTakenError."""
        bounds = self._bounds
        server = web.Server(
            self._count,
            keepalive_timeout=bounds.idle_seconds,
            lingering_time=1.0,
            max_headers=64,
            access_log=None,
            logger=_log,
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=_STOP_S)
        await self._runner.setup()
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            listening = socket.create_server((host, port), family=family, backlog=bounds.connections)
        except OSError as error:
            await self.stop()
            raise AddressTakenError(
                f"The webhook cannot listen on port {port} of {host} ({error.strerror or error}): "
                "set SHOPBOT_WEBHOOK_PORT or SHOPBOT_WEBHOOK_HOST."
            ) from error
        await web.SockSite(self._runner, listening, backlog=bounds.connections).start()
        return int(listening.getsockname()[1])

    async def stop(self) -> None:
        """Takes no more requests, answers those under way, closes."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _count(self, request: web.BaseRequest) -> web.StreamResponse:
        response = await self._answer(request)
        figures.WEBHOOK_REQUESTS.labels(status=str(response.status)).inc()
        return response

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        if self._crowded(request):
            return _closing(503)
        if request.path != self._path or request.method != "POST":
            return _closing(404)
        if not self._knows_secret(request):
            self._warn_of_strangers()
            return _closing(403)
        try:
            async with asyncio.timeout(self._bounds.body_seconds):
                body = await _read(request, self._bounds.body)
        except TimeoutError:
            return _closing(408)
        except web.RequestPayloadError:  # broken off, or packed by somebody who cannot
            return _closing(400)
        return await self._store(self._batch(body))

    def _crowded(self, request: web.BaseRequest) -> bool:
        server = self._runner.server if self._runner else None
        return server is None or len(server.connections) > self._bounds.connections

    def _knows_secret(self, request: web.BaseRequest) -> bool:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        return hmac.compare_digest(given, self._secret)

    def _warn_of_strangers(self) -> None:
        if not self._warned:
            self._warned = True
            _log.warning(
                "A request without the right secret came to the webhook and was refused. More are not logged but "
                'counted: bot_webhook_requests_total{status="403"}.'
            )

    def _batch(self, body: bytes) -> Batch:
        if len(body) > self._bounds.body:
            return _unreadable(body.decode("utf-8", "replace"), f"An update of more than {self._bounds.body} bytes.")
        try:
            raw: Any = json.loads(body)
        except (ValueError, RecursionError) as error:
            return _unreadable(body.decode("utf-8", "replace"), f"What the webhook was sent is no JSON: {error}")
        return read_batch([raw], datetime.now(UTC))

    async def _store(self, batch: Batch) -> web.Response:
        try:
            await self._keep(batch)
        except Exception as error:
            # Telegram still has it, and comes again.
            _log.error("An update could not be stored, and is asked for again: %s: %s", type(error).__name__, error)
            return _closing(503, {"Retry-After": str(_AGAIN_S)})
        return web.Response()


async def _read(request: web.BaseRequest, limit: int) -> bytes:
    """The body, or a little more than `limit` bytes of it."""
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > limit:
            break
    return bytes(body)


def _unreadable(body: str, why: str) -> Batch:
    return Batch(broken=((body, why),))


def _closing(status: int, headers: dict[str, str] | None = None) -> web.Response:
    """An answer without a word, and the end of the connection."""
    response = web.Response(status=status, headers=headers)
    response.force_close()
    return response
