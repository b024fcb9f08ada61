"""What a question is answered from: the exact snapshot, and how far a Chroma folder may answer for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recommender.chroma_folder import ChromaFolder
from recommender.ports import Flags, Vectors
from recommender.snapshot import Snapshot


@dataclass(frozen=True)
class Served:
    """A value, swapped whole, so that a question under way keeps its own.

    `base` is the snapshot that `folder` was built from. `stale` ids are in the folder with a vector that no longer
    holds; `beside` are the snapshot's rows that it lacks.
    """

    snapshot: Snapshot
    folder: ChromaFolder | None = None
    base: Snapshot | None = None
    stale: frozenset[str] = frozenset()
    beside: Snapshot | None = None

    @property
    def drift(self) -> int:
        return len(self.stale) + (len(self.beside) if self.beside else 0)

    def nearest(self, vector: Vectors, flags: Flags | None, looked_at: int, limit: int) -> list[tuple[str, float]]:
        """Of the `looked_at` that Chroma finds first, the allowed ones, with what lies beside it, under exact cosines.

        `flags` are of the snapshot's rows, None for all. May find fewer than `limit`. Raises BrokenIndexError when
        Chroma fails.
        """
        near = self.folder.nearest(vector, len(self.stale) + looked_at) if self.folder else []
        rows = self.snapshot.rows
        ids = [id for id in near if id not in self.stale and (flags is None or flags[rows[id]])]
        cosines = self.snapshot.vectors(ids) @ vector
        found = [(id, float(cosine)) for id, cosine in zip(ids, cosines, strict=True)]
        if self.beside is not None:
            beside = None if flags is None else flags[[rows[id] for id in self.beside.ids]]
            found += self.beside.nearest_rows(vector, beside, limit)
        order = np.argsort([-cosine for _, cosine in found], kind="stable")[:limit]
        return [found[at] for at in order]

    def moved_to(self, snapshot: Snapshot) -> Served:
        """The same folder answering for a newer snapshot."""
        if self.folder is None or self.base is None:
            return Served(snapshot)
        held = dict(zip(self.base.ids, self.base.hashes, strict=True))
        now = dict(zip(snapshot.ids, snapshot.hashes, strict=True))
        stale = frozenset(id for id, text_hash in held.items() if now.get(id) != text_hash)
        rows = [row for row, id in enumerate(snapshot.ids) if held.get(id) != snapshot.hashes[row]]
        beside = Snapshot(
            snapshot.encoder,
            tuple(snapshot.ids[row] for row in rows),
            tuple(snapshot.hashes[row] for row in rows),
            snapshot.matrix[rows],
            snapshot.numbers[rows],
        )
        return Served(snapshot, self.folder, self.base, stale, beside)
