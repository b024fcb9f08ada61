"""Takes up a promoted understander while the bot runs, and an earlier one after a rollback.

The pointer in the data folder is looked at every two seconds (nlu/promoted.py). The new understander is derived in a
process of its own, built and warmed in a thread beside, and takes over between two messages; until then, and where
anything about it is broken, the old one serves. One on trial (bot/candidate.py) is taken up likewise.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from pathlib import Path

from bot.models import derive_models, load_from
from bot.understanding.understander import Understander
from bot.wiring import House
from bot.workers import Worker
from nlu.artifact import ModelBroken, load_artifact
from nlu.promoted import Candidate, promoted_folder, read_pointer, signature, sound_folder

EVERY_S = 2.0
log = logging.getLogger(__name__)


class Reloading:
    """`run()` follows the pointer until it is cancelled. `every`: seconds between two looks."""

    def __init__(self, house: House, every: float = EVERY_S) -> None:
        self._house, self._every = house, every
        self._cache = house.settings.data / "models"
        self._seen = house.pointer

    async def run(self) -> None:
        await self.follow_trial()
        while True:
            await asyncio.sleep(self._every)
            now = signature(self._cache)
            if now != self._seen:
                self._seen = now
                await self.follow()
                await self.follow_trial()

    async def follow(self) -> None:
        """Serves with what the pointer names; where that cannot be, one sentence in the log says why."""
        worker, words = self._house.understander, self._house.words
        serving = (await worker.ready()).version
        try:
            if await asyncio.to_thread(self._wanted) == serving:
                return
            vocabulary = words.current
            await worker.replace(self._build)
        except Exception as error:  # whatever is wrong with a model, the bot goes on
            log.error("The promoted understander cannot serve: %s %s serves on.", _sentence(error), serving)
            return
        if words.current is not vocabulary:  # the catalogue changed while it was built
            await worker.run(lambda model: model.adopt(words.current))
        log.info("%s serves in place of %s.", (await worker.ready()).version, serving)

    async def follow_trial(self) -> None:
        """Tries what the pointer puts on trial; where that cannot be, nobody is served by it and the log says why."""
        readers = self._house.readers
        try:
            wanted = await asyncio.to_thread(self._tried)
            if wanted is None or (readers.terms and readers.terms.version != wanted.version):
                await readers.end()
            if wanted and readers.terms:
                readers.change(wanted)
            elif wanted:
                await self._try(wanted)
        except Exception as error:  # whatever is wrong with a model, the bot goes on
            log.error("The understander on trial cannot be tried: %s", _sentence(error))

    def _tried(self) -> Candidate | None:
        """Nothing, where the pointer cannot be read: that is reported already."""
        with suppress(ModelBroken):
            pointer = read_pointer(self._cache)
            return pointer.candidate if pointer else None
        return None

    async def _try(self, wanted: Candidate) -> None:
        worker = Worker("candidate", lambda: self._built(sound_folder(self._cache, wanted.version)))
        try:
            await worker.ready()
        except BaseException:
            await asyncio.to_thread(worker.close)
            raise
        await self._house.readers.begin(wanted, worker)
        await self._house.readers.adopt(self._house.words.current)
        log.info("%s is on trial: it serves %.0f %% of the shoppers.", wanted.version, 100 * wanted.share)

    def _wanted(self) -> str:
        return load_artifact(promoted_folder(self._cache), "understander").version

    def _build(self) -> Understander:
        return self._built(promoted_folder(self._cache))

    def _built(self, folder: Path) -> Understander:
        """In a thread: the first messages load dictionaries, so no shopper waits for that."""
        derive_models(self._cache, folder, self._house.settings.precision)
        model = load_from(self._house.settings, self._house.words.current, folder)
        model.understand("红色连衣裙 red dress")
        return model


def _sentence(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if text.endswith(".") else f"{text}."
