"""Ways to reach somebody that are no phone: mail addresses, links to a person, names in messengers and networks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.kinds import Found, Personal

_HOSTS = (
    r"(?:gmail|qq|163|126|139|189|sina|sohu|foxmail|aliyun|hotmail|outlook|yahoo|icloud|live|proton(?:mail)?|aol"
    r"|gmx|mail|msn|me|yeah|googlemail|ymail|web|naver)"
)
_ENDS = r"(?:com|cn|net|org|edu|gov|io|co|uk|de|fr|me|ca|au|hk|tw|sg|jp|us|info|app|dev|shop|biz)"
_MAILS = (
    re.compile(r"(?<![\w.+%-])[a-z0-9][\w.+%'’-]*@(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE | re.ASCII),
    # Without its ending, with spaces, or spelt so that no machine reads it.
    re.compile(rf"(?<![\w.+%-])[a-z0-9][\w.+%-]* ?@ ?{_HOSTS}(?: ?\. ?{_ENDS})*\b", re.IGNORECASE | re.ASCII),
    re.compile(
        r"(?<![\w.+%-])[a-z0-9][a-z0-9+%-]*(?:(?: dot | ?\. ?|_| underscore "
        r"| dash )[a-z0-9+%-]+){0,6} ?(?:[(\[{]\s?at\s?[)\]}]|艾特|#)"
        rf" ?[\w-]+(?: ?(?:[(\[{{]\s?dot\s?[)\]}}]| dot |点|\.) ?(?:[\w-]+?(?: ?(?:[(\[{{]\s?dot\s?[)\]}}]| dot "
        rf"|点|\.) ?))?{_ENDS}\b)",
        re.IGNORECASE | re.ASCII,
    ),
    re.compile(
        rf"(?<![\w.+%-])[a-z0-9][a-z0-9+%-]*(?:(?: dot | ?\. ?|_| underscore | dash )[a-z0-9+%-]+){0, 6} at (?:{_HOSTS}"
        rf"|[\w-]+(?= dot ))(?:(?: dot | ?\. ?)[a-z0-9-]+){1, 4}",
        re.IGNORECASE | re.ASCII,
    ),
    re.compile(r"(?<![\w.+%-])[a-z0-9][\w.+%-]* @ (?:[a-z0-9-]+ ?\. ?){1,4}[a-z]{2,4}\b", re.IGNORECASE | re.ASCII),
)
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'，。；！？、）)\u3000\u4e00-\u9fff]+", re.IGNORECASE)
_OF_A_PERSON = re.compile(
    r"//[^/]*@|//user\.|[/?&#](?:u|user|users|profile|profiles|people|person|member|members|account|in|friend"
    r"|invite|order"
    r"|orders)[/=]"
    r"|/@|[?&#][\w-]*(?:email|e-mail|mail|token|uid|user|name|phone|mobile|tel|order|session|sid|key|auth|addr"
    r"|code)[\w-]*="
    r"|(?:facebook|fb|instagram|twitter|x|linkedin|weibo|tiktok|douyin|xiaohongshu|snapchat|t|wa|line|vk|paypal|venmo"
    r"|pinterest|github|reddit)\.(?:com|me|cn|be)/\w|\d{7,}@|%40",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?<![\w@./])(?:t\.me|wa\.me|(?:www\.)?(?:facebook|fb|instagram|twitter|weibo|tiktok|linkedin|line"
    r"|paypal)\.(?:com|me|cn))"
    r"/[\w./?=&@+-]+",
    re.IGNORECASE | re.ASCII,
)
_AT_CHINESE = re.compile(r"@[\u4e00-\u9fff]{2,12}")
_AT = re.compile(r"(?<![\w@./])@[a-z][\w.]{2,31}\b(?!=)", re.IGNORECASE | re.ASCII)
_SAY = (
    r"(?:[\s:：(（\"'“]|(?:\b(?:id|name|handle|user ?name|account|number|no|is|as|me|on|at|it's)\b|号码?|账号|帐号"
    r"|昵称|用户名|是|为|上|就是|加我?|搜索?|我的?))"
)
_NAMED = (
    re.compile(
        rf"(?:微信|威信|薇信|v信|(?<![a-z])(?:wechat|weixin|we chat|vx|wx)(?![a-z])|加v|加薇|加微|绿泡泡){_SAY}{{0,8}}"
        r"(?P<name>[a-z][\w-]{4,19}|\d{6,12})(?![\w@])",
        re.IGNORECASE | re.ASCII,
    ),
    re.compile(
        r"(?:(?<![a-z])(?:instagram|insta|ig|snapchat|snap|skype|discord|twitter|tiktok|telegram|tg|signal|line"
        r"|kakao|facebook"
        r"|fb|messenger|venmo|paypal|steam|xbox|psn)(?![\w])|抖音|小红书|微博|支付宝|淘宝|旺旺|闲鱼|快手|b站"
        r"|钉钉|飞书|推特|脸书)"
        r"(?:[\s:：(（\"'“-]|\b(?:id|name|handle|user ?name|account|is|as|it's)\b|号码?|账号|帐号|昵称|用户名|是"
        r"|为|叫|就是){0,6}"
        r"(?P<name>(?:live:)?@?(?=[\w.#-]*[\d_.#@])[a-z][\w.#-]{3,31}|\d{6,12})(?![\w@])",
        re.IGNORECASE | re.ASCII,
    ),
    re.compile(
        r"(?:\b(?:user ?name|login|my handle|nickname|screen name)\b|用户名|登录名|昵称)"
        r"(?:[\s:：(\"'“-]|\b(?:is|as|it's)\b|是|为|叫){0,6}(?P<name>@?[a-z][\w.#-]{2,31}\w)(?![\w@])",
        re.IGNORECASE | re.ASCII,
    ),
    re.compile(
        r"(?:(?<![a-z])qq(?![a-z])|扣扣|企鹅号)(?:[\s:：]|号码?|是|为|加我?|群"
        r"|我的?){0,6}(?P<name>[1-9]\d{4,11})(?!\d)",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\w@.])(?P<name>[a-z][\w.]{1,31}#\d{4})(?!\d)", re.IGNORECASE | re.ASCII),
    # Nothing is called so but an account: letters, an underscore and a number; a file of a camera is.
    re.compile(
        r"(?<![\w@./:#-])(?!(?:img|dsc|pxl|vid|photo|image|screenshot|wx_camera|mmexport)_?)"
        r"(?P<name>(?=[a-z.\d]+_)(?=[\w.]{0,28}\d)[a-z][\w.]{4,29}\d)(?![\w@/#-]|\.[a-z])",
        re.IGNORECASE | re.ASCII,
    ),
)
_NO_NAME = frozenset(
    ("number", "please", "account", "group", "official", "thanks", "payment", "support", "wallet", "works", "about")
)

_WHOLE = (
    (Personal.EMAIL, _MAILS),
    (Personal.LINK, (_BARE,)),
    (Personal.HANDLE, (_AT, _AT_CHINESE)),
)


def reach(text: str) -> Iterator[Found]:
    """Mail addresses, links and handles of a plain text."""
    for kind, rules in _WHOLE:
        for rule in rules:
            for match in rule.finditer(text):
                yield Found(kind, match.start(), match.start() + len(match[0].rstrip(".")))
    for match in _LINK.finditer(text):
        address = match[0].rstrip(".,;:!?)")
        if _OF_A_PERSON.search(address):
            yield Found(Personal.LINK, match.start(), match.start() + len(address))
    for rule in _NAMED:
        for match in rule.finditer(text):
            if match["name"].lower() not in _NO_NAME:
                yield Found(Personal.HANDLE, match.start("name"), match.end("name"))
