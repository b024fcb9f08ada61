"""The one place that constructs things: from settings to a house that answers.

house = await open_house(settings)      # loads the demo shop into an empty folder, derives what is missing
reply = await house.assistant.answer(turn)
await house.close()
"""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from bot.assistant import Assistant
from bot.calendar import Calendar
from bot.candidate import Readers
from bot.errands.all import shop_errands
from bot.flow.parts import Parts
from bot.handoff import HandOff
from bot.health import figures
from bot.lock import FolderLock
from bot.manners import Manners
from bot.overload import Overload
from bot.scribe import Allowance, Scribe
from bot.sense.look import Look
from bot.settings import Settings
from bot.stand_in import StandIn
from bot.stocking import add_demo_policies, add_shipped_vectors, stock_if_empty
from bot.threads.hanging import Hanging
from bot.understanding.understander import Understander
from bot.upkeep.heat import shop_heat
from bot.upkeep.partners import shop_together
from bot.upkeep.weights import fusion_in_use
from bot.words import ShopWords
from bot.workers import Worker
from nlu.artifact import SHIPPED, ModelBroken, ModelMissing
from nlu.dots import CoarseDots
from nlu.encoder import Encoder, Vectors
from nlu.loading import is_derived, load_encoder, load_understander
from nlu.precision import DEFAULT, Precision
from nlu.promoted import Signature, promoted_folder, signature
from nlu.rules import RulesUnderstander
from nlu.session import DerivedBroken
from recommender.config import RecommenderConfig
from recommender.index import ChromaIndex, open_index
from recommender.passages import PassageFinder
from recommender.recommender import Recommender
from recommender.request import Request
from recommender.writer.langchain_writer import LangChainWriter
from storage.backup.switching import finish as finish_switch
from storage.records import Filters, Slate, Vocabulary
from storage.shop import Shop

M = TypeVar("M")
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
        self.assistant = Assistant(
            Parts(
                database=database,
                understander=understander,
                rules=self._rules,
                search=search,
                vocabulary=words,
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
        )
        self.assistant.afterwards.heed(self.overload)
        self.readers.heed(self.overload)

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
        await self.search.run(lambda part: part.warm())
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


class ClosingError(Exception):
    """The house closes; what is not embedded yet is embedded at the next start."""


class Search(Recommender):
    """The recommender with its connection and its index, built and closed in its own thread.

    Products without a vector are found by their words until `follow` has embedded them; such pages are marked.
    """

    def __init__(self, folder: Path, encode: Encoder, config: RecommenderConfig | None = None) -> None:
        self.closing = False
        self._shop = Shop.open(folder)
        catalogue = self._shop.catalogue
        add_shipped_vectors(self._shop, encode.version)

        def until_closing(texts: Sequence[str]) -> Vectors:
            if self.closing:
                raise ClosingError
            return encode(texts)

        self._index = open_index(
            *(folder / "index", catalogue, self._shop.vectors, until_closing, encode.version),
            embed=False,
            coarsen=CoarseDots,
        )
        self._incomplete = len(self._index) < len(catalogue.ids())
        super().__init__(catalogue, self._index, encode, catalogue.vocabulary, config, self._shop.merchandising)
        self.adopt_fusion(fusion_in_use(self._shop))
        policies = self._shop.policies
        self._pages = open_index(folder / "pages", policies, policies, until_closing, encode.version, embed=False)
        self._finder = self.passages = PassageFinder(policies, self._pages, until_closing, encode.version)

    def recommend(self, request: Request) -> Slate:
        slate = super().recommend(request)
        return replace(slate, degraded=True) if self._incomplete else slate

    def follow(self, shop: Shop, *, progress: bool = False) -> int:
        """Embeds what is new, through another thread's connection; how many texts that were."""
        embedded = self._index.refresh(shop.catalogue, shop.vectors, progress=progress)
        self._incomplete = False
        self.read_ahead(shop.catalogue, lambda: not self.closing)
        return embedded + self._finder.prepare(shop.policies)

    def probe(self) -> tuple[int, bool]:
        """Asks for something by meaning and by words; how many products there are to find, and whether Chroma answers.
        Raises what asking raises.
        """
        [vector] = self._encode(["red dress"])
        self._index.query(vector, None, 1)
        self._shop.catalogue.search("dress", Filters(), 1)
        return len(self._index), isinstance(self._index, ChromaIndex) and self._index.approximate

    def inherit(self, other: Search) -> None:
        """Takes over what is counted beside, from a search whose thread hangs; that one is to do no more."""
        self.heat, self.together = other.heat, other.together
        other.closing = True

    def settle(self) -> bool:
        """Waits until the derived index answers; true when it does."""
        return self._index.settle() if isinstance(self._index, ChromaIndex) else False

    def warm(self) -> None:
        """Dictionaries and caches of the first search, loaded before a shopper waits for them."""
        self._shop.catalogue.search("红色连衣裙 red dress", Filters(), 1)

    def close(self) -> None:
        self._index.close()
        self._pages.close()
        self._shop.close()


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


def load_text_encoder(settings: Settings) -> Encoder:
    """The encoder, without which there is no search. Raises ModelMissing or ModelBroken."""
    cache = settings.data / "models"
    return sound(cache, lambda: load_encoder(cache, threads=settings.model_threads))


def sound(cache: Path, load: Callable[[], M], understander: Path | None = None, precision: Precision = DEFAULT) -> M:
    """What `load` gives; each damaged file in the cache is derived again, once. Raises what `load` raises then."""
    mended: set[Path] = set()
    while True:
        try:
            return load()
        except DerivedBroken as error:
            if error.path in mended:
                raise
            mended.add(error.path)
            log.warning("%s is damaged and is derived again", error.path)
            error.path.unlink(missing_ok=True)
            derive_models(cache, understander, precision)


def derive_models(cache: Path, understander: Path | None = None, precision: Precision = DEFAULT) -> None:
    """Derives what the encoder and an understander (None: the one that serves) lack, in another process; where that
    fails, loading says why.
    """
    if not is_derived(cache, understander=understander, precision=precision):
        adapter = [] if understander is None else [str(understander)]
        command = [sys.executable, "-m", "nlu.derive", str(cache), *adapter, "--precision", precision]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            log.warning("The models could not be derived beside the bot: %s", done.stderr.strip()[-500:])


def load_model(settings: Settings, vocabulary: Vocabulary) -> Understander:
    """The promoted understander; where it is missing or broken the shipped one, and where that is, too, the rules, each
    with a line in the log that says so.
    """
    try:
        return load_promoted(settings, vocabulary)
    except (ModelMissing, ModelBroken) as error:
        if signature(settings.data / "models") is None:
            return _rules_instead(error, vocabulary)
        log.warning("%s The shipped understander serves in its place.", error)
    try:
        return load_from(settings, vocabulary, SHIPPED / "understander")
    except (ModelMissing, ModelBroken) as error:
        return _rules_instead(error, vocabulary)


def load_promoted(settings: Settings, vocabulary: Vocabulary) -> Understander:
    """The understander that the data folder's pointer names, the shipped one without. Raises ModelMissing or
    ModelBroken.
    """
    return load_from(settings, vocabulary, promoted_folder(settings.data / "models"))


def load_from(settings: Settings, vocabulary: Vocabulary, folder: Path) -> Understander:
    """The understander of a folder. Raises ModelMissing or ModelBroken."""
    cache, precision = settings.data / "models", settings.precision

    def load() -> Understander:
        return load_understander(
            cache,
            vocabulary,
            folder=folder,
            threads=settings.model_threads,
            precision=precision,
            device=settings.device,
        )

    return sound(cache, load, folder, precision)


def _rules_instead(error: Exception, vocabulary: Vocabulary) -> Understander:
    log.error("%s The plain rules answer until then, and their turns are marked as degraded.", error)
    return StandIn(RulesUnderstander(vocabulary))


def _stocked_shop(folder: Path, progress: bool) -> Shop:
    shop = Shop.open(folder)
    stock_if_empty(shop, progress=progress)
    add_demo_policies(shop)
    return shop
