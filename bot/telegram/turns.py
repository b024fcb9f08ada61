"""From aiogram's events to what the house takes: a Turn, an address, bounded text."""

from __future__ import annotations

from datetime import UTC, datetime

from aiogram.types import CallbackQuery, Message

from bot.reply import Action, Press
from bot.telegram.outgoing import Address
from bot.telegram.updates import SURROGATES
from bot.wording import language_of_code
from storage.records import Turn

# What is read of a message, in code points: a wish is shorter, and the model reads no further anyway.
TEXT_LIMIT = 1000


def turn_of(message: Message, update_id: int, said: str, source: str = "text") -> Turn:
    """What a message says, as a turn. `language` is that of the shopper's Telegram."""
    user = message.from_user
    return Turn(
        update_id=update_id,
        user_id=user.id if user else message.chat.id,
        chat_id=message.chat.id,
        text=storable(said)[:TEXT_LIMIT],
        said_at=_said_at(message),
        language=language_of_code(user.language_code if user else None),
        source=source,
    )


def _said_at(message: Message) -> datetime:
    """When it was written or edited; a time that no calendar has counts for none."""
    try:
        return datetime.fromtimestamp(message.edit_date, UTC) if message.edit_date else message.date
    except (OverflowError, OSError, ValueError):
        return message.date


def press_of(callback: CallbackQuery, update_id: int, action: Action, target: int, argument: str = "") -> Press:
    """A tapped button."""
    return Press(
        update_id=update_id,
        user_id=callback.from_user.id,
        chat_id=chat_of(callback),
        action=action,
        target=target,
        argument=storable(argument),
        telegram_language=language_of_code(callback.from_user.language_code),
    )


def address_of(message: Message, update_id: int) -> Address:
    """Where the answer to a message goes."""
    user = message.from_user
    return Address(update_id, user.id if user else message.chat.id, message.chat.id)


def chat_of(callback: CallbackQuery) -> int:
    """The chat of the tapped message; a private chat has the number of its user."""
    return callback.message.chat.id if callback.message else callback.from_user.id


def storable(text: str) -> str:
    """Without lone surrogates and NUL, which neither UTF-8 nor SQLite can hold."""
    return text.translate(SURROGATES).replace("\0", "")
