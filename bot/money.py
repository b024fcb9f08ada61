"""Limits said in another currency, converted with the shop's own dated rate table.

Exact decimals only. A limit is rounded against nobody: the upper end up and the lower end down to the minor unit, so
that an item at exactly the limit still passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from storage.money import from_minor
from storage.records import Language, PriceRange

_YUAN = "CNY"
_LARGEST = Decimal(10) ** 12  # no shop asks more, and every amount below it is exact in every currency


def near_currency(chosen: str | None, language: Language) -> str:
    """What prices are shown in, too: as chosen ("" for nothing), else yuan for Chinese readers."""
    return chosen if chosen is not None else _YUAN if language == "zh" else ""


@dataclass(frozen=True, slots=True)
class Rates:
    """`per_unit[code]` is what one unit of `currency` costs in `code`, read on `day`."""

    currency: str
    per_unit: Mapping[str, Decimal] = field(default_factory=dict)
    day: date = date(1970, 1, 1)

    def knows(self, currency: str) -> bool:
        return currency == self.currency or self.per_unit.get(currency, Decimal(0)) > 0

    def to_shop(self, said: PriceRange) -> PriceRange | None:
        """The range in the shop's currency; a bare number is already in it. None where the rate is unknown."""
        currency = said.currency or self.currency
        low, high = (None if limit is None else min(limit, _LARGEST) for limit in (said.min, said.max))
        if currency == self.currency:
            return PriceRange(low, high, self.currency)
        if not self.knows(currency):
            return None
        rate = self.per_unit[currency]
        low = None if low is None else self._rounded(low / rate, ROUND_FLOOR)
        high = None if high is None else self._rounded(high / rate, ROUND_CEILING)
        return PriceRange(low, high, self.currency)

    def from_shop(self, amount: Decimal, currency: str) -> Decimal | None:
        """About what `amount` is in `currency`, for showing beside the price; None where the rate is unknown."""
        rate = self.per_unit.get(currency)
        return None if rate is None else amount * rate

    def near(self, amount: Decimal, sold_in: str, currency: str) -> Decimal | None:
        """The same for a price in `sold_in`, to the whole unit; None where that is not the shop's currency, or is the
        very same, too.
        """
        if sold_in != self.currency or currency == self.currency:
            return None
        found = self.from_shop(amount, currency)
        return found.quantize(Decimal(1)) if found else None

    def _rounded(self, amount: Decimal, rounding: str) -> Decimal:
        """To the minor unit of the shop's currency: a cent, a yen, a thousandth of a dinar."""
        return amount.quantize(from_minor(1, self.currency), rounding=rounding)
