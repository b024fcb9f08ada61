"""Buying on the shop's own pages: the bot opens them, and knows nothing of what happens there."""

from __future__ import annotations

from dataclasses import replace

from bot.draft import Draft
from bot.errands.cart.view import VIEW
from bot.errands.checkout.method import Basket
from bot.errands.errand import Tap
from bot.reply import Line, Option
from storage.records import Language


class LinkOut:
    """A button for each product's page."""

    note = "checkout-note-link"

    def options(self, basket: Basket, language: Language) -> tuple[Option, ...]:
        """Pages that have an address."""
        return tuple(
            Option(
                Line("button-checkout-open", {"title": position.product.title_in(language)}),
                url=position.product.url,
                row=number,
            )
            for number, position in enumerate(basket.positions, start=1)
            if position.product and position.product.url.startswith(("http://", "https://"))
        )

    def bought(self, basket: Basket, tap: Tap, number: str) -> Draft:
        """An old button from when the shop sold in the chat."""
        return Draft(
            replace(tap.need, asked=None), (Line(self.note),), options=(*self.options(basket, tap.language), VIEW)
        )
