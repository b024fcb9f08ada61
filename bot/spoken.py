"""In which language a shopper is spoken to where nothing was said just now."""

from __future__ import annotations

from storage.records import Language
from storage.shop import Shop


def spoken_language(shop: Shop, user_id: int, otherwise: Language) -> Language:
    """/language, else that of the talk, else `otherwise`."""
    if chosen := shop.shoppers.language(user_id):
        return chosen
    need = shop.transcripts.latest_need(user_id)
    return need.language if need else otherwise
