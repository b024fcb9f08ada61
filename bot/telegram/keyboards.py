"""Our keyboards as Telegram's, and the mark on a pressed button."""

from __future__ import annotations

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.reply import Action
from bot.telegram.buttons import CardButton
from bot.telegram.outgoing import Button, Keyboard

MARK = "✓ "
_REACTIONS = {Action.LIKE, Action.DISLIKE}


def markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """The inline keyboard; None where there are no buttons."""
    rows = [[_button(button) for button in row] for row in keyboard]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(text=button.label, url=button.url)
    return InlineKeyboardButton(text=button.label, callback_data=button.data)


def marked(keyboard: InlineKeyboardMarkup, pressed: CardButton) -> InlineKeyboardMarkup:
    """The keyboard of a card with the pressed reaction ticked and the other one not."""
    rows = [[_marked(button, pressed.pack()) for button in row] for row in keyboard.inline_keyboard]
    return InlineKeyboardMarkup(inline_keyboard=rows)


def _marked(button: InlineKeyboardButton, pressed: str) -> InlineKeyboardButton:
    if not _is_reaction(button.callback_data or ""):
        return button
    label = button.text.removeprefix(MARK)
    return button.model_copy(update={"text": MARK + label if button.callback_data == pressed else label})


def _is_reaction(data: str) -> bool:
    try:
        return CardButton.unpack(data).action in _REACTIONS
    except (TypeError, ValueError):
        return False
