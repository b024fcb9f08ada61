"""Exact money: `Decimal` in code, an integer of minor units in storage, never a float.

How many minor digits a currency has is ISO 4217's table: most have two, the exceptions are listed here.
"""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext

_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_FOUR = "CLF UYW"
_EXPONENTS = dict.fromkeys(_NONE.split(), 0) | dict.fromkeys(_THREE.split(), 3) | dict.fromkeys(_FOUR.split(), 4)
_CODE = re.compile(r"[A-Z]{3}")
_LARGEST = 10**12  # an amount; its minor units are far inside SQLite's 64 bits
_DIGITS = 40  # of an amount as written


class MoneyError(ValueError):
    """An amount or currency that cannot be stored exactly."""


def exponent(currency: str) -> int:
    """Minor digits of a currency: 2 for USD, 0 for JPY. Raises `MoneyError` for what is no ISO 4217 code."""
    if not _CODE.fullmatch(currency):
        raise MoneyError(f"{currency!r} is not a currency code: use three capital letters, as in USD.")
    return _EXPONENTS.get(currency, 2)


def quantize(amount: Decimal, currency: str) -> Decimal:
    """The amount at the currency's own precision, halves away from zero."""
    return from_minor(_units(amount, currency, ROUND_HALF_UP), currency)


def to_minor(amount: Decimal, currency: str) -> int:
    """Minor units of an amount. Raises `MoneyError` where the amount has finer parts (`quantize` first)."""
    units = _units(amount, currency, ROUND_HALF_UP)
    if from_minor(units, currency) != amount:
        raise MoneyError(f"{amount} {currency} has more digits than the currency: round it first.")
    return units


def from_minor(units: int, currency: str) -> Decimal:
    """The amount, with exactly the currency's digits: 4990 USD is 49.90."""
    return Decimal(units).scaleb(-exponent(currency))


def least_minor(amount: Decimal, currency: str) -> int:
    """The smallest storable price that is not below `amount`: the lower end of an inclusive range."""
    return _units(amount, currency, ROUND_CEILING)


def most_minor(amount: Decimal, currency: str) -> int:
    """The largest storable price that is not above `amount`: the upper end of an inclusive range."""
    return _units(amount, currency, ROUND_FLOOR)


def _units(amount: Decimal, currency: str, rounding: str) -> int:
    digits = exponent(currency)
    if not amount.is_finite() or len(amount.as_tuple().digits) > _DIGITS:
        raise MoneyError("This is not an amount of money: give a number of ordinary length.")
    if abs(amount) > _LARGEST:
        raise MoneyError(f"An amount of {amount:.3g} {currency} is too large for a price.")
    with localcontext(prec=2 * _DIGITS):
        return int(amount.scaleb(digits).to_integral_value(rounding=rounding))
