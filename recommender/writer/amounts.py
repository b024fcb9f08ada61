"""Exact numbers as a writer may write them: every accepted way to write one price, rating or count.

A number in a sentence is never read and compared: it must be one of the renderings of a fact, with its unit. What is
no rendering stays in the sentence as a bare digit or numeral, and bare numbers are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

import cn2an

from storage.records import Language

_SIGNS = {"USD": ("$", "US$"), "EUR": ("€",), "GBP": ("£",), "CNY": ("¥", "￥"), "JPY": ("¥", "￥"), "HKD": ("HK$",)}
_UNITS = {
    "en": {
        "USD": ("dollars", "US dollars"),
        "EUR": ("euros", "euro"),
        "GBP": ("pounds",),
        "CNY": ("yuan",),
        "JPY": ("yen",),
        "HKD": ("Hong Kong dollars",),
    },
    "zh": {
        "USD": ("美元", "美金"),
        "EUR": ("欧元",),
        "GBP": ("英镑",),
        "CNY": ("元", "块", "块钱", "人民币"),
        "JPY": ("日元",),
        "HKD": ("港元", "港币"),
    },
}
_COUNTS_EN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMERALS = "零〇一二两三四五六七八九十百千万亿点"
_LEAST_SPOKEN, _MOST_SPOKEN = 2, 100_000


def money(amount: Decimal, currency: str, language: Language) -> str:
    """An amount as the prompt shows it, and as a writer should repeat it: $39.90, 39.90美元."""
    number = f"{amount:,.2f}" if amount != amount.to_integral_value() else f"{amount:,.0f}"
    if language == "zh":
        units = _UNITS["zh"].get(currency)
        return f"{number}{units[0]}" if units else f"{number} {currency}"
    signs = _SIGNS.get(currency)
    return f"{signs[0]}{number}" if signs else f"{number} {currency}"


@lru_cache(maxsize=4096)
def money_pattern(amount: Decimal, currency: str, language: Language) -> str:
    """A regular expression for every accepted way to write the amount with its currency, and nothing else."""
    signs, units = _SIGNS.get(currency, ()), _UNITS[language].get(currency, ())
    number = _either(_digits(amount))
    ways = [rf"{_either(signs)} ?{number}(?: ?{re.escape(currency)})?"] if signs else []
    ways += [rf"{number} ?{_either((*units, currency))}", rf"{re.escape(currency)} ?{number}"]
    if language == "zh" and units:
        ways += [rf"{_either(numerals(amount))}{_either(units)}"]
    return _whole("|".join(ways))


@lru_cache(maxsize=4096)
def number_pattern(value: Decimal, language: Language) -> str:
    """A regular expression for the bare number in digits or, in Chinese, in numerals: to be given its unit."""
    spoken = numerals(value) if language == "zh" else ()
    return _whole(_either((*_digits(value), *spoken)))


@lru_cache(maxsize=64)
def count_pattern(count: int, language: Language) -> str:
    """A regular expression for a small count in digits or words."""
    if language == "zh":
        return _whole(_either((str(count), *numerals(Decimal(count)))))
    spoken = (_COUNTS_EN[count],) if count < len(_COUNTS_EN) else ()
    return _whole(_either((str(count), *spoken)))


def numerals(value: Decimal) -> tuple[str, ...]:
    """The number in Chinese numerals, as read aloud: 812 is 八百一十二, 200 both 二百 and 两百."""
    if not 0 <= value < _MOST_SPOKEN:
        return ()
    plain = str(cn2an.an2cn(str(_tidy(value)), "low"))
    found = [plain]
    if plain.startswith("一十"):
        found.append(plain[1:])
    if plain == "二":
        found.append("两")
    found += [f"两{each[1:]}" for each in found if re.match("二[百千万]", each)]
    return tuple(found)


def _digits(value: Decimal) -> tuple[str, ...]:
    """39.9 and 39.90; 1204, 1,204 and 1,204.00."""
    tidy = _tidy(value)
    forms = [f"{tidy}", f"{tidy:,}", *([f"{value:.1f}"] if value == round(value, 1) else [])]
    if -tidy.as_tuple().exponent <= 2:  # type: ignore[operator]
        forms += [f"{value:.2f}", f"{value:,.2f}"]
    return tuple(dict.fromkeys(forms))


def _tidy(value: Decimal) -> Decimal:
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def _either(forms: Iterable[str]) -> str:
    ordered = sorted(dict.fromkeys(forms), key=len, reverse=True)
    return f"(?:{'|'.join(re.escape(form) for form in ordered)})"


def _whole(pattern: str) -> str:
    """Not the end or the beginning of a longer number, and no other currency's."""
    before = rf"(?<![\d.,$€£¥￥{_NUMERALS}A-Za-z])"
    after = rf"(?![\d%％‰{_NUMERALS}A-Za-z])(?![.,]\d)"
    return f"{before}(?:{pattern}){after}"
