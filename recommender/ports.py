"""What the recommender needs from outside, as protocols: the rooms meet in wiring, not in imports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from datetime import datetime
from decimal import Decimal
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from storage.records import Filters, Product, Rule, SlotName, Vocabulary

DIMENSIONS = 384
Vectors = NDArray[np.float32]
Flags = NDArray[np.bool_]
"""One for each product number, true where the product is admitted: see `CatalogueReader.flags`."""
Places = NDArray[np.uint8]
"""Where a product has a word: see `CatalogueReader.places`."""
Numbers = NDArray[np.int64]
"""Of products, as the catalogue counts them; 0 is nobody's."""
Scores = NDArray[np.float64]
Allowed = AbstractSet[str] | Flags | None
"""Ids, or flags by product number; None admits everything."""
Encode = Callable[[Sequence[str]], Vectors]
"""Texts to unit rows, (n, 384) float32."""

Coarse = Callable[[Vectors], tuple[Vectors, Vectors]]
"""A (384,) vector to its rough products with n rows, and the most by which each may be off, (n,) and (n,)."""
Coarsen = Callable[[Vectors], Coarse]
"""Rows (n, 384) made ready for rough products."""


Texts = tuple[str, str, str, str]
"""A product's title and Chinese title, its description and Chinese description."""


class EmbeddingTexts(Protocol):
    """The catalogue as the index sees it."""

    def text_hashes(self) -> dict[str, str]:
        """The hash of every available product's text: what says whether its vector still holds."""
        ...

    def embedding_texts(self, ids: Sequence[str] | None = None) -> Iterator[tuple[str, str, str]]:
        """(id, text, text hash) of these products, or of every available one."""
        ...

    def numbered(self) -> tuple[list[str], NDArray[np.int64]]:
        """Ids of available products with the numbers that flags go by."""
        ...

    def revision(self) -> int:
        """A number that grows with every change of the catalogue."""
        ...


class ChangedTexts(Protocol):
    """The catalogue as it is followed."""

    def texts_since(self, revision: int) -> Iterator[tuple[int, int, Texts]]:
        """(number, revision of its last change, texts) of what changed after a revision, the oldest changes first."""
        ...


class Facts(Protocol):
    """What products are ranked by, all aligned: what their rows say, without their texts.

    Prices are in major units; ratings and stocks NaN where unknown, instants microseconds since 1970 and the least
    number there is where unknown. `titles` and `shelves` tell titles, and brand with category, apart whatever their
    case. `changed` moves with every change of a product. `lists` holds the values of each slot but the brand.
    """

    @property
    def numbers(self) -> Numbers: ...
    @property
    def ids(self) -> Sequence[str]: ...
    @property
    def prices(self) -> Scores: ...
    @property
    def currencies(self) -> Sequence[str]: ...
    @property
    def ratings(self) -> Scores: ...
    @property
    def rating_counts(self) -> Numbers: ...
    @property
    def stocks(self) -> Scores: ...
    @property
    def created(self) -> Numbers: ...
    @property
    def sponsored(self) -> Flags: ...
    @property
    def brands(self) -> Sequence[str]: ...
    @property
    def titles(self) -> Numbers: ...
    @property
    def shelves(self) -> Numbers: ...
    @property
    def changed(self) -> Numbers: ...
    @property
    def lists(self) -> Mapping[SlotName, Sequence[tuple[str, ...]]]: ...


class CatalogueReader(EmbeddingTexts, Protocol):
    """The read side of the shop's catalogue. Filters are exact; unavailable products never match."""

    def steady(self) -> AbstractContextManager[None]:
        """Within this block the catalogue's changes are followed once."""
        ...

    def get(self, ids: Sequence[str]) -> dict[str, Product]:
        """The live rows; unknown ids are left out."""
        ...

    def search(self, text: str, filters: Filters, limit: int) -> list[tuple[str, float]]:
        """The best full-text matches with their scores, higher is better."""
        ...

    def ranked(self, text: str, filters: Filters, limit: int) -> tuple[Numbers, Scores]:
        """The same by number."""
        ...

    def numbers(self, ids: Sequence[str]) -> Numbers:
        """Of these products, 0 for an unknown one."""
        ...

    def names(self, numbers: Numbers) -> list[str]:
        """The ids of known products."""
        ...

    def facts(self, numbers: Numbers) -> Facts:
        """Of known products, in this order."""
        ...

    def spelled(self, text: str) -> str:
        """The text with its misspelt words written as the catalogue writes them."""
        ...

    def weights(self, text: str) -> dict[str, float]:
        """The words that a text is searched by, each with how much it says."""
        ...

    def texts(self, numbers: Numbers) -> list[Texts]:
        """Titles and descriptions, each in English and Chinese, of known products, in this order."""
        ...

    def changed(self, numbers: Numbers) -> Numbers:
        """The catalogue's revision when each of these known products was changed last."""
        ...

    def places(self, numbers: Numbers, words: Sequence[str]) -> Places:
        """Where each product has each word, (numbers, words): 2 in a title, 1 only among its other words, 0 in
        neither.
        """
        ...

    def matching(self, filters: Filters) -> set[str]: ...

    def flags(self, filters: Filters) -> Flags:
        """Whether each product number is admitted, (numbers,)."""
        ...

    def count(self, filters: Filters) -> int: ...

    def prices(self, filters: Filters, limit: int, *, dearest: bool = False) -> list[Decimal]:
        """The lowest (highest) prices of admitted products, in order."""
        ...

    def newest(self, filters: Filters, limit: int) -> list[str]: ...

    def popular(self, filters: Filters, limit: int) -> list[str]: ...

    def vocabulary(self) -> Vocabulary: ...


class VectorStore(Protocol):
    """Embeddings kept in the database, by encoder version: the truth that every index is derived from."""

    def missing(self, version: str, texts: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
        """Those (id, text, hash) that have no vector of this version and hash."""
        ...

    def put(self, version: str, ids: Sequence[str], hashes: Sequence[str], matrix: Vectors) -> None: ...

    def load(self, version: str) -> tuple[list[str], Vectors]:
        """Every id with its unit vector, (n, 384) float32."""
        ...


class VectorIndex(Protocol):
    """Nearest products by cosine."""

    @property
    def version(self) -> str:
        """Encoder and content of what is searched."""
        ...

    def query(self, vector: Vectors, allowed: Allowed, limit: int) -> list[tuple[str, float]]:
        """The `limit` nearest of the allowed products to a (384,) vector, with cosines, the best first."""
        ...

    def near(self, vector: Vectors, flags: Flags, limit: int) -> tuple[Numbers, Scores]:
        """The same by number: the nearest of the flagged products, and their cosines."""
        ...

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """(len(ids), 384) float32; a zero row where an id has no vector."""
        ...

    def vectors_of(self, numbers: Numbers) -> Vectors:
        """The same by number."""
        ...

    def refresh(self, catalogue: EmbeddingTexts, vectors: VectorStore | None = None) -> int:
        """Brings the index up to the catalogue; how many texts were embedded."""
        ...


class BehaviourReader(Protocol):
    """What visitors did in the shop itself."""

    def events(self, since: datetime | None = None) -> Iterator[tuple[str, str, str, datetime]]:
        """(visitor, product id, "view" | "cart" | "order", instant), visitor by visitor, each one's oldest first."""
        ...

    def revision(self) -> int:
        """A number that grows with every import that added something."""
        ...


class HandReader(Protocol):
    """What the owner decided by hand."""

    def rules(self) -> tuple[Rule, ...]:
        """Every rule, whatever its dates; read again only where something changed."""
        ...


__all__ = [
    "DIMENSIONS",
    "Allowed",
    "BehaviourReader",
    "CatalogueReader",
    "ChangedTexts",
    "Coarse",
    "Coarsen",
    "EmbeddingTexts",
    "Encode",
    "Facts",
    "Flags",
    "HandReader",
    "Numbers",
    "Places",
    "Scores",
    "Texts",
    "VectorIndex",
    "VectorStore",
    "Vectors",
]
