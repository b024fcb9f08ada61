"""Router: what a shopper writes, and what the bot cannot read."""

from __future__ import annotations

from contextlib import AsyncExitStack

from aiogram import Bot, F, Router
from aiogram.enums import ContentType
from aiogram.types import Message, Update

from bot.handoff import PASSED, UNREADABLE, cannot_line
from bot.reply import Line, Reply
from bot.telegram.outgoing import Address
from bot.telegram.preview import preview
from bot.telegram.protocols import Assistant
from bot.telegram.replies import Replies
from bot.telegram.shopper_files import Fetched, carries_file, fetch, keep
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
    file_limit: int,
    lead: tuple[str, ...],
) -> str:
    """A message in words; of a very long one the first part is read. A correction is said anew. A picture above the
    words is for the person whom the shopper talks with; without one it is not seen, and that is said.
    """
    source = _source(message, event_update)
    turn = turn_of(message, event_update.update_id, said, source)
    to = address_of(message, event_update.update_id)
    cut = ("too-long",) if len(said) > TEXT_LIMIT else ()
    if await with_person(database, turn.user_id):
        # No "typing" here: it would be that person's.
        fetched = await fetch(bot, message, file_limit) if source == "caption" else None
        reply = await assistant.answer(turn)
        if fetched:
            await _pass_on(message, to, reply, fetched, replies, database)
        await replies.send(to, reply, (*lead, *cut))
        return "answered"
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(typing(bot, message.chat.id))
        show = await stack.enter_async_context(preview(bot, message.chat.id, turn.update_id))
        reply = await assistant.answer(turn, show)
    await replies.send(to, reply, (*lead, *_NOTES.get(source, ()), *cut))
    return "answered"


async def _pass_on(
    message: Message, to: Address, reply: Reply, fetched: Fetched, replies: Replies, database: Worker[Shop]
) -> None:
    """The file of a message with words goes to the case, or the shopper is told why it does not."""
    if fetched.media:
        await keep(database, to.user_id, reply.turn_id, fetched)
    elif reply.silent:
        kind = _UNREADABLE.get(ContentType(message.content_type), "other")
        await replies.say(to, reply.language, cannot_line(kind, fetched.why))


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
    bot: Bot,
    event_update: Update,
    assistant: Assistant,
    replies: Replies,
    database: Worker[Shop],
    file_limit: int,
    lead: tuple[str, ...],
) -> str:
    """Stickers, voice and the like: what the bot cannot read, and what it can. Service messages need no answer. To
    whoever talks with a person, files are passed on; of what is none they are told that it does not reach them, and
    staff that it was sent.
    """
    kind = _UNREADABLE.get(ContentType(message.content_type))
    if kind is None:
        return "ignored"
    to = address_of(message, event_update.update_id)
    if await with_person(database, to.user_id):
        fetched = await fetch(bot, message, file_limit) if carries_file(message) else None
        reply = await assistant.answer(turn_of(message, to.update_id, "", _source_of(kind, fetched)))
        if fetched and fetched.media:
            await keep(database, to.user_id, reply.turn_id, fetched)
        await replies.send(to, reply)
        return "answered"
    language = await replies.language(to.user_id, message.from_user.language_code if message.from_user else None)
    lines = (*(Line(code) for code in lead), Line("cannot-read-kind", {"kind": kind}))
    await replies.say(to, language, *lines)
    return "unreadable"


def _source_of(kind: str, fetched: Fetched | None) -> str:
    """What a turn without words came from: passed on, or not, and why not."""
    if fetched is None:
        return f"{UNREADABLE}{kind}"
    return f"{PASSED}{kind}" if fetched.media else f"{UNREADABLE}{kind}:{fetched.why}"
