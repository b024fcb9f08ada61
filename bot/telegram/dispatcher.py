"""The dispatcher with its routers. Handlers get collaborators by parameter name; a test holds the names together."""

from __future__ import annotations

from aiogram import Dispatcher

from bot import erasing
from bot.forgetting import Forget
from bot.sense.hearing import Hearing
from bot.sense.look import Look
from bot.telegram.cases import case_router
from bot.telegram.chat import chat_router
from bot.telegram.commands import command_router
from bot.telegram.errands import errand_router
from bot.telegram.failures import failure_router
from bot.telegram.groups import group_router
from bot.telegram.inline import inline_router
from bot.telegram.membership import membership_router
from bot.telegram.payments import payment_router
from bot.telegram.privacy import privacy_router
from bot.telegram.protocols import Assistant
from bot.telegram.reactions import reaction_router
from bot.telegram.replies import Replies
from bot.telegram.senses import senses_router
from bot.window import ShopWindow
from bot.workers import Worker
from storage.shop import Shop


def build_dispatcher(
    assistant: Assistant,
    replies: Replies,
    database: Worker[Shop],
    file_limit: int,
    forget: Forget | None = None,
    window: ShopWindow | None = None,
    hearing: Hearing | None = None,
    backup_days: int = 28,
    look: Look | None = None,
) -> Dispatcher:
    """A fresh dispatcher. It keeps no state of its own: what was said stands in the transcript. `forget` erases a
    shopper; without it the shop's database alone is. `window` answers in groups and other chats, `hearing` listens,
    `look` knows what looks like a photo. After `backup_days` nothing erased is left in any backup.
    """
    dispatcher = Dispatcher(
        disable_fsm=True,
        assistant=assistant,
        replies=replies,
        database=database,
        file_limit=file_limit,
        forget=forget or _from_database(database),
        window=window,
        hearing=hearing or Hearing(),
        backup_days=backup_days,
        look=look or Look(),
    )
    # Commands go first: they are texts too.
    dispatcher.include_routers(
        payment_router(),
        command_router(assistant.menu),
        group_router(),
        inline_router(),
        senses_router(),
        chat_router(),
        case_router(),
        privacy_router(),
        errand_router(),
        reaction_router(),
        membership_router(),
        failure_router(),
    )
    return dispatcher


def _from_database(database: Worker[Shop]) -> Forget:
    async def forget(user_id: int) -> dict[str, int]:
        return await erasing.forget(database, user_id, lambda: None)

    return forget
