"""What a shopper wants done besides finding: each subject (cart, orders, ...) is an Errand in a module of its own.

An errand serves intents, its own buttons, answers to its own questions, and commands of the menu. It reads what it
needs from the database when it is asked, and answers with a Draft. What it changes is the draft's `effect`: done in
the commit that records the turn, so that an update that comes twice changes nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar

from bot.draft import Draft
from bot.recall import Before
from bot.reply import Learned, Line, Option
from storage.records import Intent, Language, Need, Recommendation, Understanding, Vocabulary

_NO_KEYS: Mapping[str, Intent] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a message, an answer, or a command: what was said into which talk. `need` is the wish with this
    message folded in (its language is the reply's), `picks` the shown items that it points at; `now` is aware, in the
    shop's time zone.
    """

    said: Understanding
    before: Before
    need: Need
    vocabulary: Vocabulary
    now: datetime
    picks: tuple[Recommendation, ...] = ()

    @property
    def user_id(self) -> int:
        return self.before.turn.user_id

    @property
    def language(self) -> Language:
        return self.need.language


@dataclass(frozen=True, slots=True)
class Tap:
    """A tapped button of an errand: its key, the number that it carries (of a showing, a row, ...), the talk, and what
    the button adds (`detail`). The number may be anybody's: whoever serves it looks up whose it is.
    """

    key: str
    target: int
    before: Before
    need: Need
    vocabulary: Vocabulary
    now: datetime
    detail: str = ""

    @property
    def user_id(self) -> int:
        return self.before.turn.user_id

    @property
    def language(self) -> Language:
        return self.need.language


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that was sent into a talk: its bytes, and the words under it, in `before.turn`."""

    content: bytes
    before: Before
    need: Need
    now: datetime

    @property
    def user_id(self) -> int:
        return self.before.turn.user_id


class Errand:
    """One subject. What a subject does not have, it leaves as it is here.

    Attributes:
        name: in its buttons and questions; short, ASCII, without ":" and "/".
        intents: what it serves.
        keys: its buttons, and the intent that the transcript keeps a tap as.
        events: what the door tells it of (a payment came), each served like a command; nobody can type or tap one.
        commands: its commands in the menu, each with the message `command-NAME` in the Fluent files.
        doors: its buttons under the welcome, where somebody begins.
    """

    name: ClassVar[str]
    intents: ClassVar[frozenset[Intent]] = frozenset()
    keys: ClassVar[Mapping[str, Intent]] = _NO_KEYS
    commands: ClassVar[tuple[str, ...]] = ()
    doors: ClassVar[tuple[Option, ...]] = ()
    events: ClassVar[tuple[str, ...]] = ()

    async def serve(self, intent: Intent, request: Request) -> Draft | None:
        """The answer to one of its intents; None where the plain words of that intent are the better answer."""
        return None

    async def answer(self, question: str, request: Request) -> Draft | None:
        """The answer to what this errand asked (`question`, as it set `Need.asked` to "NAME/question"); None where the
        message does not answer it, but says something of its own.
        """
        return None

    async def hear(self, request: Request) -> Draft | None:
        """The answer to words that name this subject whatever intent they were taken for ("delete my data"); None for
        all others. Asked of every message, so it looks at the words first and at the database only then. `need` is the
        wish before the message.
        """
        return None

    async def expects_photo(self, user_id: int, now: datetime) -> bool:
        """Whether a photo that is sent now, with words under it or without, belongs to this subject."""
        return False

    async def see(self, photo: Photo) -> Draft | None:
        """The answer to a photo of this subject; None where it is of none."""
        return None

    def beside(self, draft: Draft) -> tuple[Option, ...]:
        """Buttons that it offers under a page (the draft's `slate` and `need`). Quick: it waits for nothing."""
        return ()

    async def tap(self, tap: Tap) -> Draft | Learned:
        """What a button does. Where a word is enough, a silent draft with a toast; for a number that is not this
        shopper's, a Learned "gone" or "stranger" (bot/errands/showing.py).
        """
        return Learned("gone", tap.language)

    async def command(self, name: str, argument: str, request: Request) -> Draft:
        """The answer to one of its commands."""
        return Draft(need=request.need, lines=(Line("help"),))
