"""The understander and the recommender for a command: beside a running bot, or on an empty folder."""

from __future__ import annotations

import logging

from bot.models import load_model
from bot.settings import Settings
from bot.understanding.understander import Understander
from nlu.rules import RulesUnderstander
from storage.records import Vocabulary
from storage.shop import FILE_NAME, Shop
from storage.terms import base_vocabulary

log = logging.getLogger(__name__)


def open_understander(settings: Settings, *, rules: bool = False) -> Understander:
    """The model with the shop's words; a folder without a catalogue has the base vocabulary."""
    vocabulary = shop_vocabulary(settings)
    return RulesUnderstander(vocabulary) if rules else load_model(settings, vocabulary)


def shop_vocabulary(settings: Settings) -> Vocabulary:
    """The words of the folder's catalogue; nothing is written."""
    if not (settings.data / FILE_NAME).is_file():
        return base_vocabulary()
    shop = Shop.open(settings.data, readonly=True)
    try:
        return shop.catalogue.vocabulary()
    finally:
        shop.close()
