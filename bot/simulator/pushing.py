"""Delivery to a webhook, with the rules of tdlib/telegram-bot-api.

One queue for each chat, strictly in order, `max_connections` of them at once. A 2xx ends an update; anything else is
tried again after a pause that doubles up to a minute, or after the receiver's own Retry-After, until the update
expires. A receiver that answers 410 for 23 hours is left alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Protocol

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from bot.simulator.faults import Faults
from bot.simulator.store import Store
from bot.simulator.updates import Update
from bot.simulator.webhook import MOST_CONNECTIONS, Hook

FAULTS = "webhook"
"""What faults of a delivery are ordered under, as if it were a method."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LONGEST_PAUSE = 60.0
GONE_FOR = 23 * 3600.0
_ANSWER_S = 60.0
_LOOK_S = 30.0  # for what a skipped clock has let expire
_KEPT = 10_000
log = logging.getLogger(__name__)


class _Actor(Protocol):
    def __call__(self, function: Callable[[Store], Any]) -> Awaitable[Any]: ...


class _FailedError(Exception):
    """No 2xx came; `pause` is the receiver's own wish, in seconds."""

    def __init__(self, message: str, *, pause: float | None = None, gone: bool = False) -> None:
        super().__init__(message)
        self.pause, self.gone = pause, gone


class Pushing:
    """Pushes what waits to the webhook, while there is one.

    Args:
        act: runs a function of the store.
        first_pause: seconds before an update that failed is tried again.
    """

    def __init__(self, act: _Actor, faults: Faults, first_pause: float = 1.0) -> None:
        self._act, self._faults = act, faults
        self.first_pause = first_pause
        self.delivered: deque[tuple[int, int]] = deque(maxlen=_KEPT)
        """(update_id, status) of each request that was answered, in order."""
        self._changed = asyncio.Event()
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._pauses: dict[int, tuple[float, float]] = {}  # by queue: until when, and how long that was
        self._working: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Call it inside the running loop."""
        self._working = asyncio.create_task(self._run())

    def wake(self) -> None:
        """There is a new update, or a new address."""
        self._changed.set()

    def forget(self) -> None:
        """A new address is tried at once, whatever the old one did."""
        self._pauses.clear()
        self.wake()

    async def end(self) -> None:
        """Breaks off what is on its way; it stays in the queue."""
        tasks = [task for task in (self._working, *self._busy.values()) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        connector = TCPConnector(limit=MOST_CONNECTIONS)
        async with ClientSession(connector=connector, timeout=ClientTimeout(total=_ANSWER_S)) as session:
            while True:
                self._changed.clear()
                pause = await self._look(session)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), pause)

    async def _look(self, session: ClientSession) -> float:
        """Starts what can be delivered now; seconds until the next look."""
        hook, ready = await self._act(_waiting)
        if not hook.url:
            return _LOOK_S
        now = asyncio.get_running_loop().time()
        soonest = now + _LOOK_S
        for queue, update in ready:
            until, _ = self._pauses.get(queue, (0.0, 0.0))
            if until > now:
                soonest = min(soonest, until)
            elif queue not in self._busy and len(self._busy) < hook.max_connections:
                self._busy[queue] = asyncio.create_task(self._deliver(session, hook, queue, update))
        return max(soonest - now, 0.01)

    async def _deliver(self, session: ClientSession, hook: Hook, queue: int, update: Update) -> None:
        try:
            await self._post(session, hook, update)
        except _FailedError as failure:
            await self._failed(queue, failure)
        else:
            self._pauses.pop(queue, None)
            await self._act(lambda store: _done(store, update["update_id"]))
        finally:
            del self._busy[queue]
            self.wake()

    async def _failed(self, queue: int, failure: _FailedError) -> None:
        _, before = self._pauses.get(queue, (0.0, 0.0))
        pause = min(before * 2 or self.first_pause, LONGEST_PAUSE) if failure.pause is None else failure.pause
        self._pauses[queue] = (asyncio.get_running_loop().time() + pause, pause)
        log.debug("A delivery failed and is tried again in %.1f s: %s", pause, failure)
        await self._act(lambda store: _note(store, str(failure), failure.gone))

    async def _post(self, session: ClientSession, hook: Hook, update: Update) -> None:
        """One delivery, faults included. Raises _FailedError."""
        faults = self._faults.take(FAULTS)
        if "slow" in faults:
            await asyncio.sleep(faults["slow"].seconds)
        if "status" in faults:
            raise _refused(faults["status"].code, "", None)
        if "drop_before" in faults:
            raise _FailedError("Connection refused")
        for _ in range(2 if "duplicate" in faults else 1):
            await self._request(session, hook, update)
        if "drop_after" in faults:
            raise _FailedError("Connection reset by peer")

    async def _request(self, session: ClientSession, hook: Hook, update: Update) -> None:
        headers = {"Accept-Encoding": "gzip, deflate", **({SECRET_HEADER: hook.secret} if hook.secret else {})}
        try:
            async with session.post(hook.url, json=update, headers=headers, allow_redirects=False) as answer:
                self.delivered.append((update["update_id"], answer.status))
                if answer.status // 100 != 2:
                    raise _refused(answer.status, answer.reason or "", answer.headers.get("Retry-After"))
        except TimeoutError as error:
            raise _FailedError("Read timeout expired") from error
        except (ClientError, OSError) as error:
            raise _FailedError("Connection refused") from error


def _refused(status: int, reason: str, wish: str | None) -> _FailedError:
    pause = min(float(wish), LONGEST_PAUSE) if wish and wish.isdecimal() else None
    said = f"Wrong response from the webhook: {status} {reason}".strip()
    return _FailedError(said, pause=pause, gone=status == 410)


def _waiting(store: Store) -> tuple[Hook, list[tuple[int, Update]]]:
    hook = store.webhook.get()
    return hook, store.updates.heads(store.clock.now()) if hook.url else []


def _done(store: Store, update_id: int) -> None:
    store.updates.drop(update_id)
    store.webhook.succeeded()


def _note(store: Store, message: str, gone: bool) -> None:
    now = store.clock.now()
    hook = store.webhook.failed(message, now, gone=gone)
    if hook.gone_since and now - hook.gone_since > GONE_FOR:
        store.webhook.remove()
