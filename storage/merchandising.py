"""The owner's hand: pins, boosts, buries, what is hidden, and synonyms, as rows with dates.

    shop.merchandising.add(Rule(Act.BOOST, "brand:larkhill", factor=1.3, ends=...))

A rule is checked here, whoever brings it (a command, a file, a running bot). Every change raises a number, so that
readers in other threads and processes follow at their next look; a changed synonym changes the shop's words, too.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, rows
from storage.records import Act, Rule

SUBJECTS = ("product", "brand", "category", "tag")
LEAST_FACTOR, MOST_FACTOR, MOST_PLACE = 0.5, 2.0, 5
_LONGEST = 200  # characters of a word, a query or a name
_MOST_RULES = 2_000
_COLUMNS = "act, subject, means, both, place, factor, query, category, begins, ends, note, added_at"


class RuleError(ValueError):
    """A rule that cannot be meant; the message is one sentence for the owner."""


class Merchandising:
    """Rules by id."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._held: tuple[int, tuple[Rule, ...]] = (-1, ())

    def add(self, rule: Rule) -> int | None:
        """Keep a rule; its id, or None where the very same rule is there already. Raises RuleError."""
        check(rule)
        with immediate(self._db):
            held = self.rules()
            if any(_same(rule, other) for other in held):
                return None
            if len(held) >= _MOST_RULES:
                raise RuleError(f"There are {_MOST_RULES} rules already: remove some first.")
            id = self._db.execute(
                f"INSERT INTO merchandising ({_COLUMNS}) VALUES ({', '.join('?' * 12)})", [*_row(rule)]
            ).lastrowid
            self._touch(words=rule.act is Act.SYNONYM)
        return id

    def remove(self, ids: Iterable[int]) -> list[Rule]:
        """Take rules away; those that there were."""
        wanted = set(ids)
        with immediate(self._db):
            gone = [rule for rule in self.rules() if rule.id in wanted]
            self._db.conn.executemany("DELETE FROM merchandising WHERE id = ?", [(rule.id,) for rule in gone])
            if gone:
                self._touch(words=any(rule.act is Act.SYNONYM for rule in gone))
        return gone

    def rules(self) -> tuple[Rule, ...]:
        """Every rule in the order added, whatever its dates; read again only where something changed."""
        revision = self.revision()
        if self._held[0] != revision or self._db.conn.in_transaction:
            self._held = (revision, tuple(map(_rule, rows(self._db, "SELECT * FROM merchandising ORDER BY id"))))
        return self._held[1]

    def meanings(self, now: datetime) -> tuple[tuple[str, str], ...]:
        """(word, what it means) of the synonyms that hold at an instant, in each way they hold."""
        held = [rule for rule in self.rules() if rule.act is Act.SYNONYM and rule.holds(now)]
        return tuple(pair for rule in held for pair in rule.ways)

    def revision(self) -> int:
        """A number that grows with every change."""
        found = self._db.execute("SELECT value FROM catalogue_state WHERE name = 'merchandising'").fetchone()
        return int(found[0]) if found else 0

    def touch_words(self) -> None:
        """Has the shop's words read again: a synonym began or ended with the clock."""
        with immediate(self._db):
            self._touch(words=True)

    def _touch(self, *, words: bool) -> None:
        names = ("merchandising", "values") if words else ("merchandising",)
        marks = ", ".join("?" * len(names))
        self._db.execute(f"UPDATE catalogue_state SET value = value + 1 WHERE name IN ({marks})", [*names])


def check(rule: Rule) -> None:
    """Raises RuleError where the rule cannot be meant."""
    texts = {"subject": rule.subject, "means": rule.means, "query": rule.query, "category": rule.category}
    for name, text in {**texts, "note": rule.note}.items():
        if len(text) > _LONGEST or re.search(r"[\x00-\x1f\x7f]", text):
            raise RuleError(f"The {name} must be one line of at most {_LONGEST} characters.")
    if rule.begins and rule.ends and rule.begins >= rule.ends:
        raise RuleError("The rule would end before it begins.")
    if rule.act is Act.SYNONYM:
        _check_synonym(rule)
        return
    kind, _, name = rule.subject.partition(":")
    if kind not in SUBJECTS or not name.strip():
        raise RuleError(f"{rule.subject!r} is none of product:ID, brand:NAME, category:NAME and tag:VALUE.")
    if rule.act is Act.PIN and (kind != "product" or not 1 <= rule.place <= MOST_PLACE):
        raise RuleError(f"A pin is for one product, and for a place from 1 to {MOST_PLACE}.")
    if rule.act is Act.BOOST and not 1.0 < rule.factor <= MOST_FACTOR:
        raise RuleError(f"A boost multiplies by more than 1 and by {MOST_FACTOR:g} at most.")
    if rule.act is Act.BURY and not LEAST_FACTOR <= rule.factor < 1.0:
        raise RuleError(f"A bury multiplies by less than 1 and by {LEAST_FACTOR:g} at least.")


def _check_synonym(rule: Rule) -> None:
    if not rule.subject.strip() or not rule.means.strip():
        raise RuleError("A synonym needs a word and what it means.")
    if rule.subject.casefold() == rule.means.casefold():
        raise RuleError("A synonym needs two different words.")
    if rule.query or rule.category:
        raise RuleError("A synonym holds for every search: it takes neither a query nor a category.")


def _same(one: Rule, other: Rule) -> bool:
    return _row(one)[:-1] == _row(other)[:-1]


def _row(rule: Rule) -> tuple[object, ...]:
    return (
        *(rule.act.value, rule.subject, rule.means, int(rule.both), rule.place, float(rule.factor)),
        *(rule.query, rule.category, _text(rule.begins), _text(rule.ends), rule.note, _text(instants.now())),
    )


def _text(instant: datetime | None) -> str | None:
    return instants.to_text(instant) if instant else None


def _rule(found: sqlite3.Row) -> Rule:
    return Rule(
        act=Act(found["act"]),
        subject=found["subject"],
        means=found["means"],
        both=bool(found["both"]),
        place=found["place"],
        factor=found["factor"],
        query=found["query"],
        category=found["category"],
        begins=instants.from_text(found["begins"]) if found["begins"] else None,
        ends=instants.from_text(found["ends"]) if found["ends"] else None,
        note=found["note"],
        id=found["id"],
    )
