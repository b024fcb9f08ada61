"""One turn of conversation, from what was said to what we answer; and what a button teaches.

Knows nothing of Telegram: the chat and the tests call the same `answer` and `press`. What happens in a turn is in
bot/flow/, by what begins it.
"""

from __future__ import annotations

from dataclasses import replace

from bot.commanding import COMMANDS, command_draft
from bot.flow.hearing import Hearing
from bot.flow.messages import Messages
from bot.flow.parts import Parts
from bot.flow.photos import Photos
from bot.flow.serving import Serving
from bot.flow.taps import Taps
from bot.reply import Learned, Press, Reply
from bot.reply_json import recorded
from bot.scribe import Show
from bot.understanding.synthetic import synthetic
from recommender.stopwatch import Stopwatch
from storage.records import Intent, Turn


class Assistant:
    """The flow of a turn. The same update answered again gets the recorded reply, marked `repeated`."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._serving, hearing = Serving(parts), Hearing(parts)
        self._messages = Messages(self._serving, hearing)
        self._photos = Photos(self._serving, hearing, self._messages)
        self._taps = Taps(self._serving, hearing, self._messages)
        self.afterwards = self._serving.pager.afterwards

    @property
    def menu(self) -> tuple[str, ...]:
        """The commands it knows, in the menu's order."""
        return (*COMMANDS, *self.parts.errands.commands)

    async def answer(self, turn: Turn, show: Show | None = None) -> Reply:
        """Answers a message. `show` is told of sentences that are written and checked before the answer is whole."""
        return await self._messages.answer(turn, show)

    async def expects_photo(self, user_id: int) -> bool:
        """Whether the next photo is something else than a wish."""
        return await self.parts.errands.expects_photo(user_id, self.parts.clock())

    async def see(
        self, turn: Turn, colors: tuple[str, ...], content: bytes = b"", looks: tuple[str, ...] | None = None
    ) -> Reply:
        """Answers a photo as what it was asked for, else by what looks like it, else by its colours."""
        return await self._photos.see(turn, colors, content, looks)

    async def press(self, press: Press, show: Show | None = None) -> Reply | Learned:
        """A button: a like or dislike teaches, the others change the wish and are a turn of their own."""
        return await self._taps.press(press, show)

    async def command(self, turn: Turn, name: str, argument: str = "") -> Reply:
        """/start, /help, /reset, /language and /privacy, and those of errands, each recorded as a turn."""
        watch, parts = Stopwatch(), self.parts
        before = await self._serving.recalled(turn)
        if before.answered:
            return recorded(before.answered)
        if name == "language":
            await parts.database.run(lambda shop: shop.shoppers.set_language(turn.user_id, argument or None))
            before = replace(before, chosen_language=argument or None)
        language = before.spoken
        asked = self._serving.asked_for(
            synthetic(Intent.HELP, language), before, replace(before.need, language=language)
        )
        draft = await parts.errands.command(name, argument, asked)
        draft = draft or await command_draft(parts.database, before, language, name, argument)
        if name in ("start", "help") and draft.slate is None:
            draft = replace(draft, options=(*draft.options, *parts.errands.doors))
        said = synthetic(Intent.GREET if name == "start" else Intent.HELP, language)
        return await self._serving.recorder.finish(before, said, draft, watch)
