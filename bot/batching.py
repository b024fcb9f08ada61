"""Messages that wait together are understood together.

While the model reads, others gather; when it is free it gets all of them at once. A message that finds it idle is read
at once, alone: nobody waits for company. A shopper's message that cannot be read is that shopper's trouble alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from bot.workers import Worker
from storage.records import Context, Understanding

MOST = 64
"""Messages read at once; the rest of a flood comes next, so that the first need not wait for the last."""
Said = tuple[str, Context]
Asked = tuple[Said, asyncio.Future[Understanding]]


class Reader(Protocol):
    """What is asked of an understander here."""

    def understand(self, text: str, context: Context = ...) -> Understanding: ...

    def understand_many(self, messages: Sequence[Said]) -> list[Understanding]: ...


class Together:
    """`await together.understand(text, context)`: what the worker's understander makes of it, or raises."""

    def __init__(self, worker: Worker[Reader], most: int = MOST) -> None:
        self._worker, self._most = worker, most
        self._waiting: list[Asked] = []
        self._reading: asyncio.Task[None] | None = None

    async def understand(self, text: str, context: Context) -> Understanding:
        """Given up (cancelled, timed out) before its turn, a message is not read at all."""
        answer: asyncio.Future[Understanding] = asyncio.get_running_loop().create_future()
        self._waiting.append(((text, context), answer))
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())
        return await answer

    async def _read(self) -> None:
        try:
            while self._waiting:
                taken, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._serve([(said, answer) for said, answer in taken if not answer.done()])
        finally:  # where the loop itself ends
            for _, answer in self._waiting:
                answer.cancel()

    async def _serve(self, taken: Sequence[Asked]) -> None:
        asked = [said for said, _ in taken]
        found: Sequence[Understanding | Exception]
        try:
            found = await self._worker.run(lambda model: _each(model, asked)) if asked else []
        except Exception as error:  # there is no model, or it is closed
            found = [error] * len(taken)
        except BaseException:
            for _, answer in taken:
                answer.cancel()
            raise
        for (_, answer), result in zip(taken, found, strict=True):
            if answer.done():  # given up meanwhile
                continue
            if isinstance(result, Exception):
                answer.set_exception(result)
            else:
                answer.set_result(result)


def _each(model: Reader, asked: Sequence[Said]) -> list[Understanding | Exception]:
    """In the worker's thread: all at once, and where that fails one by one, so that the others are read."""
    if len(asked) > 1:
        with suppress(Exception):  # whose message it was shows below
            return list(model.understand_many(asked))
    return [_one(model, said) for said in asked]


def _one(model: Reader, said: Said) -> Understanding | Exception:
    try:
        return model.understand(*said)
    except Exception as error:
        return error
