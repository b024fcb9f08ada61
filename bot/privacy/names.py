"""Names where somebody says whose they are: "my name is ...", "ship to ...", 我叫..., 收件人.

A bare first name is left alone, and so is a bare Chinese one: shoppers write brands and words that look like names. A
given name with a surname beside it is a person, unless the two are known as a brand or as somebody famous. Surnames are
those of most people in China; given names are the commonest of many countries, asked for only where the cue is weak
("I'm Emma").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.privacy.kinds import Found, Personal

_HERE = Path(__file__).parent
_GIVEN = frozenset((_HERE / "given_names.txt").read_text(encoding="utf-8").split())
_NO_NAMES = frozenset((_HERE / "no_names.txt").read_text(encoding="utf-8").split())
_NO_PERSONS = frozenset((_HERE / "no_persons.txt").read_text(encoding="utf-8").splitlines())
_NO_SECOND = frozenset((_HERE / "no_second_names.txt").read_text(encoding="utf-8").split())
_LINES = (_HERE / "surnames.txt").read_text(encoding="utf-8").split()
_SINGLE = "".join(word for word in _LINES if len(word) > 2)
_DOUBLE = "|".join(word for word in _LINES if len(word) == 2)
_SURNAME = f"(?:{_DOUBLE}|[{_SINGLE}])"

_PART = r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*\.?"
_FULL = rf"(?P<name>{_PART}(?: {_PART}){{0,3}})"
_STRONG = re.compile(
    r"(?:\bmy (?:full |first |last |real |maiden )?name(?:'s| is|:)|\bname(?:'s| is|:| -)"
    r"|\bname on (?:the )?(?:order|card|account|package|parcel|booking)(?: is|:)?"
    r"|\b(?:recipient|consignee|addressee|cardholder|account holder|attn|attention|addressed to|c/o|receiver"
    r"|signed for by|collected by|pick(?:ed)? up by|first name|last name|surname|contact person)(?: name)?(?: is|:|,)?"
    r"|\b(?:contact|card holder|recipient|receiver|to|for)(?: is|:)"
    r"|\b(?:under|in) the name(?: of)?|\byou can call me|\bcall me\b|\bi(?:'m| am) called)"
    rf"[\s:\"'“-]*{_FULL}",
    re.IGNORECASE,
)
_CAPITALS = r"(?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2})"
_TITLE = re.compile(
    r"\b(?P<name>(?:Mr|Mrs|Ms|Miss|Dr|Prof|Madam|mr|mrs)\.?(?: and Mrs\.?)? [A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2})"
)
_BRANDED = re.compile(
    r"\b(?:Coffee|Martens|Marten|Dior|Marvel|Clean|Pepper|Bean|Potato|Somebody|Right|Fix|Seuss|Scholl|Brown|Who|Jart"
    r"|Bubble|Tumble|Porter|Sixty|Selfridge|Kipling)\b"
)
_WEAK = re.compile(
    r"(?=(?P<cue>\bi(?:'m|’m| am|m)|\bthis is|\bit'?s|\bthanks,|\bthank you,|\bregards,?|\bcheers,?|\bbest,"
    r"|\bsincerely,?|\blove,|\bsigned,?|-- ?|\n- ?|\bgift for|\bmy (?:wife|husband|mom|mum|dad|sister|brother|son"
    r"|daughter|boyfriend|girlfriend|friend|colleague|neighbou?r|roommate)|\"to|\bput|\bname)"
    rf",?\s?{_FULL})",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"(?<![\w-])(?P<name>[A-Z][a-zà-ÿ'’-]+(?: [A-Z]\.?)?(?: [A-Z][\w'’-]+){1,2})(?![\w-])")

_HERE_SPEAKS = re.compile(r"\b(?P<name>[A-Z][a-z'’-]+) here(?=\s*(?:[,.!]|again\b|$))")

_ZH_TAIL = (
    r"(?=$|[^\u4e00-\u9fff]|先生|女士|小姐|太太|老师|收|的|电话|手机|地址|身份证|住|是|在|想|要|订|买|下|昨|今|上"
    r"|之|这|我|你|请|和|跟|就|吧|哦|啊|呢|来|代)"
)
_ZH_NAME = rf"(?P<name>{_SURNAME}[\u4e00-\u9fff·]{{1,2}}?){_ZH_TAIL}"
_ZH_LINKS = r"(?:[\s:：是为改成填写叫「“\"]{0,4})"
_ZH_ANNOUNCED = re.compile(
    r"(?:我(?:的)?(?:名字|姓名|全名|真名|大名|英文名)?(?:就)?叫(?:做)?|(?:名字|姓名|全名|真名)(?:就)?(?:叫|是|为"
    r"|[:：])?"
    r"|收件人?|收货人|联系人|持卡人|户主|户名|开户名|取件人|寄件人|本人|我是|这是|署名|落款|抬头是?|登记的(?:名字)?是?"
    rf"|预留(?:的)?(?:名字|姓名)是?|用的名字是?)(?:姓名|名字?)?{_ZH_LINKS}{_ZH_NAME}"
)
_ZH_LATIN = re.compile(
    r"(?:英文名|姓名|名字|收件人|收货人|联系人|持卡人|户名|我叫|叫我)(?:姓名|名字?)?"
    rf"{_ZH_LINKS}(?P<name>[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+){{0,2}})"
)
_ZH_TITLE = re.compile(
    rf"(?:^|(?<=[\s,，。:：;；、!！•给请写找叫是姓寄送号烦我和跟])|(?<=[a-z0-9]))"
    rf"(?P<name>(?:{_SURNAME}[\u4e00-\u9fff]{{0,2}}?)(?:先生|女士|小姐|太太|老师|总))"
    r"(?=$|[^\u4e00-\u9fff]|收|签|代|的|来|接|订|电话|已|要|说|想|买|家|在|您|你)"
)
_ZH_CALLED = re.compile(
    rf"(?:叫我|我叫|称呼我)(?P<name>[小阿老][\u4e00-\u9fff]|[A-Z][a-z]+(?: [A-Z][a-z]+)?){_ZH_TAIL}"
)
_ZH_SURNAME = re.compile(rf"(?:我|本人|免贵)姓(?P<name>{_SURNAME})")
_ZH_SAYS = re.compile(rf"(?:免贵|我)?姓{_SURNAME}[,，]?\s?(?:名|单名)(?:一个)?(?P<name>[\u4e00-\u9fff]{{1,2}})")
_ZH_BESIDE = re.compile(
    rf"(?:^|(?<=[\s,，。;；、:：•我]))(?P<name>{_SURNAME}[\u4e00-\u9fff]{{1,2}}?|[老小]{_SURNAME})"
    r"(?:收|代收)?(?=$|[\s,，。;；、•]|收)"
)
_ZH_NOT = frozenset((_HERE / "no_names_zh.txt").read_text(encoding="utf-8").split())


def names(text: str) -> Iterator[Found]:
    """Announced names of a plain text."""
    yield from _english(text)
    yield from _whole(text)
    yield from _chinese(text)


def _whole(text: str) -> Iterator[Found]:
    """A known given name with another word in capitals behind it, "Emma Wilson"; and who says that they are here."""
    for match in _BESIDE.finditer(text):
        words = [word.removesuffix("'s").removesuffix("’s").lower() for word in match["name"].split()]
        if words[0] in _GIVEN and " ".join(words[:2]) not in _NO_PERSONS and words[1] not in _NO_SECOND:
            yield Found(Personal.NAME, *match.span("name"))
    for match in _HERE_SPEAKS.finditer(text):
        if match["name"].lower() in _GIVEN:
            yield Found(Personal.NAME, *match.span("name"))


def names_beside(text: str) -> Iterator[Found]:
    """Names that nobody announces but what stands beside them does: an address, a phone, an order."""
    for match in _BESIDE.finditer(text):
        if match["name"].split()[0].lower() in _GIVEN:
            yield Found(Personal.NAME, *match.span("name"))
    for match in _ZH_BESIDE.finditer(text):
        if not _is_word(match["name"]):
            yield Found(Personal.NAME, *match.span("name"))


def _english(text: str) -> Iterator[Found]:
    for match in _STRONG.finditer(text):
        if found := _cut(match, known=False):
            yield found
    for match in _TITLE.finditer(text):
        if not _BRANDED.search(match["name"]):
            yield Found(Personal.NAME, *match.span("name"))
    for match in _WEAK.finditer(text):
        if found := _cut(match, known=match["cue"].lower() != "name" or not match["name"][0].isupper()):
            yield found


def _cut(match: re.Match[str], *, known: bool) -> Found | None:
    """The words of a name up to the first that is none. A weak cue needs a known given name, and what follows it in
    capitals; a strong one takes one word, and more while they look like the first.
    """
    words = [(word[0], word.start(), word.end()) for word in re.finditer(r"\S+", match["name"])]
    first = words[0][0].rstrip(".").lower()
    rest = match.string[match.end("name") :]
    if first in _NO_NAMES or (known and first not in _GIVEN):
        return None
    capital = words[0][0][0].isupper()
    if not capital and first not in _GIVEN and not _closes(words, rest):
        return None
    end = words[0][2]
    for number, (word, _, stop) in enumerate(words[1:], start=1):
        bare = word.rstrip(".").lower()
        if bare in _NO_NAMES or (capital and not word[0].isupper()) or (not capital and (known or number > 1)):
            break
        end = stop
    start = match.start("name")
    stop = start + len(match["name"][:end].rstrip("."))
    return Found(Personal.NAME, start, stop)


def _closes(words: list[tuple[str, int, int]], rest: str) -> bool:
    """Whether a word in small letters is all that is said behind the cue, as a name is: "my name is xiaowei, ..."."""
    behind = words[1][0].lower() if len(words) > 1 else rest.strip()[:1]
    return behind in _NO_NAMES or not behind or not behind[0].isalnum() or (len(words) == 2 and not rest.strip())


def _chinese(text: str) -> Iterator[Found]:
    for rule in (_ZH_ANNOUNCED, _ZH_LATIN, _ZH_TITLE, _ZH_CALLED, _ZH_SURNAME, _ZH_SAYS):
        for match in rule.finditer(text):
            if rule is not _ZH_ANNOUNCED or not _is_word(match["name"]):
                yield Found(Personal.NAME, match.start("name"), match.end("name"))


def _is_word(name: str) -> bool:
    """Whether what looks like a surname and a given name begins as an ordinary word does: 高中, 白色, 方便."""
    return name[:2] in _ZH_NOT or name in _ZH_NOT
