"""Codes of letters and digits, and digits that only the words around them give away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import iban

from bot.privacy.amounts import MEASURE_AFTER, MONEY_BEFORE
from bot.privacy.check_digits import is_resident
from bot.privacy.kinds import Found, Personal

_LINKS = r"(?:[\s.:：#=(（\"'“-]|\bis\b|\bwas\b|\bno\b\.?|\bnumber\b|\bnum\b|\bid\b|\bcode\b|号码?|编号|为|是|就是|填)"
_CODE = r"(?P<code>(?=[A-Za-z-]{0,12}\d)[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*)"
_END = r"(?![A-Za-z0-9_])"


def _after(words: str, code: str = _CODE) -> re.Pattern[str]:
    """A code behind one of the words; Chinese ones need nothing between."""
    western = "|".join(word for word in words.split("|") if word.isascii())
    chinese = "|".join(word for word in words.split("|") if not word.isascii())
    return re.compile(f"(?:(?:{western}){_LINKS}{{1,8}}|(?:{chinese}){_LINKS}{{0,8}}){code}{_END}", re.IGNORECASE)


_RULES: tuple[tuple[Personal, re.Pattern[str], int], ...] = (
    (
        Personal.ORDER,
        _after(
            r"\border|tracking|\btrack|parcel|package|shipment|invoice|receipt|confirmation|booking|reference|\bref"
            r"|\brma|\breturn|\bcase|\bticket|waybill|订单号?|单号|运单|快递单?|物流|包裹|发票|工单|流水号|取件码"
            r"|取货码|交易号"
        ),
        5,
    ),
    (
        Personal.ID,
        _after(
            r"passport|licen[cs]e|member(?:ship)?|loyalty|customer|tax id|vat|national insurance|\bni\b|student id|\bid"
            r"|plate"
            r"|employee|\bimei|serial|护照|驾照|驾驶证|会员卡?|客户|证件|学号|工号|税号|通行证|统一社会信用代码|车牌"
        ),
        5,
    ),
    (Personal.BANK, _after(r"\bswift|\bbic|\bacct|account|routing|账号|帐号|账户"), 6),
    (
        Personal.CARD,
        _after(r"\bcvv2?|\bcvc2?|security code|安全码|[Cc][Vv][Vv]码?(?=\d)|后三位|校验码", r"(?P<code>\d{3,4})"),
        3,
    ),
    (
        Personal.CARD,
        _after(r"\bexp(?:iry|ires|iration)?(?: date)?\.?|有效期至?|到期", r"(?P<code>\d{1,2} ?/ ?\d{2,4})"),
        4,
    ),
    (
        Personal.CARD,
        re.compile(
            r"(?:card|visa|mastercard|amex|卡)[^.!?。！？\n\d]{0,20}(?:ending|ends|last (?:four|4)|尾号|末四位|后四位)"
            rf"(?:[\s:：]|in|with|digits|are|is|是|为)*(?P<code>\d{{4}}){_END}",
            re.IGNORECASE,
        ),
        4,
    ),
    (Personal.CARD, re.compile(r"(?P<code>\d{4}) (?:are|is) the last (?:four|4)", re.IGNORECASE), 4),
    (
        Personal.CARD,
        re.compile(
            rf"(?:last (?:four|4)(?: digits)?(?: of my (?:\w+ )?card)?(?: are| is|:)?|尾号(?:是|为"
            rf"|[:：])?) ?(?P<code>\d{{4}}){_END}",
            re.IGNORECASE,
        ),
        4,
    ),
    (
        Personal.ORDER,
        re.compile(
            r"(?<![A-Za-z0-9_#&])"
            r"(?P<code>#\s?(?:\d{4,}(?:[- ]\d{3,})*|\d{2,3}[-/ ]\d{3,}|[A-Z]{1,4}-?\d{3,}[A-Z0-9-]*))" + _END
        ),
        4,
    ),
    (
        Personal.ORDER,
        re.compile(
            r"(?<![A-Za-z0-9])(?P<code>1Z[0-9A-Z]{16}|(?:SF|YT|JD|JT|ZTO|STO|EMS|LP|DPK|YD|JDVA|TBA)[A-Z]?\d{9,16}"
            r"|(?:EMS)?[A-Z]{2}\d{9}[A-Z]{2}|(?:ORD|ORDER|SO|PO|INV|RMA|TRK|RET|TKT|WB|SB|DD)[-_]?\d{4,}(?:-\d+)*"
            r"|(?:ORD|ORDER|SO|PO|INV|RMA|TRK|RET|TKT|WB|SB|DD)-[A-Z0-9]{4,}(?:-[A-Z0-9]+)*"
            r"|\d{3}-\d{7}-\d{7}|[A-Z]{1,5}-?\d{8,})" + _END,
            re.IGNORECASE,
        ),
        5,
    ),
    (Personal.ID, re.compile(r"(?<![A-Za-z0-9])(?P<code>[A-Z]{1,2}\d{6,7} ?\([0-9A]\))"), 8),
    (Personal.ID, re.compile(r"\b(?P<code>[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D])\b"), 9),
    (
        Personal.ID,
        re.compile(r"(?<![\d.])(?P<code>(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d))(?![\d.])"),
        7,
    ),
    (
        Personal.ID,
        re.compile(
            r"(?P<code>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][ ·]?[A-Z0-9]{5,6})" + _END
        ),
        7,
    ),
    (Personal.ID, re.compile(r"(?:身份证|证件)(?:号码?|编号)?[是为:：\s]{0,3}(?P<code>\d{15,17}[\dXx]?)" + _END), 15),
    (
        Personal.BANK,
        re.compile(r"(?:sort ?code)[\s:：is]*(?P<code>\d{2}[- ]?\d{2}[- ]?\d{2})" + _END, re.IGNORECASE),
        6,
    ),
)
# Without a word for it before: only where the message speaks of what was bought.
_SPOKEN = re.compile(
    r"cancel|\breturn|refund|exchange|ship|dispatch|deliver|arriv|order|parcel|package|track|courier|customs|depot"
    r"|delay|\bsent\b|\bdue\b"
    r"|came|chang|swap|replace|broken|leak|torn|missing|movement|happen|where|when|landing|status|\beta\b|add"
    r"|remove|instead"
    r"|退|换|取消|查|发货|到哪|到货|没到|没收到|收到|快递|物流|包裹|订单|改|派送|签收|催|什么时候|几时|哪天|进度"
    r"|发票|配送",
    re.IGNORECASE,
)
_SPOKEN_CODE = re.compile(
    r"(?<![A-Za-z0-9$¥€£#./-])(?P<code>#?(?:[A-Z]{1,4}[-/ ]?\d{4,}(?:[-/]\d+)*|[A-Z]{1,4}[-/](?:\d{2,}[-/]?)+\d*"
    r"|[A-Z]{2} \d{3} \d{3}"
    r"|[A-Z]{1,4}\d{0,2}[-/_]\d{2,}(?:-[A-Z0-9]+)*|#[A-Z]{0,4}\d+(?:[-/ ]\d+)+|#[A-Z]{0,3}\d+-[A-Z0-9]+(?:-\d+)*"
    r"|[A-Z]{2,3}\d{2,}-[A-Z0-9]+|\d{4,5}-[A-Z]{1,2}|\d{2,5}-\d{3,5}(?:-\d+)?|\d{2}/\d{4}|\d{5,8}))(?![A-Za-z0-9_]"
    r"|[.,/-]\d)"
)
_YEAR = re.compile(r"(?:19|20)\d\d(?:\d\d){0,2}")
_RIC = re.compile(r"(?<!\d)\d{6}[ -]?\d{8}[ -]?\d{3}[ -]?[Xx](?![A-Za-z0-9])")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){2,8}(?![A-Za-z0-9])", re.IGNORECASE)
_BIRTH = re.compile(
    r"(?:\bdob\b|date of birth|\bborn\b(?: on| in)?|birth ?date|birthday(?:'s| is)?|生日是?|出生日期|出生于"
    r"|生于)(?:[\s:：是]|on|is)*"
    r"(?P<code>\d{4}[-/.年 ]\d{1,2}[-/.月 ]\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}月\d{1,2}[日号]?"
    r"|(?:\d{1,2}(?:st|nd|rd|th)? (?:of )?)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
    r"(?: \d{1,2}(?!\d)(?:st|nd|rd|th)?)?(?:,? \d{4})?|\d{8}(?!\d))",
    re.IGNORECASE,
)
_BIRTH_AFTER = re.compile(r"(?P<code>\d{4}[-/.年]\d{1,2}[-/.月](?:\d{1,2}[日号]?)?)(?:出生|生)")


def codes(text: str) -> Iterator[Found]:
    """Order, tracking and identity codes of a plain text, dates of birth, security codes and IBANs."""
    for kind, rule, least in _RULES:
        for match in rule.finditer(text):
            code = match["code"]
            if len(code) >= least and not MEASURE_AFTER.match(text, match.end("code")) and not _a_word(code):
                yield Found(kind, match.start("code"), match.end("code"))
    if _SPOKEN.search(text):
        yield from _spoken(text)
    for match in _RIC.finditer(text):
        if is_resident(match[0]):
            yield Found(Personal.ID, *match.span())
    yield from _ibans(text)
    for rule in (_BIRTH, _BIRTH_AFTER):
        for match in rule.finditer(text):
            yield Found(Personal.BIRTH, match.start("code"), match.end("code"))


def _spoken(text: str) -> Iterator[Found]:
    for match in _SPOKEN_CODE.finditer(text):
        before = text[max(match.start() - 12, 0) : match.start()]
        code = match["code"]
        if sum(sign.isdigit() for sign in code) < 3 or _YEAR.fullmatch(code) or MONEY_BEFORE.search(before):
            continue
        if not MEASURE_AFTER.match(text, match.end()):
            yield Found(Personal.ORDER, *match.span())


def _a_word(code: str) -> bool:
    """ "order usb3" and "order size-10" ask for things: codes of an order have more digits than that."""
    return any(sign.isalpha() for sign in code) and sum(sign.isdigit() for sign in code) < 3 and not code.isupper()


def _ibans(text: str) -> Iterator[Found]:
    """The grouping by spaces runs into the words behind it, so shorter ends are tried."""
    for match in _IBAN.finditer(text):
        end = match.end()
        while end - match.start() >= 15:
            if iban.is_valid(text[match.start() : end]):
                yield Found(Personal.BANK, match.start(), end)
                break
            end = text.rfind(" ", match.start(), end)
