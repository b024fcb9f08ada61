"""Embeddings by encoder version: the truth that every vector index is derived from.

A vector belongs to a text, not to a product: it counts only while the product's text still has the hash it was made
from, so that a changed description is embedded again and a changed price is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from storage.database import immediate

DIMENSIONS = 384
_BATCH = 500  # vectors of one commit
_READ = 10_000  # vectors of one read


class Vectors:
    """Unit vectors of products, float32."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def missing(self, version: str, texts: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
        """Those of `texts` (id, text, hash: as `Catalogue.embedding_texts` gives them) that have no vector yet."""
        held = set(self._db.execute("SELECT product_id, text_hash FROM vectors WHERE version = ?", [version]))
        return [(id, text, text_hash) for id, text, text_hash in texts if (id, text_hash) not in held]

    def put(self, version: str, ids: Sequence[str], hashes: Sequence[str], matrix: NDArray[np.floating]) -> None:
        """Keep one row of `matrix` (n, 384) for each id. Raises ValueError for another shape or a bad number."""
        if matrix.shape != (len(ids), DIMENSIONS) or len(hashes) != len(ids):
            raise ValueError(f"Expected {len(ids)} hashes and vectors of {DIMENSIONS}, got {matrix.shape}.")
        if not np.isfinite(matrix).all():
            raise ValueError("The encoder gave a vector that is not finite: nothing was stored.")
        vectors = np.ascontiguousarray(matrix, dtype="<f4")
        for start in range(0, len(ids), _BATCH):
            stop = start + _BATCH
            named = zip(ids[start:stop], hashes[start:stop], vectors[start:stop], strict=True)
            with immediate(self._db):
                self._db.conn.executemany(
                    "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)",
                    [(version, id, text_hash, vector.tobytes()) for id, text_hash, vector in named],
                )

    def load(self, version: str) -> tuple[list[str], NDArray[np.float32]]:
        """Ids and vectors (n, 384) of all available products whose text is the one that was embedded."""
        found = self._db.execute(
            """SELECT p.id, v.vector FROM products AS p JOIN vectors AS v
            ON v.version = ? AND v.product_id = p.id AND v.text_hash = p.text_hash
            WHERE p.available = 1 ORDER BY p.number""",
            [version],
        )
        ids, parts = list[str](), list[NDArray[np.float32]]()
        while batch := found.fetchmany(_READ):  # a million vectors are 1.5 GB: not held as bytes beside the matrix
            ids += [id for id, _ in batch]
            parts.append(np.frombuffer(b"".join(vector for _, vector in batch), dtype="<f4").astype(np.float32))
        matrix = np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)
        return ids, matrix.reshape(len(ids), DIMENSIONS)

    def versions(self) -> set[str]:
        """Encoder versions that have vectors here."""
        return {version for (version,) in self._db.execute("SELECT DISTINCT version FROM vectors")}
