"""Router: what a shopper writes, and what the bot cannot read."""

from __future__ import annotations

from contextlib import AsyncExitStack

from aiogram import Bot, F, Router
from aiogram.enums import ContentType
from aiogram.types import Message, Update

from bot.handoff import UNREADABLE
from bot.reply import Line
from bot.telegram.preview import preview
from bot.telegram.protocols import Assistant
from bot.telegram.replies import Replies
from bot.telegram.turns import TEXT_LIMIT, address_of, turn_of
from bot.telegram.typing_action import typing
from bot.workers import Worker
from storage.shop import Shop

# What shoppers send that is no text; where Telegram names apart what shoppers do not, one name serves.
_UNREADABLE = {
    ContentType.ANIMATION: "animation",
    ContentType.AUDIO: "audio",
    ContentType.CHECKLIST: "other",
    ContentType.CONTACT: "contact",
    ContentType.DICE: "sticker",
    ContentType.DOCUMENT: "document",
    ContentType.GAME: "other",
    ContentType.GIVEAWAY: "other",
    ContentType.INVOICE: "other",
    ContentType.LIVE_PHOTO: "photo",
    ContentType.LOCATION: "location",
    ContentType.PAID_MEDIA: "other",
    ContentType.PHOTO: "photo",
    ContentType.POLL: "poll",
    ContentType.STICKER: "sticker",
    ContentType.RICH_MESSAGE: "other",
    ContentType.STORY: "other",
    ContentType.UNKNOWN: "other",  # a kind that Telegram has added since
    ContentType.VENUE: "location",
    ContentType.VIDEO: "video",
    ContentType.VIDEO_NOTE: "video",
    ContentType.VOICE: "voice",
}
# What goes in front of the answer: a picture is not read, the words under it are.
_NOTES = {"edited": ("edited-note",), "caption": ("caption-note",)}


def chat_router() -> Router:
    """Texts in private chats, new or edited; other kinds of message get a clear sentence."""
    router = Router(name="chat")
    router.message.filter(F.chat.type == "private")
    router.edited_message.filter(F.chat.type == "private")
    for event in (router.message, router.edited_message):
        event.register(answer_words, F.text.as_("said"))
        event.register(answer_words, F.caption.as_("said"))
    router.message.register(answer_unreadable)
    return router


async def answer_words(
    message: Message,
    said: str,
    bot: Bot,
    event_update: Update,
    assistant: Assistant,
    replies: Replies,
    database: Worker[Shop],
    lead: tuple[str, ...],
) -> str:
    """A message in words; of a very long one the first part is read. A correction is said anew."""
    source = _source(message, event_update)
    lead = (*lead, *_NOTES.get(source, ()), *(("too-long",) if len(said) > TEXT_LIMIT else ()))
    turn = turn_of(message, event_update.update_id, said, source)
    async with AsyncExitStack() as stack:
        # To somebody who talks with a person, "typing" would be that person's.
        if not await with_person(database, turn.user_id):
            await stack.enter_async_context(typing(bot, message.chat.id))
        reply = await assistant.answer(
            turn, await stack.enter_async_context(preview(bot, message.chat.id, turn.update_id))
        )
    await replies.send(address_of(message, event_update.update_id), reply, lead)
    return "answered"


def _source(message: Message, update: Update) -> str:
    if update.edited_message:
        return "edited"
    return "caption" if message.text is None else "text"


async def with_person(database: Worker[Shop], user_id: int) -> bool:
    """Whether the shopper talks with a person, or waits for one."""
    case = await database.run(lambda shop: shop.cases.open_of(user_id))
    return case is not None and case.quiet


async def answer_unreadable(
    message: Message,
    event_update: Update,
    assistant: Assistant,
    replies: Replies,
    database: Worker[Shop],
    lead: tuple[str, ...],
) -> str:
    """Stickers, voice and the like: what the bot cannot read, and what it can. Service messages need no answer. Whoever
    talks with a person is told that it does not reach them, and they that it was sent.
    """
    kind = _UNREADABLE.get(ContentType(message.content_type))
    if kind is None:
        return "ignored"
    to = address_of(message, event_update.update_id)
    if await with_person(database, to.user_id):
        turn = turn_of(message, event_update.update_id, "", f"{UNREADABLE}{kind}")
        await replies.send(to, await assistant.answer(turn))
        return "answered"
    language = await replies.language(to.user_id, message.from_user.language_code if message.from_user else None)
    lines = (*(Line(code) for code in lead), Line("cannot-read-kind", {"kind": kind}))
    await replies.say(to, language, *lines)
    return "unreadable"
