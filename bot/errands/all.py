"""The errands of a running shop: the one list to add to."""

from __future__ import annotations

from bot.errands.cart.cart import CartErrand
from bot.errands.checkout.checkout import CheckoutErrand
from bot.errands.checkout.invoice import TelegramInvoice
from bot.errands.checkout.link_out import LinkOut
from bot.errands.checkout.method import Checkout
from bot.errands.checkout.recorded_order import RecordedOrder
from bot.errands.errands import Errands
from bot.errands.gifts import Gifts
from bot.errands.guide_shelf import GuideShelf
from bot.errands.guides import Guides
from bot.errands.history import History
from bot.errands.ideas import Ideas
from bot.errands.items.items import ItemErrand
from bot.errands.myself import Myself
from bot.errands.orders.orders import OrderErrand
from bot.errands.orders.requests import RequestErrand
from bot.errands.pages import PageErrand
from bot.errands.pairs import Pairs
from bot.errands.policies import PolicyErrand
from bot.errands.policy_answers import PolicyAnswers
from bot.errands.preferences import PreferencesErrand
from bot.errands.privacy import Privacy
from bot.errands.saved.saved import SavedErrand
from bot.errands.tongue import Tongue
from bot.settings import Settings
from bot.upkeep.backups import rotation_of
from bot.workers import Worker
from recommender.recommender import Recommender
from storage.shop import Shop


def shop_errands(settings: Settings, database: Worker[Shop], search: Worker[Recommender]) -> Errands:
    """Every errand with what it needs."""
    saved = SavedErrand(database, settings.page_size)
    answers = PolicyAnswers(search)
    return Errands(
        (
            Privacy(database, rotation_of(settings).longest.days),
            PreferencesErrand(database, settings.exchange),
            Myself(),
            Tongue(),
            History(database),
            Gifts(settings.exchange),
            Guides(database, GuideShelf(settings.data / "guides"), settings.exchange.currency),
            Ideas(database, search),
            PageErrand(database),
            ItemErrand(database, search, settings.exchange),
            Pairs(database, search),
            CartErrand(database, saved),
            saved,
            CheckoutErrand(database, _way_to_buy(settings)),
            OrderErrand(database, settings.data),
            RequestErrand(database, answers),
            PolicyErrand(database, answers),
        )
    )


def _way_to_buy(settings: Settings) -> Checkout:
    """As the setting says; by itself, no shop's orders are only written down."""
    match settings.checkout:
        case "record":
            return RecordedOrder()
        case "auto" if settings.telegram_bot_token is None:
            return RecordedOrder()
        case "invoice":
            return TelegramInvoice()
        case _:
            return LinkOut(settings.cart_url)
