"""News of cases for pages that are open, as server-sent events (WHATWG HTML, 9.2).

However many tabs listen, the database is looked at once a second, by one thread of the pool for a moment; nobody
listens, nobody looks. A stream ends after some minutes and the browser comes back, signed in or not.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from bot.console.desk import Desk
from storage.database import DatabaseError

_LOOK_S = 1.0
_BEAT_S = 15.0  # so that a proxy keeps the connection
_LIFE_S = 300.0
State = tuple[int, str, int]
_log = logging.getLogger(__name__)


class News:
    """What every stream waits on."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._state: State = (0, "", 0)
        self._changed = asyncio.Event()
        self._listeners = 0
        self._looking: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    @property
    def listeners(self) -> int:
        """Streams that are open."""
        return self._listeners

    async def streamed(self) -> AsyncIterator[str]:
        """Events from the present state on."""
        loop = self._loop = asyncio.get_running_loop()
        ends = loop.time() + _LIFE_S
        self._listeners += 1
        try:
            if self._looking is None or self._looking.done():
                self._state = await run_in_threadpool(self._read)
                self._looking = asyncio.create_task(self._look())
            yield "retry: 2000\n\n"
            told: State | None = None
            while loop.time() < ends and not self._closed:
                changed, now = self._changed, self._state
                if now != told:
                    told = now
                    yield f"event: news\ndata: {json.dumps({'version': f'{now[0]} {now[1]}', 'waiting': now[2]})}\n\n"
                try:
                    await asyncio.wait_for(changed.wait(), _BEAT_S)
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            self._listeners -= 1

    def close(self) -> None:
        """Ends every stream; from any thread, or a signal's handler."""
        self._closed = True
        if self._loop:
            self._loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def _look(self) -> None:
        while self._listeners and not self._closed:
            await asyncio.sleep(_LOOK_S)
            state = await run_in_threadpool(self._read)
            if state != self._state:
                self._state = state
                self._tell()

    def _read(self) -> State:
        try:
            shop = self._desk.shop
            return *shop.case_talk.version(), shop.cases.waiting_count()
        except (DatabaseError, sqlite3.Error) as error:
            _log.info("No news: %s", error)
            return self._state


def waiting_count(desk: Desk) -> int:
    """How many wait for a person; 0 while there is no shop to read."""
    try:
        return desk.shop.cases.waiting_count()
    except DatabaseError:
        return 0


def event_stream(news: News) -> StreamingResponse:
    """The answer that stays open."""
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return StreamingResponse(news.streamed(), media_type="text/event-stream", headers=headers)
