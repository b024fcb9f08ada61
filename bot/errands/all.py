"""The errands of a running shop: the one list to add to."""

from __future__ import annotations

from bot.errands.cart.cart import CartErrand
from bot.errands.checkout.checkout import CheckoutErrand
from bot.errands.checkout.recorded_order import RecordedOrder
from bot.errands.errands import Errands
from bot.errands.items.items import ItemErrand
from bot.errands.pages import PageErrand
from bot.errands.saved.saved import SavedErrand
from bot.settings import Settings
from bot.workers import Worker
from recommender.recommender import Recommender
from storage.shop import Shop


def shop_errands(settings: Settings, database: Worker[Shop], search: Worker[Recommender]) -> Errands:
    """Every errand with what it needs."""
    saved = SavedErrand(database, settings.page_size)
    return Errands(
        (
            PageErrand(database),
            ItemErrand(database, search, settings.exchange),
            CartErrand(database, saved),
            saved,
            CheckoutErrand(database, RecordedOrder()),
        )
    )
