"""What a synthetic year is drawn from: messages with all that a turn keeps of them, and pages of cards."""

import json
import random
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from bot.reply import Chip, Line, Reply
from bot.reply_json import dump_reply
from recommender.prior import prior
from storage import codec
from storage.money import to_minor
from storage.records import (
    DEFAULT_STAGE,
    Intent,
    Need,
    PriceRange,
    Product,
    Reason,
    ReasonCode,
    Slate,
    Slot,
    SlotName,
    Understanding,
    Wish,
)
from storage.turn_words import words_of

_PAGES, _SHOWN, _NEXT = 400, 3, 20  # different pages of each language; cards; candidates that came next


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split("|")]


_COLORS = {
    "en": _words("red|blue|black|white|green|grey|navy|olive|burgundy|beige"),
    "zh": _words("红色|蓝色|黑色|白色|绿色|灰色|藏青色|橄榄色|酒红色|米色"),
}
_THINGS = {
    "en": _words(
        """dress|running shoes|backpack|headphones|desk lamp|linen shirt|hiking boots|thermos|necklace|t-shirt
        |raincoat|yoga mat|tea set|scarf|wallet|kettle|board game|pillow|sunglasses|jeans"""
    ),
    "zh": _words(
        """连衣裙|跑鞋|双肩包|蓝牙耳机|台灯|亚麻衬衫|登山鞋|保温杯|项链|T恤
        |雨衣|瑜伽垫|茶具|围巾|钱包|水壶|桌游|枕头|太阳镜|牛仔裤"""
    ),
}
_FORMS = {
    "en": "{color} {thing} under ${price}|do you have a {thing} in {color}|{thing} for my {who} , around {price}"
    "|I am looking for a {color} {thing} not too expensive, it should arrive before the {day}|{thing}",
    "zh": "{price}元以内的{color}{thing}|有没有{color}的{thing}|想给{who}买{thing},{price}左右"
    "|我在找{color}的{thing},不要太贵,最好{day}号之前能送到|{thing}",
}
_WHO = {"en": _words("mom|dad|sister|boss|teacher"), "zh": _words("妈妈|爸爸|妹妹|老板|老师")}
_PLAIN = {
    "en": {
        "thanks": "thanks|thank you so much",
        "greet": "hi|hello there",
        "more": "next|show me more",
        "refine": "cheaper|something less flashy please|in another colour",
        "order_status": "where is my order {number}|has {number} shipped?",
        "return_refund": "I want to return it|can I exchange it for a larger one, order {number}",
        "shipping": "do you ship to Canada|how long does delivery take",
        "human": "get me an agent|I want to talk to a person",
        "dislike": "none of these|ugly",
        "out_of_scope": "what's the capital of France|write me a poem about {number} ducks",
        "compare": "1 or 3?|which one is better",
        "add_to_cart": "I'll take the second one",
    },
    "zh": {
        "thanks": "谢谢|太感谢了",
        "greet": "你好|在吗",
        "more": "换一批|还有别的吗",
        "refine": "便宜点的|不要这么花的|换个颜色",
        "order_status": "我的订单{number}到哪了|{number}发货了吗",
        "return_refund": "我要退货|订单{number}能换大一码吗",
        "shipping": "包邮吗|几天能到",
        "human": "转人工|我要找客服",
        "dislike": "都不喜欢|太丑了",
        "out_of_scope": "今天天气怎么样|给我写首关于{number}只鸭子的诗",
        "compare": "哪个好|一和三比呢",
        "add_to_cart": "我要第二个",
    },
}
_RARE = {"en": "a birthday gift for Wilhelmina", "zh": "送给欧阳婉儿的生日礼物"}


@dataclass(frozen=True, slots=True)
class Message:
    """A message with the columns of its turn; MODEL stands for the version that read it."""

    text: str
    words: str
    intent: str
    confidence: float
    unsure: bool
    understanding: str
    need: str
    reply: str
    timings: str
    versions: str = '{"understander":"MODEL","index":"encoder-8aa40f53-18f34c5f9042"}'


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its slate, the titles of its cards with their words, and the columns of every candidate."""

    slate: str
    titles: tuple[str, ...]
    words: str
    candidates: tuple[tuple, ...]


def messages(draw: random.Random, language: str) -> list[Message]:
    """Some ten thousand messages, to be drawn with a long tail."""
    texts = [(Intent.SEARCH, text) for text in _searches(draw, language)]
    for intent, forms in _PLAIN[language].items():
        for form in forms.split("|"):
            several = 400 if "{number}" in form else 8
            texts += [(Intent(intent), form.format(number=draw.randrange(10_000, 99_999))) for _ in range(several)]
    draw.shuffle(texts)
    return [
        *(_message(draw, language, *found) for found in texts),
        _message(draw, language, Intent.SEARCH, _RARE[language]),
    ]


def pages(draw: random.Random, products: list[Product], language: str) -> list[Page]:
    """Different pages, each with its candidates."""
    return [_page(draw, draw.sample(products, _SHOWN + _NEXT), language) for _ in range(_PAGES)]


def _searches(draw: random.Random, language: str) -> list[str]:
    forms = _FORMS[language].split("|")
    return [
        form.format(color=color, thing=thing, price=price, who=draw.choice(_WHO[language]), day=draw.randrange(1, 29))
        for form, color, thing, price in product(forms, _COLORS[language], _THINGS[language], range(20, 300, 30))
        if "{price}" in form or price == 20
    ]


def _message(draw: random.Random, language: str, intent: Intent, text: str) -> Message:
    confidence = round(draw.choice((draw.uniform(0.2, 0.6), *(draw.uniform(0.8, 0.999),) * 6)), 12)
    slots = tuple(_slots(text, language, draw))
    others = draw.sample([other for other in Intent if other is not intent], 2)
    top = (
        (intent, confidence),
        *((other, (1 - confidence) * share) for other, share in zip(others, (0.6, 0.2), strict=True)),
    )
    said = Understanding(text, language, intent, confidence, top, DEFAULT_STAGE[intent], slots=slots, model="MODEL")
    need = Need(
        language=language,
        wishes=tuple(Wish(slot.name, slot.value, slot.text, slot.negated) for slot in slots),
        price=PriceRange(max=Decimal(draw.randrange(20, 300)), currency="USD"),
    )
    unsure = confidence < 0.25
    lines = (
        [Line("unsure")]
        if unsure
        else [Line("looking-for", {"what": [Line("chip-value", {"value": s.text}) for s in slots]})]
    )
    chips = tuple(Chip(f"w{at}", Line("chip-value", {"value": slot.text})) for at, slot in enumerate(slots))
    reply = dump_reply(Reply(0, language, tuple(lines), chips, has_more=bool(slots)))
    stages = {
        "recall": 3.1,
        "understand": 12.4,
        "search": 31.0,
        "dense": 1.9,
        "lexical": 1.5,
        "fuse": 19.1,
        "record": 4.2,
    }
    timings = {stage: round(took * draw.uniform(0.7, 1.8), 2) for stage, took in stages.items()}
    return Message(
        text, words_of(text), str(intent), confidence, unsure, codec.understanding_to_text(said),
        codec.need_to_text(need), reply, codec.dumps(timings),
    )  # fmt: skip


def _slots(text: str, language: str, draw: random.Random) -> list[Slot]:
    found = []
    for name, words in ((SlotName.COLOR, _COLORS[language]), (SlotName.CATEGORY, _THINGS[language])):
        word = next((word for word in sorted(words, key=len, reverse=True) if word in text), None)
        if word:
            start = text.index(word)
            found.append(Slot(name, word, word, start, start + len(word), draw.random() < 0.05))
    return sorted(found, key=lambda slot: slot.start)


def _page(draw: random.Random, found: list[Product], language: str) -> Page:
    names = prior().features
    slate = Slate((), "encoder-8aa40f53-18f34c5f9042", "thompson", draw.randrange(10**9), 3, admitted=120,
                  timings={"dense": 1.9, "lexical": 1.5}, stages={"browse": 0.97, "consider": 0.03})  # fmt: skip
    cards = found[:_SHOWN]
    return Page(
        slate=codec.slate_to_text(slate, names),
        titles=tuple(card.title_in(language) for card in cards),
        words=words_of(" ".join(f"{card.title} {card.title_zh}" for card in cards)),
        candidates=tuple(_candidate(draw, each, names) for each in found),
    )


def _candidate(draw: random.Random, found: Product, names: tuple[str, ...]) -> tuple:
    features = [round(draw.random(), 12) for _ in names]
    parts = [value * draw.uniform(-0.05, 0.15) for value in features]
    facts = {"price": found.price, "limit": Decimal("300"), "currency": found.currency}
    reasons = [Reason(ReasonCode.WITHIN_BUDGET, facts), Reason(ReasonCode.IN_STOCK)]
    return (
        found.id, sum(parts), json.dumps(features), json.dumps(parts), codec.reasons_to_text(reasons), draw.random(),
        to_minor(found.price, found.currency), found.currency,
    )  # fmt: skip
