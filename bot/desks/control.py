"""The door for other processes: whatever wants to write while the bot runs asks here.

A Unix socket in the data folder, readable by its owner only. One request a connection: a header line, then as many
product lines as it announces, then one line back. Products travel as the rows they are stored as.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

from storage.catalogue import Changes
from storage.product_rows import to_product, to_row
from storage.records import Product

log = logging.getLogger(__name__)
_SOCKET = "bot.sock"
_LINE = 4 * 1024 * 1024
_BATCH = 200

Upsert = Callable[[list[Product]], Awaitable[Changes]]
Withdraw = Callable[[set[str]], Awaitable[Changes]]
WithdrawDemo = Callable[[], Awaitable[int]]
Note = Callable[[dict[str, Any]], Awaitable[None]]
Serve = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
"""A request that fits in its header line, to its answer."""


class ControlError(Exception):
    """The running bot refused or did not understand; the message is its own."""


class ControlServer:
    """Listens while the bot runs.

    Args:
        folder: the data folder.
        upsert: writes one batch of products; batches let the conversation's own writes get in between.
        withdraw: makes every product unavailable but these ids.
        withdraw_demo: makes the demo's products unavailable; how many there were.
        note_sync: keeps the state of a feed that is being synced.
        others: what else the bot does when asked, by the name of the request.
    """

    def __init__(
        self,
        folder: Path,
        upsert: Upsert,
        withdraw: Withdraw,
        withdraw_demo: WithdrawDemo,
        note_sync: Note,
        others: Mapping[str, Serve] = MappingProxyType({}),
    ) -> None:
        self._folder, self._others = folder, others
        self._upsert, self._withdraw, self._withdraw_demo = upsert, withdraw, withdraw_demo
        self._note_sync = note_sync
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        with suppress(FileNotFoundError):
            (self._folder / _SOCKET).unlink()
        with _short_path(self._folder) as path:
            self._server = await asyncio.start_unix_server(self._serve, path, limit=_LINE)
        (self._folder / _SOCKET).chmod(0o600)

    async def stop(self) -> None:
        if self._server:
            self._server.close()
            with suppress(FileNotFoundError):
                (self._folder / _SOCKET).unlink()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answer = await self._answer(reader)
        except Exception as error:
            log.exception("A request at the control socket failed")
            answer = {"error": " ".join(str(error).split()) or type(error).__name__}
        with suppress(ConnectionError):
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> dict[str, Any]:
        header = json.loads(await reader.readline() or b"{}")
        if not isinstance(header, dict):
            raise ControlError("A request is a JSON object on a line of its own.")
        match header.get("do"):
            case "upsert":
                return asdict(await self._write(reader, int(header["count"]), bool(header["replace"])))
            case "withdraw demo":
                return {"withdrawn": await self._withdraw_demo()}
            case "sync":
                await self._note_sync(header["state"])
                return {}
            case str(other) if other in self._others:
                return await self._others[other](header)
            case other:
                raise ControlError(f"The running bot knows no request {other!r}: is it of another version?")

    async def _write(self, reader: asyncio.StreamReader, count: int, replace: bool) -> Changes:
        total, seen = Changes(), set[str]()
        for start in range(0, count, _BATCH):
            products = [await _product(reader) for _ in range(min(_BATCH, count - start))]
            seen |= {product.id for product in products}
            total += await self._upsert(products)
        return total + await self._withdraw(seen) if replace and seen else total


async def _product(reader: asyncio.StreamReader) -> Product:
    """The next product; a feed that ends early must not pass for a short one, which would empty the shop."""
    line = await reader.readline()
    if not line.endswith(b"\n"):
        raise ControlError("The feed broke off: what came was written, nothing was made unavailable.")
    return to_product(json.loads(line))


class ControlClient:
    """The other side, for commands: `upsert` as a catalogue has it, written by the running bot."""

    def __init__(self, folder: Path, timeout: float = 600.0) -> None:
        self._folder, self._timeout = folder, timeout

    def upsert(self, products: Iterable[Product], *, replace: bool = False) -> Changes:
        rows = [_line(to_row(product)) for product in products]
        return Changes(**self._ask({"do": "upsert", "count": len(rows), "replace": replace}, rows))

    def withdraw_demo(self) -> int:
        return int(self._ask({"do": "withdraw demo"}, [])["withdrawn"])

    def note_sync(self, state: dict[str, Any]) -> None:
        self._ask({"do": "sync", "state": state}, [])

    def ask(self, request: str, **fields: Any) -> dict[str, Any]:
        """One of the server's other requests; its answer. Raises ControlError with the bot's own sentence."""
        return self._ask({"do": request, **fields}, [])

    def _ask(self, header: dict[str, Any], lines: list[bytes]) -> dict[str, Any]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link, _short_path(self._folder) as path:
            link.settimeout(self._timeout)
            try:
                link.connect(path)
                link.sendall(_line(header) + b"".join(lines))
                answer: dict[str, Any] = json.loads(link.makefile("rb").readline() or b'{"error": "the bot went away"}')
            except OSError as error:
                raise ControlError(f"The running bot cannot be reached at its socket: {error}") from error
        if "error" in answer:
            raise ControlError(f"The running bot answered: {answer['error']}")
        return answer


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


@contextmanager
def _short_path(folder: Path) -> Iterator[str]:
    """The socket's path through an open folder: the kernel allows 107 bytes, data folders may be deeper."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}/{_SOCKET}"
    finally:
        os.close(handle)
