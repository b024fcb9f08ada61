"""An anonymous searcher for commands: the bot's own retrieval and ranking, with nobody's taste and no chance in it.

Beside a running bot it only reads: it searches the bot's vectors exactly. Alone it may stock an empty folder with the
demo shop and embed what has no vector yet.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from types import TracebackType

from bot import dialogue
from bot.lock import is_owned
from bot.reading import open_understander
from bot.settings import Settings
from bot.stocking import add_shipped_vectors, stock_if_empty
from bot.understanding.implied import with_implied
from bot.understanding.understander import Understander
from bot.upkeep.heat import shop_heat
from bot.upkeep.weights import fusion_in_use
from nlu.loading import load_encoder
from recommender.exact import ExactIndex
from recommender.recommender import Recommender
from recommender.request import Request
from storage.records import Need, Recommendation, Stage
from storage.shop import FILE_NAME, Shop


class EmptyShopError(Exception):
    """There is nothing to search."""


class Searcher:
    """Finds products for texts; use as a context manager."""

    def __init__(self, settings: Settings, top: int) -> None:
        self._settings, self._top = settings, top
        beside = is_owned(settings.data)
        if beside and not (settings.data / FILE_NAME).is_file():
            raise EmptyShopError(f"The bot on {settings.data} is still starting: try again in a moment.")
        self._shop = Shop.open(settings.data, readonly=beside)
        if not beside:
            stock_if_empty(self._shop, progress=True)
        encode = load_encoder(settings.data / "models", threads=settings.model_threads)
        if not beside:
            add_shipped_vectors(self._shop, encode.version)
        catalogue = self._shop.catalogue
        index = ExactIndex(catalogue, self._shop.vectors, encode, encode.version, embed=not beside, progress=not beside)
        config = replace(settings.recommending, candidates=max(120, top), retrieved=max(200, 2 * top))
        self._recommender = Recommender(
            catalogue, index, encode, catalogue.vocabulary, config, self._shop.merchandising
        )
        self._recommender.adopt_fusion(fusion_in_use(self._shop))
        self._recommender.heat = shop_heat(self._shop, settings.heat)
        self._understander: Understander | None = None

    def __enter__(self) -> Searcher:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._shop.close()

    def find(self, text: str) -> tuple[Recommendation, ...]:
        """What the bot would find for this message: every limit that is understood filters."""
        said = self._model().understand(text)
        price = self._settings.exchange.to_shop(said.price) if said.price else None
        return self._ranked(with_implied(dialogue.begin(said, price), self._shop.catalogue.vocabulary()))

    def find_plain(self, text: str) -> tuple[Recommendation, ...]:
        """The same for a bare query: its words search, only a price limit filters."""
        said = self._model().understand(text)
        price = self._settings.exchange.to_shop(said.price) if said.price else None
        return self._ranked(Need(query=text, language=said.language, price=price))

    def _ranked(self, need: Need) -> tuple[Recommendation, ...]:
        request = Request(
            user_id=0,
            need=need,
            stage=Stage.BROWSE,
            taste=None,
            events=(),
            seen=frozenset(),
            now=datetime.now(self._settings.clock),
            seed=0,
            page_size=self._top,
            mode="anonymous",
        )
        return self._recommender.recommend(request).page

    def _model(self) -> Understander:
        if self._understander is None:
            self._understander = open_understander(self._settings)
        return self._understander
