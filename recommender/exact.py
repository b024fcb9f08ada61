"""The index without an index: every vector compared. The plain twin of the Chroma one, on the same contract.

It is what a second process searches with (one process alone may hold a Chroma folder), and what answers while an
index is being checked or built.
"""

from __future__ import annotations

from collections.abc import Sequence

from recommender.embedding import followed
from recommender.ports import (
    Allowed,
    Coarsen,
    EmbeddingTexts,
    Encode,
    Flags,
    Numbers,
    Scores,
    Vectors,
    VectorStore,
)
from recommender.snapshot import Snapshot, empty_snapshot


class ExactIndex:
    """Cosine search over all stored vectors.

    Args:
        catalogue, vectors: of the calling thread's connection.
        encode, encoder: the texts-to-vectors callable and its version.
        embed: whether texts without a vector are embedded and stored; a reader of somebody else's database says no.
        progress: a bar on stderr while many texts are embedded.
        coarsen: makes searching many products quicker; what is found is the same without.
    """

    def __init__(
        self,
        catalogue: EmbeddingTexts,
        vectors: VectorStore,
        encode: Encode,
        encoder: str,
        *,
        embed: bool = True,
        progress: bool = False,
        coarsen: Coarsen | None = None,
    ) -> None:
        self._coarsen = coarsen
        self._vectors, self._encode, self._embed = vectors, encode, embed
        self._snapshot = empty_snapshot(encoder)
        self.refresh(catalogue, progress=progress)

    @property
    def version(self) -> str:
        return self._snapshot.version

    @property
    def snapshot(self) -> Snapshot:
        """Every vector as it is now."""
        return self._snapshot

    def __len__(self) -> int:
        return len(self._snapshot)

    def query(self, vector: Vectors, allowed: Allowed, limit: int) -> list[tuple[str, float]]:
        return self._snapshot.nearest(vector, allowed, limit)

    def near(self, vector: Vectors, flags: Flags, limit: int) -> tuple[Numbers, Scores]:
        return self._snapshot.near(vector, flags, limit)

    def vectors(self, ids: Sequence[str]) -> Vectors:
        return self._snapshot.vectors(ids)

    def vectors_of(self, numbers: Numbers) -> Vectors:
        return self._snapshot.vectors_of(numbers)

    def refresh(self, catalogue: EmbeddingTexts, vectors: VectorStore | None = None, *, progress: bool = False) -> int:
        """Brings the index up to the catalogue; how many texts were embedded."""
        encode = self._encode if self._embed else None
        store = vectors or self._vectors
        snapshot, embedded = followed(self._snapshot, catalogue, store, encode, progress=progress)
        if self._coarsen:
            snapshot.prepare(self._coarsen, self._snapshot)
        self._snapshot = snapshot
        return embedded

    def close(self) -> None:
        """Nothing is held."""
