"""The dispatcher with its routers. Handlers get collaborators by parameter name; a test holds the names together."""

from __future__ import annotations

from aiogram import Dispatcher

from bot.telegram.cases import case_router
from bot.telegram.chat import chat_router
from bot.telegram.commands import command_router
from bot.telegram.errands import errand_router
from bot.telegram.failures import failure_router
from bot.telegram.membership import membership_router
from bot.telegram.protocols import Assistant
from bot.telegram.reactions import reaction_router
from bot.telegram.replies import Replies
from bot.workers import Worker
from storage.shop import Shop


def build_dispatcher(assistant: Assistant, replies: Replies, database: Worker[Shop], file_limit: int) -> Dispatcher:
    """A fresh dispatcher. It keeps no state of its own: what was said stands in the transcript."""
    dispatcher = Dispatcher(
        disable_fsm=True, assistant=assistant, replies=replies, database=database, file_limit=file_limit
    )
    # Commands go first: they are texts too.
    dispatcher.include_routers(
        command_router(assistant.menu),
        chat_router(),
        case_router(),
        errand_router(),
        reaction_router(),
        membership_router(),
        failure_router(),
    )
    return dispatcher
