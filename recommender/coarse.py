"""Exact search that reads a quarter of the memory: rough products first, with bounds, then the few that may be best.

Of all rows the lowest possible cosines are sorted; whatever cannot reach the limit-th of them is no candidate, however
the bounds fall out. What remains, some hundreds of a million, is compared exactly. So the answer is that of comparing
everything: nothing is approximated but the work. It is the VA-file of Weber, Schek and Blott, "A quantitative analysis
and performance study for similarity-search methods in high-dimensional spaces", VLDB 1998, in memory.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.ports import Coarse, Coarsen, Flags, Vectors

BLOCK = 16_384  # product numbers; a change of one text prepares no more than its block anew
_Key = tuple[int, int]


@dataclass(frozen=True)
class CoarseRows:
    """The rows of a matrix in blocks, each ready for rough products. `keys` name what the blocks hold."""

    blocks: tuple[Coarse, ...]
    keys: tuple[_Key, ...]

    @classmethod
    def of(
        cls,
        matrix: Vectors,
        numbers: NDArray[np.int64],
        hashes: Sequence[str],
        coarsen: Coarsen,
        before: CoarseRows | None = None,
    ) -> CoarseRows:
        """Of a matrix (n, 384) with product numbers (n,) and the hashes of the texts; blocks of `before` that hold the
        same are taken over.
        """
        edges = [0, *(np.flatnonzero(np.diff(numbers // BLOCK)) + 1).tolist(), len(matrix)]
        known = dict(zip(before.keys, before.blocks, strict=True)) if before else {}
        blocks, keys = list[Coarse](), list[_Key]()
        for start, stop in itertools.pairwise(edges):
            keys.append((stop - start, hash(tuple(hashes[start:stop]))))
            blocks.append(known.get(keys[-1]) or coarsen(matrix[start:stop]))
        return cls(tuple(blocks), tuple(keys))

    def may_be_best(self, vector: Vectors, flags: Flags | None, limit: int) -> NDArray[np.intp]:
        """The rows among which the `limit` nearest flagged ones are, whatever the roughness."""
        found = [block(vector) for block in self.blocks]
        roughly, slack = (np.concatenate([each[at] for each in found]) for at in (0, 1))
        if flags is not None and limit >= np.count_nonzero(flags):
            return np.flatnonzero(flags)
        least = roughly - slack if flags is None else np.where(flags, roughly - slack, -np.inf)
        if limit >= len(least):
            return np.arange(len(least))
        cut = np.partition(least, len(least) - limit)[len(least) - limit]
        rows = np.flatnonzero(roughly + slack >= cut)
        return rows if flags is None else rows[flags[rows]]
