"""What the composer of a case is filled with: a drafted reply, a canned one, or products that were looked for.

Templates and the records alone: the shopper's wish as it stood, and the candidates that were ranked for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.case_acts import STAFF
from bot.console.case_view import orders_seen
from bot.console.hours import hours_words
from bot.console.visit import Visit
from bot.reply import Line
from bot.summary import what
from storage.cases import Case
from storage.console.canned import Canned, filled
from storage.records import Filters, Language, Need, Product, Reaction, ReasonCode, Recommendation
from storage.shop import Shop

_OFFERED, _CHECKED, _FOUND = 6, 3, 8
_LOOKED_AT = 40  # turns


@dataclass(frozen=True, slots=True)
class Composer:
    """`text` to begin with; `products` that can be sent along, with those that are ticked."""

    text: str
    products: tuple[Product, ...]
    ticked: frozenset[str]


def composer(
    visit: Visit, case: Case, language: Language, *, draft: bool, canned: Canned | None, find: str
) -> Composer:
    """The composer as it was asked for; empty where nothing was. `language` is the shopper's."""
    shop = visit.desk.shop
    suitable = suggested(shop, case.user_id)
    if find:
        return Composer("", _found(shop, find), frozenset())
    if canned:
        return Composer(filled(canned.text(language), places(visit, case, language)), suitable, frozenset())
    if draft:
        ticked = frozenset(product.id for product in suitable[:_CHECKED])
        return Composer(drafted(visit, case, language, suitable), suitable, ticked)
    return Composer("", suitable, frozenset())


def drafted(visit: Visit, case: Case, language: Language, products: tuple[Product, ...]) -> str:
    """A reply to begin with, in the shopper's language."""
    shop, say = visit.desk.shop, visit.desk.wording.say
    orders = orders_seen(visit, case)
    need = shop.transcripts.latest_need(case.user_id) or Need()
    wish = what(need, visit.desk.vocabulary(), language)
    name = {"name": visit.staff.name}
    if orders:
        return say(Line("draft-order", {**name, "order": orders[0]}), language)
    if products and wish:
        return say(Line("draft-found", {**name, "what": wish}), language)
    return say(Line("draft-plain", name), language)


def places(visit: Visit, case: Case, language: Language) -> dict[str, str]:
    """What the places of canned replies stand for here; "" where nothing is known."""
    shop = visit.desk.shop
    page = shop.transcripts.latest_page(case.user_id)
    orders = orders_seen(visit, case)
    return {
        "staff": visit.staff.name,
        "case": str(case.id),
        "order": orders[0] if orders else "",
        "product": page.recommendations[0].product.title_in(language) if page and page.recommendations else "",
        "hours": hours_words(visit, language),
    }


def suggested(shop: Shop, user_id: int) -> tuple[Product, ...]:
    """Candidates of the last page that can be bought and break no limit: those not shown yet first."""
    turns = shop.transcripts.history(user_id, _LOOKED_AT)
    refused = {event.product_id for event in shop.feedback.events(user_id, 60) if event.reaction is Reaction.DISLIKE}
    ranked: tuple[Recommendation, ...] = ()
    for turn in reversed(turns):
        found = shop.impressions.of_turn(turn.turn.id)
        if turn.turn.source == STAFF:
            refused |= {each.product.id for each in found}  # was sent already
        elif found:
            ranked = found
            break
    fit = [
        each
        for each in ranked
        if each.product.available
        and each.product.stock != 0
        and each.product.id not in refused
        and all(reason.code is not ReasonCode.OFF_LIMIT for reason in each.reasons)
    ]
    fresh = [each.product for each in fit if not each.position]
    return tuple((*fresh, *(each.product for each in fit if each.position)))[:_OFFERED]


def _found(shop: Shop, words: str) -> tuple[Product, ...]:
    hits = shop.catalogue.search(words[:200], Filters(), _FOUND)
    ids = [hit[0] for hit in hits]
    products = shop.catalogue.get(ids)
    return tuple(products[product_id] for product_id in ids if products[product_id].available)
