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
    """What a button asks for. The first two teach; the others start a turn. HUMAN, GO_ON and RATE are of a case: a
    person is asked for, the bot is asked back, and how it was. ERRAND is one of an errand's own (bot/errands).
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
    ERRAND = "errand"


@dataclass(frozen=True, slots=True)
class CaseAct:
    """What a button about a case does: HUMAN, GO_ON or RATE; a rating names its case and says how it was (`key`)."""

    action: Action
    case_id: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class ErrandAct:
    """What a button of an errand does: whose (`errand`), what (`key`, one of its keys) and on what number, with what
    it adds to that in its own writing (`detail`: letters, digits and stops, 25 at most).
    """

    errand: str
    key: str
    target: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """A tappable answer or suggestion: pressed, it counts as having said `text`; or, where `meant` names one, it says
    which intent the message had that the bot asked back about; or it is the `answer` ("color=red") to the question
    beside the page; or it does something about a case (`act`); or it is an errand's own (`does`), or opens a page of
    the shop (`url`, http or https). `row` keeps neighbours of the same number in one row of buttons; without it they
    stand two by two.
    """

    label: Line
    text: str = ""
    meant: str = ""
    answer: str = ""
    act: CaseAct | None = None
    does: ErrandAct | None = None
    url: str = ""
    row: int = 0


CASE_FILE = "case-file"
"""The kind of an attachment that is a file of a case: `name` and `title` as its row has them."""


ALBUM = "album"
"""The kind of an attachment with all pictures of an item: `product` as its row; the record of what was sent says so of
pictures that were accepted.
"""


@dataclass(frozen=True, slots=True)
class Attachment:
    """What comes behind the words and is no card: a file, an invoice, ... `kind` names how the door makes it
    (bot/telegram/attachments.py); `facts` are plain values that JSON can keep.
    """

    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one turn.

    `lines` make the header message; `cards` are the page (recommendation ids set, so that buttons can name the
    showing). `has_more` puts a More button under it. `edits_turn` is the turn whose messages are edited in place
    (the More button); 0 sends new messages. `repeated` is true when the answer was read back from the record. `written`
    holds, by the position of a card, the checked sentence that stands in the place of its templates. A `silent` one
    says nothing at all, because a person of the shop speaks with the shopper. `attachments` follow the cards; `foot`
    are errands' buttons beside More: what they act on is this turn. `currency` is what prices are shown in beside the
    shop's: "" for nothing, None as the language goes.
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
    attachments: tuple[Attachment, ...] = ()
    foot: tuple[Option, ...] = ()
    currency: str | None = None


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
    """What a like or dislike did: `state` is "new", "same", "replaced", "stranger" or "gone". "done" is an
    errand's tap that no message answers, but its `line` as a toast.
    """

    state: str
    language: Language
    line: Line | None = None
