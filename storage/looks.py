"""How product pictures look: a vector for each product's first picture, made by the shop's own CLIP model.

A vector counts only while the product still has the picture it was made from, and the model is the one that made it; a
change of either makes it anew. A picture that could not be had, or read, is noted as such, and tried again later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from storage import instants
from storage.database import immediate

RETRIED = timedelta(days=1)
"""After which a picture that failed is tried again."""
_HELD = "l.product_id = p.id AND l.model = ? AND l.picture = p.image_url"
_PICTURED = "p.available = 1 AND p.image_url != ''"


@dataclass(frozen=True, slots=True)
class Known:
    """How many pictures are known by look, how many there are, and how many of them failed lately."""

    known: int
    pictures: int
    failed: int


class Looks:
    """Unit vectors (d,) float32 of products by how they look, one for each product at most."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def due(self, model: str, now: datetime, limit: int) -> list[str]:
        """Products whose picture this model has not seen, or failed at long enough ago, at most so many."""
        found = self._db.execute(
            f"""SELECT p.id FROM products AS p LEFT JOIN looks AS l ON {_HELD}
            WHERE {_PICTURED} AND (l.product_id IS NULL OR (l.vector IS NULL AND l.tried_at <= ?))
            ORDER BY l.product_id IS NOT NULL, p.number LIMIT ?""",
            [model, instants.to_text(now - RETRIED), limit],
        )
        return [id for (id,) in found]

    def put(
        self, model: str, product_id: str, picture: str, vector: NDArray[np.float32] | None, tried_at: datetime
    ) -> None:
        """Keeps how the picture looks, None where that cannot be said; what was known of the product goes."""
        held = None if vector is None else np.ascontiguousarray(vector, dtype="<f4").tobytes()
        with immediate(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO looks (product_id, model, picture, vector, tried_at) VALUES (?, ?, ?, ?, ?)",
                [product_id, model, picture, held, instants.to_text(tried_at)],
            )

    def load(self, model: str) -> tuple[list[str], NDArray[np.float32]]:
        """Ids and vectors (n, d) of all available products whose picture this model has seen."""
        sql = f"SELECT p.id, l.vector FROM products AS p JOIN looks AS l ON {_HELD} WHERE {_PICTURED}"
        found = self._db.execute(f"{sql} AND l.vector IS NOT NULL ORDER BY p.number", [model]).fetchall()
        flat = np.frombuffer(b"".join(vector for _, vector in found), dtype="<f4").astype(np.float32)
        return [id for id, _ in found], flat.reshape(len(found), -1 if found else 0)

    def tidy(self) -> int:
        """Forgets products that are gone, or have no picture any more; how many."""
        gone = f"DELETE FROM looks WHERE product_id NOT IN (SELECT p.id FROM products AS p WHERE {_PICTURED})"
        with immediate(self._db):
            return int(self._db.execute(gone).rowcount)

    def counted(self, model: str) -> Known:
        """How far the model has come."""
        row = self._db.execute(
            f"""SELECT count(l.vector), count(*), count(l.product_id) - count(l.vector)
            FROM products AS p LEFT JOIN looks AS l ON {_HELD} WHERE {_PICTURED}""",
            [model],
        ).fetchone()
        return Known(*row)
