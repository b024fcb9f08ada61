"""Which shown items a message points at, in both languages.

"the second one", "#3", "1 or 3?", 最后一个, 第1款和第3款, "it", 这款. Positions count from 1 in the last numbered
list shown; -1 is the last, -2 the last but one; a pronoun points without a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nlu.fold import fold
from nlu.numerals import HAN_DIGITS, chinese_number

MOST_ITEMS = 50  # the longest list a shop numbers
Refs = tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class ItemSpan:
    """A phrase that points at shown items. `refs` is empty where it names no number ("it", "这个")."""

    start: int
    end: int
    refs: tuple[int, ...] = ()


_ORDINALS = {
    word: number
    for number, words in enumerate(
        (
            "first 1st top", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th", "seventh 7th",
            "eighth 8th", "ninth 9th", "tenth 10th",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_ORDINALS |= {"last": -1, "final": -1, "bottom": -1}
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_ORDINAL = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_NUMBER = "|".join(_WORDS)
_THING = r"(?:ones?|items?|options?|products?|picks?|choices?|results?|things?|cards?)"
_MEASURE = "个件款双条只种台把张套项本顶支瓶部副块盒包幅枚辆"
_HAN = f"[{HAN_DIGITS}十百]"
# What an ordinal or a bare number is when it points at no item.
_NOT_AN_ITEM = (
    r"(?!\s*(?:time|day|week|month|year|hand|step|thing i|order|name|class|floor|grade|birthday|date|night|of all))"
)

_CHOOSING = re.compile(
    r"(?:^|[,.!?:]|(?<![a-z])(?:and|or|vs|add|take|get|buy|remove|save|compare|is|delete|choose|pick|want|about|like))\s*$"
)
_FIRST_FEW = re.compile(rf"(?<![a-z])(?:the\s+)?(first|top|last|bottom)\s+(\d|{_NUMBER})(?:\s+{_THING})?(?![a-z0-9])")
_LISTED = re.compile(
    rf"(?<![a-z])(?:the\s+)?(?:{_ORDINAL})(?:\s+{_THING})?"
    rf"(?:\s*(?:,|and|or|&|vs\.?|versus)\s*(?:the\s+)?(?:{_ORDINAL}))+(?:\s+{_THING})?(?![a-z])"
)
_NTH = re.compile(rf"(?<![a-z0-9])(?:the\s+)?(?:very\s+)?({_ORDINAL})(?:\s+({_THING}))?(?![a-z0-9])(?!-){_NOT_AN_ITEM}")
_LABELLED = re.compile(
    r"(?:(?<![a-z])(?:(?:numbers?|option|item|choice|product|pick|result)\s*(?:number|no\.?|#)?"
    r"|nos?\.?|nr\.?)\s*#?\s*|#\s?)"
    rf"(\d{{1,2}}|{_NUMBER})((?:\s*(?:,|and|or|&)\s*#?\s*(?:\d{{1,2}}|{_NUMBER}))*)(?![a-z0-9-])"
)
_LETTERED = re.compile(r"(?<![a-z])option ([a-e])(?![a-z])")
_NOT_A_COUNT = (
    r"(?![\d.%]|\s*(?:[a-z\"]*(?:inch|cm|mm|year|pack|pcs|piece|pair|star|day|hour|ml|oz|dollar|buck|usd|yuan)"
    r"|[元块岁码寸件双条天年月折点]))"
)
_CHOICE = re.compile(
    r"(?<![\d.$€£¥#a-z-])(?<!size )(?<!sizes )(\d{1,2})"
    r"\s*(?:,|and|or|&|vs\.?|versus|还是|或者?|和|跟|与|、|比)\s*(?:no\.?\s*|#\s*)?(\d{1,2})"
    rf"(?:\s*(?:,|and|or|&|和|、)\s*(\d{{1,2}}))?{_NOT_A_COUNT}"
)
_BOTH = re.compile(
    r"(?<![a-z])(?:both(?: of (?:them|these|those))?|all (?:of )?(?:them|these|those|three|four|five)"
    r"|those two|these two)(?![a-z])"
)
_MIDDLE = re.compile(r"(?<![a-z])(?:the\s+)?middle(?:\s+one)?(?![a-z])|中间(?:那|的|这)?(?:一)?[个款件双条]?")
_POINTED = re.compile(
    r"(?<![a-z])(?:(?:this|that|these|those) ones?|(?:this|that) (?:thing|item|product)|it|them|these|those"
    r"|(?:this|that)(?=$|\s*[?!.,;]|'s\b|\s+(?:in|to|out|off|from|for later|please|and|or|with|come|look|fit|work"
    r"|one|too|instead|now|away|back|into|then)\b))(?![a-z])"
)
_SUBJECT = re.compile(
    r"(?:^|(?<=[.,!?;])|(?<=[.,!?;]\s))(?:this|that)(?=\s+(?:is|was|has|looks|seems|would|will|might|can|isn't|doesn't|does)\b)"
)
_EXPLETIVE = re.compile(
    r"\s*(?:'?s|\s+is|\s+will be|'ll be)\s+(?:for\b|a\s+(?:gift|present|surprise)|(?:my|his|her|their)\b"
    r"|raining|cold|hot outside|snowing|winter|summer)"
)
_ZH_NTH = re.compile(
    rf"第\s?(\d{{1,2}}|{_HAN}{{1,3}})(?:\s?(?:[{_MEASURE}号位名样]))?(?![次天方年代眼季期步月时批页家]|时间)"
)
_ZH_FEW = re.compile(rf"(前|后|最后|头)(?:面)?(\d|[两二三四五六七八九])[{_MEASURE}]")
_ZH_LAST = re.compile(rf"(?:最后|末尾|最末|最下面|最底下)(?:的)?(?:那|这)?(?:一)?[{_MEASURE}]|最后的那[{_MEASURE}]")
_ZH_FIRST = re.compile(
    rf"(?:最上面|最前面|最上边|打头)(?:的)?(?:那|这)?(?:一)?[{_MEASURE}]|头一[{_MEASURE}]|上一[{_MEASURE}]"
)
_ZH_BACKWARDS = re.compile(rf"倒数第(\d|[一二三四五])[{_MEASURE}]?")
_ZH_NUMBERED = re.compile(
    rf"(?<![\d月.大小])(\d{{1,2}}|[一二三四五六七八九十])号(?!前|之前|到|发|字|码|线|店|仓|[上下]午|晚)(?:[{_MEASURE}](?!人))?"
)
_ZH_POINTED = re.compile(
    rf"(?:这|那|它)(?:两|俩|几|些|三|四|五)[{_MEASURE}]?|(?:这|那)(?:一)?[{_MEASURE}](?!月|星期|礼拜|时候|意思|问题)"
    r"|[这那]些|它们?|这俩|那俩|(?:这|那)(?=多少钱|怎么卖|怎么样|是什么|能|有没有|可以|适合|好看)"
)


def item_refs_in(text: str, *, shown: int = 0) -> tuple[ItemSpan, ...]:
    """The phrases that point at shown items, left to right, never overlapping. Never raises.

    `shown` is how many items are on screen: with it "both" and a lone "2" have a meaning.
    """
    folded = fold(text)
    spans: list[ItemSpan] = []
    for span in [*_lone(folded, shown), *_english(folded, shown), *_chinese(folded, shown)]:
        if span.end > span.start and not any(span.start < other.end and other.start < span.end for other in spans):
            spans.append(span)
    return tuple(sorted(spans, key=lambda span: span.start))


def _lone(folded: str, shown: int) -> Iterator[ItemSpan]:
    """A message that is one number, with that many items on screen."""
    found = re.fullmatch(r"\s*(?:the )?(\d{1,2}|[一二三四五六七八九])\s*[.?!]*\s*", folded)
    number = _number(found[1]) if found else None
    if found and number and number <= shown:
        yield ItemSpan(found.start(1), found.end(1), (number,))


def _english(folded: str, shown: int) -> Iterator[ItemSpan]:
    for pattern, refs_of in _ENGLISH:
        for found in pattern.finditer(folded):
            refs = refs_of(found, shown)
            if refs is not None:
                yield ItemSpan(found.start(), found.end(), refs)


def _refs_few(found: re.Match[str], shown: int) -> Refs:
    return _few(found[1] in ("last", "bottom"), _number(found[2]) or 1, shown)


def _refs_listed(found: re.Match[str], shown: int) -> Refs:
    return tuple(_ORDINALS[word] for word in re.findall(rf"\b(?:{_ORDINAL})\b", found[0]))


def _refs_nth(found: re.Match[str], shown: int) -> Refs:
    return (_ORDINALS[found[1]],) if found[2] or _points(found.string, found) else None


def _refs_labelled(found: re.Match[str], shown: int) -> Refs:
    refs = tuple(filter(None, map(_number, re.findall(rf"\d{{1,2}}|{_NUMBER}", found[1] + found[2]))))
    return refs if refs and max(refs) <= MOST_ITEMS else None


def _refs_lettered(found: re.Match[str], shown: int) -> Refs:
    return (ord(found[1]) - ord("a") + 1,)


def _refs_choice(found: re.Match[str], shown: int) -> Refs:
    refs = tuple(int(number) for number in found.groups() if number)
    return refs if min(refs) > 0 and max(refs) <= max(shown, 10) else None


def _refs_both(found: re.Match[str], shown: int) -> Refs:
    return tuple(range(1, shown + 1)) if 0 < shown <= 10 else ()


def _refs_middle(found: re.Match[str], shown: int) -> Refs:
    return ((shown + 1) // 2,) if shown % 2 else ()


def _refs_pointed(found: re.Match[str], shown: int) -> Refs:
    return None if found[0] == "it" and _EXPLETIVE.match(found.string, found.end()) else ()


_ENGLISH: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], int], Refs]], ...] = (
    (_FIRST_FEW, _refs_few),
    (_LISTED, _refs_listed),
    (_NTH, _refs_nth),
    (_LABELLED, _refs_labelled),
    (_LETTERED, _refs_lettered),
    (_CHOICE, _refs_choice),
    (_BOTH, _refs_both),
    (_MIDDLE, _refs_middle),
    (_SUBJECT, _refs_pointed),
    (_POINTED, _refs_pointed),
)


def _points(folded: str, found: re.Match[str]) -> bool:
    """Whether a bare ordinal ("the second", "2nd?") is a whole phrase and not "first I need ..." or "top quality"."""
    after = folded[found.end() :].lstrip()
    if found[1] in ("top", "bottom", "final"):
        return False
    if found[0].startswith("the "):
        return True
    return (not after or after[0] in "?!.,") and _CHOOSING.search(folded, 0, found.start()) is not None


def _chinese(folded: str, shown: int) -> Iterator[ItemSpan]:
    if folded.isascii():
        return
    for found in _ZH_BACKWARDS.finditer(folded):
        yield ItemSpan(found.start(), found.end(), (-(_number(found[1]) or 1),))
    for found in _ZH_FEW.finditer(folded):
        yield ItemSpan(found.start(), found.end(), _few(found[1] in ("后", "最后"), _number(found[2]) or 1, shown))
    for pattern, ref in ((_ZH_LAST, -1), (_ZH_FIRST, 1)):
        for found in pattern.finditer(folded):
            yield ItemSpan(found.start(), found.end(), (ref,))
    for found in [*_ZH_NTH.finditer(folded), *_ZH_NUMBERED.finditer(folded)]:
        number = _number(found[1])
        if number and number <= MOST_ITEMS:
            yield ItemSpan(found.start(), found.end(), (number,))
    for found in _ZH_POINTED.finditer(folded):
        both = shown and found[0][1:2] in ("两", "俩") and shown == 2
        yield ItemSpan(found.start(), found.end(), (1, 2) if both else ())


def _few(last: bool, count: int, shown: int) -> tuple[int, ...]:
    """ "the last two" of three shown are 2 and 3; where nothing is known of the list, -2 and -1."""
    count = min(count, 10)
    if not last:
        return tuple(range(1, count + 1))
    return tuple(range(shown - count + 1, shown + 1)) if shown >= count else tuple(range(-count, 0))


def _number(words: str) -> int | None:
    if words.isdecimal():
        return int(words) or None
    if words in _WORDS:
        return _WORDS[words]
    read = chinese_number(words)
    return int(read[0]) if read and read[0] == read[1] and read[0] > 0 else None
