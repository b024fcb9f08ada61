"""What the flow of a turn works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.candidate import Readers
from bot.errands.errands import Errands
from bot.handoff import HandOff
from bot.manners import Manners
from bot.money import Rates
from bot.scribe import Scribe
from bot.understanding.understander import Understander
from bot.workers import Worker
from recommender.recommender import Recommender
from storage.records import Vocabulary
from storage.shop import Shop


@dataclass(frozen=True)
class Parts:
    """`database` is the one writer, `understander` the model and `search` the recommender, each in its own thread.

    `rules`: the plain twin, quick enough to be called beside the loop's other work. `vocabulary`: the shop's words as
    they are now. `rates`: for limits said in another currency. `clock`: the shop's own time, aware. `scribe` writes the
    sentences of a page; without one the templates speak. `readers`: which understander reads whose messages; without
    them that one all. `hand_off`: how a person of the shop takes over; as it is, somebody may at any time. `errands`:
    what is done besides finding (cart, orders, ...); without them it is said that it cannot be.
    """

    database: Worker[Shop]
    understander: Worker[Understander]
    rules: Understander
    search: Worker[Recommender]
    vocabulary: Callable[[], Vocabulary]
    rates: Rates
    manners: Manners
    clock: Callable[[], datetime]
    scribe: Scribe | None = None
    readers: Readers | None = None
    hand_off: HandOff = field(default_factory=HandOff)
    errands: Errands = field(default_factory=Errands)
