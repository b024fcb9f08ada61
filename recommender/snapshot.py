"""All vectors of the catalogue in memory, searched exactly: the truth that an approximate index is measured against.

A snapshot is a value: a refresh makes a new one and swaps it in, so a search that is under way keeps its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommender.coarse import CoarseRows
from recommender.ports import DIMENSIONS, Allowed, Coarsen, Flags, Numbers, Scores, Vectors

# Up to such a share, gathering the allowed rows is quicker than multiplying all of them and throwing most away.
_GATHERED = 0.25
_COARSE_FROM = 6_000  # rows: fewer are compared as quickly as they are sifted
_SIFTED = 0.11  # of all rows that are allowed: fewer are compared as quickly as all are sifted


@dataclass(frozen=True)
class Snapshot:
    """Ids with their unit vectors, (n, 384) float32, and the hashes of the texts that these stand for.

    `numbers` (n,) are the catalogue's, by which flags go; -1 where it has none any more.
    """

    encoder: str
    ids: tuple[str, ...]
    hashes: tuple[str, ...]
    matrix: Vectors
    numbers: NDArray[np.int64]

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

    @cached_property
    def numbered(self) -> NDArray[np.int64]:
        """The row of each product number, -1 where it has none, (largest + 2,): the last stands for all beyond."""
        rows = np.full(int(self.numbers.max(initial=0)) + 2, -1, dtype=np.int64)
        known = self.numbers >= 0
        rows[self.numbers[known]] = np.flatnonzero(known)
        return rows

    @cached_property
    def coarse(self) -> CoarseRows | None:
        """What `prepare` made; None before."""
        return None

    def prepare(self, coarsen: Coarsen, before: Snapshot | None = None) -> None:
        """Makes searching all rows quicker; what it finds is the same. What `before` has prepared is taken over."""
        if len(self) > _COARSE_FROM and self.coarse is None:
            held = before.coarse if before else None
            self.__dict__["coarse"] = CoarseRows.of(self.matrix, self.numbers, self.hashes, coarsen, held)

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

    def vectors_of(self, numbers: Numbers) -> Vectors:
        """(len(numbers), 384); a zero row where a product has no vector."""
        rows = self.numbered[np.minimum(numbers, len(self.numbered) - 1)]
        found = self.matrix[rows] if len(self) else np.zeros((len(rows), DIMENSIONS), dtype=np.float32)
        found[rows < 0] = 0.0
        return found

    def allowed_rows(self, allowed: Allowed) -> Flags | None:
        """Which rows are allowed, (n,); None for all of them."""
        if allowed is None:
            return None
        if isinstance(allowed, np.ndarray):
            return self._flagged(allowed)
        flags = np.zeros(len(self.ids), dtype=np.bool_)
        flags[[self.rows[id] for id in allowed if id in self.rows]] = True
        return flags

    def _flagged(self, flags: Flags) -> Flags:
        """Of flags by product number. Numbers of -1 and beyond the last flag meet a flag that says no."""
        reach = len(self.numbered) - 1
        padded = np.zeros(reach + 1, dtype=np.bool_)
        padded[: min(len(flags), reach)] = flags[:reach]
        found: Flags = padded[self.numbers]
        return found

    def nearest(self, vector: Vectors, allowed: Allowed, limit: int) -> list[tuple[str, float]]:
        """The `limit` nearest allowed products to a (384,) vector, with cosines, the best first."""
        return self.nearest_rows(vector, self.allowed_rows(allowed), limit)

    def nearest_rows(self, vector: Vectors, flags: Flags | None, limit: int) -> list[tuple[str, float]]:
        """The same under flags of rows."""
        rows, cosines = self.best_rows(vector, flags, limit)
        return [(self.ids[row], cosine) for row, cosine in zip(rows.tolist(), cosines.tolist(), strict=True)]

    def near(self, vector: Vectors, flags: Flags, limit: int) -> tuple[Numbers, Scores]:
        """The same under flags by product number: numbers and cosines."""
        rows, cosines = self.best_rows(vector, self._flagged(flags), limit)
        return self.numbers[rows], cosines

    def best_rows(self, vector: Vectors, flags: Flags | None, limit: int) -> tuple[NDArray[np.intp], Scores]:
        """The nearest flagged rows with their cosines. Few rows are gathered; else all are compared, and the others
        struck out.
        """
        if limit <= 0 or not self.ids:
            return np.zeros(0, dtype=np.intp), np.zeros(0)
        allowed = len(self.ids) if flags is None else int(np.count_nonzero(flags))
        if self.coarse is not None and allowed > _SIFTED * len(self.ids):
            rows = self.coarse.may_be_best(vector, flags, limit)
        else:
            rows = np.arange(len(self.ids)) if flags is None else np.flatnonzero(flags)
        few = len(rows) <= _GATHERED * len(self.ids)
        cosines = self.matrix[rows] @ vector if few else (self.matrix @ vector)[rows]
        best = best_first(cosines, limit)
        return rows[best], cosines[best].astype(np.float64)


def empty_snapshot(encoder: str) -> Snapshot:
    """No product yet."""
    return Snapshot(encoder, (), (), np.zeros((0, DIMENSIONS), dtype=np.float32), np.zeros(0, dtype=np.int64))


def best_first(scores: Vectors, limit: int) -> NDArray[np.intp]:
    """Positions of the `limit` highest scores; equals in the order they stand."""
    if limit < len(scores):
        cut = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        chosen = np.flatnonzero(scores >= cut)
    else:
        chosen = np.arange(len(scores))
    order: NDArray[np.intp] = chosen[np.argsort(-scores[chosen], kind="stable")][:limit]
    return order
