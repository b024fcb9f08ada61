"""All pictures of an item: who asks for them, whether they stand above already, and the answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from bot.cues import cue
from bot.draft import Draft
from bot.errands.items.details import NAME, at, top_line
from bot.money import Rates
from bot.reply import ALBUM, Attachment, ErrandAct, Line, Option
from storage.product_rows import to_row
from storage.records import Need, Product, Recommendation, Vocabulary
from storage.shop import Shop

PICTURES = "pictures"
"""The key of the button."""
_NEAR = 3  # answers below an album through which it can still be seen
_LOOKED_AT = 20  # turns, taps that a toast answered among them: who taps without end gets one album in twenty


def asks_for_pictures(text: str) -> bool:
    """Whether a message asks to see more pictures."""
    return bool(cue("pictures").search(text))


def pictures_option(card: Recommendation) -> tuple[Option, ...]:
    """The button that leads to all pictures, where there is more than the one on the card."""
    count = len(card.product.gallery)
    does = ErrandAct(NAME, PICTURES, card.id)
    return (Option(Line("button-item-pictures", {"count": count}), does=does, row=2),) if count > 1 else ()


def stands_above(shop: Shop, user_id: int, product: Product) -> bool:
    """Whether an album of the item is among the last things the shopper was sent."""
    answers = 0
    for record in reversed(shop.transcripts.history(user_id, _LOOKED_AT)):
        reply = json.loads(record.reply_json or "{}")
        if not reply or reply.get("silent"):
            continue
        if product.id in _pictured(reply):
            return ALBUM in (kind for _, kind in shop.sent.of_turn(record.turn.id).values())
        answers += 1
        if answers == _NEAR:
            return False
    return False


def _pictured(reply: Mapping[str, Any]) -> list[str]:
    """Products whose albums a stored reply brought; one of an older version brought none."""
    return [each["facts"]["product"]["id"] for each in reply.get("attachments", ()) if each["kind"] == ALBUM]


def gallery(
    card: Recommendation,
    need: Need,
    vocabulary: Vocabulary,
    rates: Rates,
    page: Iterable[Recommendation] = (),
    currency: str | None = None,
) -> Draft:
    """All its pictures, with its price and stock under them; where there is one or none, that this is so."""
    product, points = card.product, at(card, tuple(page))
    count, options = len(product.gallery), _next_steps(card)
    if count < 2:
        said = (Line("item-no-more-pictures", {"count": count}),)
        return Draft(need=need, lines=said, options=options, points_at=points)
    line = top_line(product, vocabulary, need.language, rates, currency)
    album = Attachment(ALBUM, {"product": to_row(product)})
    return Draft(need=need, lines=(line,), options=options, attachments=(album,), points_at=points)


def pictures_above(card: Recommendation, need: Need, page: Iterable[Recommendation]) -> Draft:
    """Asked again: they are not sent twice."""
    line = Line("item-pictures-above")
    return Draft(need=need, lines=(line,), options=_next_steps(card), points_at=at(card, tuple(page)))


def _next_steps(card: Recommendation) -> tuple[Option, ...]:
    return (
        Option(Line("button-item-details"), does=ErrandAct(NAME, "details", card.id), row=1),
        Option(Line("button-cart-add"), does=ErrandAct("cart", "add", card.id), row=1),
    )
