"""Router: @bot red dress, in any chat: products as articles, the same for everybody, cached briefly."""

from __future__ import annotations

import logging
import re

from aiogram import Bot, Router
from aiogram.exceptions import AiogramError
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
)

from bot.plain import one_line
from bot.reply import Line
from bot.telegram.replies import Replies
from bot.window import ShopWindow
from bot.wording import language_of_code
from nlu.language import language_of
from storage.records import Language, Recommendation

_SHOWN, _CACHED_S = 10, 60
_TITLE = 100
_LINKABLE = re.compile(r"[A-Za-z0-9_-]{1,62}")
_log = logging.getLogger(__name__)


def inline_router() -> Router:
    """Inline queries."""
    router = Router(name="inline")
    router.inline_query.register(show_articles)
    return router


async def show_articles(query: InlineQuery, bot: Bot, replies: Replies, window: ShopWindow | None) -> str:
    """Answers with products; with nothing where the shop is too busy, since an old answer is refused anyway."""
    words = query.query
    spoken = any(letter.isalpha() for letter in words)
    language = language_of(words) if spoken else language_of_code(query.from_user.language_code)
    try:
        found = await window.look(words, _SHOWN) if window else ()
    except TimeoutError:
        found = ()
    name = (await bot.me()).username or ""
    articles = [_article(at, card, language, replies, name) for at, card in enumerate(found)]
    try:
        await query.answer(list(articles), cache_time=_CACHED_S if articles else 1, is_personal=False)
    except AiogramError as error:
        _log.info("An inline query could not be answered: %s", error)
        return "too late"
    return "answered"


def _article(
    at: int, card: Recommendation, language: Language, replies: Replies, bot_name: str
) -> InlineQueryResultArticle:
    product, renderer = card.product, replies.renderer
    price = renderer.wording.money(product.price, product.currency, language)
    rating = {"rating": product.rating, "count": product.rating_count}
    told = [price, *([replies.words(Line("rating", rating), language)] if product.rating is not None else [])]
    picture = product.image_url if product.image_url.startswith("https://") else None
    return InlineQueryResultArticle(
        id=str(at),
        title=one_line(product.title_in(language), _TITLE),
        description=" · ".join(told),
        input_message_content=InputTextMessageContent(message_text=renderer.card(card, language).html),
        reply_markup=_link(card, language, replies, bot_name),
        thumbnail_url=picture,
    )


def _link(card: Recommendation, language: Language, replies: Replies, bot_name: str) -> InlineKeyboardMarkup | None:
    """A button to the bot with this product, where its id fits into a link."""
    if not bot_name or not _LINKABLE.fullmatch(card.product.id):
        return None
    label = replies.words(Line("inline-open"), language)
    url = f"https://t.me/{bot_name}?start=p_{card.product.id}"
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text=label, url=url)]])
