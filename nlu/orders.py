"""Order and parcel numbers, in both languages: "order 48213", "#A-48213-X", "订单号 20240518001"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlu.fold import fold


@dataclass(frozen=True, slots=True)
class OrderSpan:
    """An order number where it stands; `number` without its "#", in capitals."""

    start: int
    end: int
    number: str


_CODE = r"#?\s?[a-z0-9]+(?:-[a-z0-9]+)*"
_NAMED = re.compile(
    rf"(?:(?<![a-z])(?:order|tracking|parcel|package|shipment|purchase|invoice|reference|confirmation|ref)s?"
    rf"(?:\s*(?:number|num|no\.?|id|code|nr\.?|ref))?(?:\s+is)?|订单编?号?码?|[运单]单?号码?|快递单?号?"
    rf"|物流单?号?|编号|单子|单号)"
    rf"\s*[:#是为,]?\s*({_CODE})(?![a-z0-9])"
)
_HASHED = re.compile(r"(?<![a-z0-9])#\s?((?=[a-z0-9-]*\d)[a-z0-9]+(?:-[a-z0-9]+)*)(?![a-z0-9])")
_CODED = re.compile(
    r"(?<![a-z0-9.$€£¥-])((?:[a-z]{1,5}-?\d{4,}(?:-[a-z0-9]+)*|\d{3,}-\d{4,}(?:-\d+)*|\d{8,20}))(?![a-z0-9%.]"
    r"|\s*(?:元|块|mah|毫安))"
)
_BARE = re.compile(
    r"(?<![a-z0-9.$€£¥,-])(\d{5,20})(?![a-z0-9%]|[.,]\d|\s*(?:元|块|mah|毫安|dollars|bucks|yuan|usd|k\b))"
)
_ABOUT_ORDERS = re.compile(
    r"\b(?:order|parcel|package|track|tracking|shipped|shipment|deliver|delivery|delivered|arrive|refund|return"
    r"|cancel)|订单|快递|单号|物流|包裹|发货|退货|退款|取消"
)
_DIGITS = 4


def orders_in(text: str) -> tuple[OrderSpan, ...]:
    """The order numbers of a message, left to right, never overlapping. Never raises.

    A number counts where it is named so, follows "#" or has the shape of a code; a plain one of five digits or
    more where the message speaks of orders.
    """
    folded = fold(text)
    patterns = [_NAMED, _HASHED, _CODED, *([_BARE] if _ABOUT_ORDERS.search(folded) else [])]
    spans: list[OrderSpan] = []
    for pattern in patterns:
        for found in pattern.finditer(folded):
            span = _span(folded, *found.span(1))
            if span and not any(span.start < other.end and other.start < span.end for other in spans):
                spans.append(span)
    return tuple(sorted(spans, key=lambda span: span.start))


def _span(folded: str, start: int, end: int) -> OrderSpan | None:
    if start and folded[start - 1] == "#":
        start -= 1
    number = folded[start:end].lstrip("# ").upper()
    if sum(letter.isdecimal() for letter in number) < _DIGITS or not 4 <= len(number) <= 32:
        return None
    return OrderSpan(start, end, number)
