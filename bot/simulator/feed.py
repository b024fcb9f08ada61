"""What happens in the chats, for those who watch: the web chat (server-sent events) and waiting tests."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

Event = dict[str, Any]
BACKLOG = 10_000  # events that a slow watcher may lag behind before it is let go
HEARD = frozenset({"message", "edited"})


@dataclass(slots=True)
class Tally:
    """What a chat has seen since the server started. `version` counts all events, `heard` what the bot said
    or edited, `typing` is true between a chat action and the next message."""

    version: int = 0
    heard: int = 0
    typing: bool = False


class Feed:
    """Publishes events to watchers and counts them by chat."""

    def __init__(self) -> None:
        self._watchers: set[asyncio.Queue[Event | None]] = set()
        self._tallies: dict[int, Tally] = defaultdict(Tally)
        self._changed = asyncio.Event()
        self.closed = False

    def publish(self, event: Event) -> None:
        self._count(event)
        for watcher in tuple(self._watchers):
            if watcher.qsize() < BACKLOG:
                watcher.put_nowait(event)
            else:
                self._watchers.discard(watcher)
                watcher.put_nowait(None)
        self._wake()

    def tally(self, chat_id: int) -> Tally:
        return self._tallies[chat_id]

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[asyncio.Queue[Event | None]]:
        """A queue of the events from now on; None means the feed has closed."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._watchers.add(queue)
        if self.closed:
            queue.put_nowait(None)
        try:
            yield queue
        finally:
            self._watchers.discard(queue)

    async def changed(self, chat_id: int, version: int, timeout: float) -> Tally:
        """Waits until the chat's version is not `version`; gives up after `timeout` seconds."""
        deadline = asyncio.get_running_loop().time() + timeout
        while self._tallies[chat_id].version == version and not self.closed:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                break
            changed = self._changed
            try:
                await asyncio.wait_for(changed.wait(), left)
            except TimeoutError:
                break
        return self._tallies[chat_id]

    def close(self) -> None:
        """Lets every watcher go."""
        self.closed = True
        for watcher in tuple(self._watchers):
            watcher.put_nowait(None)
        self._wake()

    def _count(self, event: Event) -> None:
        tally = self._tallies[event["chat_id"]]
        tally.version += 1
        if event["kind"] in HEARD and not event.get("mine"):
            tally.heard += 1
            tally.typing = False
        elif event["kind"] == "action":
            tally.typing = event["action"] != "cancel"

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
