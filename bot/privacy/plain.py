"""A message as the finders read it: the same length, one way of writing each sign.

Full-width letters and digits, digits of other scripts and dashes of every kind come out as ASCII; long runs of Chinese
numerals become digits (a phone number may be written 一三八零零...); what is masked already, and placeholders, become
signs that no finder takes for anything.
"""

from __future__ import annotations

import re
import unicodedata

from bot.privacy.kinds import Personal
from storage.text import fold, has_chinese

MASK = "•"
_NUMERALS = str.maketrans("零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "0001234567891123456789")
_NUMERAL = "0-9零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_NUMERAL_RUN = re.compile(f"[{_NUMERAL}](?:[ -]{{0,2}}[{_NUMERAL}]){{5,}}")
_SPOKEN = 2
_PLACEHOLDER = re.compile(f"<(?:{'|'.join(Personal)})>")
# Signs that nobody sees between digits: joiners, variation selectors, the box of a keycap.
_UNSEEN = {*range(0x200B, 0x2010), 0x2060, 0xFEFF, 0xFE0E, 0xFE0F, 0x20E3}
_DASHES = {0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0x2E3A, 0xFE58, 0xFE63}


def plain(text: str) -> str:
    """The message in plain signs; character n of it is character n of the text."""
    if not text.isascii():
        text = "".join(map(_plain, text))
        text = _NUMERAL_RUN.sub(_digits, _simplified(text))
    return _PLACEHOLDER.sub(lambda held: MASK * len(held[0]), text)


def _simplified(text: str) -> str:
    """Traditional characters as simplified ones, unless that changes where anything stands."""
    if not has_chinese(text):
        return text
    folded = fold(text)
    if len(folded) != len(text):
        return text
    return "".join(new if has_chinese(old) else old for old, new in zip(text, folded, strict=True))


def _digits(run: re.Match[str]) -> str:
    """A number that is spoken in Chinese; one numeral beside ASCII digits begins another word ("...8901三天")."""
    spoken = sum(not sign.isascii() for sign in run[0])
    return run[0].translate(_NUMERALS) if spoken >= _SPOKEN else run[0]


def _plain(sign: str) -> str:
    code = ord(sign)
    if code < 128:
        return sign
    if code in _UNSEEN:
        return " "
    if code in _DASHES:
        return "-"
    if (digit := unicodedata.digit(sign, None)) is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKC", sign)
    return folded if len(folded) == 1 else sign
