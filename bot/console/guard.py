"""What stands before every page: who may be asked for by name, how much may be sent, and what a browser may do.

The headers follow the OWASP Secure Headers project: nothing is loaded from elsewhere, no inline script or style runs,
nobody frames a page, and no cache keeps one.
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT = 1024 * 1024
PICTURE_LIMIT = 10 * 1024 * 1024
"""Of a picture that goes to a shopper, which is the most that Telegram takes."""
_PICTURES = re.compile(r"/live/\d{1,19}/say")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Guard:
    """ASGI middleware.

    Args:
        secure: pages are served through TLS; browsers are told to insist on it.
    """

    def __init__(self, app: ASGIApp, secure: bool = False) -> None:
        self._app = app
        self._headers = dict(HEADERS)
        if secure:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        declared = Headers(scope=scope).get("content-length", "0")
        limit = BODY_LIMIT + (PICTURE_LIMIT if _PICTURES.fullmatch(scope["path"]) else 0)
        if not declared.isdecimal() or int(declared) > limit:
            await PlainTextResponse("That is more than this page takes.", 413)(scope, receive, guarded)
            return
        await self._app(scope, _bounded(receive, limit), guarded)


class BodyTooLargeError(Exception):
    """More came than a page takes, without having been announced."""


def _bounded(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise BodyTooLargeError
        return message

    return bounded
