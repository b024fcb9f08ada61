"""Buying on the shop's own pages: the bot opens them, and knows nothing of what happens there."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from bot.draft import Draft
from bot.errands.cart.positions import Position
from bot.errands.cart.view import VIEW
from bot.errands.checkout.method import Basket
from bot.errands.errand import Tap
from bot.reply import Line, Option
from storage.records import Language

ITEMS = "{items}"
"""Stands in the address of the shop's cart for what goes into it, as ID:PIECES,ID:PIECES."""
_WEB = ("http://", "https://")
_LONGEST = 2000  # of an address, as browsers take it


class LinkOut:
    """A button for the whole cart, where the shop has an address that fills one, and for each product's page. What the
    shop numbers by colour and size goes by that number, so that nothing is left to choose.

    Args:
        cart_url: that address, with ITEMS in it; "" where there is none.
    """

    note = "checkout-note-link"

    def __init__(self, cart_url: str = "") -> None:
        self._cart_url = cart_url

    def options(self, basket: Basket, language: Language) -> tuple[Option, ...]:
        """Pages that have an address."""
        pages = tuple(
            Option(
                Line("button-checkout-open", {"title": position.product.title_in(language)}),
                url=position.product.url,
                row=number,
            )
            for number, position in enumerate(basket.positions, start=2)
            if position.product and position.product.url.startswith(_WEB)
        )
        return (*self._whole(basket), *pages)

    def bought(self, basket: Basket, tap: Tap, number: str) -> Draft:
        """An old button from when the shop sold in the chat."""
        return Draft(
            replace(tap.need, asked=None), (Line(self.note),), options=(*self.options(basket, tap.language), VIEW)
        )

    def _whole(self, basket: Basket) -> tuple[Option, ...]:
        items = [f"{quote(_number(each), safe='')}:{each.pieces}" for each in basket.positions]
        url = self._cart_url.replace(ITEMS, ",".join(items))
        if not url or len(url) > _LONGEST:
            return ()
        chosen = any(
            (each.line.color or each.line.size) and _number(each) == each.line.product_id for each in basket.positions
        )
        label = Line("button-checkout-cart-choose" if chosen else "button-checkout-cart", {"count": len(items)})
        return (Option(label, url=url, row=1),)


def _number(position: Position) -> str:
    return position.offer.id if position.offer else position.line.product_id
