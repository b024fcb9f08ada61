"""The assistant's patience with its parts, and what of a talk outlives a restart."""

import asyncio
import logging
import threading
from dataclasses import replace
from decimal import Decimal

import pytest

from bot import dialogue
from bot.reply import Action
from storage.records import Language, Need, PriceRange, Product, SlotName
from tests.support.talk import WISH, FailingSearch, Talk, codes, newest, scripted

pytestmark = pytest.mark.asyncio(loop_scope="module")


# --- patience with the parts ------------------------------------------------------------------------


async def test_a_model_that_raises_is_answered_for_by_the_rules(talk, script, reader, caplog):
    script[WISH[talk.language]] = lambda said: 1 / 0
    reply = await talk.says(WISH[talk.language])
    assert reply.cards
    turn = newest(reader, talk)
    assert (turn.degraded, turn.understanding.degraded, turn.versions["understander"]) == (True, True, "rules-1")
    assert [record.getMessage() for record in caplog.records] == ["The model did not answer; the rules do"]
    await talk.says({"en": "in blue", "zh": "要蓝色的"}[talk.language])
    assert not newest(reader, talk).degraded


async def test_a_model_that_is_late_is_answered_for_by_the_rules(house, talk, reader):
    late = threading.Event()

    def wait(said):
        late.wait(20)
        return said

    hasty = scripted(house, {WISH[talk.language]: wait}, understand_timeout=0.3)
    # The next shopper's message waits behind the late one, and is answered for too.
    first, second = Talk(hasty, talk.language), Talk(hasty, talk.language)
    try:
        for shopper, text in (
            (first, WISH[talk.language]),
            (second, {"en": "a blue hat", "zh": "蓝色的帽子"}[talk.language]),
        ):
            assert (await shopper.says(text)).cards
            assert newest(reader, shopper).degraded
    finally:
        late.set()
        await asyncio.to_thread(hasty.parts.understander.close)
    # The same talk goes on with a model that is well.
    well = Talk(talk.assistant, talk.language, first.user_id)
    await well.says({"en": "in blue", "zh": "要蓝色的"}[talk.language])
    assert not newest(reader, well).degraded


async def test_the_rules_that_stand_in_know_what_came_into_the_shop(house):
    assert "zorblaxia" not in house.assistant.parts.rules.understand("a zorblaxia mug").values(SlotName.BRAND)
    mug = Product("zz1", "Zorblaxia mug", Decimal(9), "USD", brand="Zorblaxia")
    await house.database.run(lambda shop: shop.catalogue.upsert([mug]))
    await house.follow_catalogue()
    assert house.assistant.parts.rules.understand("a zorblaxia mug").values(SlotName.BRAND) == ("zorblaxia",)


async def test_a_search_that_raises_or_is_late_leaves_the_turn_for_a_replay(house, reader):
    await house.warm()
    search = FailingSearch(house.search)
    hasty = scripted(house, search=search, search_timeout=1.5)
    hurried = Talk(hasty, "en")
    late = threading.Event()
    for act, error in ((lambda: 1 / 0, ZeroDivisionError), (lambda: late.wait(20), TimeoutError)):
        late.clear()
        search.act = act
        with pytest.raises(error):
            await hurried.says(WISH["en"])
        assert newest(reader, hurried).answered_at is None
        search.act = None
        late.set()
        await house.search.run(lambda part: None)  # the late one has left
        assert (await hurried.again()).cards
    await asyncio.to_thread(hasty.parts.understander.close)


async def test_an_absurd_understanding_breaks_nothing(talk, script, reader):
    """Whatever a model may give: numbers out of all bounds, currencies that are none, a range that is empty."""
    shop = Decimal("1E+40")
    prices = [
        PriceRange(Decimal(50), Decimal(20), "USD"),
        PriceRange(None, shop, "USD"),
        PriceRange(shop, None, "CNY"),
        PriceRange(Decimal("1E-30"), None, "JPY"),
        PriceRange(Decimal(-5), Decimal(-1), None),
        PriceRange(Decimal(0), Decimal(0), "USD"),
        PriceRange(None, Decimal(10), "XYZ"),
        PriceRange(None, None, None),
    ]
    for price in prices:
        script[WISH[talk.language]] = lambda said, price=price: replace(said, price=price, item_refs=(0, -7, 10**9))
        reply = await talk.says(WISH[talk.language])
        assert reply.lines
        assert newest(reader, talk).answered_at is not None


# --- the wish, over a restart -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "en",
            [
                "a red dress under $60",
                "not polyester",
                "thanks",
                "in blue",
                "from 20 dollars",
                "running shoes",
                "hello",
            ],
        ),
        ("zh", ["60美元以内的红色连衣裙", "不要涤纶的", "谢谢", "要蓝色的", "200元以内", "看看跑步鞋", "你好"]),
    ],
)
async def test_folding_the_transcript_gives_the_stored_wish(house, assistant, reader, language: Language, texts):
    talk = Talk(assistant, language)
    for text in texts:
        await talk.says(text)
    history = reader.transcripts.history(talk.user_id, 20)
    assert [turn.turn.text for turn in history] == texts
    need = Need(language=language)
    for turn in history:
        said = turn.understanding
        price = house.settings.exchange.to_shop(said.price) if said.price else None
        need = dialogue.advance(need, said, price, turn.turn.said_at)
        need = replace(need, language=turn.need.language)
        # What the bot asked beside its page is of its answer, and the next fold begins from it.
        need = replace(need, asked=turn.need.asked, inquired=turn.need.inquired)
        assert need == turn.need, turn.turn.text
    assert need.wishes


async def test_the_wish_and_the_page_survive_a_restart(house, talk, reader):
    """Another assistant, which remembers nothing of its own, goes on where the first one was."""
    await talk.says({"en": "a red dress under $60", "zh": "60美元以内的红色连衣裙"}[talk.language])
    before = newest(reader, talk).need
    later = scripted(house)
    resumed = Talk(later, talk.language, talk.user_id)
    reply = await resumed.says({"en": "I love the first one", "zh": "喜欢第一个"}[talk.language])
    assert codes(reply) == ["liked"]
    await resumed.says({"en": "in blue", "zh": "要蓝色的"}[talk.language])
    need = newest(reader, talk).need
    assert need.price == before.price
    assert {wish.value for wish in need.wishes} == {"dresses", "blue"}
    await asyncio.to_thread(later.parts.understander.close)


# --- language and commands --------------------------------------------------------------------------


async def test_signs_and_numbers_keep_the_language_of_the_talk(talk):
    for text in ("😀", "100", "?!", ""):
        assert (await talk.says(text)).language == talk.language
    other = {"en": "zh", "zh": "en"}[talk.language]
    await talk.says({"en": "hello", "zh": "你好"}[other])
    for text in ("😀", "100"):
        assert (await talk.says(text)).language == other
    assert (await talk.commands("help")).language == other


async def test_a_chosen_language_wins_until_it_is_left_to_the_words_again(talk):
    other = {"en": "zh", "zh": "en"}[talk.language]
    assert (await talk.commands("language", other)).language == other
    assert (await talk.says(WISH[talk.language])).language == other
    await talk.commands("language", "")
    assert (await talk.says(WISH[talk.language])).language == talk.language


async def test_commands_are_turns_and_a_replay_answers_the_same(talk, reader):
    assert codes(await talk.commands("start")) == ["welcome", "data-notice"]
    assert codes(await talk.commands("start")) == ["welcome-back"]
    await talk.says(WISH[talk.language])
    assert not newest(reader, talk).need.empty
    first = await talk.commands("reset")
    assert codes(first) == ["reset-done"]
    assert newest(reader, talk).need.empty
    assert await talk.assistant.command(talk.last, "reset") == replace(first, repeated=True)


async def test_nothing_is_said_in_the_log_of_a_quiet_talk(talk, caplog):
    with caplog.at_level(logging.WARNING):
        page = await talk.says(WISH[talk.language])
        await talk.presses(Action.LIKE, page.cards[0].id)
        await talk.presses(Action.MORE, page.turn_id)
        await talk.assistant.afterwards.settle()
    assert caplog.records == []
