""" "Why this?" and "why not that one?" in both languages, asked in words and by button, answered from the log."""

import itertools
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.recall import Before
from bot.reply import Action, Learned
from bot.telegram.buttons import CardButton
from bot.why import Asked, asked_why
from bot.wording import Wording
from recommender.request import Request
from storage.records import Intent, Language, Need, PriceRange, Product, Recommendation, Stage, Turn, Understanding
from tests.support.talk import START, WISH, codes

pytestmark = pytest.mark.asyncio(loop_scope="module")

WHY = {
    "en": [
        "why did you show me this",
        "Why are you recommending that one?",
        "why the second one?",
        "why this one?",
        "why am I seeing this?",
        "what made you pick number 3",
        "why is the first one on top",
        "reason for this?",
    ],
    "zh": [
        "为什么给我看第二个",
        "为什么推荐这个",
        "第一个为什么推荐给我",
        "怎么会推荐这款",
        "为啥选这个",
        "推荐理由是什么",
        "为什么是第三个",
    ],
}
WHY_NOT = {
    "en": {
        "why not the Larkhill one": "Larkhill",
        "why not Sony?": "Sony",
        "why didn't you show me any black boots?": "black boots",
        "why are there no leather ones": "leather",
        "why no sneakers here?": "sneakers",
    },
    "zh": {
        "为什么没有索尼的": "索尼",
        "为什么不推荐红色的呢？": "红色",
        "怎么没有皮的": "皮",
        "为啥没给我看运动鞋": "运动鞋",
    },
}
NEITHER = [
    "why was my order cancelled",
    "why not something cheaper",
    "why is the first one so expensive?",
    "第一个为什么这么贵",
    "why not?",
    "why is shipping so slow",
    "show me why-not brand shoes cheaper",
    "为什么订单取消了",
    "为什么不便宜点",
    "为什么还没发货",
    "a red dress",
    "红色连衣裙",
]


def heard(text, language: Language = "en", **more):
    return Understanding(text, language, Intent.DISLIKE, 0.9, (), Stage.CONSIDER, **more)


@pytest.fixture
def before():
    product = Product(id="p", title="Dress", price=Decimal(1), currency="USD")
    page = tuple(Recommendation(replace(product, id=f"p{n}"), n, 0.5, {}, {}) for n in (1, 2, 3))
    return Before(Turn(1, 1, 1, "", START), page=page)


@pytest.mark.parametrize("text", [*WHY["en"], *WHY["zh"]])
async def test_a_question_for_reasons_is_heard_whatever_it_was_taken_for(before, text):
    asked = asked_why(heard(text, item_refs=(2,)), before)
    assert asked == Asked(cards=before.page[1:2])
    assert asked_why(heard(text), before).cards == before.page
    assert asked_why(heard(text), replace(before, focus=3)).cards == before.page[2:]


@pytest.mark.parametrize(("text", "missing"), [pair for each in WHY_NOT.values() for pair in each.items()])
async def test_a_question_for_what_is_missing_is_heard_with_its_words(before, text, missing):
    assert asked_why(heard(text), before).missing == missing


@pytest.mark.parametrize("text", NEITHER)
async def test_other_questions_are_left_alone(before, text):
    assert asked_why(heard(text), before) is None


@pytest.mark.parametrize("text", ["why did you show me these", "why those?", "为什么推荐这些", "为什么给我看这几个"])
async def test_several_are_asked_about_even_after_one_was_spoken_of(before, text):
    assert asked_why(heard(text), replace(before, focus=2)).cards == before.page


async def test_a_price_is_a_wish_and_an_empty_screen_has_no_reasons(before):
    assert asked_why(heard("why not under 50", price=PriceRange(max=Decimal(50))), before) is None
    assert asked_why(heard("why this one?"), replace(before, page=())) is None


async def test_the_button_tells_the_story_of_its_card(talk, house):
    page = await talk.says(WISH[talk.language])
    card = page.cards[1]
    reply = await talk.presses(Action.WHY, card.id)
    assert codes(reply)[0] == "why-shown"
    assert reply.lines[0].facts["title"] == card.product.title_in(talk.language)
    told = [line.facts["what"].code for line in reply.lines if line.code == "why-for"]
    assert told[: len(card.reasons)] == [f"reason-{r.code.value.replace('_', '-')}" for r in card.reasons]
    assert reply.cards == ()
    words = Wording(house.words, strict=True)
    assert all(words.say(line, talk.language) for line in reply.lines)


async def test_the_answer_is_recorded_and_a_repeat_reads_it_back(talk):
    page = await talk.says(WISH[talk.language])
    first = await talk.presses(Action.WHY, page.cards[0].id)
    again = await talk.again()
    assert again.repeated
    assert again.lines == first.lines
    more = await talk.presses(Action.MORE, page.turn_id)
    assert more.cards
    assert not {card.product.id for card in more.cards} & {card.product.id for card in page.cards}


async def test_somebody_elses_card_and_a_vanished_one_are_not_explained(talk, assistant):
    page = await talk.says(WISH[talk.language])
    stranger = type(talk)(assistant, talk.language)
    assert (await stranger.presses(Action.WHY, page.cards[0].id)).state == "stranger"
    gone = await talk.presses(Action.WHY, 10**12)
    assert isinstance(gone, Learned)
    assert gone.state == "gone"


@pytest.mark.parametrize("number", [0, 2**63 - 1])
async def test_the_button_fits_into_64_bytes(number):
    assert len(CardButton(action=Action.WHY, recommendation_id=number).pack().encode()) <= 64


async def test_asking_why_teaches_nothing(talk, reader):
    await talk.says(WISH[talk.language])
    taste = reader.tastes.get(talk.user_id)
    await talk.says({"en": "why did you show me this", "zh": "为什么推荐这个"}[talk.language])
    assert reader.feedback.events(talk.user_id, 10) == []
    assert reader.tastes.get(talk.user_id) == taste


async def test_what_is_on_the_page_is_pointed_at(talk):
    page = await talk.says(WISH[talk.language])
    brand = page.cards[1].product.brand
    reply = await talk.says({"en": f"why not the {brand} one", "zh": f"为什么没有{brand}的"}[talk.language])
    assert codes(reply) == ["why-not-shown"]
    shown = {card.position for card in page.cards if card.product.brand == brand}
    assert reply.lines[0].facts["position"] in shown


async def test_what_was_ranked_behind_has_its_place(talk, reader):
    page = await talk.says(WISH[talk.language])
    ranked = reader.impressions.of_turn(page.turn_id)
    brands = {card.product.brand for card in page.cards}
    behind = next(item for item in ranked if not item.position and item.product.brand not in brands)
    brand = behind.product.brand
    reply = await talk.says({"en": f"why not {brand}?", "zh": f"为什么没有{brand}的"}[talk.language])
    line = reply.lines[0]
    assert line.code in ("why-not-ranked", "why-not-close")
    best = max(item.score for item in ranked if item.product.brand == brand)
    assert line.facts["place"] == 1 + sum(item.score > best for item in ranked)
    assert line.facts["count"] == len(ranked)


async def test_what_a_limit_excludes_is_told_with_the_limit(talk, house):
    reply = await talk.says({"en": "a red dress under $40", "zh": "40美元以内的红色连衣裙"}[talk.language])
    assert reply.cards
    reply = await talk.says({"en": "why not the sneakers", "zh": "为什么没有运动鞋"}[talk.language])
    assert codes(reply) == ["why-not-excluded"]
    assert "against-other-value" in [line.code for line in reply.lines[0].facts["what"]]
    said = Wording(house.words, strict=True).say(reply.lines[0], talk.language)
    assert {"en": "sneakers", "zh": "运动鞋"}[talk.language] in said


async def test_what_the_shop_does_not_carry_is_said_to_be_none_of_its(talk):
    await talk.says(WISH[talk.language])
    reply = await talk.says({"en": "why not the Zyxwvut one", "zh": "为什么没有兹克斯的"}[talk.language])
    assert codes(reply) == ["why-not-carried"]


async def test_the_wish_stays_as_it_was(talk, reader):
    page = await talk.says(WISH[talk.language])
    wanted = reader.transcripts.need(page.turn_id)
    reply = await talk.says({"en": "why not Zyxwvut ones", "zh": "为什么没有兹克斯的"}[talk.language])
    after = reader.transcripts.need(reply.turn_id)
    assert (after.wishes, after.query, after.price) == (wanted.wishes, wanted.query, wanted.price)


WISHES = {
    "en": ["dress", "running shoes", "gift for dad", "headphones", "warm coat", "mug", "toys", "desk lamp", "sofa", ""],
    "zh": ["连衣裙", "跑鞋", "送爸爸的礼物", "耳机", "保暖外套", "杯子", "玩具", "台灯", "沙发", ""],
}


@pytest.mark.parametrize("language", WISHES)
async def test_two_cards_with_different_reasons_do_not_read_the_same(house, language):
    """On the demo shop: what differs in code or fact differs in words, and no two cards say the same."""
    words = Wording(house.words, strict=True)
    now = house.assistant.parts.clock()
    seeds = itertools.count(1)
    for query, limit in itertools.product(WISHES[language], (None, 40, 120)):
        price = PriceRange(max=Decimal(limit), currency="USD") if limit else None
        need = Need(query=query, language=language, price=price)
        request = Request(0, need, Stage.BROWSE, None, (), frozenset(), now, next(seeds))
        slate = await house.search.run(lambda part, request=request: part.recommend(request))
        said = {}
        for item in slate.page:
            spoken = tuple(words.reason(reason, language) for reason in item.reasons)
            assert len(set(spoken)) == len(spoken), spoken
            if spoken:
                assert spoken not in said, f"{query!r}: {spoken} on {said.get(spoken)} and {item.product.title}"
                said[spoken] = item.product.title
