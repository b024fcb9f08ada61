"""The bot's menu and its description in Telegram, in both languages."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import BotCommand

from bot.reply import Line
from bot.wording import Wording
from storage.records import Language

_log = logging.getLogger(__name__)

# Telegram's code for a language; none is for everybody else.
_CODES: dict[Language, str | None] = {"en": None, "zh": "zh"}


def menu_of(wording: Wording, language: Language, commands: Sequence[str]) -> list[BotCommand]:
    """The commands with their descriptions."""
    return [BotCommand(command=name, description=wording.say(Line(f"command-{name}"), language)) for name in commands]


async def publish_menu(bot: Bot, wording: Wording, commands: Sequence[str]) -> None:
    """Tells Telegram; what is refused is logged, since the bot works without a menu."""
    for language, code in _CODES.items():
        about = wording.say(Line("bot-about"), language)
        short = wording.say(Line("bot-short-about"), language)
        try:
            await bot.set_my_commands(menu_of(wording, language, commands), language_code=code)
            await bot.set_my_description(about, language_code=code)
            await bot.set_my_short_description(short, language_code=code)
        except AiogramError as error:
            _log.warning("The menu could not be set: %s", error)
