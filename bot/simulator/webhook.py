"""Where updates are pushed to, if the bot wants that: the address, its secret, and how the last delivery failed."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from urllib.parse import urlsplit

from sqlite_utils import Database

from bot.simulator.errors import ApiError, bad_request, too_many_requests

MAX_CONNECTIONS = 40
MOST_CONNECTIONS = 100
SET_PAUSE = 1.0
"""Seconds between two calls of setWebhook; a quicker one is told to wait."""
_FACT = "webhook"
_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_SECRET_LENGTH = 256


@dataclass(frozen=True, slots=True)
class Hook:
    """An address for updates; no `url`: the bot polls. Times in seconds since the epoch, 0 for never.

    `gone_since`: when the receiver began to answer 410, which it must keep up for 23 hours to be left alone.
    """

    url: str = ""
    secret: str = ""
    max_connections: int = MAX_CONNECTIONS
    last_error_date: float = 0.0
    last_error_message: str = ""
    gone_since: float = 0.0


class Webhook:
    """Reads and writes the one webhook; the caller opens the transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._set_at = 0.0

    def get(self) -> Hook:
        row = next(iter(self._database.query("SELECT value FROM facts WHERE name = ?", [_FACT])), None)
        return Hook(**json.loads(row["value"])) if row else Hook()

    def set(self, hook: Hook, at: float) -> bool:
        """Whether anything changed. Raises ApiError where it was set less than a second ago."""
        if at - self._set_at < SET_PAUSE:
            raise too_many_requests(1)
        before = self.get()
        self._set_at = at
        self._write(hook)
        return (before.url, before.secret, before.max_connections) != (hook.url, hook.secret, hook.max_connections)

    def remove(self) -> bool:
        """Whether there was one."""
        before = self.get()
        self._write(Hook())
        return bool(before.url)

    def failed(self, message: str, at: float, *, gone: bool = False) -> Hook:
        """Keeps what went wrong; the hook as it is now."""
        before = self.get()
        since = (before.gone_since or at) if gone else 0.0
        hook = replace(before, last_error_date=at, last_error_message=message, gone_since=since)
        self._write(hook)
        return hook

    def succeeded(self) -> None:
        """The receiver is not gone; the last error stays to be read."""
        hook = self.get()
        if hook.gone_since:
            self._write(replace(hook, gone_since=0.0))

    def _write(self, hook: Hook) -> None:
        self._database.execute(
            "INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", [_FACT, json.dumps(asdict(hook))]
        )


def read_hook(url: str, secret: str, max_connections: int) -> Hook:
    """The hook that a call of setWebhook asks for. Raises ApiError with the reason of the real server."""
    if len(secret) > _SECRET_LENGTH:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    refused = _refusal(url)
    if refused:
        raise refused
    return Hook(url, secret, min(max(max_connections, 1), MOST_CONNECTIONS))


def _refusal(url: str) -> ApiError | None:
    """Updates hold what shoppers wrote: this server hands them to programs of this machine only."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host:
        return bad_request("invalid webhook URL specified")
    if parts.scheme != "http":
        return bad_request("bad webhook: the local Bot API delivers over plain HTTP")
    if host not in ("127.0.0.1", "::1", "localhost"):
        return bad_request("bad webhook: the local Bot API delivers to loopback only")
    return None
