"""The question beside a page: tapped, typed, waved off, forged; and no card is shown twice for one wish."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.recall import Before
from bot.reply import Action
from bot.understanding.clarifying import answered, read_as_answer, waved_off
from nlu.rules import RulesUnderstander
from storage.records import Intent, Need, PriceRange, SlotName, Turn, Wish
from storage.terms import base_vocabulary
from tests.support.talk import newest

pytestmark = pytest.mark.asyncio(loop_scope="module")
DRESSES = {"en": "show me dresses", "zh": "看看连衣裙"}
LINEN = {"en": "in blue", "zh": "要蓝色的"}
VOCABULARY = base_vocabulary()
RULES = RulesUnderstander(VOCABULARY)


def ids(reply):
    return {card.product.id for card in reply.cards}


async def test_a_tapped_answer_is_a_wish_and_no_second_question_follows(talk, reader):
    asked = await talk.says(DRESSES[talk.language])
    assert asked.cards
    assert [option.answer.partition("=")[0] for option in asked.options] == ["color"] * 7
    reply = await talk.presses(Action.ANSWER, asked.turn_id, "1")
    value = asked.options[1].answer.partition("=")[2]
    assert reply.options == ()
    assert all(card.product.colors in ((), (value,)) or value in card.product.colors for card in reply.cards)
    need = newest(reader, talk).need
    assert Wish(SlotName.COLOR, value, value) in need.wishes
    assert (need.asked, need.inquired) == (None, ("color",))


async def test_who_does_not_care_gets_the_next_page_and_is_not_asked_that_again(talk, reader):
    asked = await talk.says(DRESSES[talk.language])
    reply = await talk.presses(Action.ANSWER, asked.turn_id, str(len(asked.options) - 1))
    assert reply.cards
    assert not ids(reply) & ids(asked)
    assert newest(reader, talk).need.wishes == (await _need(reader, asked)).wishes


async def _need(reader, reply):
    return reader.transcripts.get(reply.turn_id).need


async def test_a_forged_answer_changes_nothing(talk):
    asked = await talk.says(DRESSES[talk.language])
    for key in ("99", "-1", "x", "", "²"):
        assert (await talk.presses(Action.ANSWER, asked.turn_id, key)).state == "gone"
    assert (await talk.presses(Action.ANSWER, 2**62, "0")).state == "gone"


async def test_a_question_read_again_has_its_answers(talk):
    asked = await talk.says(DRESSES[talk.language])
    again = await talk.again()
    assert again.repeated
    assert again.options == asked.options


async def test_what_was_shown_for_a_wish_is_not_shown_again_when_it_changes(talk):
    pages = [await talk.says(DRESSES[talk.language]), await talk.says(LINEN[talk.language])]
    pages.append(await talk.presses(Action.DROP, pages[-1].turn_id, "w1"))
    shown = [product for page in pages for product in ids(page)]
    assert len(shown) == len(set(shown))


# --- what a typed answer is read as -----------------------------------------------------------------


def read(text, asked, **need):
    turn = Turn(1, 7, 7, text, datetime(2026, 11, 27, tzinfo=UTC))
    before = Before(turn, need=Need(asked=asked, inquired=(asked,), **need))
    return read_as_answer(RULES.understand(text), before, VOCABULARY)


@pytest.mark.parametrize(
    ("text", "asked", "value"),
    [
        *(("blue", "color", "blue"), ("Blue please", "color", "blue"), ("蓝色", "color", "blue")),
        *(("蓝色的吧", "color", "blue"), ("maybe in red", "color", "red"), ("for women", "audience", "women")),
        *(("女士", "audience", "women"), ("dresses", "category", "dresses"), ("连衣裙", "category", "dresses")),
        *(("蓝色都行", "color", "blue"), ("棉的", "material", "cotton"), ("cotton", "material", "cotton")),
    ],
)
async def test_a_typed_answer_is_its_value(text, asked, value):
    said = read(text, asked)
    assert said.intent is Intent.REFINE
    assert value in said.values(SlotName(asked))


@pytest.mark.parametrize("text", ["50", "about 50", "50左右", "under $50", "不超过50"])
async def test_a_number_answers_the_question_about_money(text):
    said = read(text, "budget")
    assert said.intent is Intent.REFINE
    assert said.price.max >= Decimal(50)


@pytest.mark.parametrize(
    "text", ["doesn't matter", "any colour is fine", "whatever", "I don't care", "都可以", "无所谓", "随便"]
)
async def test_whatever_asks_for_more(text):
    assert read(text, "color").intent is Intent.MORE


@pytest.mark.parametrize("text", ["换一批", "one more please", "一起看看"])
async def test_a_small_number_in_words_is_no_budget(text):
    assert read(text, "budget").price is None


@pytest.mark.parametrize("text", ["I like the 2nd one", "喜欢第2个", "where is order 10423?"])
async def test_a_number_of_something_else_is_no_amount(text):
    assert read(text, "budget") == RULES.understand(text)


@pytest.mark.parametrize("text", ["forget the budget", "价格不限"])
async def test_a_limit_let_go_of_is_no_answer(text):
    held = PriceRange(None, Decimal(50), "USD")
    assert read(text, "color", price=held, price_said=held) == RULES.understand(text)


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "where is my parcel?",
        "next",
        "is it any good?",
        "do you have any in cotton?",
        "棉的都可以",
        "你好",
        "我的快递到哪了",
    ],
)
async def test_another_message_is_left_as_it_is(text):
    assert read(text, "color") == RULES.understand(text)


async def test_a_tapped_range_is_a_limit_and_any_is_none():
    assert answered(Need(asked="budget"), "budget=30..75 USD").price == PriceRange(Decimal(30), Decimal(75), "USD")
    assert answered(Need(asked="budget"), "budget=..30 USD").price == PriceRange(None, Decimal(30), "USD")
    assert answered(Need(asked="budget"), "budget=any") == Need()
    assert waved_off("color=any")
    assert not waved_off("color=red")
