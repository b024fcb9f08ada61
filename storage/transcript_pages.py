"""A conversation a page at a time, each turn with all that led to its answer: what support reads.

A conversation may have thousands of turns; a page is found by the turn it begins or ends at, or by one it must hold.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlite_utils import Database

from storage import codec
from storage.catalogue import Catalogue
from storage.database import row, rows
from storage.impressions import recommendation_of
from storage.money import from_minor
from storage.records import Reaction, Recommendation
from storage.transcripts import TurnRecord, turn_record

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Showing:
    """A candidate of a turn. `price` and `currency` are as they were then, None where that was not kept; the product
    of the recommendation is as it is now. `reactions` are those that hold.
    """

    recommendation: Recommendation
    price: Decimal | None = None
    currency: str = ""
    reactions: tuple[Reaction, ...] = ()

    @property
    def shown(self) -> bool:
        return self.recommendation.position > 0


@dataclass(frozen=True, slots=True)
class TurnRead:
    """A turn with the facts of its slate (policy, seed, admitted, ...; empty where nothing was ranked) and its cards,
    with the candidates that came next after them where these were asked for.
    """

    record: TurnRecord
    slate: Mapping[str, Any] = field(default_factory=dict)
    showings: tuple[Showing, ...] = ()


@dataclass(frozen=True, slots=True)
class TranscriptPage:
    """Turns in their order. `earlier` and `later` count those of the conversation before and after them."""

    turns: tuple[TurnRead, ...]
    earlier: int
    later: int


class TranscriptPages:
    """Reads conversations with the live catalogue row of what was shown."""

    def __init__(self, db: Database, catalogue: Catalogue) -> None:
        self._db, self._catalogue = db, catalogue

    def last(self, conversation_id: int) -> TranscriptPage:
        """The end of a conversation."""
        return self.before(conversation_id, 1 << 62)

    def before(self, conversation_id: int, turn_id: int) -> TranscriptPage:
        """The page that ends before a turn."""
        found = self._turns("id < ? ORDER BY id DESC", conversation_id, turn_id)
        return self._page(conversation_id, found[::-1])

    def since(self, conversation_id: int, turn_id: int) -> TranscriptPage:
        """The page that begins with a turn, or with the first one after that number."""
        return self._page(conversation_id, self._turns("id >= ? ORDER BY id", conversation_id, turn_id))

    def around(self, conversation_id: int, turn_id: int) -> TranscriptPage:
        """The page that a turn stands on, with what was said before it."""
        earlier = self._db.execute(
            "SELECT id FROM turns WHERE conversation_id = ? AND id < ? ORDER BY id DESC LIMIT 1 OFFSET ?",
            [conversation_id, turn_id, A_PAGE // 5],
        ).fetchone()
        return self.since(conversation_id, earlier[0] if earlier else 0)

    def turn(self, turn_id: int) -> TurnRead | None:
        """One turn with every candidate; None where there is none (any more)."""
        found = row(self._db, "SELECT * FROM turns WHERE id = ?", [turn_id])
        return self._read([found], "")[0] if found else None

    def _turns(self, where: str, conversation_id: int, turn_id: int) -> list[sqlite3.Row]:
        sql = f"SELECT * FROM turns WHERE conversation_id = ? AND {where} LIMIT ?"
        return rows(self._db, sql, [conversation_id, turn_id, A_PAGE])

    def _page(self, conversation_id: int, found: Sequence[sqlite3.Row]) -> TranscriptPage:
        ends = (found[0]["id"], found[-1]["id"]) if found else (0, 0)
        earlier, later = (
            int(self._db.execute(sql, [conversation_id, end]).fetchone()[0])
            for sql, end in zip((_EARLIER, _LATER), ends, strict=True)
        )
        return TranscriptPage(self._read(found, "AND position > 0"), earlier, later)

    def _read(self, found: Sequence[sqlite3.Row], kind: str) -> tuple[TurnRead, ...]:
        slates = {turn["id"]: codec.loads(turn["slate"]) for turn in found if turn["slate"]}
        showings = self._showings(slates, kind)
        return tuple(
            TurnRead(turn_record(turn), slates.get(turn["id"], {}), showings.get(turn["id"], ())) for turn in found
        )

    def _showings(self, slates: Mapping[int, Mapping[str, Any]], kind: str) -> dict[int, tuple[Showing, ...]]:
        marks = ", ".join("?" * len(slates))
        held = rows(
            self._db,
            f"""SELECT * FROM impressions WHERE turn_id IN ({marks}) {kind}
            ORDER BY turn_id, position = 0, position, score DESC, id""",
            list(slates),
        )
        products = self._catalogue.get([one["product_id"] for one in held])
        reactions = self._reactions([one["id"] for one in held if one["position"]])
        found: dict[int, list[Showing]] = {}
        for one in held:
            names = slates[one["turn_id"]]["features"]
            found.setdefault(one["turn_id"], []).append(
                Showing(
                    recommendation_of(one, products[one["product_id"]], names),
                    None if one["price"] is None else from_minor(one["price"], one["currency"]),
                    one["currency"] or "",
                    reactions.get(one["id"], ()),
                )
            )
        return {turn_id: tuple(each) for turn_id, each in found.items()}

    def _reactions(self, ids: Iterable[int]) -> dict[int, tuple[Reaction, ...]]:
        wanted = list(ids)
        marks = ", ".join("?" * len(wanted))
        found: dict[int, tuple[Reaction, ...]] = {}
        for number, reaction in self._db.execute(
            f"SELECT impression_id, reaction FROM feedback WHERE impression_id IN ({marks}) ORDER BY at", wanted
        ):
            found[number] = (*found.get(number, ()), Reaction(reaction))
        return found


_EARLIER = "SELECT count(*) FROM turns WHERE conversation_id = ? AND id < ?"
_LATER = "SELECT count(*) FROM turns WHERE conversation_id = ? AND id > ?"
