"""The assistant without any door: replays, what buttons and words teach, several requests in one message.

Real parts throughout (database, index, encoder); the rules stand in for the model, scripted where a test needs it so.
"""

import asyncio
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from bot.case_acts import take_over
from bot.learning import rebuilt_taste
from bot.reply import Action, Learned
from storage.database import DatabaseLocked
from storage.records import Intent, Reaction
from storage.shop import Shop
from tests.support.talk import WISH, Talk, codes, newest

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
    script[praise] = lambda said: replace(said, intent=Intent.LIKE, top=(), also=(Intent.MORE,), item_refs=(1,))
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
    assert reader.tastes.get(stranger.user_id) is None
    assert reader.tastes.get(talk.user_id).version == 1, "the page alone"


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


@pytest.mark.parametrize("intent", [Intent.LIKE, Intent.DISLIKE])
async def test_what_was_hardly_understood_teaches_nothing(talk, script, reader, intent):
    """The bot says that it is not sure, and must not have learned from it all the same."""
    await talk.says(WISH[talk.language])
    script["qwrt"] = lambda said: replace(said, intent=intent, also=(), confidence=0.2, item_refs=(1,))
    script["qwrt!"] = lambda said: replace(said, intent=intent, also=(), confidence=0.2, item_refs=())
    assert codes(await talk.says("qwrt")) == ["did-you-mean"]
    assert codes(await talk.says("qwrt!")) == ["unsure"]
    assert reader.feedback.of(talk.user_id) == []


async def test_an_answer_under_way_is_not_given_once_a_person_has_taken_over(talk, script, house):
    await talk.says(WISH[talk.language])

    def meanwhile(said):
        shop = Shop.open(house.settings.data)
        take_over(shop, talk.user_id, "Ana", datetime.now(UTC), "meanwhile")
        shop.close()
        return said

    script["and now?"] = meanwhile
    reply = await talk.says("and now?")
    assert reply.silent
    assert (reply.lines, reply.cards) == ((), ())
    assert (await talk.again()).silent, "nor when its update is worked again"


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
    assert {code for code in codes(reply) if not code.startswith("ask-")} == lines
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


async def test_two_requests_get_two_answers(talk, script):
    text = {"en": "yes, and what can you do?", "zh": "好的，你还能做什么？"}[talk.language]
    script[text] = lambda said: replace(said, intent=Intent.CONFIRM, also=(Intent.HELP,), confidence=0.9)
    assert codes(await talk.says(text)) == ["confirm-nothing", "help"]
