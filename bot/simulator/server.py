"""The local Bot API over HTTP, for a bot without Telegram: same paths, same answers, loopback only.

async with LocalBotApi(folder) as api:
    ...  # TELEGRAM_API_BASE=api.url, TELEGRAM_BOT_TOKEN=api.token; a browser opens api.url
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import logging
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.simulator.arguments import read_arguments
from bot.simulator.control import SIMULATOR, build_control
from bot.simulator.errors import ApiError, Told, unauthorized
from bot.simulator.simulator import Simulator
from bot.simulator.store import BOT_ID

TOKEN = f"{BOT_ID}:" + "A" * 35
MAX_BODY = 60 * 1024 * 1024
STOP_SECONDS = 2.0
PAGE = Path(__file__).parent / "page"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
log = logging.getLogger(__name__)


def build_app(simulator: Simulator) -> web.Application:
    """The whole server: Bot API, file downloads, control API, web chat."""
    app = web.Application(middlewares=[_only_own_pages], client_max_size=MAX_BODY)
    app[SIMULATOR] = simulator
    app.router.add_route("*", "/bot{token}/{method}", _bot_api)
    app.router.add_get("/file/bot{token}/{path:.+}", _download)
    app.router.add_get("/", _page)
    app.router.add_get(r"/{name:[a-z]+\.(?:css|js|svg)}", _page)
    app.router.add_get("/pictures/{file_id}", _picture)
    app.add_subapp("/control", build_control(simulator))
    app.router.add_route("*", "/{path:.*}", _nothing)
    return app


class LocalBotApi:
    """The running server. Chats live in `folder/simulator.db` and go on after a restart.

    Args:
        folder: where `simulator.db` is.
        port: 0 picks a free one.
        host: must be a loopback address; the simulator asks nobody for a password.
    """

    def __init__(
        self, folder: Path, *, port: int = 0, host: str = "127.0.0.1", bot_name: str = "Shop assistant"
    ) -> None:
        if not _is_loopback(host):
            raise ValueError(f"The local Bot API listens on loopback only, not on {host}; use 127.0.0.1.")
        self.token = TOKEN
        self._folder = folder
        self._host = host
        self._port = port
        self._bot_name = bot_name
        self._runner: web.AppRunner | None = None
        self._simulator: Simulator | None = None

    @property
    def url(self) -> str:
        """`http://127.0.0.1:port`, without a slash at the end."""
        return f"http://{f'[{self._host}]' if ':' in self._host else self._host}:{self._port}"

    @property
    def simulator(self) -> Simulator:
        """What runs behind the routes; only while the server runs."""
        if self._simulator is None:
            raise RuntimeError("The local Bot API is not running; enter it first.")
        return self._simulator

    async def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._simulator = Simulator(self._folder / "simulator.db", bot_name=self._bot_name)
        self._runner = web.AppRunner(build_app(self._simulator), access_log=None, shutdown_timeout=STOP_SECONDS)
        await self._runner.setup()
        try:
            listening = socket.create_server((self._host, self._port), family=_family(self._host))
        except OSError as error:
            await self.stop()
            raise OSError(f"Port {self._port} of {self._host} is taken; choose another.") from error
        self._port = listening.getsockname()[1]
        await web.SockSite(self._runner, listening).start()
        self._simulator.begin()

    async def stop(self) -> None:
        if self._simulator is not None:
            self._simulator.release()
            await self._simulator.pushing.end()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._simulator is not None:
            await asyncio.to_thread(self._simulator.close)
        self._runner = self._simulator = None

    async def __aenter__(self) -> LocalBotApi:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


@web.middleware
async def _only_own_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Keeps pages of other sites from speaking to this server through the shopper's browser."""
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.host
    if foreign or not _is_loopback(urlsplit(f"//{request.host}").hostname or ""):
        return web.json_response({"error": "Only pages of this server may ask."}, status=403)
    return await handler(request)


async def _bot_api(request: web.Request) -> web.StreamResponse:
    """One call of the Bot API, faults included."""
    simulator, method = request.app[SIMULATOR], request.match_info["method"]
    try:
        _check_token(request.match_info["token"])
        arguments = await read_arguments(request)
        faults = simulator.faults.take(method)
        if "slow" in faults:
            await asyncio.sleep(faults["slow"].seconds)
        if "drop_before" in faults:
            return _cut(request)
        if "garbage" in faults:
            return web.Response(text="<html>Bad gateway</html>", content_type="text/html")
        result = await simulator.call(method, arguments, faults)
        if "reorder" in faults:
            result = result[::-1]
        return _cut(request) if "drop_after" in faults else _success(result)
    except ApiError as error:
        return _refusal(error)
    except web.HTTPRequestEntityTooLarge:
        return _refusal(ApiError(413, "Request Entity Too Large"))
    except Exception:
        log.exception("The local Bot API failed in %s.", method)
        return _refusal(ApiError(500, "Internal Server Error"))


def _check_token(token: str) -> None:
    number, colon, secret = token.partition(":")
    if not (number.isdecimal() and colon and len(secret) >= 24):
        raise unauthorized("invalid token specified")
    if token != TOKEN:
        raise unauthorized()


def _answer(body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        text=json.dumps(body),  # ASCII, as the real server writes it: lone surrogates pass as escapes
        status=status,
        content_type="application/json",
        headers=headers,
    )


def _success(result: Any) -> web.Response:
    if isinstance(result, Told):
        return _answer({"ok": True, "result": result.result, "description": result.description})
    return _answer({"ok": True, "result": result})


def _refusal(error: ApiError) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": error.code, "description": error.description}
    headers = {}
    if error.retry_after is not None:
        body["parameters"] = {"retry_after": error.retry_after}
        headers["Retry-After"] = str(error.retry_after)
    return _answer(body, error.code, headers)


def _cut(request: web.Request) -> web.Response:
    """Ends the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _download(request: web.Request) -> web.Response:
    try:
        _check_token(request.match_info["token"])
    except ApiError as error:
        return _refusal(error)
    path = request.match_info["path"]
    found = await request.app[SIMULATOR].act(lambda store: store.files.download(path))
    if found is None:
        return _refusal(ApiError(404, "Not Found"))
    content, content_type = found
    return web.Response(body=content, content_type=content_type)


async def _picture(request: web.Request) -> web.Response:
    """A file for the web chat, by file id; its content never changes."""
    file_id = request.match_info["file_id"]
    found = await request.app[SIMULATOR].act(lambda store: store.files.show(file_id))
    if found is None:
        return web.Response(status=404)
    content, content_type = found
    headers = {"Cache-Control": "max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return web.Response(body=content, content_type=content_type, headers=headers)


async def _page(request: web.Request) -> web.StreamResponse:
    headers = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
    }
    path = PAGE / request.match_info.get("name", "index.html")
    return web.FileResponse(path, headers=headers) if path.is_file() else await _nothing(request)


async def _nothing(request: web.Request) -> web.Response:
    return _refusal(ApiError(404, "Not Found"))
