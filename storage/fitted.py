"""What was fitted on this shop's own data: versions by name, one of them in use, the older ones kept to go back to.

    version = shop.fitted.put("fusion", {"weights": [...]}, figures={"ndcg": 0.9}, at=now)
    body = shop.fitted.current("fusion")

Bodies are plain JSON; whoever reads one checks it, for an older program may have written it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row, rows


@dataclass(frozen=True, slots=True)
class FittedVersion:
    """One fit: what came out of it, and the figures it was judged by."""

    name: str
    version: int
    body: Mapping[str, Any]
    figures: Mapping[str, Any]
    fitted_at: datetime
    in_use: bool


class Fitted:
    """Fits by name. Versions count from 1 and never repeat."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, name: str, body: Mapping[str, Any], *, figures: Mapping[str, Any], at: datetime) -> int:
        """Keep a fit and put it to use; its version."""
        with immediate(self._db):
            latest = row(self._db, "SELECT max(version) AS version FROM fitted WHERE name = ?", [name])
            version: int = ((latest["version"] if latest else None) or 0) + 1
            self._db.execute("UPDATE fitted SET in_use = 0 WHERE name = ?", [name])
            self._db.execute(
                "INSERT INTO fitted VALUES (?, ?, ?, ?, ?, 1)",
                [name, version, json.dumps(dict(body)), json.dumps(dict(figures)), instants.to_text(at)],
            )
        return version

    def current(self, name: str) -> FittedVersion | None:
        """The fit in use; None where nothing was fitted, or the last one was taken out of use."""
        found = row(self._db, "SELECT * FROM fitted WHERE name = ? AND in_use = 1", [name])
        return _read(found) if found else None

    def in_use(self, name: str) -> tuple[str, int, str] | None:
        """What identifies the fit in use, without its body: cheap enough to ask on every turn."""
        found = row(self._db, "SELECT version, fitted_at FROM fitted WHERE name = ? AND in_use = 1", [name])
        return (name, found["version"], found["fitted_at"]) if found else None

    def history(self, name: str) -> list[FittedVersion]:
        """Every fit of this name, the newest first."""
        return [
            _read(each) for each in rows(self._db, "SELECT * FROM fitted WHERE name = ? ORDER BY version DESC", [name])
        ]

    def use(self, name: str, version: int | None) -> None:
        """Put an earlier version to use, or none (what is shipped serves). Raises LookupError for an unknown one."""
        with immediate(self._db):
            if version is not None and not row(
                self._db, "SELECT 1 FROM fitted WHERE name = ? AND version = ?", [name, version]
            ):
                raise LookupError(f"There is no version {version} of {name}.")
            self._db.execute("UPDATE fitted SET in_use = (version IS ?) WHERE name = ?", [version, name])


def _read(found: Any) -> FittedVersion:
    return FittedVersion(
        name=found["name"],
        version=found["version"],
        body=json.loads(found["body"]),
        figures=json.loads(found["figures"]),
        fitted_at=instants.from_text(found["fitted_at"]),
        in_use=bool(found["in_use"]),
    )
