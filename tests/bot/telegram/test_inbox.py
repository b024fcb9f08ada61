"""From Telegram into the inbox and out of it: order, fairness, floods, outages, restarts."""

import asyncio
import json
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.simulator import acts
from bot.simulator.faults import Fault
from bot.simulator.shopper import texts
from bot.telegram.door import build_bot
from bot.telegram.polling import Polling
from bot.telegram.troubles import TokenRefusedError
from bot.workers import Worker
from storage.records import Update
from storage.shop import Shop


async def test_duplicated_updates_are_worked_once(house):
    house.api.simulator.faults.add(Fault("getUpdates", "duplicate", times=3))
    async with house.open(), await house.join() as ann:
        for word in ("one", "two", "three"):
            await ann.says(word)
        seen = [one.text for one in await ann.sees() if not one.mine]
        assert len(await house.outcomes()) == 3
    assert seen == ["one", "two", "three"]
    assert len(house.assistant.worked) == 3


async def test_one_shoppers_messages_keep_their_order(house):
    async with await house.join() as ann:
        for number in range(5):
            await ann.writes(f"n{number}")
        async with house.open():
            await _until(lambda: _finished(house, 5))
        seen = [one.text for one in await ann.sees() if not one.mine]
    assert seen == [f"n{number}" for number in range(5)]


async def test_a_flood_by_one_shopper_does_not_starve_another(house):
    gate = house.assistant.gates["slow"] = asyncio.Event()
    async with house.open(), await house.join() as ann, await house.join("Bob") as bob:
        for _ in range(30):
            await ann.writes("slow")
        assert texts(await bob.says("hello")) == ["hello"]
        gate.set()
        await _until(lambda: _finished(house, 31))
        answers = [one.text for one in await ann.sees() if not one.mine]
        outcomes = [outcome for _, outcome in await house.outcomes()]
    assert answers[0] == "slow"
    assert answers[-1].splitlines() == ["That was a lot at once, so I answer your last message only.", "slow"]
    assert len(answers) == 2
    assert outcomes.count("flooded") == 28


async def test_a_malformed_update_is_reported_and_passed_over(house):
    async with house.open(), await house.join() as ann:
        await house.api.simulator.act(lambda store: acts.push(store, "message", {"text": "no chat, no date"}))
        await house.api.simulator.act(lambda store: acts.push(store, "callback_query", ["a", "list"]))
        assert texts(await ann.says("hello")) == ["hello"]
        reports = await house.database.run(lambda shop: shop.inbox.malformed())
        outcomes = await house.outcomes()
    assert [outcome for _, outcome in outcomes] == ["failed: malformed", "failed: malformed", "answered"]
    assert "no chat, no date" in reports[0][0]


async def test_kinds_of_update_that_nobody_handles_are_finished(house):
    async with house.open(), await house.join() as ann:
        body = {"result_id": "1", "from": {"id": 5, "is_bot": False, "first_name": "X"}, "query": ""}
        await house.api.simulator.act(lambda store: store.updates.allow([]))
        update = {"update_id": 1, "chosen_inline_result": body}
        stored = Update(1, 5, json.dumps(update), datetime.now(UTC))
        await house.database.run(lambda shop: shop.inbox.add([stored]))
        house.door.runner.submit([stored])
        await ann.says("hello")
        assert [outcome for _, outcome in await house.outcomes()] == ["ignored", "answered"]


async def test_after_an_outage_the_last_message_is_answered_with_one_apology(house):
    async with await house.join() as ann, await house.join("Bob") as bob:
        async with house.open():
            await ann.says("/start")
            await bob.says("/start")
        old = int(time.time()) - 3600
        for shopper, word in ((ann, "a1"), (ann, "a2"), (bob, "b1"), (ann, "a3")):
            await _push_message(house, shopper, word, old)
        async with house.open():
            await _until(lambda: _finished(house, 6))
            outcomes = [outcome for _, outcome in await house.outcomes()][2:]
        for_ann = [one.text for one in await ann.sees() if not one.mine][1:]
        for_bob = [one.text for one in await bob.sees() if not one.mine][1:]
    assert for_ann == ["Sorry for the late answer, I was away.\na3"]
    assert for_bob == ["Sorry for the late answer, I was away.\nb1"]
    assert outcomes == ["stale", "stale", "answered", "answered"]


async def test_a_long_outage_is_judged_as_a_whole(house):
    async with await house.join() as ann:
        async with house.open():
            await ann.says("/start")
        for number in range(150):
            await _push_message(house, ann, f"n{number}", int(time.time()) - 3600)
        async with house.open():
            await _until(lambda: _finished(house, 151))
        answers = [one.text for one in await ann.sees() if not one.mine][1:]
    assert answers == ["Sorry for the late answer, I was away.\nn149"]


async def test_an_update_that_crashes_the_process_is_given_up_after_three_attempts(house):
    async with await house.join() as ann:
        await ann.writes("hello")
        [raw] = await house.api.simulator.act(lambda store: store.updates.head(9, store.clock.now()))
        database = Worker("database", lambda: Shop.open(house.folder))
        await database.run(lambda shop: _crashed(shop, raw, times=3))
        await asyncio.to_thread(database.close)
        async with house.open():
            await _until(lambda: _finished(house, 1))
            assert await house.outcomes() == [("failed", "failed: attempts")]
        seen = [one.text for one in await ann.sees() if not one.mine]
    assert seen == ["Sorry, something went wrong on my side. Please try again in a moment."]
    assert house.assistant.heard == []


async def test_what_was_not_finished_is_worked_at_the_next_start(house):
    house.habits = replace(house.habits, drain_timeout=0.05)
    gate = house.assistant.gates["slow"] = asyncio.Event()
    async with await house.join() as ann:
        async with house.open():
            await ann.writes("slow")
            await ann.writes("later")
            await _until(lambda: _heard(house, 1))
        gate.set()
        async with house.open():
            await _until(lambda: _finished(house, 2))
        seen = [one.text for one in await ann.sees() if not one.mine]
    assert seen == ["slow", "later"]


async def test_a_shutdown_finishes_what_is_under_way(house):
    gate = house.assistant.gates["slow"] = asyncio.Event()
    async with await house.join() as ann:
        async with house.open():
            await ann.writes("slow")
            await _until(lambda: _heard(house, 1))
            asyncio.get_running_loop().call_later(0.3, gate.set)
        assert [one.text for one in await ann.sees() if not one.mine] == ["slow"]


async def test_polling_comes_back_after_trouble(house, caplog):
    for fault in (
        Fault("getUpdates", "status", code=409, description="Conflict: terminated by other getUpdates request"),
        Fault("getUpdates", "status", code=500, skip=1),
        Fault("getUpdates", "drop_before", skip=2),
    ):
        house.api.simulator.faults.add(fault)
    async with house.open() as door, await house.join() as ann:
        door.reception._backoff.first = 0.01
        assert texts(await ann.says("hello")) == ["hello"]
        assert door.contact.last_success is not None
        assert door.contact.conflicts_within(minutes=1) == 1
    assert "Another process polls this bot" in caplog.text
    assert house.api.token not in caplog.text


async def test_a_refused_token_ends_the_start_with_a_sentence(house, tmp_path):
    bot = build_bot("1234567:" + "B" * 35, house.api.url)
    database = Worker("database", lambda: Shop.open(tmp_path))
    try:
        with pytest.raises(TokenRefusedError, match="TELEGRAM_BOT_TOKEN"):
            await Polling(bot, database, lambda updates: None, []).run()
    finally:
        await bot.session.close()
        await asyncio.to_thread(database.close)


async def test_a_locked_database_delays_and_loses_nothing(house):
    async with house.open(), await house.join() as ann:
        await ann.says("hello")
        busy = asyncio.create_task(asyncio.to_thread(_hold, house.folder, 0.5))
        assert texts(await ann.says("again")) == ["again"]
        await busy


def _hold(folder, seconds):
    shop = Shop.open(folder)
    with shop.atomic():
        time.sleep(seconds)
    shop.close()


def _crashed(shop, raw, times):
    who = raw["message"]["from"]["id"]
    shop.inbox.add([Update(raw["update_id"], who, json.dumps(raw), datetime.now(UTC))])
    for _ in range(times):
        shop.inbox.start(raw["update_id"])


async def _push_message(house, shopper, text, date):
    person = {"id": shopper.id, "is_bot": False, "first_name": shopper.name, "language_code": "en"}
    chat = {"id": shopper.id, "type": "private", "first_name": shopper.name}
    body = {"message_id": 1, "date": date, "from": person, "chat": chat, "text": text}
    await house.api.simulator.act(lambda store: acts.push(store, "message", body))


async def _finished(house, count):
    outcomes = await house.outcomes()
    return len(outcomes) == count and all(state != "new" for state, _ in outcomes)


async def _heard(house, count):
    return len(house.assistant.heard) >= count


async def _until(ask):
    while not await ask():
        await asyncio.sleep(0.02)
