"""Takes up a promoted understander while the bot runs, and an earlier one after a rollback.

The pointer in the data folder is looked at every two seconds (nlu/promoted.py). The new understander is derived in a
process of its own, built and warmed in a thread beside, and takes over between two messages; until then, and where
anything about it is broken, the old one serves.
"""

from __future__ import annotations

import asyncio
import logging

from bot.assistant import Understander
from bot.wiring import House, derive_models, load_from
from nlu.artifact import load_artifact
from nlu.promoted import promoted_folder, signature

EVERY_S = 2.0
log = logging.getLogger(__name__)


class Reloading:
    """`run()` follows the pointer until it is cancelled. `every`: seconds between two looks."""

    def __init__(self, house: House, every: float = EVERY_S) -> None:
        self._house, self._every = house, every
        self._cache = house.settings.data / "models"
        self._seen = house.pointer

    async def run(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            now = signature(self._cache)
            if now != self._seen:
                self._seen = now
                await self.follow()

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

    def _wanted(self) -> str:
        return load_artifact(promoted_folder(self._cache), "understander").version

    def _build(self) -> Understander:
        """In a thread: the first messages load dictionaries, so no shopper waits for that."""
        folder = promoted_folder(self._cache)
        derive_models(self._cache, folder, self._house.settings.precision)
        model = load_from(self._house.settings, self._house.words.current, folder)
        model.understand("红色连衣裙 red dress")
        return model


def _sentence(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if text.endswith(".") else f"{text}."
