"""What a button carries: at most 64 bytes, and never state.

A card's button names the showing, a page's button the turn; everything else is looked up when it is tapped, because
old messages stay tappable for months.
"""

from __future__ import annotations

from typing import Annotated

from aiogram.filters.callback_data import MAX_CALLBACK_LENGTH, CallbackData
from pydantic import Field

from bot.reply import Action

# A forged number that the database could not even look up makes a button that nobody made.
RowId = Annotated[int, Field(ge=0, lt=2**63)]


class CardButton(CallbackData, prefix="c"):
    """Under a card: like, dislike, more or less like this, cheaper, why."""

    action: Action
    recommendation_id: RowId


class PageButton(CallbackData, prefix="p"):
    """Under the header: More, a chip to drop, or what was meant (`key`)."""

    action: Action
    turn_id: RowId
    key: str = ""


class CaseButton(CallbackData, prefix="h"):
    """About a case: ask for a person, go on with the bot, or (`key`) say how it was."""

    action: Action
    case_id: RowId = 0
    key: str = ""


class ErrandButton(CallbackData, prefix="e"):
    """An errand's own: whose, what, and on what number."""

    errand: str
    key: str
    target: RowId = 0


class DetailButton(CallbackData, prefix="d"):
    """An errand's own that says more than a number: a colour and a size."""

    errand: str
    key: str
    target: RowId
    detail: str


class SayButton(CallbackData, prefix="s", sep="|"):
    """A tappable answer: the words it stands for."""

    turn_id: RowId
    text: str


def say_data(turn_id: int, text: str) -> str:
    """Callback data for a tappable answer; a text too long for 64 bytes is cut between code points."""
    room = MAX_CALLBACK_LENGTH - len(SayButton(turn_id=turn_id, text="").pack().encode())
    words = text.replace("|", "/").encode()[:room].decode(errors="ignore")
    return SayButton(turn_id=turn_id, text=words).pack()
