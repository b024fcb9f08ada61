"""Questions about what is shown that were read for something else: "is it any good on calls?", 大家都吐槽啥. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.attributes import attribute_name
from bot.cues import cue
from bot.errands.items.aspects import aspects_of
from bot.recall import Before
from bot.understanding.clarifying import certainly, guessed
from bot.understanding.shown_items import names_another_kind
from nlu.fold import fold
from storage.records import Intent, SlotName, Understanding, Vocabulary

_ASKS = re.compile(
    r"^(?:(?:and|so|but|ok|hm+),? )*(?:is|are|does|do|can|will|would) (?:it|they|this|that|these|those)\b"
    r"|^(?!.*有(?!人)).{2,10}(?:[吗么嘛]|(?<!怎)不|没)[？?]?$",
    re.IGNORECASE,
)
_A_NOT_A = re.compile(
    r"(?:要不要|会不会|用不用|需不需要|(?!有没有|要不要|能不能|可不可|行不行|好不好|错不错|卖不卖|成不成|不不不)(?P<a>[\u4e00-\u9fff])不(?P=a))"
)
_HAS = re.compile(
    r"(?:(?:is|are) there |does it have |has it got )?any (?!\w+ ones)[a-z][a-z -]{2,20}(?<!les)s\?"
    r"|(?!.*的[吗么嘛没不?？]*$)有(?:没有)?[\u4e00-\u9fff]{1,5}(?:[吗么嘛没]|(?<!怎)不)?[?？]?",
    re.IGNORECASE,
)
_HOW_MUCH = re.compile(
    r"(?:(?:and |so )?(?:what(?:'?s| is| are)|how (?:much|many) (?:is|are)) (?:the |its |their )?(?P<en>[a-z ]{3,24}?))"
    r"|(?P<zh>[\u4e00-\u9fff]{2,6}?)(?:分别|都|各)?(?:是|有)?(?:多少|多大|多高|多长|多久|怎么样|几寸|几个|啥)",
    re.IGNORECASE,
)
_ABOUT_ELSE = re.compile(
    r"[你您咱]|我们|天气|今天|优惠|打折|折扣|便宜|换|推荐|买|送货|\b(?:discounts?|deals?|sales?|news?|more|other)\b"
)
_LISTED = frozenset({SlotName.COLOR, SlotName.MATERIAL, SlotName.SIZE, SlotName.BRAND, SlotName.AUDIENCE})
_MISTAKEN = frozenset(
    {
        *(Intent.REFINE, Intent.SEARCH, Intent.OUT_OF_SCOPE, Intent.LIKE, Intent.MORE),
        *(Intent.ASK_PRODUCT, Intent.INSPIRE),
    }
)
_ELSEWHERE = frozenset({Intent.OUT_OF_SCOPE, Intent.LIKE})
_ABOUT_IT = re.compile(
    r".{0,5}(?P<a>[\u4e00-\u9fff])不(?P=a)[了吗呢啊呀]?[?？]?"
)  # who asks at length may ask of anything
_LIKELY = 0.1
_OF_THE_SHOP = frozenset(
    {Intent.SHIPPING, Intent.PAYMENT, Intent.ORDER_STATUS, Intent.ORDER_CHANGE, Intent.RETURN_REFUND}
)
_NOT_OF_ITEMS = frozenset(
    {
        *_OF_THE_SHOP,
        *(Intent.CHECKOUT, Intent.VIEW_CART, Intent.VIEW_SAVED, Intent.SEARCH),
        *(Intent.HELP, Intent.CONFIRM, Intent.DENY, Intent.GREET, Intent.THANKS, Intent.GOODBYE),
    }
)


def read_as_question(said: Understanding, before: Before, vocabulary: Vocabulary) -> Understanding | None:
    """The message as a question about a shown item; None where no sure words make it one."""
    known = (
        slot for slot in said.slots if slot.name is SlotName.CATEGORY and (slot.name, slot.value) in vocabulary.by_value
    )
    if not before.page or names_another_kind(replace(said, slots=tuple(known)), before.page):
        return None
    return (
        _complaints(said, before)
        or _whether_it_is_so(said, before, vocabulary)
        or _names_a_fact(said, before)
        or _asked_of_the_page(said, before)
    )


def _complaints(said: Understanding, before: Before) -> Understanding | None:
    """ "What do people complain about?", 大家都吐槽啥, with items on screen is a question about one of them."""
    if not cue("complaints").search(said.text):
        return None
    places = said.item_refs or ((before.focus,) if before.focus else ())
    return certainly(replace(said, item_refs=places, slots=(), price=None), Intent.ASK_PRODUCT)


def _whether_it_is_so(said: Understanding, before: Before, vocabulary: Vocabulary) -> Understanding | None:
    """ "Any pockets?", 有弹力吗, 要不要自己装, 确定没有羊毛吧: whether it is so of what is shown, no wish nor
    its opposite.
    """
    if said.intent not in _MISTAKEN or said.also or _tells_apart(said, vocabulary) or _ABOUT_ELSE.search(said.text):
        return None
    text = said.text.strip(" .。!！")
    if text.endswith("的") or (said.intent in _ELSEWHERE and not (before.focus and _ABOUT_IT.fullmatch(text))):
        return None
    sure = cue("makes-sure").fullmatch(text)
    known = any(slot.name in _LISTED for slot in said.slots)
    asks = sure or (not known and (_A_NOT_A.search(text) or (_HAS.fullmatch(text) and aspects_of(text))))
    return _asked(said, before) if asks else None


def _names_a_fact(said: Understanding, before: Before) -> Understanding | None:
    """ "What's the refresh rate?", 刷新率多少: a figure that the shop states of something shown."""
    asked = _HOW_MUCH.fullmatch(said.text.strip(" ?？!.。"))
    if said.also or said.intent not in _MISTAKEN | _OF_THE_SHOP or not asked:
        return None
    what = fold(asked["zh"] or asked["en"] or "")
    names = {
        fold(name)
        for card in before.page
        for key, value in card.product.attributes.items()
        for name in (key, attribute_name(key, value, "zh"))
        if name
    }
    return _asked(said, before) if what in names else None


def _tells_apart(said: Understanding, vocabulary: Vocabulary) -> bool:
    """Whether more is said than a question has: a thing of the shop, a price."""
    things = [slot for slot in said.slots if slot.name is SlotName.CATEGORY]
    known = any((slot.name, slot.value) in vocabulary.by_value for slot in things)
    return known or said.price is not None or any(slot.name is SlotName.PRICE for slot in said.slots)


def _asked(said: Understanding, before: Before) -> Understanding:
    """The message as a question about the item that it points at, or that was spoken of last."""
    places = said.item_refs or ((before.focus,) if before.focus else ())
    return certainly(replace(said, item_refs=places), Intent.ASK_PRODUCT)


def _asked_of_the_page(said: Understanding, before: Before) -> Understanding | None:
    """ "Is it any good on calls?", 能打奶泡吗: a question with items on screen, where the reading was a guess and none
    of the shop's own matters is likely.
    """
    likely = {intent for intent, chance in said.top if chance > _LIKELY}
    if not guessed(said) or said.also or said.intent in _NOT_OF_ITEMS or likely & _OF_THE_SHOP:
        return None
    if said.intent is Intent.HUMAN and cue("person").search(said.text):
        return None
    if not _ASKS.search(said.text.strip()):
        return None
    return _asked(said, before)
