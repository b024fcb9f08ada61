"""Numbers that belong to somebody: phones, cards, identity numbers, accounts, orders.

A run of digits with their separators is cut into groups, and every sequence of groups is tried, the longest first. What
the number says of itself decides first (check digits by python-stdnum, numbering plans by phonenumbers), then the word
before it ("my order 20391"). A number that says nothing, with no such word before it, is a price, a size or a model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers
from stdnum import luhn
from stdnum.us import ssn

from bot.privacy.amounts import MEASURE_AFTER, MONEY_BEFORE
from bot.privacy.check_digits import is_resident
from bot.privacy.kinds import Found, Personal

_RUN = re.compile(r"(?:\+\s?|\()?\d+(?:(?: ?[-.·()] ?|[ ]{1,3}){1,2}\d+)*\)?")
_DIGIT_WORD = r"(?:(?:double |triple )?(?:zero|oh|one|two|three|four|five|six|seven|eight|nine))"
_WORDS = re.compile(rf"\b{_DIGIT_WORD}(?:[\s,-]+{_DIGIT_WORD}){{6,}}\b", re.IGNORECASE)
_SLASHED = re.compile(r"(?<![\d/])\(?\d{3}\)? ?/ ?\d{3}[- ]\d{4}(?!\d)")
_GROUP = re.compile(r"\d+")
_REGIONS = ("US", "CN", "GB", "HK", "TW", "SG", "AU", "DE", "FR", "JP")
# Groups in which people write their own number; others are sizes, prices and lists of them.
_SHAPES = {
    *((3, 3, 4), (3, 4, 4), (1, 3, 3, 4), (4, 3, 3), (4, 3, 4), (5, 6), (4, 6), (3, 8), (4, 7), (4, 8)),
    *((2, 4, 4), (2, 8), (3, 4, 3), (5, 3, 3), (3, 7), (2, 2, 2, 2, 2), (3, 4, 4, 4), (5, 5), (4, 3, 2, 2)),
}
_LOCAL = {(3, 4), (4, 4), (7,), (8,), (3, 2, 2)}
_NEAR = 40  # characters in which a word may stand before its number
_MOST_GROUPS = 20
_LONG = 9  # digits that no price, quantity or year has

_CUES = re.compile(
    r"""(?P<product>isbn|ean\b|upc\b|sku|barcode|model|item\s(?:no|number)|型号|货号|条码|条形码|款号|商品编号)
    |(?P<card>(?:credit|debit|visa|master\s?card|amex|unionpay|bank|gift)\s?card|\bcard\b|\bvisa\b|mastercard|\bamex\b
        |卡号|银行卡|信用卡|储蓄卡|借记卡|银联卡?|[行卡]卡?(?=\s?\d))
    |(?P<id>passport|\bssn\b|social(?:\ssecurity)?|(?:national|photo)?\s?\bid\s?(?:card|number|no\b|\#|:)|licen[cs]e
        |member(?:ship)?|loyalty|customer|tax\s?(?:id|number)|imei|national\sinsurance|student\sid|employee
        |身份证|证件|护照|驾照|驾驶证|会员|客户编?号|社保|税号|统一社会信用代码|学号|工号|港澳通行证|通行证)
    |(?P<bank>iban|account|acct|routing|sort\scode|swift|\baba\b|a/c|账号|帐号|账户|帐户|开户|汇款|打款|对公)
    |(?P<order>order|tracking|track|parcel|package|shipment|invoice|receipt|confirmation|booking|reference|\bref\b
        |return|rma\b|case|ticket|waybill|订单|单号|运单|快递|物流|包裹|发票|工单|流水号|编号|取件码|取货码|交易号)
    |(?P<phone>phone|\btel\b|telephone|mobile|\bcell|\bcall|\btext|whats\s?app|sms|contact|reach|\bdial|ring\sme|fax
        |number|landline|电话|手机|号码|联系|打给|致电|拨打|座机|热线|来电|短信|tel)
    |(?P<handle>qq|扣扣|微信|wechat|vx)
    |(?P<zip>zip|\bpin(?:\s?code)?\b|post\s?code|postal|邮编|邮政编码)""",
    re.IGNORECASE | re.VERBOSE,
)
_BREAK = re.compile(r"[.!?。!?;；\n](?=\s|$|[^\d\s])")
_LEAST = {"card": 12, "id": 5, "bank": 6, "order": 4, "phone": 7, "handle": 5, "zip": 5}
_KINDS = {
    "card": Personal.CARD,
    "id": Personal.ID,
    "bank": Personal.BANK,
    "order": Personal.ORDER,
    "phone": Personal.PHONE,
    "handle": Personal.HANDLE,
    "zip": Personal.ADDRESS,
}


@dataclass(frozen=True, slots=True)
class _Number:
    """Some groups of a run: where they stand, their digits, their lengths, and whether a plus leads."""

    start: int
    end: int
    digits: str
    shape: tuple[int, ...]
    plus: bool
    inner: str


def numbers(text: str) -> Iterator[Found]:
    """Numbers of a plain text that are somebody's."""
    for run in _RUN.finditer(text):
        groups = list(_GROUP.finditer(text, run.start(), run.end()))
        at = 0
        while at < len(groups):
            found, at = _longest(text, run.start(), groups, at)
            if found:
                yield found


def _longest(text: str, run_start: int, groups: list[re.Match[str]], at: int) -> tuple[Found | None, int]:
    """The longest number that begins with a group, and the group to go on with."""
    for last in range(min(len(groups), at + _MOST_GROUPS) - 1, at - 1, -1):
        number = _number(text, run_start, groups[at : last + 1], first=at == 0)
        if not 4 <= len(number.digits) <= 34 or not _stands_alone(text, number):
            continue
        if kind := _kind(text, number):
            return Found(kind, number.start, number.end), last + 1
    return None, at + 1


def _number(text: str, run_start: int, groups: list[re.Match[str]], *, first: bool) -> _Number:
    start, end = groups[0].start(), groups[-1].end()
    if first and run_start < start:
        start = run_start
    elif text[start - 1 : start] == "(":
        start -= 1
    return _Number(
        start,
        end,
        "".join(group[0] for group in groups),
        tuple(len(group[0]) for group in groups),
        "+" in text[start : groups[0].start()],
        text[start:end],
    )


def _stands_alone(text: str, number: _Number) -> bool:
    """Not the middle of a longer word, and no part of a decimal or of an amount with thousands."""
    before, after = text[: number.start][-2:], text[number.end :][:2]
    if before and (before[-1].isascii() and (before[-1].isalnum() or before[-1] == "_")):
        return False
    if after and after[0].isascii() and (after[0].isalpha() or after[0] == "_"):
        return False
    return not re.fullmatch(r"\d[.,]", before) and not re.match(r"[.,]\d", after)


def _kind(text: str, number: _Number) -> Personal | None:
    cue = _cue(text, number)
    if MONEY_BEFORE.search(text[max(number.start - 12, 0) : number.start]):
        return None
    if cue == "product":
        return None
    return _by_itself(number, cue) or _by_cue(text, number, cue)


def _by_itself(number: _Number, cue: str) -> Personal | None:
    digits = number.digits
    if _is_card(number):
        return Personal.CARD
    if len(digits) == 18 and len(number.shape) <= 4 and is_resident(digits):
        return Personal.ID
    if number.shape == (3, 2, 4) and (number.inner.count("-") == 2 or ssn.is_valid(number.inner.replace(" ", "-"))):
        return Personal.ID
    if cue not in ("order", "id", "bank", "card", "handle") and _is_phone(number, called=cue == "phone"):
        return Personal.PHONE
    if re.fullmatch(r"(?:86)?1[3-9]\d{9}", digits) and cue not in ("order", "bank", "id", "handle"):
        return Personal.PHONE
    return None


def _is_card(number: _Number) -> bool:
    digits, shape = number.digits, number.shape
    if shape == (4, 4, 4, 4) and digits[0] in "23456":
        return True
    if not 14 <= len(digits) <= 19 or digits[0] not in "23456" or not luhn.is_valid(digits):
        return False
    return len(shape) == 1 or all(size <= 7 for size in shape)


def _is_phone(number: _Number, *, called: bool) -> bool:
    digits, shape = number.digits, number.shape
    if not 7 <= len(digits) <= 15:
        return False
    if number.plus or (digits.startswith("00") and len(digits) > 10):
        return len(digits) > 7
    if re.fullmatch(r"(?:86)?1[3-9]\d{9}", digits):
        return len(shape) <= 4 or all(size == 1 for size in shape)
    if len(digits) in (10, 11) and set(shape) == {1}:
        return True
    if re.fullmatch(r"[48]00\d{7}", digits) and len(shape) <= 3:
        return True
    if called:
        return shape in _LOCAL or len(digits) >= 9
    if shape == (10,) or (shape == (11,) and digits[0] in "01"):
        return any(_valid(digits, region) for region in _REGIONS)
    return shape in _SHAPES and any(_valid(digits, region) for region in _REGIONS)


def spoken(text: str) -> Iterator[Found]:
    """Numbers said digit by digit in English words: "five five five, zero one three two"."""
    for match in _WORDS.finditer(text):
        yield Found(Personal.PHONE, *match.span())
    for match in _SLASHED.finditer(text):
        yield Found(Personal.PHONE, *match.span())


def _valid(digits: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, region))
    except phonenumbers.NumberParseException:
        return False


def _cue(text: str, number: _Number) -> str:
    """The kind that the nearest word before the number speaks of; "" where none does, in the same sentence."""
    before = text[max(number.start - _NEAR, 0) : number.start]
    ends = [match.end() for match in _BREAK.finditer(before)]
    before = before[ends[-1] :] if ends else before
    found = ""
    for match in _CUES.finditer(before):
        # "my order number is": the word before "number" tells which.
        if match.lastgroup == "phone" and match[0].lower() in ("number", "号码") and found:
            continue
        found = match.lastgroup or ""
    return found


def _by_cue(text: str, number: _Number, cue: str) -> Personal | None:
    if len(number.shape) == 1 and len(number.digits) >= _LONG and not MEASURE_AFTER.match(text, number.end):
        return _KINDS.get(cue, Personal.ORDER)
    if not cue or len(number.digits) < _LEAST[cue] or MEASURE_AFTER.match(text, number.end):
        return None
    if cue == "phone" and number.shape not in _LOCAL and len(number.digits) < _LONG:
        return None
    if "." in number.inner or len(number.shape) > 8 or not _said_of(text, number, cue):
        return None
    return _KINDS[cue]


def _said_of(text: str, number: _Number, cue: str) -> bool:
    """Whether no other thing stands between the word and a short number: "order the size 1042"."""
    if len(number.digits) >= _LONG:
        return True
    before = text[max(number.start - _NEAR, 0) : number.start]
    last = [match for match in _CUES.finditer(before) if match.lastgroup in (cue, "phone")][-1]
    between = before[last.end() :]
    return bool(
        re.fullmatch(
            r"(?:[\s:：#(（,，'\"“-]|no\b\.?|number|num\b|id\b|is|was|it's|code|号码?|编号|为|是|的|就是|尾号)*",
            between,
            re.IGNORECASE,
        )
    )
