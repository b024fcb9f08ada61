"""All vectors of the catalogue in memory, searched exactly: the truth that an approximate index is measured against.

A snapshot is a value: a refresh makes a new one and swaps it in, so a search that is under way keeps its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from recommender.ports import DIMENSIONS, Vectors

# Up to here, gathering the allowed rows is quicker than multiplying all of them and throwing most away.
_GATHERED = 4_000
_SPARE = 64


@dataclass(frozen=True)
class Snapshot:
    """Ids with their unit vectors, (n, 384) float32, and the hashes of the texts that these stand for."""

    encoder: str
    ids: tuple[str, ...]
    hashes: tuple[str, ...]
    matrix: Vectors

    @cached_property
    def version(self) -> str:
        """The encoder's version and a digest of what was embedded, whatever the order."""
        digest = hashlib.sha256()
        for id, text_hash in sorted(zip(self.ids, self.hashes, strict=True)):
            digest.update(f"{id}\0{text_hash}\n".encode("utf-8", "surrogatepass"))
        return f"{self.encoder}-{digest.hexdigest()[:12]}"

    @cached_property
    def rows(self) -> dict[str, int]:
        return {id: row for row, id in enumerate(self.ids)}

    def __len__(self) -> int:
        return len(self.ids)

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """(len(ids), 384); a zero row where an id has no vector."""
        found = np.zeros((len(ids), DIMENSIONS), dtype=np.float32)
        known = [(at, self.rows[id]) for at, id in enumerate(ids) if id in self.rows]
        if known:
            at, rows = zip(*known, strict=True)
            found[list(at)] = self.matrix[list(rows)]
        return found

    def nearest(self, vector: Vectors, allowed: AbstractSet[str] | None, limit: int) -> list[tuple[str, float]]:
        """The `limit` allowed ids (None: all) nearest to a (384,) vector, with cosines, the best first."""
        if limit <= 0 or not self.ids or (allowed is not None and not allowed):
            return []
        if allowed is not None and len(allowed) <= _GATHERED:
            rows = np.fromiter(sorted(self.rows[id] for id in allowed if id in self.rows), dtype=np.intp)
            cosines = self.matrix[rows] @ vector
            return [(self.ids[rows[at]], float(cosines[at])) for at in best_first(cosines, limit)]
        cosines = self.matrix @ vector
        if allowed is None:
            return [(self.ids[at], float(cosines[at])) for at in best_first(cosines, limit)]
        return self._filtered(cosines, allowed, limit)

    def _filtered(self, cosines: Vectors, allowed: AbstractSet[str], limit: int) -> list[tuple[str, float]]:
        """Looks at about as many of the best as should hold `limit` allowed ones, and at all only where they do not."""
        expected = limit * len(self.ids) // len(allowed)
        for looked_at in (2 * expected + _SPARE, len(self.ids)):
            order = best_first(cosines, looked_at)
            found = [(self.ids[at], float(cosines[at])) for at in order if self.ids[at] in allowed]
            if len(found) >= limit or looked_at >= len(self.ids):
                break
        return found[:limit]


def empty_snapshot(encoder: str) -> Snapshot:
    """No product yet."""
    return Snapshot(encoder, (), (), np.zeros((0, DIMENSIONS), dtype=np.float32))


def best_first(scores: Vectors, limit: int) -> list[int]:
    """Positions of the `limit` highest scores; equals in the order they stand."""
    if limit < len(scores):
        cut = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        chosen = np.flatnonzero(scores >= cut)
    else:
        chosen = np.arange(len(scores))
    order = chosen[np.argsort(-scores[chosen], kind="stable")][:limit]
    return [int(at) for at in order]
