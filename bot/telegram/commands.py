"""Router: the commands of the menu."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message, Update

from bot.reply import Line, Option, Reply
from bot.telegram.protocols import Assistant
from bot.telegram.replies import Replies
from bot.telegram.turns import address_of, storable, turn_of
from bot.workers import Worker
from storage.shop import Shop

LANGUAGE_CHOICES = {"en": "en", "zh": "zh", "auto": ""}
_ARGUMENT_LIMIT = 64  # A start payload is no longer.


def command_router(commands: Sequence[str]) -> Router:
    """The known commands in private chats; an unknown one gets the help."""
    router = Router(name="commands")
    router.message.filter(F.chat.type == "private")
    router.message.register(choose_language, Command("language", ignore_case=True))
    router.message.register(obey, Command(*commands, ignore_case=True))
    router.message.register(help_out, F.text.startswith("/"))
    return router


async def obey(
    message: Message,
    command: CommandObject,
    event_update: Update,
    assistant: Assistant,
    replies: Replies,
    database: Worker[Shop],
    lead: tuple[str, ...],
) -> str:
    """/start (with payload), /help, /reset, /privacy."""
    name, argument = command.command.casefold(), (command.args or "")[:_ARGUMENT_LIMIT]
    outcome = await _command(message, name, argument, event_update, assistant, replies, lead)
    if name == "start" and argument:
        # Afterwards: the shopper's row is made by the answer, which greets a newcomer.
        user_id = address_of(message, event_update.update_id).user_id
        at = datetime.now(UTC)
        await database.run(lambda shop: _came_by(shop, user_id, storable(argument), at))
    return outcome


def _came_by(shop: Shop, user_id: int, link: str, at: datetime) -> None:
    with shop.atomic():
        shop.shoppers.set_start_payload(user_id, link)
        shop.campaigns.visit(user_id, link, at)


async def choose_language(
    message: Message,
    command: CommandObject,
    event_update: Update,
    assistant: Assistant,
    replies: Replies,
    lead: tuple[str, ...],
) -> str:
    """/language en, zh or auto; without one of these, buttons to choose."""
    choice = (command.args or "").strip().casefold()
    if choice in LANGUAGE_CHOICES:
        argument = LANGUAGE_CHOICES[choice]
        return await _command(message, "language", argument, event_update, assistant, replies, lead)
    to = address_of(message, event_update.update_id)
    language = await replies.language(to.user_id, message.from_user.language_code if message.from_user else None)
    options = tuple(Option(Line(f"button-language-{name}"), f"/language {name}") for name in LANGUAGE_CHOICES)
    question = Reply(turn_id=0, language=language, lines=(Line("language-ask"),), options=options)
    await replies.send(to, question, lead)
    return "answered"


async def help_out(
    message: Message, event_update: Update, assistant: Assistant, replies: Replies, lead: tuple[str, ...]
) -> str:
    """A command that the bot does not have."""
    return await _command(message, "help", "", event_update, assistant, replies, lead)


async def _command(
    message: Message,
    name: str,
    argument: str,
    event_update: Update,
    assistant: Assistant,
    replies: Replies,
    lead: tuple[str, ...],
) -> str:
    turn = turn_of(message, event_update.update_id, message.text or "", "command")
    reply = await assistant.command(turn, name, argument)
    await replies.send(address_of(message, event_update.update_id), reply, lead)
    return "answered"
