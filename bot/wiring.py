"""The one place that constructs things: from settings to a house that answers.

house = await open_house(settings)      # loads the demo shop into an empty folder, derives what is missing
reply = await house.assistant.answer(turn)
await house.close()
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.assistant import Assistant
from bot.calendar import Calendar
from bot.candidate import Readers
from bot.errands.all import shop_errands
from bot.flow.parts import Parts
from bot.handoff import HandOff
from bot.health import figures
from bot.lock import FolderLock
from bot.manners import Manners
from bot.models import derive_models, load_model, load_text_encoder
from bot.overload import Overload
from bot.scribe import Allowance, Scribe
from bot.sense.look import Look
from bot.settings import Settings
from bot.shop_search import REHEARSED, ClosingError, Search
from bot.stocking import add_demo_policies, stock_if_empty
from bot.threads.hanging import Hanging
from bot.understanding.understander import Understander
from bot.upkeep.heat import shop_heat
from bot.upkeep.partners import shop_together
from bot.words import ShopWords
from bot.workers import Worker
from nlu.promoted import Signature, signature
from nlu.rules import RulesUnderstander
from recommender.writer.langchain_writer import LangChainWriter
from storage.backup.switching import finish as finish_switch
from storage.shop import Shop

log = logging.getLogger(__name__)
_GATHER_S = 0.5  # an import writes in batches; they are followed together


class House:
    """The parts of a running assistant, and what must happen when the catalogue changes."""

    def __init__(
        self,
        settings: Settings,
        lock: FolderLock,
        database: Worker[Shop],
        understander: Worker[Understander],
        search: Worker[Search],
        words: ShopWords,
        progress: bool = False,
        pointer: Signature | None = None,
    ) -> None:
        """`pointer`: how the pointer to the promoted understander looked before that was loaded."""
        self.settings, self._lock, self._progress, self.pointer = settings, lock, progress, pointer
        self.database, self.understander, self.search, self.words = database, understander, search, words
        self._indexer = Worker("indexer", lambda: Shop.open(settings.data))
        self._changed = asyncio.Event()
        self.hanging = Hanging(settings.hung_after, self.catalogue_changed)  # meanwhile it may have changed
        for worker in (understander, search):
            worker.heed(self.hanging)
        self.look = Look(settings.clip_model, settings.data, self.hanging)
        self._rules = RulesUnderstander(words.current)
        self.overload = Overload(settings.busy_after, changed=figures.OVERLOAD_LEVEL.set)
        self.scribe = scribe_of(settings, database, self.overload)
        self.readers = Readers(understander, database)
        self.outbox_changed = asyncio.Event()
        self.calendar = Calendar(settings.hours)
        self.hand_off = HandOff(self.calendar.hours, settings.owner_chat)
        # The first round embeds what has no vector yet: on a first run that is the whole shop.
        self._changed.set()
        self.assistant = Assistant(self._parts())
        self.assistant.afterwards.heed(self.overload)
        self.readers.heed(self.overload)

    def _parts(self) -> Parts:
        """What the flow of a turn works with."""
        settings, database, search = self.settings, self.database, self.search
        return Parts(
            database=database,
            understander=self.understander,
            rules=self._rules,
            search=search,
            vocabulary=self.words,
            rates=settings.exchange,
            manners=Manners(
                understand_timeout=settings.understand_timeout,
                search_timeout=settings.search_timeout,
                page_size=settings.page_size,
                policy=settings.policy,
                holdout=settings.holdout,
            ),
            clock=self.clock,
            scribe=self.scribe,
            readers=self.readers,
            hand_off=self.hand_off,
            errands=shop_errands(settings, database, search),
        )

    def clock(self) -> datetime:
        """The shop's own time."""
        return datetime.now(self.settings.clock)

    def catalogue_changed(self) -> None:
        """Tells the house that products were written; words and index follow within a second or two."""
        self._changed.set()

    async def keep_current(self) -> None:
        """Brings words and index up to the catalogue after each change; runs until cancelled."""
        while True:
            await self._changed.wait()
            await asyncio.sleep(_GATHER_S)
            self._changed.clear()
            try:
                await self.follow_catalogue()
            except ClosingError:
                return
            except Exception:
                log.exception("The index could not follow the catalogue; it is tried again at the next change")

    async def follow_catalogue(self) -> None:
        """One round of following: new words for reading and labelling, new texts for the index."""
        vocabulary = await self.database.run(lambda shop: shop.catalogue.vocabulary())
        self.words.current = vocabulary
        await self.understander.run(lambda model: model.adopt(vocabulary))
        await self.readers.adopt(vocabulary)
        self._rules.adopt(vocabulary)
        search = await self.search.ready()
        await self._indexer.run(lambda shop: search.follow(shop, progress=self._progress))

    async def follow_heat(self) -> None:
        """Counts anew what is popular and trending."""
        search = await self.search.ready()
        search.heat = await self._indexer.run(lambda shop: shop_heat(shop, self.settings.heat))

    async def follow_together(self) -> None:
        """Learns anew what goes with what."""
        search = await self.search.ready()
        search.together = await self._indexer.run(lambda shop: shop_together(shop, search.index))

    async def warm(self) -> None:
        """Loads what is loaded at first use (Chinese dictionaries, LangChain), so that no shopper waits for it."""
        try:
            for need in REHEARSED:
                await self.search.run(partial(Search.rehearse, need=need))
        except Exception:
            log.exception("No page could be rehearsed; the first shopper's loads what it needs")
        await self.understander.run(lambda model: model.understand("红色连衣裙 red dress"))
        if self.scribe:
            await self.scribe.prepare()

    async def close(self) -> None:
        """Ends every part; an embedding under way stops at its next batch and goes on at the next start."""
        with suppress(Exception):
            (await self.search.ready()).closing = True
        await self.readers.end()
        await self.look.close()
        for worker in (self.understander, self.search, self._indexer, self.database):
            await asyncio.to_thread(worker.close)
        self._lock.release()


async def open_house(settings: Settings, *, progress: bool = True) -> House:
    """Takes the data folder and builds every part, side by side where they do not wait for one another.

    Raises:
        FolderBusyError: another bot owns the folder.
        storage.database.DatabaseError: the database is broken or newer than this program.
        ModelMissing, ModelBroken: the encoder cannot be loaded (a missing understander is answered by the rules).
    """
    lock = FolderLock(settings.data)
    lock.acquire()
    finish_switch(settings.data)
    database = Worker("database", lambda: _stocked_shop(settings.data, progress))
    pointer = signature(settings.data / "models")
    try:
        shop_ready = asyncio.ensure_future(database.ready())
        await asyncio.to_thread(derive_models, settings.data / "models", None, settings.precision)
        encoder = await asyncio.to_thread(load_text_encoder, settings)
        await shop_ready
        words = ShopWords(await database.run(lambda shop: shop.catalogue.vocabulary()))
        understander = Worker("understander", lambda: load_model(settings, words.current))
        search = Worker("search", lambda: Search(settings.data, encoder, settings.recommending))
        await asyncio.gather(understander.ready(), search.ready())
    except BaseException:
        lock.release()
        raise
    return House(settings, lock, database, understander, search, words, progress, pointer)


def scribe_of(settings: Settings, database: Worker[Shop], overload: Overload | None = None) -> Scribe | None:
    """The writer of a page's sentences with its limits; None where the templates are to speak. It rests where shoppers
    wait.
    """
    if not settings.writer_model:
        return None
    allowance = Allowance(
        timeout=settings.writer_timeout,
        shopper_tokens=settings.writer_tokens_per_shopper_day,
        day_tokens=settings.writer_tokens_per_day,
    )
    writer = LangChainWriter(settings.writer_model, settings.writer_base_url)
    return Scribe(writer, database, allowance, today=lambda: datetime.now(settings.clock).date(), overload=overload)


def _stocked_shop(folder: Path, progress: bool) -> Shop:
    shop = Shop.open(folder)
    stock_if_empty(shop, progress=progress)
    add_demo_policies(shop)
    return shop
