"""Everything the shop says of one item, as one card: picture, facts, its own words, and what to do next. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from bot.draft import Draft
from bot.errands.items.facts import PRICE, RATING, STOCK, facts_of
from bot.money import Rates, near_currency
from bot.reply import Attachment, ErrandAct, Line, Option
from storage.product_rows import to_row
from storage.records import Language, Need, Product, Recommendation, Vocabulary

NAME = "item"
_ON_TOP = (PRICE, RATING, STOCK)


def details(
    card: Recommendation,
    need: Need,
    vocabulary: Vocabulary,
    rates: Rates,
    page: Sequence[Recommendation] = (),
    currency: str | None = None,
) -> Draft:
    """The card with all facts. `page` is what is on screen: with others there, the item can be compared with them.
    `currency` is what the price is shown in, too.
    """
    language, product = need.language, card.product
    facts = facts_of(product, vocabulary, language)
    lines = [title_line(product, language), top_line(product, vocabulary, language, rates, currency)]
    if text := product.description_in(language):
        lines.append(Line("item-description", {"text": text}))
    lines += [Line("item-fact", {"name": f.name, "value": f.value}) for f in facts if f.key not in _ON_TOP]
    if product.url:
        lines.append(Line("item-where", {"url": product.url}))
    return Draft(
        need=need,
        lines=tuple(lines),
        options=next_steps(card, page),
        attachments=(portrait(card),),
        points_at=at(card, page),
    )


def top_line(product: Product, vocabulary: Vocabulary, language: Language, rates: Rates, currency: str | None) -> Line:
    """What is looked at first: the price, how it is rated, whether it is there."""
    top = tuple(fact.value for fact in facts_of(product, vocabulary, language) if fact.key in _ON_TOP)
    return reduce(_beside, (*top, *near(product, language, rates, currency)))


def portrait(card: Recommendation) -> Attachment:
    """The item's picture over the words, with the buttons of its card under them."""
    return Attachment("portrait", {"card": card.id, "product": to_row(card.product)})


def title_line(product: Product, language: Language) -> Line:
    """The item's name, on top."""
    return Line("item-title", {"title": product.title_in(language)})


def near(product: Product, language: Language, rates: Rates, chosen: str | None) -> tuple[Line, ...]:
    """About what the price is in the currency that the shopper chose, or in yuan for Chinese readers."""
    currency = near_currency(chosen, language)
    amount = rates.near(product.price, product.currency, currency)
    return (Line("item-near", {"amount": amount, "currency": currency}),) if amount else ()


def next_steps(card: Recommendation, page: Sequence[Recommendation]) -> tuple[Option, ...]:
    """Beside the buttons of its card: the others on screen to compare it with."""
    if not at(card, page) or len(page) < 2:
        return ()
    return (Option(Line("item-compare-all"), does=ErrandAct(NAME, "compare", card.id), row=1),)


def at(card: Recommendation, page: Sequence[Recommendation]) -> tuple[int, ...]:
    """Where the item stands on the page that is on screen; empty where it does not."""
    return tuple(other.position for other in page if other.product.id == card.product.id)


def _beside(first: Line, second: Line) -> Line:
    return Line("item-beside", {"first": first, "second": second})
