"""Where somebody lives: streets, post boxes and postcodes in English; 省市区路号室 in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.kinds import Found, Personal

_STREET = (
    r"(?:street|st|avenue|ave|av|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|way|place|pl|square|sq|terrace|ter"
    r"|highway|hwy|parkway|pkwy|circle|cir|crescent|cres|close|gardens?|grove|mews|hill|row|walk|trail|trl|loop|alley"
    r"|broadway|gate|quay|wharf|esplanade|parade|pde|plaza|turnpike|pike|green|rise|view|park|heights)"
)
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD"
    "|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|NSW|VIC|QLD|SA|TAS|ACT|NT|ON|BC|AB|QC|MB|SK|NS|NB"
)
_UK_CODE = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
_CA_CODE = r"[A-Z]\d[A-Z][ -]?\d[A-Z]\d"
_UNIT = (
    r"(?:apt|apartment|blk|unit|suite|ste|flat|floor|fl|room|rm|bldg|building|block|\#)\.? ?\#?(?:[a-z]?\d+[a-z]?"
    r"|[a-z])\b"
)
_WORD = r"(?:(?!I\b)[A-Z][\w'’.-]*|\d{1,3}(?:st|nd|rd|th)|of|the|de|la|del)"
_LOWER_WORD = r"(?:[a-z][\w'’.-]*|\d{1,3}(?:st|nd|rd|th))"
# City, state and code behind a street; each with its comma.
_TAIL = (
    rf"(?:,? ?(?i:{_UNIT}))?(?:,? {_WORD}(?: {_WORD}){{0,3}}(?=,))?(?:, ?{_WORD}(?: {_WORD}){{0,2}})?"
    rf"(?:,? (?:{_STATES})\b)?(?:,? (?:\d{{5}}(?:-\d{{4}})?|\d{{4}}|{_UK_CODE}|{_CA_CODE})\b)?(?:,? ?(?:USA?|UK"
    rf"|Canada|Australia|England))?"
)
_ENGLISH = (
    re.compile(
        rf"(?<![\w.$#-])(?:(?i:{_UNIT}),? ?)?(?:\d{{1,5}}(?:[-/]\d{{1,4}})?[A-Za-z]?),? (?:[NSEW]\.? |North "
        rf"|South |East |West )?"
        rf"(?:{_WORD} ){{1,4}}(?i:{_STREET})\b\.?(?: (?:[NSEW]|NW|NE|SW|SE)\b)?{_TAIL}"
    ),
    re.compile(
        rf"(?<![\w.$#-])(?:{_UNIT},? ?)?\d{{1,5}}[a-z]?,? (?:[nsew]\.? |north |south |east "
        rf"|west )?(?:{_LOWER_WORD} ){{1,2}}"
        r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|court|terrace|crescent)\b(?! (?:shoes?"
        r"|style|wear))"
        rf"(?:,? ?(?i:{_UNIT}))?(?:,? [a-z]+(?: [a-z]+)?,? (?:{_STATES.lower()})?\b ?\d{{5}})?",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bp\.? ?o\.? ?box ?\#?\d+[a-z]?(?:,? [A-Z][a-z]+(?: [A-Z][a-z]+)?(?:,? [A-Z]{2,3})?(?: \d{4,5})?)?",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{_UNIT}(?=[\s,.;!?)]|$)", re.IGNORECASE),
    re.compile(rf"\b(?:{_WORD} ){{0,2}}{_WORD}, ?(?:{_STATES}) \d{{5}}(?:-\d{{4}})?\b"),
    re.compile(rf"\b(?:{_STATES}),? \d{{5}}(?:-\d{{4}})?\b"),
    re.compile(rf"(?<![\w-]){_UK_CODE}(?![\w-])"),
    re.compile(rf"(?<![\w-]){_CA_CODE}(?![\w-])"),
    re.compile(
        r"(?i:\b(?:zip|post ?code|postal|pin)(?: ?code)?)(?:[\s:#]|\bis\b|it's){1,4}(?P<code>\d{4,6}(?:-\d{4})?"
        r"|[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2})\b"
    ),
)
_SURE_UNIT = re.compile(r"apt|apartment|suite|ste|flat", re.IGNORECASE)

_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海"
    "|台湾|臺灣|内蒙古|广西|廣西|西藏|宁夏|新疆|香港|澳门"
)
_CITIES = (
    "广州|深圳|杭州|南京|苏州|成都|武汉|西安|长沙|郑州|青岛|济南|厦门|福州|宁波|无锡|合肥|昆明|沈阳|大连|哈尔滨|长春|石家庄|太原|南昌"
    "|南宁|贵阳|海口|兰州|银川|西宁|乌鲁木齐|呼和浩特|拉萨|东莞|佛山|珠海|中山|惠州|温州|嘉兴|绍兴|金华|常州|南通|徐州|扬州|烟台|潍坊"
    "|洛阳|泉州|台北|臺北|高雄|台中|新北"
)
_HAN = r"[\u4e00-\u9fff]"
_AREA = rf"(?:(?:{_PROVINCES})(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)?|(?:{_CITIES})(?:市)?)"
_NUM = r"[0-9一二三四五六七八九十百零]"
_DOOR = (
    rf"(?:{_NUM}{{1,5}}[a-zA-Z]?(?:[-－之]\d+)?(?:号楼|号院|号|號|栋|棟|幢|座|单元|單元|室|楼|樓|层|层|房|弄|组|门"
    rf"|户|期)|[A-Za-z]\d?(?:栋|座|区|幢|单元)|\d+(?:-\d+)+)"
)
_NO_ROAD = r"一路|马路|公路|网路|线路|电路|铁路|走路|套路|思路|道路|路上|半路|跑路|铺路"
_PART = (
    rf"(?:{_HAN}{{1,6}}?(?:区|县|镇|乡|村|街道|开发区|新区)"
    rf"|{_HAN}{{1,8}}?(?:路|街|大道|巷|胡同|道(?=\s?\d))(?:[一二三四五六七八九东西南北中]段)?"
    r"|[\u4e00-\u9fffA-Za-z0-9]{1,10}?(?:小区|花园|家园|花苑|苑|新村|公寓|大厦|广场|中心|大楼|公馆|府|城|庭|园|湾"
    r"|大学|学院|医院|中学|小学|宿舍|科技园|工业园))"
)
_INNER = rf"(?:\s?[,，、]?\s?(?:{_DOOR}(?:\d{{2,5}}(?!\d)(?:室|房)?)?|{_PART}))"
_HOME = r"(?:小区|花园|家园|花苑|苑|新村|公寓|大厦|公馆|府|城|庭|湾|宿舍|园|广场|中心|大楼|学院)"
_CHINESE = (
    # A province or a big city, then at least a part, then whatever goes on as an address does.
    re.compile(rf"{_AREA}\s?(?:{_AREA}\s?)?(?:{_HAN}{{2,5}}?市\s?)?{_PART}{_INNER}*"),
    # A town, a district or a village that is none of these.
    re.compile(rf"(?:{_HAN}{{2,3}}(?:市|县))?{_HAN}{{2,3}}(?:区|县|镇|市)\s?{_PART}{_INNER}+"),
    re.compile(rf"{_HAN}{{2,4}}村\s?\d{{1,4}}号"),
    # A road with a number; an estate with a door.
    re.compile(
        rf"(?!(?:{_HAN}*)(?:{_NO_ROAD})){_HAN}{{2,4}}(?:路|街|大道|巷|胡同)(?:[东西南北中一二三四五六七八九]段)?\s?"
        rf"\d{{1,5}}(?:号|弄)(?!线){_INNER}*"
    ),
    re.compile(rf"{_HAN}{{2,6}}{_HOME}\s?(?:[A-Za-z0-9一二三四五六七八九十]+(?:期|区)\s?)?{_DOOR}{_INNER}*"),
    # Doors alone.
    re.compile(
        rf"{_NUM}{{1,4}}[a-zA-Z]?(?:号楼|栋|幢|座)\s?(?:{_NUM}{{1,2}}(?:单元|门)\s?)?(?:{_NUM}{{1,2}}(?:楼|层)\s?)?"
        rf"{_NUM}{{2,5}}[a-zA-Z]?(?:室|房|号|户)?"
    ),
    re.compile(rf"{_NUM}{{1,4}}(?:号楼|栋|幢|座|弄|楼)\s?{_NUM}{{1,5}}(?:单元|室|号)(?:\s?{_NUM}{{1,5}}(?:室|号)?)?"),
    re.compile(rf"{_NUM}{{1,3}}单元\s?{_NUM}{{2,5}}(?:室|号)?"),
    re.compile(r"[A-Za-z]\d?[座栋幢]\s?\d{2,5}(?:室|房)?"),
    re.compile(r"(?:邮编|邮政编码|郵遞區號)[\s:：是为]*(?P<code>\d{5,6})(?!\d)"),
)
_ANNOUNCED = re.compile(
    r"(?:收货地址|收件地址|家庭住址|送货地址|寄货地址|新地址|公司地址|我的地址|地址|住址)(?:改成|改为|改到|换成|是"
    r"|为|[:：])?\s?[:：]?\s?"
    r"(?P<code>(?![里上啥少换错填怎能可不有没还都要和对写改的吗呢])"
    r"(?=[^，。！？!?；;\n]{0,60}?(?:[0-9一二三四五六七八九十]+(?:号|室|栋|楼|座|弄|单元)|.区|.县|.镇|.村))"
    r"[\u4e00-\u9fffA-Za-z0-9（）()\-－# ]{5,60})"
)
_LEAD = re.compile(
    r"^(?:.*?(?:麻烦|请)?(?:寄到|送到|发到|寄去|送去|发往|寄往|快递到|邮到|住在|家住|搬到|搬去|改成|改到|改为|换到"
    r"|换成|放到|放在|送至|寄至|配送至?|地址是?|就在|是在|我在|到|住|在|是))"
)


def addresses(text: str) -> Iterator[Found]:
    """Addresses of a plain text, whole or in part."""
    if any(sign.isdigit() for sign in text):
        for rule in _ENGLISH:
            yield from _spans(rule, text)
    for rule in _CHINESE:
        for match in rule.finditer(text):
            yield Found(Personal.ADDRESS, *_without_lead(text, *_place(match)))
    for match in _ANNOUNCED.finditer(text):
        yield Found(Personal.ADDRESS, match.start("code"), match.start("code") + len(match["code"].rstrip()))


def _spans(rule: re.Pattern[str], text: str) -> Iterator[Found]:
    for match in rule.finditer(text):
        if rule is _ENGLISH[3] and not _SURE_UNIT.match(match[0]):
            continue
        yield Found(Personal.ADDRESS, *_place(match))


def _place(match: re.Match[str]) -> tuple[int, int]:
    return match.span("code") if "code" in match.re.groupindex else match.span()


def _without_lead(text: str, start: int, end: int) -> tuple[int, int]:
    """The verb that a place's first characters ran into (寄到, 住在) is no part of the address."""
    lead = _LEAD.match(text[start : min(start + 8, end)])
    return (start + lead.end(), end) if lead and start + lead.end() < end else (start, end)
