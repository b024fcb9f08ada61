"""Router: what no handler foresaw. The shopper gets one apology, the log an incident to look for."""

from __future__ import annotations

import logging
import secrets

from aiogram import Bot, Router
from aiogram.exceptions import AiogramError
from aiogram.filters import ExceptionTypeFilter
from aiogram.types import ErrorEvent, Update

from bot.reply import Line
from bot.telegram.outgoing import Address
from bot.telegram.refusals import PostponedError, UnreachableError
from bot.telegram.replies import Replies
from bot.wording import language_of_code
from storage.database import DatabaseTrouble, meaning
from storage.records import Language

FAILED = "failed"
_log = logging.getLogger(__name__)


def failure_router() -> Router:
    """Errors of handlers. A postponement is none, nor is a database that takes nothing for now: both pass to the queue
    of updates.
    """
    router = Router(name="failures")
    router.error.register(note_unreachable, ExceptionTypeFilter(UnreachableError))
    router.error.register(apologise, ~ExceptionTypeFilter(PostponedError), _is_the_updates_own)
    return router


def _is_the_updates_own(event: ErrorEvent) -> bool:
    return not isinstance(meaning(event.exception), DatabaseTrouble)


async def note_unreachable(event: ErrorEvent) -> str:
    """Nobody to answer to."""
    return "unreachable"


async def apologise(event: ErrorEvent, bot: Bot, replies: Replies) -> str:
    """Logs the incident and says sorry once."""
    incident = secrets.token_hex(4)
    _log.error("Incident %s: update %s failed", incident, event.update.update_id, exc_info=event.exception)
    await say_sorry(event.update, bot, replies)
    return f"{FAILED}: incident {incident}"


async def say_sorry(update: Update, bot: Bot, replies: Replies) -> None:
    """One apology to whoever caused the update, even where the database is out of order."""
    who = _who(update)
    if who is None:
        return
    to, telegram_language = who
    try:
        language = await replies.language(to.user_id, telegram_language)
        await replies.apologise(to, language)
    except (PostponedError, UnreachableError) as error:
        _log.info("No apology could be sent: %s", error)
    except Exception:
        _log.exception("The apology could not be recorded; it is sent all the same")
        if not replies.apologised(to):
            await _bare_apology(bot, to, replies, language_of_code(telegram_language))


async def _bare_apology(bot: Bot, to: Address, replies: Replies, language: Language) -> None:
    try:
        await bot.send_message(to.chat_id, replies.words(Line("apology"), language), parse_mode=None)
    except AiogramError as error:
        _log.warning("No apology could be sent: %s", error)


def _who(update: Update) -> tuple[Address, str | None] | None:
    message = update.message or update.edited_message
    if message is not None and message.from_user is not None:
        user = message.from_user
        return Address(update.update_id, user.id, message.chat.id), user.language_code
    if update.callback_query is not None:
        user = update.callback_query.from_user
        return Address(update.update_id, user.id, user.id), user.language_code
    return None
