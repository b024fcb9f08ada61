"""The card that an errand's button hangs on. Runs in the database's thread."""

from __future__ import annotations

from bot.reply import Learned
from storage.records import Language, Recommendation
from storage.shop import Shop


def shown_card(shop: Shop, recommendation_id: int, user_id: int, language: Language) -> Recommendation | Learned:
    """The showing with its product as the catalogue has it now; a Learned "gone" or "stranger" where it is none of
    this shopper's.
    """
    impression = shop.impressions.get(recommendation_id)
    if impression is None or not impression.position:
        return Learned("gone", language)
    if impression.user_id != user_id:
        return Learned("stranger", language)
    return impression.recommendation
