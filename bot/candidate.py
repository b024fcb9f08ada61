"""Who reads a message: the understander in service, or one on trial beside it.

    reading = await readers.understand(user_id, text, context)
    readers.second(turn, context)        # afterwards: what the one on trial reads in the shadow

A candidate serves its share of the shoppers, always the same ones; raising the share only adds some. Whatever goes
wrong with it, the understander in service reads the message, and no shopper waits for a second reading.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from hashlib import blake2b
from time import perf_counter

from bot.batching import Together
from bot.overload import Level, Overload
from bot.understanding.understander import Understander
from bot.workers import Worker
from nlu.promoted import Candidate
from storage.records import Context, Turn, Understanding, Vocabulary
from storage.shop import Shop

log = logging.getLogger(__name__)
_PATIENCE_S = 1.0
"""How long a message waits for the candidate, before the one in service reads it."""
_SECOND_PATIENCE_S = 10.0
_MOST_SECOND = 64
"""Messages that wait for a second reading; more than that are left out, the shoppers' own come first."""
_KEY = b"shopbot-candidate"


def serves(version: str, share: float, user_id: int) -> bool:
    """Whether this shopper belongs to the `share` (0..1) that a candidate serves. Each candidate has other ones."""
    digest = blake2b(f"{version} {user_id}".encode(), key=_KEY, digest_size=8).digest()
    return int.from_bytes(digest, "big") < share * 2**64


@dataclass(frozen=True, slots=True)
class Trial:
    """A candidate that is loaded."""

    terms: Candidate
    worker: Worker[Understander]
    together: Together


class Readers:
    """The understander in service, and the one on trial where there is one."""

    def __init__(self, serving: Worker[Understander], database: Worker[Shop]) -> None:
        self._serving, self._database = serving, database
        self._together = Together(serving)
        self._trial: Trial | None = None
        self._second: set[asyncio.Task[None]] = set()
        self._overload = Overload()

    def heed(self, overload: Overload) -> None:
        """Reads nothing a second time while shoppers wait."""
        self._overload = overload

    @property
    def terms(self) -> Candidate | None:
        """What is on trial and for whom."""
        return self._trial.terms if self._trial else None

    async def understand(self, user_id: int, text: str, context: Context) -> Understanding:
        """What the shopper's understander reads. Raises what the one in service raises."""
        trial = self._trial
        if trial and serves(trial.terms.version, trial.terms.share, user_id):
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    return await trial.together.understand(text, context)
            except Exception as error:  # whatever is wrong with a candidate, the shopper gets an answer
                log.warning("%s did not read a message (%r); the one in service does.", trial.terms.version, error)
        return await self._together.understand(text, context)

    async def reader(self, version: str) -> Understander:
        """The understander of this version; where it is gone by now, the one in service."""
        trial = self._trial
        return await (trial.worker if trial and trial.terms.version == version else self._serving).ready()

    def second(self, turn: Turn, said: Understanding, context: Context) -> None:
        """In the shadow the candidate reads what another one has just answered; its reading is kept, later."""
        trial = self._trial
        if trial is None or not trial.terms.shadow or said.model == trial.terms.version:
            return
        if len(self._second) < _MOST_SECOND and self._overload.level < Level.NO_AFTERWARDS:
            task = asyncio.create_task(self._read_second(trial, turn, context))
            self._second.add(task)
            task.add_done_callback(self._second.discard)

    async def settle(self) -> None:
        """Waits for the second readings under way."""
        await asyncio.gather(*self._second, return_exceptions=True)

    async def _read_second(self, trial: Trial, turn: Turn, context: Context) -> None:
        begun = perf_counter()
        try:
            async with asyncio.timeout(_SECOND_PATIENCE_S):
                reading = await trial.together.understand(turn.text, context)
            took = (perf_counter() - begun) * 1000
            await self._database.run(lambda shop: shop.second_readings.put(turn.id, reading, took))
        except Exception as error:
            log.warning("%s gave no second reading of turn %s (%r).", trial.terms.version, turn.id, error)

    # --- beginning and ending a trial ---------------------------------------------------------------

    async def begin(self, terms: Candidate, worker: Worker[Understander]) -> None:
        """Puts a loaded candidate on trial, in the place of another one."""
        await self._replace(Trial(terms, worker, Together(worker)))

    def change(self, terms: Candidate) -> None:
        """Other terms for the candidate on trial."""
        if self._trial:
            self._trial = Trial(terms, self._trial.worker, self._trial.together)

    async def end(self) -> None:
        """Ends the trial, if there is one."""
        await self._replace(None)

    async def adopt(self, vocabulary: Vocabulary) -> None:
        """Lets the candidate read with the shop's words as they are now."""
        if trial := self._trial:
            await trial.worker.run(lambda model: model.adopt(vocabulary))

    async def _replace(self, trial: Trial | None) -> None:
        old, self._trial = self._trial, trial
        if old:
            await self.settle()
            await asyncio.to_thread(old.worker.close)
