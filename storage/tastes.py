"""What each shopper's pages and reactions add up to, as the bandit left it. Derived: the log can build it again."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row
from storage.records import Taste


class Tastes:
    """One taste a shopper, with its doubles to the last bit: about 3 kB at 23 features."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, user_id: int) -> Taste | None:
        """The shopper's taste; None for one who has seen no page yet."""
        found = row(self._db, "SELECT * FROM tastes WHERE user_id = ?", [user_id])
        if found is None:
            return None
        return Taste(
            user_id=user_id,
            features=tuple(json.loads(found["features"])),
            precision=unpack(found["precision"]),
            moment=unpack(found["moment"]),
            version=found["version"],
            updated_at=instants.from_text(found["updated_at"]) if found["updated_at"] else None,
            pages=found["pages"],
            prior=found["prior"],
        )

    def put(self, taste: Taste) -> None:
        """Keep the taste in the place of the last one. Raises ValueError where its sizes disagree."""
        size = len(taste.features)
        triangle = size * (size + 1) // 2
        if len(taste.moment) != size or len(taste.precision) != triangle:
            raise ValueError(f"A taste over {size} features needs {size} moments and {triangle} precisions.")
        with immediate(self._db):
            self._db.execute(
                """INSERT OR REPLACE INTO tastes
                (user_id, features, precision, moment, version, updated_at, pages, prior)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                [
                    *(taste.user_id, json.dumps(taste.features, separators=(",", ":"))),
                    *(_pack(taste.precision), _pack(taste.moment), taste.version),
                    *(instants.to_text(taste.updated_at) if taste.updated_at else None, taste.pages, taste.prior),
                ],
            )


def unpack(blob: bytes) -> tuple[float, ...]:
    """Little-endian doubles."""
    return struct.unpack(f"<{len(blob) // 8}d", blob)


def _pack(values: Sequence[float]) -> bytes:
    return struct.pack(f"<{len(values)}d", *values)
