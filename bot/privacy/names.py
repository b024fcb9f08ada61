"""Names where somebody says whose they are: "my name is ...", "ship to ...", 我叫..., 收件人.

A bare name is left alone: shoppers write brands, and brands are names. Surnames are those of most people in China;
given names are the commonest of many countries, asked for only where the cue is weak ("I'm Emma").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.privacy.kinds import Found, Personal

_HERE = Path(__file__).parent
_GIVEN = frozenset((_HERE / "given_names.txt").read_text(encoding="utf-8").split())
_LINES = (_HERE / "surnames.txt").read_text(encoding="utf-8").split()
_SINGLE = "".join(word for word in _LINES if len(word) > 2)
_DOUBLE = "|".join(word for word in _LINES if len(word) == 2)
_SURNAME = f"(?:{_DOUBLE}|[{_SINGLE}])"

_PART = r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*\.?"
_FULL = rf"(?P<name>{_PART}(?: {_PART}){{0,3}})"
_STRONG = re.compile(
    r"(?i:\bmy (?:full |first |last |real |maiden )?name(?:'s| is|:)|\bname(?:'s| is|:| on (?:the )?(?:order|card"
    r"|account|package|parcel|booking)(?: is|:)?)"
    r"|\b(?:recipient|consignee|addressee|cardholder|card ?holder|account holder|attn|attention"
    r"|addressed to|c/o|receiver|signed for by|collected by|pick(?:ed)? up by|first name|last name|surname"
    r"|contact person)(?: name)?(?: is|:|,)?"
    r"|\b(?:under|in) the name(?: of)?|\b(?:under|for) (?:mr|mrs|ms|miss|dr|prof)\b\.?|\byou can call me"
    r"|\bcall me\b|\bi(?:'m| am) called"
    r")"
    rf"[\s:\"'“]*{_FULL}"
)
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|mr|mrs|Madam|Sir)\.? (?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2})")
_WEAK = re.compile(
    r"(?i:\bi(?:'m|’m| am|m)|\bthis is|\bit's|\bthanks,|\bthank you,|\bregards,?|\bcheers,?|\bbest,|\bsincerely,?"
    r"|\blove,|\bsigned,?|-- ?|\n- ?|\bfor (?:my \w+,? )?|\bto (?:my \w+,? )|\bhi,? )"
    rf"\s?{_FULL}"
)
_NO_NAMES = frozenset((_HERE / "no_names.txt").read_text(encoding="utf-8").split())

_ZH_END = r"(?=$|[^\u4e00-\u9fff]|的|[,，。.!！?？、\s])"
_ZH_TAIL = (
    r"(?=$|[^\u4e00-\u9fff]|先生|女士|小姐|太太|老师|收|，|。|的|电话|手机|地址|住|是|在|想|要|订|买|下|昨|今|上"
    r"|之|这|我|你|请|和|跟)"
)
_ZH_NAME = rf"(?P<name>{_SURNAME}[\u4e00-\u9fff·]{{1,2}}?){_ZH_TAIL}"
_ZH_ANNOUNCED = re.compile(
    r"(?:我(?:的)?(?:名字|姓名|全名|真名|大名)?(?:就)?叫(?:做)?|(?:名字|姓名|全名|真名)(?:就)?(?:叫|是|为|[:：])"
    r"|收件人|收货人|联系人|持卡人|户主|户名|开户名|取件人|寄件人"
    r"|本人|我是|这是|署名|抬头是?|登记的(?:名字)?是?|预留(?:的)?(?:名字|姓名)是?|用的名字是?|姓名|名字)(?:姓名"
    r"|名字)?(?:[\s:：是为改成填写叫「“\"]{0,4})"
    rf"{_ZH_NAME}"
)
_ZH_STRONG = re.compile(
    r"(?:(?:名字|姓名|全名|真名)(?:就)?(?:叫|是|为|[:：])|收件人|收货人|联系人|持卡人|户名|开户名|取件人|寄件人"
    r"|姓名)(?:姓名|名字)?"
    rf"(?:[\s:：是为改成填写叫「“\"]{{0,4}})(?P<name>[\u4e00-\u9fff·]{{2,4}}|[A-Z][a-z]+(?: [A-Z][a-z]+)*){_ZH_END}"
)
_ZH_TITLE = re.compile(rf"(?P<name>{_SURNAME}[\u4e00-\u9fff]{{0,2}})(?:先生|女士|小姐|太太)")
_ZH_CALLED = re.compile(
    r"(?:叫我|我叫|称呼我)(?P<name>[小阿老][\u4e00-\u9fff]|[A-Z][a-z]+(?: [A-Z][a-z]+)?)" + _ZH_TAIL
)
_ZH_SURNAME = re.compile(rf"(?:我|本人|免贵)姓(?P<name>{_SURNAME})")
_ZH_SAYS = re.compile(rf"(?:免贵|我)?姓{_SURNAME}[,，]?\s?(?:名|单名)(?:一个)?(?P<name>[\u4e00-\u9fff]{{1,2}})")
_ZH_NOT = re.compile(
    r"^(?:.?(?:先生|女士|小姐|太太)|和|那|时|全|成|应该|明天|明白|任何|万一|高中|高级|高兴|何时|方便|方形|安全"
    r"|文件|文艺|成人|时候|黄色|白色|蓝色|金色|石头|马上|于是"
    r"|路过|向来|单身|单位|包装|包邮|包裹|全部|全家|全款|师傅|连衣|成年|成都|和|古风|古着|明星|安装|应届|解决|游客"
    r"|关注|管理|农村|金属|江浙|边缘|温柔|康复|高个|简单|车主|查询|白领|程序|武汉|安卓|贾|房东|房子|麻烦"
    r"|家|左|党|宫|米|云|司机|阳光|时尚|盛|宝|毛衣|毛巾|安静|华为|单反|万用|孔|左撇|方案|车|花|金|石|牛|高|成|明|和)"
)


def names(text: str) -> Iterator[Found]:
    """Announced names of a plain text."""
    yield from _english(text)
    yield from _chinese(text)


def _english(text: str) -> Iterator[Found]:
    for match in _STRONG.finditer(text):
        if found := _cut(match, known=False):
            yield found
    for match in _TITLE.finditer(text):
        yield Found(Personal.NAME, *match.span("name"))
    for match in _WEAK.finditer(text):
        if found := _cut(match, known=True):
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
    for rule in (_ZH_ANNOUNCED, _ZH_STRONG, _ZH_TITLE, _ZH_CALLED, _ZH_SURNAME, _ZH_SAYS):
        for match in rule.finditer(text):
            if rule in (_ZH_ANNOUNCED, _ZH_STRONG) and _ZH_NOT.match(match["name"]):
                continue
            yield Found(Personal.NAME, match.start("name"), match.end("name"))
