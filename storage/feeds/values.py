"""Cells of a feed to values: text without HTML, exact prices, numbers, dates, lists. Pure.

Feeds are untrusted, and this is the one place that cleans their texts: each is bounded; characters that are invisible,
control or turn text are dropped, heaps of marks over one letter cut down. What is shown is escaped where it is
rendered.
"""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from price_parser import Price
from selectolax.lexbor import LexborHTMLParser

from storage.feeds.records import RowError

TITLE_LIMIT, TEXT_LIMIT, CELL_LIMIT = 300, 8_000, 2_000
_SYMBOLS = {
    **{"$": "USD", "US$": "USD", "USD$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "￥": "CNY", "RMB": "CNY"},
    **{"HK$": "HKD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "₹": "INR", "₽": "RUB", "₩": "KRW"},
    **{"円": "JPY", "JP¥": "JPY", "kr": "SEK", "zł": "PLN"},
}
_CODE = re.compile(r"(?<![A-Za-z])([A-Z]{3})(?![A-Za-z])")
_TAGS = re.compile(r"<[a-zA-Z/!]")
_BREAKS = re.compile(r"(?i)<(?:br|/p|/li|/div|/h\d|/tr)\b[^>]*>")
_UNWANTED = {"Cc", "Cf", "Cs", "Co", "Cn"}
_BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters and signs that show nothing
_MARKS = {"Mn", "Me"}
_MARKS_IN_A_ROW = 4  # no script needs more over one letter
_SOLD_OUT = frozenset(["outofstock", "soldout", "discontinued", "no", "false", "n", "无货", "缺货", "售罄"])
_AVAILABLE = frozenset(
    ["instock", "available", "yes", "true", "y", "preorder", "backorder", "instoreonly", "onlineonly", "有货", "现货"]
)
_LARGEST = Decimal(10_000_000)


def text_of(value: Any, limit: int = CELL_LIMIT) -> str:
    """Plain text of a cell: tags and entities resolved, white space folded, at most `limit` code points."""
    if value is None or isinstance(value, dict | list):
        return ""
    text = str(value)[: limit * 8]
    if _TAGS.search(text):
        text = _strip_tags(_BREAKS.sub(" ", text))
    text = html.unescape(text)
    return " ".join(_visible(text).split())[:limit].strip()


def _visible(text: str) -> str:
    """What is left is seen, in the order in which it is read."""
    if text.isascii() and text.isprintable():
        return text
    kept, marks = [], 0
    for sign in text:
        kind = unicodedata.category(sign)
        marks = marks + 1 if kind in _MARKS else 0
        if sign in "\n\r\t" or kind in ("Zl", "Zp"):
            kept.append(" ")
        elif kind not in _UNWANTED and sign not in _BLANK and marks <= _MARKS_IN_A_ROW:
            kept.append(sign)
    return "".join(kept)


def _strip_tags(text: str) -> str:
    tree = LexborHTMLParser(text)
    tree.strip_tags(["script", "style", "iframe", "noscript"])
    return tree.text(separator=" ")


def price_of(value: Any, default_currency: str) -> tuple[Decimal, str]:
    """An exact amount and its ISO currency: "$1,299.00", "1.299,00 EUR", "¥199", 129.99, {"amount": ..}.

    Raises:
        RowError: no price, a negative one, or one beyond ten million.
    """
    if isinstance(value, bool) or value is None or value == "":
        raise RowError("no price")
    if isinstance(value, int | float | Decimal):
        amount, currency = Decimal(str(value)), default_currency
    else:
        amount, currency = _parsed_price(text_of(value, 60), default_currency)
    if not amount.is_finite() or amount < 0:
        raise RowError(f"price {str(value)[:40]!r} is not a positive amount")
    if amount > _LARGEST:
        raise RowError(f"price {str(value)[:40]!r} is beyond ten million")
    return amount, currency


def _parsed_price(text: str, default_currency: str) -> tuple[Decimal, str]:
    if re.match(r"^\D{0,4}-\s*\d", text):
        raise RowError(f"price {text!r} is not a positive amount")
    parsed = Price.fromstring(text)
    if parsed.amount is None:
        raise RowError(f"price {text!r} is not an amount")
    return parsed.amount, currency_of(text, parsed.currency, default_currency)


def currency_of(text: str, symbol: str | None, default_currency: str) -> str:
    """ISO code said in a price cell, else what its symbol usually means; "$" and "¥" follow the shop's own currency."""
    if code := _CODE.search(text):
        return _SYMBOLS.get(code.group(1), code.group(1))
    if re.search("元|块|人民币", text):
        return "CNY"
    if symbol in ("¥", "￥") and default_currency in ("CNY", "JPY"):
        return default_currency
    if symbol == "$" and default_currency in ("USD", "CAD", "AUD", "SGD", "HKD", "NZD", "MXN"):
        return default_currency
    return _SYMBOLS.get((symbol or "").strip(), default_currency)


def number_of(value: Any) -> float | None:
    """The first number of a cell, or None."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    found = re.search(r"-?\d+(?:[.,]\d+)?", text_of(value, 60).replace(" ", ""))
    try:
        return float(Decimal(found.group(0).replace(",", "."))) if found else None
    except InvalidOperation:
        return None


def count_of(value: Any) -> int | None:
    """A count of pieces; words of availability count as 0 or unknown."""
    if isinstance(value, bool):
        return None if value else 0
    text = text_of(value, 60).casefold().rsplit("/", 1)[-1]
    said = re.sub(r"[\s_-]", "", text)
    if said in _SOLD_OUT:
        return 0
    if said in _AVAILABLE:
        return None
    found = re.search(r"-?\d{1,9}", text.replace(",", ""))
    return max(0, int(found.group(0))) if found else None


def truth_of(value: Any) -> bool:
    """Whether a cell says yes, in either language."""
    return text_of(value, 20).casefold() in {"1", "true", "yes", "y", "t", "是", "on"}


def instant_of(value: Any) -> datetime | None:
    """An aware instant from ISO 8601, a date, or seconds since 1970; None for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 32_503_680_000:
        return datetime.fromtimestamp(value, UTC)
    text = text_of(value, 40).replace("/", "-")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def list_of(value: Any) -> tuple[str, ...]:
    """A list of texts: a JSON list, or a cell separated by ; | / , or the Chinese comma."""
    items = value if isinstance(value, list | tuple) else re.split(r"[;|/,、，]", text_of(value))
    return tuple(dict.fromkeys(text for item in items if (text := text_of(item, 100))))[:40]
