"""What a shopper can want of the shop, and where in a purchase that lies."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

Language = str  # "en" or "zh"


class Intent(StrEnum):
    """What the shopper wants to happen next (design: intents and slots)."""

    SEARCH = "search"
    REFINE = "refine"
    MORE = "more"
    INSPIRE = "inspire"
    ASK_PRODUCT = "ask_product"
    COMPARE = "compare"
    LIKE = "like"
    DISLIKE = "dislike"
    ADD_TO_CART = "add_to_cart"
    VIEW_CART = "view_cart"
    REMOVE_FROM_CART = "remove_from_cart"
    CHECKOUT = "checkout"
    SAVE = "save"
    VIEW_SAVED = "view_saved"
    ORDER_STATUS = "order_status"
    ORDER_CHANGE = "order_change"
    RETURN_REFUND = "return_refund"
    SHIPPING = "shipping"
    PAYMENT = "payment"
    HUMAN = "human"
    CONFIRM = "confirm"
    DENY = "deny"
    GREET = "greet"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    HELP = "help"
    OUT_OF_SCOPE = "out_of_scope"


class Stage(StrEnum):
    """Where in the purchase the shopper stands."""

    BROWSE = "browse"
    CONSIDER = "consider"
    BUY = "buy"
    AFTER_SALES = "after_sales"
    CHAT = "chat"


DEFAULT_STAGE: Mapping[Intent, Stage] = MappingProxyType(
    {intent: Stage.CHAT for intent in Intent}
    | {intent: Stage.BROWSE for intent in (Intent.SEARCH, Intent.REFINE, Intent.MORE, Intent.INSPIRE)}
    | {
        intent: Stage.CONSIDER
        for intent in (
            Intent.ASK_PRODUCT,
            Intent.COMPARE,
            Intent.LIKE,
            Intent.DISLIKE,
            Intent.SAVE,
            Intent.VIEW_SAVED,
        )
    }
    | {
        intent: Stage.BUY
        for intent in (
            Intent.ADD_TO_CART,
            Intent.VIEW_CART,
            Intent.REMOVE_FROM_CART,
            Intent.CHECKOUT,
        )
    }
    | {
        intent: Stage.AFTER_SALES
        for intent in (
            Intent.ORDER_STATUS,
            Intent.ORDER_CHANGE,
            Intent.RETURN_REFUND,
            Intent.SHIPPING,
            Intent.PAYMENT,
            Intent.HUMAN,
        )
    }
)
