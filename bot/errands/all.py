"""The errands of a running shop: the one list to add to."""

from __future__ import annotations

from bot.errands.errands import Errands
from bot.settings import Settings
from bot.workers import Worker
from storage.shop import Shop


def shop_errands(settings: Settings, database: Worker[Shop]) -> Errands:
    """Every errand with what it needs."""
    return Errands(())
