"""What the assistant answers: codes, facts and recommendations. Words and keyboards are made at the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from storage.records import Language, Recommendation


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence: a message id of the Fluent catalogues (`bot/locales`) and the facts it needs."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of the wish that one tap drops. `key` is stable within the turn ("price", "like", or "w0", "w1", ...)."""

    key: str
    label: Line


class Action(StrEnum):
    """What a button asks for. The first two teach; the others start a turn. The last three are of a case: a person is
    asked for, the bot is asked back, and how it was.
    """

    LIKE = "like"
    DISLIKE = "dislike"
    MORE_LIKE = "more_like"
    LESS_LIKE = "less_like"
    CHEAPER = "cheaper"
    MORE = "more"
    DROP = "drop"
    SAY = "say"
    MEANT = "meant"
    ANSWER = "answer"
    WHY = "why"
    HUMAN = "human"
    GO_ON = "go_on"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class CaseAct:
    """What a button about a case does: HUMAN, GO_ON or RATE; a rating names its case and says how it was (`key`)."""

    action: Action
    case_id: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """A tappable answer or suggestion: pressed, it counts as having said `text`; or, where `meant` names one, it says
    which intent the message had that the bot asked back about; or it is the `answer` ("color=red") to the question
    beside the page; or it does something about a case (`act`).
    """

    label: Line
    text: str = ""
    meant: str = ""
    answer: str = ""
    act: CaseAct | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one turn.

    `lines` make the header message; `cards` are the page (recommendation ids set, so that buttons can name the
    showing). `has_more` puts a More button under it. `edits_turn` is the turn whose messages are edited in place
    (the More button); 0 sends new messages. `repeated` is true when the answer was read back from the record. `written`
    holds, by the position of a card, the checked sentence that stands in the place of its templates. A `silent` one
    says nothing at all, because a person of the shop speaks with the shopper.
    """

    turn_id: int
    language: Language
    lines: tuple[Line, ...]
    chips: tuple[Chip, ...] = ()
    cards: tuple[Recommendation, ...] = ()
    options: tuple[Option, ...] = ()
    has_more: bool = False
    edits_turn: int = 0
    repeated: bool = False
    written: Mapping[int, str] = field(default_factory=dict)
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Press:
    """A tapped button. `target` is a recommendation id (cards) or a turn id (page); `argument` a key or text."""

    update_id: int
    user_id: int
    chat_id: int
    action: Action
    target: int
    argument: str = ""
    telegram_language: str = "en"


@dataclass(frozen=True, slots=True)
class Learned:
    """What a like or dislike did: `state` is "new", "same", "replaced", "stranger" or "gone"."""

    state: str
    language: Language
