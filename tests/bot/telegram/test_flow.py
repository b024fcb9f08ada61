"""Floods, pauses and waiting, seen by the shoppers: who is answered, who is told what, and who notices nothing."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import pytest

from bot.simulator import acts
from bot.simulator.faults import Fault
from bot.simulator.flood import Flood
from bot.simulator.shopper import texts
from bot.telegram.flow import Pace
from bot.telegram.intake import Caps
from bot.telegram.runner import Limits

NOTICES = {
    "hurried": {"en": "That was a lot in a minute!", "zh": "一分钟里消息有点多"},
    "wait": {"en": "Your message is in line", "zh": "您的消息已在排队"},
    "busy": {"en": "so I answer your newest message only", "zh": "我只回答您最新的一条"},
    "refused": {"en": "Please send it again in a quarter of an hour", "zh": "请过一刻钟再发一次"},
}
LANGUAGES = ("en", "zh")
WORDS = {"en": "message {}", "zh": "第{}条"}
ONE_HAND = Limits(concurrency=1, retry=0.05)


def said_by_bot(messages):
    return [message.text for message in messages if not message.mine]


@asynccontextmanager
async def crowd(house, count):
    """Shoppers, in both languages by turns."""
    async with AsyncExitStack() as stack:
        people = [await house.join(f"Shopper {n}", LANGUAGES[n % 2]) for n in range(count)]
        for person in people:
            await stack.enter_async_context(person)
        yield people


async def until(ask):
    async with asyncio.timeout(60):  # a hang; after a refusal a chat takes one message a second
        while not await ask():
            await asyncio.sleep(0.02)


async def finished(house, count):
    outcomes = await house.outcomes()
    return len(outcomes) == count and all(state != "new" for state, _ in outcomes)


async def calls_to(house, chat, *methods):
    return [call for call in await house.api.simulator.calls(chat_id=chat.id) if not methods or call.method in methods]


# --- what goes out ----------------------------------------------------------------------------------


async def test_a_pause_of_two_minutes_in_one_chat_holds_nobody_else_and_is_kept(house):
    house.api.simulator.faults.add(Fault("sendMessage", "status", code=429, retry_after=120))
    house.habits = replace(house.habits, drain_timeout=0.1)
    async with house.open(), await house.join() as ann, await house.join("小明", "zh") as ming:
        await ann.writes("dress")
        await until(lambda: calls_to(house, ann, "sendMessage"))
        asked = len(await calls_to(house, ann))
        for word in ("你好", "hello"):
            assert texts(await ming.says(word)) == [word]
        await ann.writes("anybody?")
        assert len(await ming.says("dress", expect=4)) == 4
        assert len(await calls_to(house, ann)) == asked, "typing, drafts and edits keep the pause, too"
        assert [state for state, _ in await house.outcomes()].count("new") == 2, "worked when the pause is over"


@pytest.mark.long
@pytest.mark.parametrize("burst", [5, 20])
async def test_under_flood_control_every_message_arrives_in_its_order(house, burst):
    """With the server's own burst nothing is refused; with a larger one the first refusal teaches the bot."""
    house.api.simulator.flood = flood = Flood(chat_per_second=4, chat_burst=5)
    house.habits = replace(house.habits, pace=Pace(chat_per_second=4 * 0.8, chat_burst=burst))
    async with house.open(), await house.join() as ann:
        for _ in range(3):
            page = await ann.says("dress", expect=4)
            assert [text[:2] for text in texts(page)][1:] == ["1.", "2.", "3."]
        assert [outcome for _, outcome in await house.outcomes()] == ["answered"] * 3
    assert (flood.refused == 0) if burst == 5 else (flood.refused <= 3)


@pytest.mark.long
async def test_an_album_waits_for_as_many_places_as_it_has_pictures(house):
    """The server counts its pictures, and refuses nothing."""
    house.api.simulator.flood = flood = Flood(chat_per_second=4, chat_burst=5)
    house.habits = replace(house.habits, pace=Pace(chat_per_second=4 * 0.8, chat_burst=5))
    async with house.open(), await house.join() as ann:
        for _ in range(3):
            assert len(await ann.says("pictures", expect=4)) == 4
    assert flood.refused == 0


@pytest.mark.long
async def test_who_gets_pages_and_pages_delays_nobody_with_a_word(house):
    house.habits = replace(house.habits, limits=ONE_HAND, pace=Pace(chat_per_second=2, chat_burst=4))
    async with house.open(), await house.join() as ann, await house.join("小明", "zh") as ming:
        for _ in range(3):
            await ann.writes("dress")
        await until(lambda: calls_to(house, ann, "sendPhoto"))
        assert texts(await ming.says("你好")) == ["你好"]
        assert len(await calls_to(house, ann, "sendMessage", "sendPhoto")) < 12
        await until(lambda: finished(house, 4))


@pytest.mark.long
async def test_what_many_chats_are_refused_is_meant_for_all(house):
    """The server takes ten a second in all: the bot learns it from three chats, and the rest is hardly refused."""
    house.api.simulator.flood = flood = Flood(chat_per_second=50, chat_burst=50, all_per_second=10)
    house.habits = replace(house.habits, pace=Pace(chat_burst=20, all_per_second=10))
    async with house.open(), crowd(house, 6) as people:
        for person in people:
            await person.writes("dress")
        await until(lambda: finished(house, 6))
        for person in people:
            assert len(said_by_bot(await person.sees())) == 4
    assert flood.refused < 24, "fewer than messages: unlearned, each would be refused, and again"


@pytest.mark.long
async def test_however_often_an_answer_waits_for_its_place_it_is_not_given_up(house):
    """Waiting for a place is no failure: it does not use up the tries of an update."""
    house.habits = replace(
        house.habits,
        limits=Limits(retry=0.05, postponements=1),
        patience=replace(house.habits.patience, longest_wait=0.1),
        pace=Pace(chat_per_second=2, chat_burst=1),
    )
    async with house.open(), await house.join() as ann, await house.join("小明", "zh") as ming:
        for person in (ann, ming):
            await person.writes("dress")
        await until(lambda: finished(house, 2))
        assert [outcome for _, outcome in await house.outcomes()] == ["answered"] * 2
        for person in (ann, ming):
            assert len(said_by_bot(await person.sees())) == 4


async def test_where_places_are_few_a_tick_and_typing_give_way_and_no_answer_does(house):
    house.habits = replace(house.habits, pace=Pace(chat_per_second=0.4, chat_burst=4))
    gate = house.assistant.gates["slow"] = asyncio.Event()
    async with house.open(), await house.join() as ann, await house.join("Bob") as bob:
        assert len(await ann.says("dress", expect=4)) == 4
        await asyncio.gather(ann.writes("slow"), bob.writes("slow"))
        await until(lambda: calls_to(house, bob, "sendChatAction"))
        await until(lambda: _heard_by(house, 3))
        gate.set()
        await until(lambda: finished(house, 3))
        assert await calls_to(house, ann, "sendChatAction") == [], "the burst was used up by the page"
        assert [said_by_bot(await person.sees())[-1] for person in (ann, bob)] == ["slow", "slow"]


# --- what comes in ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
async def test_who_writes_more_than_a_person_can_is_told_once_and_answered_last(house, language):
    house.habits = replace(house.habits, caps=Caps(shopper_per_minute=6, rest=1.0))
    async with house.open(), await house.join("Ann", language) as ann, await house.join("Bob") as bob:
        for number in range(4):
            await ann.says(WORDS[language].format(number))
        for number in range(4, 10):
            await ann.writes(WORDS[language].format(number))
        await until(lambda: _heard(ann, NOTICES["hurried"][language]))
        assert texts(await bob.says("hello")) == ["hello"]
        await until(lambda: finished(house, 11))
        said = said_by_bot(await ann.sees())
        outcomes = [outcome for _, outcome in await house.outcomes()]
    assert sum(NOTICES["hurried"][language] in text for text in said) == 1
    assert said[-1].endswith(WORDS[language].format(9))
    assert outcomes.count("flooded") == 5


@pytest.mark.parametrize("language", LANGUAGES)
async def test_who_waits_long_is_told_once_and_answered_all_the_same(house, language):
    house.habits = replace(house.habits, limits=ONE_HAND, busy_after=0.2)
    gate = house.assistant.gates["slow"] = asyncio.Event()
    async with house.open(), await house.join() as ann, await house.join("Bob", language) as bob:
        await ann.writes("slow")
        await bob.writes(WORDS[language].format(1))
        await until(lambda: _heard(bob, NOTICES["wait"][language]))
        await bob.writes(WORDS[language].format(2))
        await asyncio.sleep(0.6)
        gate.set()
        await until(lambda: finished(house, 3))
        notice, answer = said_by_bot(await bob.sees())
        outcomes = [outcome for _, outcome in await house.outcomes()]
    assert NOTICES["wait"][language] in notice
    first, last = answer.splitlines()
    assert NOTICES["busy"][language] in first
    assert last == WORDS[language].format(2)
    assert outcomes == ["answered", "overtaken", "answered"]


async def test_a_talk_that_was_going_on_goes_before_a_crowd_that_arrives(house):
    house.habits = replace(house.habits, limits=ONE_HAND, busy_after=0.2, caps=Caps(settled=0.0))
    gate = house.assistant.gates["slow"] = asyncio.Event()
    async with (
        house.open(),
        await house.join() as ann,
        await house.join("小明", "zh") as ming,
        crowd(house, 8) as people,
    ):
        await ming.says("你好")
        await ann.writes("slow")
        await until(lambda: _heard_by(house, 2))
        for person in people:
            await person.writes("hello")
        await ming.writes("还在吗")
        gate.set()
        await until(lambda: finished(house, 11))
        order = [user for user, _ in house.assistant.heard][2:]
    assert ming.id in order[:3], "somebody of the crowd may have been called before, and one turn of four is theirs"
    assert len(order) == 9


@pytest.mark.parametrize("language", LANGUAGES)
async def test_where_waiting_is_no_use_shoppers_are_told_to_come_again(house, language):
    house.habits = replace(house.habits, limits=ONE_HAND, busy_after=0.01, caps=Caps(refuse_after=0.15))
    gate = house.assistant.gates["slow"] = asyncio.Event()
    async with (
        house.open(),
        await house.join() as ann,
        await house.join("Bob", language) as bob,
        crowd(house, 6) as people,
    ):
        await ann.writes("slow")
        await until(lambda: _heard_by(house, 1))
        for person in (*people, bob):
            await person.writes(WORDS[language].format(1))
        await until(lambda: _heard(bob, NOTICES["refused"][language]))
        gate.set()
        await until(lambda: finished(house, 8))
        assert len(said_by_bot(await bob.sees())) == 1
        assert ("done", "refused") in await house.outcomes()


async def test_a_tap_is_answered_at_once_though_its_turn_is_far_and_worked_then(house):
    house.habits = replace(house.habits, limits=ONE_HAND)
    gate = house.assistant.gates["slow"] = asyncio.Event()
    async with house.open(), await house.join() as ann, await house.join("Bob") as bob:
        await bob.says("dress", expect=4)
        await ann.writes("slow")
        await until(lambda: _heard_by(house, 2))
        tapped = await bob.taps("👍", timeout=5)
        assert (tapped.answer, tapped.alert) == ("", False)
        assert house.assistant.likes == {}
        gate.set()
        await until(lambda: finished(house, 3))
        assert len(house.assistant.likes) == 1
        assert [call.code for call in await house.api.simulator.calls("answerCallbackQuery")] == [200]


async def test_two_taps_on_one_button_that_wait_are_one(house):
    gate = house.assistant.gates["slow"] = asyncio.Event()
    async with house.open(), await house.join() as ann:
        await ann.says("dress", expect=4)
        await ann.writes("slow")
        for _ in range(3):
            await house.api.simulator.act(lambda store: acts.tap(store, ann.id, label="👍"))
        gate.set()
        await until(lambda: finished(house, 5))
        assert [outcome for _, outcome in await house.outcomes()][2:] == ["new", "merged", "merged"]


async def test_a_full_queue_leaves_updates_with_telegram_until_there_is_room(house):
    house.habits = replace(house.habits, limits=ONE_HAND, caps=Caps(queue=2))
    gate = house.assistant.gates["slow"] = asyncio.Event()
    async with house.open(), await house.join() as ann, crowd(house, 6) as people:
        await ann.writes("slow")
        await until(lambda: _heard_by(house, 1))
        for person in people:
            await person.writes("hello")
            await asyncio.sleep(0.1)
        left = await house.api.simulator.act(lambda store: store.updates.count())
        assert house.door.runner.waiting < 6
        assert left > 0
        gate.set()
        await until(lambda: finished(house, 7))


async def _heard(shopper, words):
    return any(words in text for text in said_by_bot(await shopper.sees()))


async def _heard_by(house, count):
    return len(house.assistant.heard) >= count
