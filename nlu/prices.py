"""Price phrases, in both languages, as exact ranges.

"under $60", "between 20 and 40", 200元以内, 不超过三百块, 两三百左右: each is a number (nlu/amounts.py) read
with the words around it. A bare number is a price only with such words, a currency, or after the bot
asked for a budget; sizes, ages, counts, percentages, stars and model numbers are not. A price named with no limit
("$50", 50块钱) is what the shopper means to spend: an upper limit. "Around" is 20 % to both sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from nlu.amounts import LIMIT, Amount, amounts_in, tidy
from nlu.fold import fold
from storage.records import PriceRange

AROUND = Decimal("0.2")
_WINDOW = 48


@dataclass(frozen=True, slots=True)
class PriceSpan:
    """A whole price phrase: code points of the text, end exclusive, and what it limits."""

    start: int
    end: int
    range: PriceRange


_OVER = r"(?:over|above|more than|exceed(?:s|ing)?|higher than|greater than|pricier than|past|beyond|north of)"
_UNDER = r"(?:under|below|less than|lower than|fewer than)"
_NOT = r"(?:\b(?:no|not|nothing|never|none|without|avoid|cannot|cant|dont|wont)\b|\b[a-z]+n't\b)"
_SLACK = r"[\s:=]*(?:(?:about|around|roughly|the|a total of|of|is|a price of|大概|大约|差不多)\s*)*"
_LEFT = tuple(
    (kind, re.compile(rf"(?:{words}){slack}$"))
    for kind, words, slack in (
        ("max", rf"{_NOT}(?:\s+\w+){{0,3}}?\s+{_OVER}(?:\s+than)?", r"\s*"),
        ("max", r"(?:不要|不想|不能|不可以|不会|不|别|没|勿)[^,.;!?]{0,6}?(?:超过|超出|高于|多于|大于|贵过"
            r"|超)", r"\s*"),
        ("min", rf"{_NOT}(?:\s+\w+){{0,2}}?\s+{_UNDER}", r"\s*"),
        ("min", r"不(?:要|能|可以)?(?:低于|少于|小于|便宜过)|别低于", r"\s*"),
        ("max", rf"\b{_UNDER}|\bcheaper than|<=?|≤|低于|少于|小于|不到|便宜过", _SLACK),
        ("max", r"最多|最高|最贵|上限(?:是|为)?|控制在|顶多|撑死|封顶", _SLACK),
        ("budget", r"\bbudget(?:'s)?(?: of| is| was| for \w+ is| for \w+)?|\bspend(?:ing)?(?: up to)?|\b(?:limit"
            r"|cap)(?: of| is)?", r"[\s:=]*"),
        ("budget", r"预算(?:只有|就|有|是|为|在|只)?|价位(?:在|是)?|价格(?:在|是)?|想花|花", r"[\s:=]*(?:个|了)?"),
        ("max!", r"\bup to|\bat (?:the )?most|\bmax(?:imum)?(?: price)?(?: of| is)?|\bwithin|\bno more than"
            r"|\bnot more than", _SLACK),
        ("min", r"至少|最少|最低|起码|不低于|高于|超过|多于|大于|贵过|>=?|≥", _SLACK),
        ("min!", rf"\b(?:{_OVER}|at least|min(?:imum)?(?: of| is)?|starting (?:at|from)|no less than"
            rf"|upwards of)", _SLACK),
        ("around!", r"\b(?:around|about|approx(?:imately)?\.?|roughly|circa|near|close to)|~", r"[\s:=]*(?:the"
            r"|a)?\s*"),
        ("around", r"大概|大约|差不多|大致|约", r"\s*(?:是|在|要)?"),
    )
)  # fmt: skip
_RIGHT = tuple(
    (kind, re.compile(rf"[\s,]*(?:的)?(?:{words})"))
    for kind, words in (
        ("max", r"(?:or|and) (?:less|under|below|lower|cheaper)\b|or so max\b|(?:at (?:the )?)?(?:max(?:imum)?"
            r"|most|tops)\b(?! of)"),
        ("max", r"(?:price )?limit\b|budget\b|预算|以内|以下|之内|之下|以里|封顶|为上限|内(?!衣|裤|存|胆|置)"),
        ("min", r"(?:or|and) (?:more|up|above|over|higher|upwards?)\b|at least\b|min(?:imum)?\b|\+|plus\b|以上"
            r"|之上|往上|朝上|(?<!一)起(?![来床码泡])"),
        ("around", r"左右|上下|前后|or so\b|-?ish\b|or thereabouts|give or take|出头"),
    )
)  # fmt: skip
_FRAMING = re.compile(
    r"(?<![a-z])(?:(?:for|with an?|on an?|priced?|(?:that )?costs?|costing|price range|range of)\s+)+$"
)
_REFUSED = re.compile(r"(?:的)?(?:都|就|一律)?(?:不要|不考虑|不行|不买|免谈|算了|太贵)")
_JOINT = re.compile(r"\s*(-+|~|to|到|至|and|和|跟|or)\s*(?:about |around )?")
_BETWEEN = re.compile(
    r"(?:\bbetween|\bfrom|\branging from|在|从|介于|价位|价格|预算(?:在|是)?|budget(?: is| of)?:?)\s*$"
)
_AMONG = re.compile(r"\s*(?:之间|的?价位|的?预算|\s*(?:price )?range\b|\s*budget\b)")
# What makes a number something else: what follows it, what precedes it.
_UNIT = re.compile(
    r"[\s-]*(?:%|percent|stars?\b|years?\b|yrs?\b|y/?o\b|months?\b|weeks?\b|days?\b|hours?\b|hrs?\b|h\b"
    r"|min(?:ute)?s?\b(?!\w)"
    r"|inch(?:es)?\b|in\.|\"|'|cm\b|mm\b|m\b|ft\b|feet\b|foot\b|meters?\b|km\b|kg\b|g\b|lbs?\b|oz\b|ounces?\b"
    r"|ml\b|l\b|lit(?:er|re)s?\b"
    r"|gallons?\b|watts?\b|w\b|volts?\b|v\b|mah\b|gb\b|tb\b|mp\b|hz\b|db\b|k\b|p\b|am\b|pm\b|[x×]|packs?\b|pcs\b"
    r"|pieces?\b|pairs?\b|counts?\b"
    r"|sets?\b|people\b|persons?\b|players?\b|items?\b|of (?:them|these|those)\b|th\b|st\b|nd\b|rd\b|off\b"
    r"|degrees?\b|size\b"
    r"|[岁码寸英厘米公个件双条款号天年月日小时人星升毫克斤折包盒瓶支片台只位次层代分度瓦页楼周套本颗节期种样米寸副顶把点些下])"
)
_LABEL = re.compile(
    r"(?:\b(?:sizes?|ages?|aged|iphone|galaxy|ipad|model|no\.?|number|order|level|grade|top|version|gen|ps"
    r"|series|pack of|set of|us|eu|uk)"
    r"|rat(?:ed|ings?)(?: of| is)?"
    r"|[#第]|(?:评分|评价|星级|打分)[要得是在]{0,2}|尺码|型号|年龄|订单|单号|身高|体重|women|men|adults|people|skin"
    r"|over the age of)\s*[:#]?\s*$"
)
_AFTER_AMOUNT = re.compile(
    r"\s*(?:$|[^\w\s]|(?:for|and|or|but|with|in|please|pls|plz|that|which|if|is|each|total|per|price|budget|on"
    r"|only|thanks|max)\b"
    r"|[\u4e00-\u9fff])"
)


def prices_in(text: str, *, asked: bool = False) -> tuple[PriceSpan, ...]:
    """The price phrases of a message, left to right, never overlapping. Never raises.

    `asked` is true where the bot has just asked for a budget: then a bare number is one.
    """
    folded = fold(text)
    amounts = list(amounts_in(folded))
    spans: list[PriceSpan] = []
    at = 0
    while at < len(amounts):
        pair = _pair(folded, amounts[at], amounts[at + 1], asked) if at + 1 < len(amounts) else None
        span = pair or _single(folded, amounts[at], asked)
        if span and (not spans or span.start >= spans[-1].end):
            spans.append(span)
        at += 2 if pair else 1
    return tuple(spans)


def merge(ranges: Iterable[PriceRange]) -> PriceRange | None:
    """One range from several phrases: each end is the last one said; a lower end above the upper one is dropped."""
    low: Decimal | None = None
    high: Decimal | None = None
    currency: str | None = None
    for each in ranges:
        low = each.min if each.min is not None else low
        high = each.max if each.max is not None else high
        currency = each.currency or currency
    if low is None and high is None:
        return None
    if low is not None and high is not None and low > high:
        low, high = (high, low) if low <= high * 10 else (None, high)
    return PriceRange(low, high, currency)


def price_of(text: str, *, asked: bool = False) -> PriceRange | None:
    """The limit a message sets, or None."""
    return merge(span.range for span in prices_in(text, asked=asked))


def price_text(price: PriceRange | None) -> str:
    """A range as text: "<=60 USD", ">=100", "20-40 CNY"; "" for None."""
    if price is None:
        return ""
    if price.min is None:
        limits = f"<={price.max}"
    elif price.max is None:
        limits = f">={price.min}"
    else:
        limits = f"{price.min}-{price.max}"
    return f"{limits} {price.currency}" if price.currency else limits


def _pair(folded: str, first: Amount, second: Amount, asked: bool) -> PriceSpan | None:
    """ "20 to 40", "between $20 and $40", "100到200元"."""
    joint = _JOINT.fullmatch(folded, first.end, second.start)
    if not joint:
        return None
    left = _BETWEEN.search(folded, max(0, first.start - _WINDOW), first.start)
    right = _AMONG.match(folded, second.end)
    framed = left is not None or right is not None
    if joint[1] in ("and", "和", "跟", "or") and not (framed and joint[1] != "or"):
        return None
    currency = second.currency or first.currency
    low, high = _scaled(first, second)
    if low > high:
        return None
    if _UNIT.match(folded, second.end) and not currency:
        return None
    if not (currency or asked or framed) and not _plain_range(folded, first, second, low):
        return None
    start = left.start() if left else first.start
    framing = _FRAMING.search(folded, max(0, start - _WINDOW), start)
    start = framing.start() if framing else start
    return PriceSpan(start, right.end() if right else second.end, PriceRange(low, high, currency))


def _plain_range(folded: str, first: Amount, second: Amount, low: Decimal) -> bool:
    """Whether two bare numbers can be a price: no unit, no label, not small, nothing named right after."""
    return (
        low >= 10
        and not (first.words or second.words)
        and not _LABEL.search(folded, max(0, first.start - _WINDOW), first.start)
        and _AFTER_AMOUNT.match(folded, second.end) is not None
    )


def _scaled(first: Amount, second: Amount) -> tuple[Decimal, Decimal]:
    """ "1-2k" and 一到两千 mean thousands on both sides; "100到200" means what it says."""
    low, high = first.low, second.high
    for scale in (Decimal(10_000), Decimal(1000), Decimal(100)):
        if low < 10 <= scale <= high and high % scale == 0 and high / scale > low and high < 10 * scale:
            return low * scale, high
    return low, high


def _single(folded: str, amount: Amount, asked: bool) -> PriceSpan | None:
    kind, start = _left(folded, amount)
    right, end = _right(folded, amount)
    if amount.words and amount.high < 10 and amount.currency is None and folded.strip() != folded[start:end]:
        return None
    if amount.currency is None and not asked and not _allowed(folded, amount, kind, right, end):
        return None
    if amount.currency is None and (_UNIT.match(folded, amount.end) or _labelled(folded, amount, kind)):
        return None
    if kind == "min" and (refused := _REFUSED.match(folded, end)):
        kind, end = "max", refused.end()
    framing = _FRAMING.search(folded, max(0, start - _WINDOW), start)
    start = framing.start() if framing else start
    meant = amount.high > 0 or amount.currency  # "0 sugar" names no price, "under $0" does
    limits = _limits(amount, kind.rstrip("!"), right) if meant else None
    return PriceSpan(start, end, PriceRange(*limits, amount.currency)) if limits else None


def _allowed(folded: str, amount: Amount, kind: str, right: str, end: int) -> bool:
    """Whether the words around an unmarked number make it a price."""
    if amount.words and amount.high < 10:
        return False
    if not (kind or right):
        whole = not folded[: amount.start].strip() and _AFTER_AMOUNT.match(folded, end) is not None
        return amount.round and (amount.low != amount.high or whole)
    if (kind.endswith("!") and not right) or folded[end - 1 : end] == "+":
        return amount.high >= 10 and _AFTER_AMOUNT.match(folded, end) is not None
    return True


def _labelled(folded: str, amount: Amount, kind: str) -> bool:
    if kind in ("max", "budget"):
        return False
    start = _left(folded, amount)[1]
    return _LABEL.search(folded, max(0, start - _WINDOW), start) is not None


def _left(folded: str, amount: Amount) -> tuple[str, int]:
    for kind, pattern in _LEFT:
        if found := pattern.search(folded, max(0, amount.start - _WINDOW), amount.start):
            return kind, found.start()
    return "", amount.start


def _right(folded: str, amount: Amount) -> tuple[str, int]:
    for kind, pattern in _RIGHT:
        if found := pattern.match(folded, amount.end):
            return kind, found.end()
    return "", amount.end


def _limits(amount: Amount, left: str, right: str) -> tuple[Decimal | None, Decimal | None] | None:
    kind = left if left in ("max", "min") else right or left
    low, high = amount.low, amount.high
    if kind == "min":
        return low, None
    if kind == "around" and low == high:
        return tidy(low * (1 - AROUND)), tidy(min(high * (1 + AROUND), LIMIT))
    if low != high and kind != "max":
        return low, high
    return None, high
