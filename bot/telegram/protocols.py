"""What this door needs of the house behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from bot.reply import Learned, Press, Reply
from storage.records import Turn

Show = Callable[[Sequence[str]], None]
"""Takes the sentences of an answer that is still in the making; returns at once."""


class Assistant(Protocol):
    """The flow of a turn. Every call is idempotent per update: a repeat gets the recorded answer."""

    @property
    def menu(self) -> tuple[str, ...]:
        """The commands it knows, in the menu's order."""
        ...

    async def answer(self, turn: Turn, show: Show | None = None) -> Reply:
        """Answers something said."""
        ...

    async def expects_photo(self, user_id: int) -> bool:
        """Whether the next photo is something else than a wish."""

    async def see(
        self, turn: Turn, colors: tuple[str, ...], content: bytes = b"", looks: tuple[str, ...] | None = None
    ) -> Reply:
        """Answers a photo as what it was asked for, else by what looks like it, else by its colours."""
        ...

    async def press(self, press: Press, show: Show | None = None) -> Reply | Learned:
        """Acts on a tapped button."""
        ...

    async def command(self, turn: Turn, name: str, argument: str = "") -> Reply:
        """Answers start, help, reset, language ("en", "zh", or "" for automatic) privacy, or one of an errand's."""
        ...
