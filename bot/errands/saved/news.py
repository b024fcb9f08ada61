"""News of saved items for who asked for them: a lower price, a return. Written to the outbox after the catalogue
changed. What is compared is what the shopper knows, so a change is told once, however often this runs; and what came
and went again while nobody was to be woken is no news any more.

Runs in the database's thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from bot.errands.cart.view import named_line
from bot.plain import one_line
from bot.quiet_hours import QuietHours
from bot.reply import ErrandAct, Line, Option
from bot.spoken import spoken_language
from bot.telling import letter
from storage.records import Language, Product, Vocabulary
from storage.saved import SavedItem, is_there
from storage.shop import Shop
from storage.variants import offer_of

_MOST = 5  # items in one message; the others are for another day
_TITLE = 30


def tell_news(shop: Shop, now: datetime, quiet: QuietHours) -> int:
    """Writes to everybody who is due; how many messages that was.

    Args:
        now: aware, in the shop's time zone.
        quiet: when nobody is written to.
    """
    watched = shop.saved.watched()
    products = shop.catalogue.get(list(dict.fromkeys(item.product_id for item in watched)))
    silent = quiet.over_at(now) > now
    told = 0
    for user_id, items in groupby(watched, key=attrgetter("user_id")):
        with shop.atomic():
            news = _news(shop, list(items), products)
            if news and not silent and _may_be_told(shop, user_id):
                told += _tell(shop, user_id, news[:_MOST], now)
    return told


def _news(shop: Shop, items: Sequence[SavedItem], products: dict[str, Product]) -> list[tuple[SavedItem, Product]]:
    """What is better than the shopper knows. What is found sold out is kept in mind, so that its return is news."""
    news = []
    for item in items:
        product = products.get(item.product_id)
        if product is None or not is_there(product, item.color, item.size):
            if not item.sold_out:
                shop.saved.missed(item.id)
        elif item.sold_out or (product.currency == item.currency and product.price < item.price):
            news.append((item, product))
    return news


def _may_be_told(shop: Shop, user_id: int) -> bool:
    """Nobody who has left, and nobody who speaks with a person just now."""
    shopper, case = shop.shoppers.get(user_id), shop.cases.open_of(user_id)
    return shopper is not None and not shopper.blocked and not (case and case.quiet)


def _tell(shop: Shop, user_id: int, news: Sequence[tuple[SavedItem, Product]], now: datetime) -> bool:
    """At most one message a day: its key in the outbox is the day's."""
    language = spoken_language(shop, user_id, "en")
    words = shop.catalogue.vocabulary()
    lines = (Line("news-head"), *(_line(item, product, words, language) for item, product in news))
    options = (
        *(_take(item, product, language, row) for row, (item, product) in enumerate(news, start=1)),
        Option(Line("button-saved-show"), does=ErrandAct("saved", "show")),
        Option(Line("button-news-stop"), does=ErrandAct("saved", "stop")),
    )
    body = letter(language, lines, options)
    if shop.outbox.put(f"news:{user_id}:{now.date()}", user_id, body, now, user_id=user_id) is None:
        return False
    for item, product in news:
        shop.saved.told(item, product)
    return True


def _line(item: SavedItem, product: Product, vocabulary: Vocabulary, language: Language) -> Line:
    title, offer = product.title_in(language), offer_of(product, item.color, item.size)
    facts = {"title": title, "now": product.price, "now_currency": product.currency}
    if item.sold_out:
        named = {"title": named_line(title, item.color, item.size, vocabulary, language)}
        return Line("news-back", {**facts, **named, "now": offer.price if offer else product.price})
    return Line("news-drop", {**facts, "was": item.price, "was_currency": item.currency})


def _take(item: SavedItem, product: Product, language: Language, row: int) -> Option:
    label = Line("button-news-cart", {"title": one_line(product.title_in(language), _TITLE)})
    return Option(label, does=ErrandAct("saved", "cart", item.id), row=row)
