"""Sizes that no vocabulary lists: numbers with a unit, and letters where they can only be a size.

"size 38", "US 9", "32x34", "13 inch", "100ml", "2XL", 38码, M号, 15寸. Single letters are read from the original
text: "M" is a size, the "m" of "I'm" is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlu.fold import fold


@dataclass(frozen=True, slots=True)
class SizeSpan:
    """A size where it stands; `value` is its normal form ("38", "US 9", "XL", "13 inch")."""

    start: int
    end: int
    value: str


_LETTERS = r"(?:\d?x{1,3}l|\d?x{1,2}s|xs|s|m|l|[2-6]xl?)"
_MEASURES = (
    r"inch(?:es)?|in\.|\"|cm|mm|ft|foot|feet|met(?:er|re)s?|ml|lit(?:er|re)s?|l|oz|fl oz|ounces?|quarts?"
    r"|gallons?|lbs?|kg|g"
    r"|pieces?|pcs|persons?|people|seater|英寸|寸|厘米|公分|毫米|米|毫升|升|公斤|斤|克|人座|人用|座|人位"
)
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![a-z])(?:(?:us|uk|eu|cn|jp) )?sizes?\s+(?:is\s+)?(?:(?:us|uk|eu|cn"
        rf"|jp) ?)?(?P<plain>\d{{1,2}}(?:\.5)?t?|{_LETTERS}|x-?small|x-?large)(?![a-z0-9%])",
        r"(?<![a-z])(?P<region>us|uk|eu|eur|cn|jp)\s?(?P<number>\d{1,2}(?:\.5)?)(?![a-z0-9%$])",
        r"(?<![a-z0-9.$])(?P<area>w?\d{1,3}(?:\.\d)?\s?[x×]\s?l?\d{1,3}(?:\.\d)?(?:\s?(?:cm|mm|in|inch(?:es)?"
        r"|ft))?)(?![a-z0-9])",
        rf"(?<![a-z0-9.$€£¥#-])(?P<count>\d{{1,4}}(?:\.\d{{1,2}})?)\s?-?\s?(?P<unit>{_MEASURES})(?![a-z])",
        r"(?<![a-z0-9])(?P<letters>\d?x{1,3}l|xs|xxs|[2-6]x)(?:\s?[码号])?(?![a-z0-9])",
        rf"(?<![a-z0-9'])(?P<coded>{_LETTERS}|\d{{2}}(?:\.5)?)\s?(?:码|号(?!前|之前|到|发|线|楼|店))(?:半)?",
        rf"尺码\s?(?:是|为|要|穿|选)?\s?(?P<named>{_LETTERS}|\d{{2}}(?:\.5)?)(?![a-z0-9])",
        r"(?<![a-z])(?P<waist>\d{2}) waist(?![a-z])|(?<![a-z0-9])(?P<waisted>w\d{2})(?![a-z0-9])",
        r"(?<![a-z])(?P<word>(?:queen|king|twin|full|travel|pocket|family|party|plus|compact)(?:[ -]sized?)"
        r"|petites?|extra wide|wide fit|jumbo|(?:queen|king|twin xl)(?= (?:bed|sheet|duvet|comforter|mattress"
        r"|quilt|blanket|pillow)))(?![a-z])",
    )
)
_LONE_LETTER = re.compile(r"(?<![A-Za-z0-9'’&.$-])(S|M|L)(?![A-Za-z0-9'’&.-])")
_INCHES = {
    '"': "inch",
    "in.": "inch",
    "inches": "inch",
    "英寸": "inch",
    "寸": "inch",
    "厘米": "cm",
    "公分": "cm",
    "毫米": "mm",
    "毫升": "ml",
}
_ITEM_NUMBERS = 20  # 38号 is a size, 2号 the second item


def sizes_in(text: str, *, asked: bool = False) -> tuple[SizeSpan, ...]:
    """The sizes of a message, left to right, never overlapping. Never raises.

    `asked` is true where the bot has just asked for a size: then "38" or "m" alone is one.
    """
    folded = fold(text)
    spans: list[SizeSpan] = []
    for pattern in _PATTERNS:
        for found in pattern.finditer(folded):
            value = _value(found)
            if value and not any(span.start < found.end() and found.start() < span.end for span in spans):
                spans.append(SizeSpan(found.start(), found.end(), value))
    spans += [
        SizeSpan(found.start(), found.end(), found[1])
        for found in _LONE_LETTER.finditer(text)
        if not any(span.start < found.end() and found.start() < span.end for span in spans)
    ]
    if asked and not spans and (lone := re.fullmatch(rf"\s*({_LETTERS}|\d{{1,2}}(?:\.5)?)\s*[.!]?\s*", folded)):
        spans.append(SizeSpan(lone.start(1), lone.end(1), lone[1].upper()))
    return tuple(sorted(spans, key=lambda span: span.start))


def _value(found: re.Match[str]) -> str | None:
    groups = {name: group for name, group in found.groupdict().items() if group}
    if "region" in groups:
        return f"{groups['region'].upper().replace('EUR', 'EU')} {groups['number']}"
    if "count" in groups:
        return f"{groups['count']} {_INCHES.get(groups['unit'], groups['unit'])}"
    if "coded" in groups and groups["coded"].isdecimal() and "号" in found[0] and int(groups["coded"]) <= _ITEM_NUMBERS:
        return None
    plain = next(iter(groups.values()))
    if "word" in groups or "area" in groups:
        return (
            plain.replace(" ", "")
            if "area" in groups
            else plain.replace("-", " ").removesuffix(" sized").removesuffix(" size")
        )
    return plain.upper()
