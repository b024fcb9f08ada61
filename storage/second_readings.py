"""What an understander on trial read in turns that another one answered: kept to be compared, never acted on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from storage import codec, instants
from storage.database import immediate, row, rows
from storage.records import Understanding


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two understanders read the same intent in turns of one language and of one served intent."""

    language: str
    intent: str
    turns: int
    same: int


class SecondReadings:
    """At most one reading for each turn and model."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, turn_id: int, reading: Understanding, milliseconds: float) -> None:
        """Keep a reading; one of the same model is replaced, and a turn that is gone by now keeps none."""
        with immediate(self._db):
            self._db.execute(
                """INSERT OR REPLACE INTO second_readings (turn_id, model, understanding, milliseconds, read_at)
                SELECT id, ?, ?, ?, ? FROM turns WHERE id = ?""",
                [
                    *(reading.model, codec.understanding_to_text(reading), milliseconds),
                    *(instants.to_text(instants.now()), turn_id),
                ],
            )

    def of(self, turn_id: int) -> list[Understanding]:
        """The readings of a turn, the newest model first."""
        found = rows(
            self._db, "SELECT understanding FROM second_readings WHERE turn_id = ? ORDER BY read_at DESC", [turn_id]
        )
        return [codec.understanding_from_text(each["understanding"]) for each in found]

    def agreement(self, model: str) -> list[Agreement]:
        """How often a model read the intent that was served, by language and served intent."""
        found = rows(
            self._db,
            """SELECT turns.language AS language, turns.understanding ->> 'intent' AS intent, count(*) AS turns,
            sum(turns.understanding ->> 'intent' = second.understanding ->> 'intent') AS same
            FROM second_readings AS second JOIN turns ON turns.id = second.turn_id
            WHERE second.model = ? AND turns.understanding IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2""",
            [model],
        )
        return [Agreement(each["language"], each["intent"], each["turns"], each["same"]) for each in found]

    def milliseconds(self, model: str) -> float | None:
        """The median time that a model took for a message; None where it read nothing."""
        found = row(
            self._db,
            """SELECT milliseconds FROM second_readings WHERE model = :model ORDER BY milliseconds
            LIMIT 1 OFFSET (SELECT count(*) / 2 FROM second_readings WHERE model = :model)""",
            {"model": model},
        )
        return float(found["milliseconds"]) if found else None
