"""Telegram answers what is no answer, in the wrong order, or for a long time not at all."""

import asyncio
from dataclasses import replace

import pytest

from bot.simulator.faults import Fault
from bot.simulator.shopper import texts
from bot.telegram.handling import Limits


@pytest.mark.parametrize(("method", "times"), [("sendMessage", 2), ("getUpdates", 1)])
async def test_a_page_of_some_proxy_is_no_answer_and_asked_for_again(house, method, times):
    house.api.simulator.faults.add(Fault(method, "garbage", times=times))
    async with house.open() as door, await house.join() as ann:
        door.reception._backoff.first = 0.01
        assert texts(await ann.says("hello")) == ["hello"]
        assert await house.outcomes() == [("done", "answered")]
    assert len(house.assistant.heard) == 1


async def test_what_comes_the_wrong_way_round_is_answered_in_the_order_it_was_written(house):
    house.api.simulator.faults.add(Fault("getUpdates", "reorder"))
    async with await house.join() as ann:
        for word in ("one", "two", "three"):
            await ann.writes(word)
        async with house.open():
            while len(house.assistant.heard) < 3:
                await asyncio.sleep(0.02)
    assert [word for _, word in house.assistant.heard] == ["one", "two", "three"]


async def test_an_outage_that_outlasts_every_count_of_tries_loses_nothing(house):
    """Telegram takes messages and gives none back: who wrote at its beginning is answered at its end."""
    house.habits = replace(house.habits, limits=Limits(retry=0.05, longest_retry=0.1, postponements=2))
    house.api.simulator.faults.add(Fault("sendMessage", "status", code=500, times=40))
    async with house.open(), await house.join() as ann, await house.join("小明", "zh") as ming:
        await ann.writes("hello")
        await ming.writes("你好")
        assert texts(await ann.hears()) == ["hello"]
        assert texts(await ming.hears()) == ["你好"]
        assert await house.outcomes() == [("done", "answered")] * 2


async def test_a_message_accepted_though_the_answer_was_lost_is_the_only_one_sent_twice(house):
    house.api.simulator.faults.add(Fault("sendMessage", "drop_after"))
    async with house.open(), await house.join() as ann:
        await ann.writes("hello")
        while await house.outcomes() != [("done", "answered")]:
            await asyncio.sleep(0.02)
        assert [seen.text for seen in await ann.sees() if not seen.mine] == ["hello", "hello"]
    assert len(house.assistant.heard) == 1
