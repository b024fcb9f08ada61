"""The recommender of a running bot, with its connection and its index, in a thread of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.stocking import add_shipped_vectors
from bot.upkeep.weights import fusion_in_use
from nlu.dots import CoarseDots
from nlu.encoder import Encoder, Vectors
from recommender.config import RecommenderConfig
from recommender.index import ChromaIndex, open_index
from recommender.passages import PassageFinder
from recommender.recommender import Recommender
from recommender.request import Request
from storage.records import DEFAULT_STAGE, Filters, Intent, Need, Slate
from storage.shop import Shop


class ClosingError(Exception):
    """The house closes; what is not embedded yet is embedded at the next start."""


# What loads all that a page may need: the dictionaries, columns and words of both languages, and what spells.
REHEARSED = tuple(
    Need(query=query, language=language)
    for query, language in (("red dress", "en"), ("红色连衣裙", "zh"), ("runing shoos", "en"), ("复古风", "zh"))
)


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

    def rehearse(self, need: Need) -> None:
        """Makes a page for nobody, so that no shopper waits for what the first one loads."""
        now = datetime.now(UTC)
        self.recommend(Request(0, need, DEFAULT_STAGE[Intent.SEARCH], None, (), frozenset(), now, seed=0))

    def close(self) -> None:
        self._index.close()
        self._pages.close()
        self._shop.close()
