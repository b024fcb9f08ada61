"""Reactions to showings: an append-only log, and beside it what holds now.

A reaction counts once for a showing, however often the button is tapped or its update delivered. A dislike takes the
place of a like and the reverse. What holds now can always be built again from the log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlite_utils import Database

from storage import codec, instants
from storage.conversations import count_thumb
from storage.database import immediate, row, rows
from storage.records import Event, Feedback, Reaction

_OPPOSITE = {Reaction.LIKE: Reaction.DISLIKE, Reaction.DISLIKE: Reaction.LIKE}
_VISITED = {
    Reaction.BUY: "order",
    Reaction.CART: "cart",
    Reaction.SAVE: "cart",
    Reaction.LIKE: "view",
    Reaction.MORE_LIKE: "view",
    Reaction.OPEN: "view",
}
_INSERT = "INSERT INTO {} (impression_id, user_id, reaction, at) VALUES (?, ?, ?, ?)"


class NotShownError(LookupError):
    """A reaction to something that this shopper was never shown."""


class FeedbackLog:
    """What shoppers did with what they were shown."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, feedback: Feedback) -> str:
        """Keep a reaction: "new", "same" (it held already: nothing is written) or "replaced" (its opposite held).

        Raises `NotShownError` where the showing is unknown, was not on a page, or is another shopper's.
        """
        with immediate(self._db):
            self._check_shown(feedback)
            held = self.current(feedback.recommendation_id)
            if feedback.reaction in held:
                return "same"
            self._write("feedback_events", feedback)
            return self._apply(feedback, held)

    def current(self, recommendation_id: int) -> set[Reaction]:
        """The reactions that hold for a showing."""
        found = self._db.execute("SELECT reaction FROM feedback WHERE impression_id = ?", [recommendation_id])
        return {Reaction(reaction) for (reaction,) in found}

    def of(self, user_id: int) -> list[tuple[Feedback, Mapping[str, float], float | None]]:
        """Every reaction of a shopper that holds, oldest first, with the showing's features and propensity."""
        found = rows(
            self._db,
            """SELECT f.*, i.features, i.propensity, t.slate FROM feedback AS f
            JOIN impressions AS i ON i.id = f.impression_id JOIN turns AS t ON t.id = i.turn_id
            WHERE f.user_id = ? ORDER BY f.at, f.impression_id, f.reaction""",
            [user_id],
        )
        return [
            (
                Feedback(held["impression_id"], user_id, Reaction(held["reaction"]), instants.from_text(held["at"])),
                codec.numbers_from_text(held["features"], codec.loads(held["slate"])["features"]),
                held["propensity"],
            )
            for held in found
        ]

    def events(self, user_id: int, limit: int) -> list[Event]:
        """The shopper's last reactions that hold, the oldest of them first; those to gifts say nothing of the giver."""
        found = self._db.execute(
            """SELECT i.product_id, f.reaction, f.at FROM feedback AS f JOIN impressions AS i ON i.id = f.impression_id
            JOIN turns AS t ON t.id = i.turn_id
            WHERE f.user_id = ? AND t.slate ->> 'policy' <> 'gift'
            ORDER BY f.at DESC, f.impression_id DESC, f.reaction LIMIT ?""",
            [user_id, max(limit, 0)],
        ).fetchall()
        return [
            Event(product_id, Reaction(reaction), instants.from_text(at))
            for product_id, reaction, at in reversed(found)
        ]

    def visits(self, since: datetime) -> Iterator[tuple[str, str, str, datetime]]:
        """(shopper, product id, "view" | "cart" | "order", instant) of every welcome reaction that holds, shopper by
        shopper, each one's oldest first: the log of the chat as `BehaviourLog.events` gives the shop's own.
        """
        found = self._db.execute(
            """SELECT f.user_id, i.product_id, f.reaction, f.at FROM feedback AS f
            JOIN impressions AS i ON i.id = f.impression_id
            WHERE f.at >= ? ORDER BY f.user_id, f.at, f.impression_id""",
            [instants.to_text(since)],
        )
        for user_id, product_id, reaction, at in found:
            if kind := _VISITED.get(Reaction(reaction)):
                yield f"chat:{user_id}", product_id, kind, instants.from_text(at)

    def revision(self) -> int:
        """A number that grows with every reaction."""
        return int(self._db.execute("SELECT coalesce(max(id), 0) FROM feedback_events").fetchone()[0])

    def rebuild(self) -> int:
        """Build what holds now from the log again; the number of reactions that hold."""
        with immediate(self._db):
            self._db.execute("DELETE FROM feedback")
            self._db.execute("UPDATE conversations SET thumbs_up = 0, thumbs_down = 0")
            for event in rows(self._db, "SELECT * FROM feedback_events ORDER BY id"):
                reaction, at = Reaction(event["reaction"]), instants.from_text(event["at"])
                feedback = Feedback(event["impression_id"], event["user_id"], reaction, at)
                self._apply(feedback, self.current(feedback.recommendation_id))
            number: int = self._db.execute("SELECT count(*) FROM feedback").fetchone()[0]
        return number

    def _check_shown(self, feedback: Feedback) -> None:
        shown = row(
            self._db,
            "SELECT 1 FROM impressions WHERE id = ? AND user_id = ? AND position > 0",
            [feedback.recommendation_id, feedback.user_id],
        )
        if shown is None:
            raise NotShownError(
                f"Recommendation {feedback.recommendation_id} was not shown to shopper {feedback.user_id}."
            )

    def _apply(self, feedback: Feedback, held: set[Reaction]) -> str:
        opposite = _OPPOSITE.get(feedback.reaction)
        replaced = opposite is not None and opposite in held
        if opposite is not None and replaced:
            self._db.execute(
                "DELETE FROM feedback WHERE impression_id = ? AND reaction = ?",
                [feedback.recommendation_id, opposite],
            )
            count_thumb(self._db, feedback.recommendation_id, opposite, -1)
        self._write("feedback", feedback)
        count_thumb(self._db, feedback.recommendation_id, feedback.reaction, 1)
        return "replaced" if replaced else "new"

    def _write(self, table: str, feedback: Feedback) -> None:
        self._db.execute(
            _INSERT.format(table),
            [
                *(feedback.recommendation_id, feedback.user_id),
                *(feedback.reaction.value, instants.to_text(feedback.at)),
            ],
        )
