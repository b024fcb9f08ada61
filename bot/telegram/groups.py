"""Router: group chats. Who is not spoken to is silent: a mention, an answer to the bot or a command is needed.

What is answered there is what anybody would be told: nobody's taste, cart, orders or talk, and nothing is kept of it.
"""

from __future__ import annotations

import re
from html import escape

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message, Update

from bot.plain import one_line
from bot.reply import Line
from bot.telegram.callback_answer import CallbackAnswer
from bot.telegram.outgoing import Button, TextMessage
from bot.telegram.replies import Replies
from bot.telegram.turns import address_of
from bot.window import ShopWindow
from bot.wording import language_of_code
from nlu.language import language_of
from storage.records import Language, Recommendation

_SHOWN = 3
_TITLE = 120
_COMMAND = re.compile(r"^/(\w+)(?:@(\w+))?\s*")


def group_router() -> Router:
    """Texts in groups, and taps there: no message of the bot in a group has a button, so that a hand made them."""
    router = Router(name="groups")
    router.message.filter(F.chat.type.in_({"group", "supergroup"}))
    router.message.register(answer_group, F.text.as_("said"))
    router.callback_query.register(keep_private, _elsewhere)
    return router


def _elsewhere(callback: CallbackQuery) -> bool:
    """Whether a tap came from a chat that others read: a private one has the number of its shopper."""
    return callback.message is not None and callback.message.chat.id != callback.from_user.id


async def keep_private(callback: CallbackQuery, replies: Replies) -> str:
    """Nothing of one's own is shown where others read, even to who asks for it there."""
    language = await replies.language(callback.from_user.id, callback.from_user.language_code)
    await CallbackAnswer(callback).give(replies.words(Line("group-tap"), language), alert=True)
    return "not private"


async def answer_group(
    message: Message, said: str, bot: Bot, event_update: Update, replies: Replies, window: ShopWindow | None
) -> str:
    """A few products in one message, with the way to the private chat for everything of one's own."""
    me = await bot.me()
    words = addressed(message, said, me.id, me.username or "")
    if words is None or window is None:
        return "not addressed"
    telegram_code = message.from_user.language_code if message.from_user else None
    spoken = any(letter.isalpha() for letter in words)
    language = language_of(words) if spoken else language_of_code(telegram_code)
    try:
        found = await window.look(words, _SHOWN) if words else ()
    except TimeoutError:
        found = ()
    html = "\n".join(_rows(found, bool(words), language, replies))
    url = f"https://t.me/{me.username}?start=group"
    button = Button(replies.words(Line("group-private"), language), url=url)
    await replies.delivery.deliver(address_of(message, event_update.update_id), [TextMessage(html, ((button,),))])
    return "answered"


def addressed(message: Message, said: str, bot_id: int, bot_name: str) -> str | None:
    """The words said to the bot, without its name; None where it was not spoken to."""
    mention = re.compile(rf"@{re.escape(bot_name)}\b", re.IGNORECASE)
    command = _COMMAND.match(said)
    if command and (command[2] or "").casefold() in ("", bot_name.casefold()):
        return said[command.end() :].strip()
    if bot_name and mention.search(said):
        return mention.sub(" ", said).strip()
    replied = message.reply_to_message
    if replied and replied.from_user and replied.from_user.id == bot_id:
        return said.strip()
    return None


def _rows(found: tuple[Recommendation, ...], asked: bool, language: Language, replies: Replies) -> list[str]:
    def say(code: str) -> str:
        return escape(replies.words(Line(code), language), quote=False)

    if not found:
        return [say("group-nothing" if asked else "group-hello")]
    rows = [say("group-found")]
    for number, card in enumerate(found, start=1):
        product = card.product
        title = escape(one_line(product.title_in(language), _TITLE), quote=False)
        if product.url.startswith(("https://", "http://")):
            title = f'<a href="{escape(product.url)}">{title}</a>'
        price = replies.renderer.wording.money(product.price, product.currency, language)
        rows.append(f"{number}. {title} – {escape(price, quote=False)}")
    return rows
