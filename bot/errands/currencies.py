"""The currency that prices are shown in beside the shop's own, chosen in /preferences or by words.

What is paid is in the shop's currency; the other is about what that is, at the shop's own dated rate. Where the shop
gives no rates, there is nothing to choose, and nothing is offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from babel.numbers import get_currency_name

from bot.cues import cue
from bot.money import Rates, near_currency
from bot.reply import ErrandAct, Line, Option
from bot.wording import LOCALE
from nlu.amounts import amounts_in
from nlu.fold import fold
from storage.records import Language, Product

KEY = "money"
_OF = {"hong kong": "hk", "american": "us", "australian": "aussie"} | dict.fromkeys(
    ("british", "chinese", "indian", "japanese", "korean"), ""
)
"""Whose money it is, as the table of currencies (nlu/phrases) has it, where that has it otherwise."""
_ROW, _BY_ROW = 42, 3


def money_lines(chosen: str | None, rates: Rates, language: Language) -> tuple[Line, ...]:
    """What holds now."""
    own = Line("prefs-currency", {"currency": currency_name(rates.currency, language)})
    near = near_currency(chosen, language)
    if not near or near == rates.currency or not rates.knows(near):
        return (own,)
    return (own, Line("prefs-money-near", {"near": currency_name(near, language), "date": rates.day}))


def money_options(errand: str, rates: Rates, chosen: str | None, language: Language) -> tuple[Option, ...]:
    """A button for each currency that the shop has a rate for, but the one that holds, and one for none of them."""
    near = near_currency(chosen, language)
    codes = [code for code in rates.per_unit if code not in (near, rates.currency) and rates.knows(code)]
    if not codes and not near:
        return ()
    options = [
        Option(Line("prefs-money-in", {"near": currency_name(code, language)}), does=_act(errand, code))
        for code in codes
    ]
    if near and rates.knows(near) and near != rates.currency:
        options.append(
            Option(
                Line("prefs-money-none", {"currency": currency_name(rates.currency, language)}), does=_act(errand, "")
            )
        )
    return tuple(Option(option.label, does=option.does, row=_ROW + at // _BY_ROW) for at, option in enumerate(options))


def code_in(target: int) -> str:
    """The currency of a button's number."""
    return target.to_bytes(3, "big").decode("ascii", "replace") if 0 < target < 1 << 24 else ""


def currency_asked(text: str) -> str | None:
    """The currency that a message wants to see prices in; None for a message that wants something else."""
    return _named(text, "show-money")


def price_asked_in(text: str) -> str | None:
    """The currency of "how much is it in euros?", 欧元多少钱; None for a message that asks something else."""
    return _named(text, "price-in")


def _named(text: str, words_for: str) -> str | None:
    found = cue(words_for).search(text)
    if not found:
        return None
    words = next(filter(None, found.groups()), "").casefold()
    for of, known in _OF.items():
        words = words.replace(of, known)
    named = next(amounts_in(fold(f"1 {words.strip()}")), None)
    return named.currency if named else None


def prices_in(code: str, products: Sequence[Product], rates: Rates, language: Language) -> tuple[Line, ...]:
    """What products cost, and about how much that is in another currency; that the shop gives no rate, where it gives
    none.
    """
    near = [rates.near(each.price, each.currency, code) for each in products]
    lines = [_price_line(product, about, code, language) for product, about in zip(products, near, strict=True)]
    if any(near):
        return (
            *lines,
            Line("item-price-rate", {"date": rates.day, "currency": currency_name(rates.currency, language)}),
        )
    own = code == rates.currency
    unknown = Line("item-price-no-rate", {"near": currency_name(code, language)})
    return (*lines, money_lines("", rates, language)[0] if own else unknown)


def _price_line(product: Product, about: Decimal | None, code: str, language: Language) -> Line:
    facts = {"title": product.title_in(language), "price": product.price, "currency": product.currency}
    if about is None:
        return Line("item-price", facts)
    return Line("item-price-near", {**facts, "near": about, "near_currency": code})


def currency_name(code: str, language: Language) -> str:
    """ "euros", 欧元."""
    return str(get_currency_name(code, count=2, locale=LOCALE[language]))


def _act(errand: str, code: str) -> ErrandAct:
    return ErrandAct(errand, KEY, int.from_bytes(code.encode("ascii"), "big"))
