"""A file from the web, as somebody else's server gives it: checked, bounded, and whole or not at all.

    stamp = download(url, path, own=(), known=etag)     # None where the server says that nothing has changed

Each redirect is judged like the first address (bot/addresses.py). The connection goes to the address that was
checked; TLS is checked against the host's name. Bodies are taken as they are, never unpacked: a feed that is an archive
is told so by its reader.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from bot.addresses import AddressError, Target, target_of, without_secrets

LARGEST = 512 * 1024 * 1024
REDIRECTS = 5
_MOVED = frozenset({301, 302, 303, 307, 308})
_PIECE = 64 * 1024
_LONGEST_TAG = 300


class FetchError(Exception):
    """The feed cannot be had now; the message says why."""


@dataclass(frozen=True, slots=True)
class Patience:
    """In seconds: for one piece to come, and for the whole."""

    piece: float = 60.0
    whole: float = 1_800.0


@dataclass(frozen=True, slots=True)
class Stamp:
    """By what a body is known again; `tag` is empty where the server gives none."""

    tag: str
    modified: str
    size: int
    at: float


def download(
    url: str,
    path: Path,
    *,
    own: Collection[str] = (),
    known: str = "",
    patience: Patience | None = None,
    largest: int = LARGEST,
) -> Stamp | None:
    """Stores the body at `path`; None where the server says that the one with the tag `known` is still right.

    Args:
        own: hosts of the shop's own network that may be asked.
        largest: bytes of a body.

    Raises:
        FetchError: with a sentence for the owner.
    """
    patience = patience or Patience()
    ends = time.monotonic() + patience.whole
    asked, own_now = url, own
    for _ in range(REDIRECTS + 1):
        try:
            target = target_of(asked, own_now)
            with _Asked(target, known, patience) as answer:
                if answer.status in _MOVED:
                    asked, own_now = _moved(asked, target, answer, own)
                    continue
                if answer.status == 304 and known:
                    return None
                if answer.status != 200:
                    raise FetchError(f"{without_secrets(url)} answered {answer.status} {_short(answer.reason)}.")
                size = _store(answer, path, ends, largest)
                return Stamp(_header(answer, "ETag"), _header(answer, "Last-Modified"), size, time.time())
        except AddressError as error:
            raise FetchError(f"{without_secrets(asked)} is not asked: {error}.") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise FetchError(
                f"{without_secrets(url)} cannot be fetched: {_short(str(error)) or 'no answer'}."
            ) from error
    raise FetchError(f"{without_secrets(url)} leads from one address to the next without end.")


def _moved(
    asked: str, target: Target, answer: http.client.HTTPResponse, own: Collection[str]
) -> tuple[str, Collection[str]]:
    """Where to go on. An inner host is nobody's to redirect to but its own; TLS is not given up on the way."""
    to = urljoin(asked, answer.getheader("Location") or "")
    if target.scheme == "https" and not to.startswith("https://"):
        raise AddressError("a redirect would leave the encrypted connection")
    return to, tuple(name for name in own if f"{name}:".startswith(f"{target.name}:"))


def _store(answer: http.client.HTTPResponse, path: Path, ends: float, largest: int) -> int:
    """The body, to its announced end; how many bytes. http.client takes a broken off body for a whole one."""
    announced, size = answer.length, 0
    if announced is not None and announced > largest:
        raise FetchError(_too_large(largest))
    with path.open("wb") as file:
        while piece := answer.read1(_PIECE):
            size += len(piece)
            if size > largest:
                raise FetchError(_too_large(largest))
            if time.monotonic() > ends:
                raise FetchError("The feed comes too slowly: it was given up.")
            file.write(piece)
    if announced is not None and size != announced:
        raise FetchError(f"The feed broke off after {size} of {announced} bytes: nothing was changed.")
    return size


class _Asked:
    """One request, as a context manager that gives the answer and closes the connection."""

    def __init__(self, target: Target, known: str, patience: Patience) -> None:
        self._connection = _connected(target, patience.piece)
        headers = {"Host": target.origin, "User-Agent": "shopbot", "Accept-Encoding": "identity", "Connection": "close"}
        if known:
            headers["If-None-Match"] = known
        try:
            self._connection.request("GET", target.path, headers=headers)
            self._answer = self._connection.getresponse()
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> http.client.HTTPResponse:
        return self._answer

    def __exit__(self, *_: object) -> None:
        self._answer.close()
        self._connection.close()


def _connected(target: Target, timeout: float) -> http.client.HTTPConnection:
    """A connection to the checked address, by whatever name the server goes."""
    link = socket.create_connection((target.address, target.port), timeout)
    try:
        if target.scheme == "https":
            link = ssl.create_default_context().wrap_socket(link, server_hostname=target.host)
    except BaseException:
        link.close()
        raise
    connection = http.client.HTTPConnection(target.host, target.port, timeout=timeout)
    connection.sock = link
    return connection


def _header(answer: http.client.HTTPResponse, name: str) -> str:
    value = answer.getheader(name) or ""
    return value if len(value) <= _LONGEST_TAG and value.isprintable() else ""


def _too_large(largest: int) -> str:
    return f"The feed is larger than {largest // (1024 * 1024)} MB."


def _short(text: str) -> str:
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())[:200]
