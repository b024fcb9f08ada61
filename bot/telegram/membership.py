"""Router: shoppers who block the bot, and who come back."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.enums import ChatMemberStatus
from aiogram.types import ChatMemberUpdated

from bot.workers import Worker
from storage.shop import Shop


def membership_router() -> Router:
    """Telegram says so when a private chat is blocked or unblocked."""
    router = Router(name="membership")
    router.my_chat_member.register(note_membership, F.chat.type == "private")
    return router


async def note_membership(event: ChatMemberUpdated, database: Worker[Shop]) -> str:
    """Marks the shopper, so that nothing is sent where nobody reads."""
    blocked = event.new_chat_member.status in (ChatMemberStatus.KICKED, ChatMemberStatus.LEFT)
    await database.run(lambda shop: _note(shop, event.chat.id, blocked))
    return "blocked" if blocked else "unblocked"


def _note(shop: Shop, user_id: int, blocked: bool) -> None:
    # Somebody unknown stays unknown: a row made here would cost a newcomer the welcome.
    if shop.shoppers.get(user_id) is not None:
        shop.shoppers.set_blocked(user_id, blocked)
