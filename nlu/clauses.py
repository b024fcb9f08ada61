"""Clauses of a message, for messages that ask for several things, and their cores without fillers."""

from __future__ import annotations

import re

_BORDER = re.compile(
    r"\s*[.!?;]+\s*(?=\S)|\s*,\s*(?:and\s+then|and\s+also|and|then|also|plus|but|oh and)?\s*(?![\d])"
    r"|\s+(?:and\s+then|and\s+also|and|then|also|plus|but|as well as|oh and)\s+(?:also\s+|then\s+)?"
    r"|\s*(?:另外|顺便|然后|还有就是|同时|对了|接着|之后再|再顺便|并且|而且)\s*|(?<=.)(?=再(?:帮|给我|看看|把"
    r"|来看|查|加|推荐|问|告诉))"
)
_LEADING = re.compile(
    r"^(?:(?:ok|okay|so|hmm+|hm|oh|ooh|well|um+|uh|hey|please|pls|plz|actually|btw|by the way|and|then|alright"
    r"|sorry|excuse me|yo"
    r"|also|but|now|anyway|guys|just|lol|right)(?![a-z])[\s,.!]*|(?:嗯+|那个|那么|请问|请|亲|麻烦你?|哎|对了"
    r"|话说|不好意思|打扰一下|老板|就是|然后|诶|唉|哦|噢)[\s,.!~]*)+"
)
_TRAILING = re.compile(
    r"(?:[\s,.!?~;:…]+(?:please|pls|plz|thanks|thank you|tho|though|lol|haha|bro|man|dude|guys|asap|right now"
    r"|now|then|thx|ok)?)+$|[吧啊呀呢哦哈啦嘛哟噢哎~]+$"
)


def clauses_of(folded: str) -> list[tuple[int, int]]:
    """The clauses as spans of the text, at least one; commas inside numbers do not split."""
    spans: list[tuple[int, int]] = []
    at = 0
    for border in _BORDER.finditer(folded):
        if border.start() > at:
            spans.append((at, border.start()))
        at = max(at, border.end())
    if at < len(folded) or not spans:
        spans.append((at, len(folded)))
    return spans


def core(clause: str) -> str:
    """The clause without politeness, hesitation and punctuation at its ends; itself where nothing else is left."""
    bare = _trimmed(clause)
    shorter = _trimmed(_LEADING.sub("", bare))
    return shorter or bare or clause.strip()


def _trimmed(clause: str) -> str:
    return _TRAILING.sub("", clause).strip(" \t\n,.!?~;:…\"'")
