"""The assistant without any door: replays, what buttons teach, patience with its parts, and the wish over a restart.

Real parts throughout (database, index, encoder); the rules stand in for the model, scripted where a test needs it so.
"""

import asyncio
import logging
import sqlite3
import threading
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
import pytest_asyncio

from bot import dialogue
from bot.learning import rebuilt_taste
from bot.reply import Action, Learned
from bot.settings import Settings
from bot.wiring import open_house
from storage.database import DatabaseLocked
from storage.records import Intent, Language, Need, PriceRange, Reaction
from storage.shop import Shop
from tests.support.stage import copy_stocked
from tests.support.talk import FailingSearch, Talk, scripted

pytestmark = pytest.mark.asyncio(loop_scope="module")

WISH = {"en": "a red dress", "zh": "红色连衣裙"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(stocked_folder, tmp_path_factory):
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("assistant") / "data")
    house = await open_house(Settings(_env_file=None, data=folder), progress=False)
    yield house
    await house.close()


@pytest.fixture
def script():
    return {}


@pytest.fixture
def search(house):
    return FailingSearch(house.search)


@pytest_asyncio.fixture(loop_scope="module")
async def assistant(house, script, search):
    assistant = scripted(house, script, search, understand_timeout=0.3)
    yield assistant
    await asyncio.to_thread(assistant._understander.close)


@pytest_asyncio.fixture(params=["en", "zh"], loop_scope="module")
async def talk(request, assistant):
    return Talk(assistant, request.param)


@pytest.fixture
def reader(house):
    """The database as another process sees it: what is committed and nothing else."""
    shop = Shop.open(house.settings.data, readonly=True)
    yield shop
    shop.close()


def codes(reply):
    return [line.code for line in reply.lines]


def newest(reader, talk):
    return reader.transcripts.history(talk.user_id, 1)[-1]


# --- replays ----------------------------------------------------------------------------------------


async def test_a_replayed_message_gets_the_recorded_reply_and_is_one_turn(talk, reader):
    first = await talk.says(WISH[talk.language])
    again = await talk.again()
    assert first.cards
    assert not first.repeated
    assert again == replace(first, repeated=True)
    assert len(reader.transcripts.history(talk.user_id, 10)) == 1


async def test_a_replayed_update_keeps_what_was_said_first(talk, reader):
    first = await talk.says(WISH[talk.language])
    again = await talk.again(text="something else")
    assert again == replace(first, repeated=True)
    assert newest(reader, talk).turn.text == WISH[talk.language]


@pytest.mark.parametrize("action", [Action.MORE, Action.MORE_LIKE, Action.LESS_LIKE, Action.CHEAPER, Action.DROP])
async def test_a_replayed_button_gets_the_recorded_reply_and_teaches_once(talk, reader, action):
    page = await talk.says(WISH[talk.language])
    target = page.turn_id if action in (Action.MORE, Action.DROP) else page.cards[0].id
    first = await talk.presses(action, target, "w0" if action is Action.DROP else "")
    learned = reader.feedback.of(talk.user_id)
    again = await talk.again()
    assert again == replace(first, repeated=True)
    assert reader.feedback.of(talk.user_id) == learned
    assert len(learned) == (action in (Action.MORE_LIKE, Action.LESS_LIKE))
    assert len(reader.transcripts.history(talk.user_id, 10)) == 2


async def test_a_turn_cut_off_before_its_answer_is_worked_again(talk, reader, script, search):
    await talk.says(WISH[talk.language])
    search.act = lambda: 1 / 0
    praise = {"en": "I love the first one, show me more", "zh": "喜欢第一个，再来一些"}[talk.language]
    script[praise] = lambda said: replace(said, intent=Intent.LIKE, also=(Intent.MORE,), item_refs=(1,))
    with pytest.raises(ZeroDivisionError):
        await talk.says(praise)
    cut_off = newest(reader, talk)
    assert (cut_off.turn.text, cut_off.answered_at) == (praise, None)
    search.act = None
    answer = await talk.again()
    assert answer.cards
    assert not answer.repeated
    assert answer.turn_id == cut_off.turn.id
    # What it had taught already is not taught twice.
    assert [event.reaction for event in reader.feedback.events(talk.user_id, 10)] == [Reaction.LIKE]
    check_taste(reader, talk)


async def test_the_same_update_twice_at_once_is_one_turn(talk, reader):
    turn_texts = WISH[talk.language]
    await talk.says(turn_texts)
    replies = await asyncio.gather(talk.again(), talk.again(), talk.again())
    assert len({reply.turn_id for reply in replies}) == 1
    assert len(reader.transcripts.history(talk.user_id, 10)) == 1


async def test_the_reply_is_recorded_before_it_is_shown(talk, reader):
    reply = await talk.says(WISH[talk.language])
    recorded = newest(reader, talk)
    assert recorded.answered_at is not None
    assert recorded.turn.id == reply.turn_id
    shown = reader.transcripts.latest_page(talk.user_id).recommendations
    assert [card.id for card in shown] == [card.id for card in reply.cards]
    assert all(reader.impressions.get(card.id).user_id == talk.user_id for card in reply.cards)
    assert {"recall", "understand", "search", "record"} - {"record"} <= set(recorded.timings)


async def test_a_reply_that_cannot_be_recorded_is_not_shown(house, talk, reader, search):
    """Another process takes the write lock in the middle of a turn, for longer than the database waits."""
    other = sqlite3.connect(house.settings.data / "shop.db", isolation_level=None, check_same_thread=False)
    await house.database.run(lambda shop: shop.db.execute("PRAGMA busy_timeout = 100"))
    search.act = lambda: other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(DatabaseLocked, match="stop that one or try again"):
            await talk.says(WISH[talk.language])
    finally:
        search.act = None
        other.close()
        await house.database.run(lambda shop: shop.db.execute("PRAGMA busy_timeout = 10000"))
    assert newest(reader, talk).answered_at is None
    assert reader.transcripts.latest_page(talk.user_id) is None
    assert (await talk.again()).cards


# --- what buttons and words teach -------------------------------------------------------------------


def check_taste(reader, talk):
    """The live taste is what the log alone gives."""
    live, rebuilt = reader.tastes.get(talk.user_id), rebuilt_taste(reader, talk.user_id)
    np.testing.assert_allclose(live.moment, rebuilt.moment, atol=1e-9)
    np.testing.assert_allclose(live.precision, rebuilt.precision, atol=1e-9)


async def test_a_dislike_takes_the_place_of_a_like(talk, reader):
    page = await talk.says(WISH[talk.language])
    card = page.cards[0].id
    states = [(await talk.presses(action, card)).state for action in (Action.LIKE, Action.LIKE, Action.DISLIKE)]
    assert states == ["new", "same", "replaced"]
    assert [event.reaction for event in reader.feedback.events(talk.user_id, 10)] == [Reaction.DISLIKE]
    check_taste(reader, talk)
    assert (await talk.presses(Action.LIKE, card)).state == "replaced"
    check_taste(reader, talk)


async def test_after_any_reactions_the_log_gives_the_same_taste(talk, reader):
    reactions = [Action.LIKE, Action.DISLIKE, Action.MORE_LIKE, Action.LESS_LIKE]
    rng = np.random.default_rng(11)
    page = await talk.says(WISH[talk.language])
    for step in range(12):
        card = page.cards[rng.integers(len(page.cards))]
        answer = await talk.presses(reactions[rng.integers(4)], card.id)
        if not isinstance(answer, Learned) and answer.cards and step % 3 == 0:
            page = answer
    await talk.says({"en": "I love the first one", "zh": "喜欢第一个"}[talk.language])
    check_taste(reader, talk)
    assert len(reader.feedback.of(talk.user_id)) > 3


@pytest.mark.parametrize("action", [Action.LIKE, Action.MORE_LIKE, Action.CHEAPER, Action.MORE, Action.DROP])
async def test_buttons_of_strangers_and_of_nothing_change_nothing(talk, reader, action):
    page = await talk.says(WISH[talk.language])
    stranger = Talk(talk.assistant, talk.language)
    target = page.turn_id if action in (Action.MORE, Action.DROP) else page.cards[0].id
    assert (await stranger.presses(action, target, "w0")).state == "stranger"
    assert (await talk.presses(action, 2**62, "w0")).state == "gone"
    assert reader.transcripts.history(stranger.user_id, 5) == []
    assert len(reader.transcripts.history(talk.user_id, 5)) == 1
    assert reader.tastes.get(talk.user_id) is reader.tastes.get(stranger.user_id) is None


async def test_what_was_ranked_but_not_shown_cannot_be_pressed(talk, reader):
    """Its number exists, and a forged button may name it."""
    page = await talk.says(WISH[talk.language])
    with_candidates = reader.transcripts.answered(talk.last.update_id).recommendations
    unseen = next(item for item in with_candidates if item.position == 0)
    for action in (Action.LIKE, Action.DISLIKE, Action.MORE_LIKE, Action.LESS_LIKE, Action.CHEAPER):
        assert (await talk.presses(action, unseen.id)).state == "gone"
    assert reader.feedback.of(talk.user_id) == []
    assert page.cards


@pytest.mark.parametrize(
    ("language", "texts"),
    [("en", ("I love the 99th one", "what is the 99th one made of?")), ("zh", ("喜欢第99个", "第99个是什么材质"))],
)
async def test_an_item_that_is_not_there_is_asked_for(assistant, script, reader, language, texts):
    talk = Talk(assistant, language)
    for text, intent in zip(texts, (Intent.LIKE, Intent.ASK_PRODUCT), strict=True):
        script[text] = lambda said, intent=intent: replace(said, intent=intent, confidence=0.9, item_refs=(99,))
    for text in texts:
        assert codes(await talk.says(text)) == ["no-items-shown"]
    await talk.says(WISH[language])
    for text in texts:
        assert codes(await talk.says(text)) == ["which-item"]
    assert reader.feedback.of(talk.user_id) == []


# --- several requests in one message ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "lines"),
    [
        ("en", "hello! I am looking for running shoes", {"greet", "looking-for"}),
        ("zh", "你好，我想买跑步鞋", {"greet", "looking-for"}),
    ],
)
async def test_a_greeting_and_a_wish_are_both_served(assistant, script, language, text, lines):
    script[text] = lambda said: replace(said, intent=Intent.GREET, also=(Intent.SEARCH,))
    reply = await Talk(assistant, language).says(text)
    assert set(codes(reply)) == lines
    assert reply.cards


async def test_praise_and_a_new_wish_are_both_served(talk, script, reader):
    page = await talk.says(WISH[talk.language])
    text = {"en": "I love the second one, and show me blue hats", "zh": "喜欢第二个，再看看蓝色的帽子"}[talk.language]
    script[text] = lambda said: replace(said, intent=Intent.LIKE, also=(Intent.SEARCH,), item_refs=(2,))
    reply = await talk.says(text)
    assert codes(reply)[0] == "liked"
    assert reply.cards
    [event] = reader.feedback.events(talk.user_id, 10)
    assert (event.product_id, event.reaction) == (page.cards[1].product.id, Reaction.LIKE)
    assert newest(reader, talk).understanding.also == (Intent.SEARCH,)
    check_taste(reader, talk)


async def test_two_questions_get_two_answers(talk, script):
    text = {"en": "do you ship abroad, and can I pay by card?", "zh": "能寄到国外吗？可以刷卡吗？"}[talk.language]
    script[text] = lambda said: replace(said, intent=Intent.SHIPPING, also=(Intent.PAYMENT,), confidence=0.9)
    assert codes(await talk.says(text)) == ["shipping-not-yet", "payment-not-yet"]


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


async def test_a_model_that_is_late_is_answered_for_by_the_rules(talk, script, reader):
    late = threading.Event()

    def wait(said):
        late.wait(20)
        return said

    script[WISH[talk.language]] = wait
    try:
        reply = await talk.says(WISH[talk.language])
        assert reply.cards
        assert newest(reader, talk).degraded
        # The next shopper's message waits behind the late one, and is answered for too.
        other = Talk(talk.assistant, talk.language)
        assert (await other.says({"en": "a blue hat", "zh": "蓝色的帽子"}[talk.language])).cards
        assert newest(reader, other).degraded
    finally:
        late.set()
    await asyncio.sleep(0.05)
    await talk.says({"en": "in blue", "zh": "要蓝色的"}[talk.language])
    assert not newest(reader, talk).degraded


async def test_a_search_that_raises_or_is_late_leaves_the_turn_for_a_replay(house, talk, script, reader):
    search = FailingSearch(house.search)
    hasty = scripted(house, script, search, search_timeout=0.2)
    hurried = Talk(hasty, talk.language)
    late = threading.Event()
    for act, error in ((lambda: 1 / 0, ZeroDivisionError), (lambda: late.wait(20), TimeoutError)):
        late.clear()
        search.act = act
        with pytest.raises(error):
            await hurried.says(WISH[talk.language])
        assert newest(reader, hurried).answered_at is None
        search.act = None
        late.set()
        await house.search.run(lambda part: None)  # the late one has left
        assert (await hurried.again()).cards
    await asyncio.to_thread(hasty._understander.close)


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
    await asyncio.to_thread(later._understander.close)


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
