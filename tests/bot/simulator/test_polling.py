"""getUpdates by the rules of Telegram's own server."""

import asyncio
import time

import pytest
from aiogram.exceptions import TelegramConflictError

from bot.simulator import acts
from bot.simulator.arguments import Arguments
from bot.simulator.polling import Polling
from bot.simulator.shopper import Shopper


@pytest.fixture
async def ann(api):
    async with await Shopper.join(api.url, "Ann") as shopper:
        yield shopper


async def write(ann, *texts: str) -> None:
    for text in texts:
        await ann.writes(text)


async def test_updates_count_up_from_a_large_number_and_wait_until_acknowledged(bot, ann):
    await write(ann, "a", "b", "c")
    first = await bot.get_updates()
    assert [update.message.text for update in first] == ["a", "b", "c"]
    start = first[0].update_id
    assert start >= 100_000_000 and [update.update_id for update in first] == [start, start + 1, start + 2]
    assert len(await bot.get_updates(offset=start, limit=2)) == 2
    assert [update.message.text for update in await bot.get_updates(offset=start + 2)] == ["c"]
    assert (await bot.get_webhook_info()).pending_update_count == 1


async def test_a_negative_offset_keeps_the_newest(bot, ann):
    await write(ann, "a", "b", "c")
    assert [update.message.text for update in await bot.get_updates(offset=-2)] == ["b", "c"]
    assert (await bot.get_webhook_info()).pending_update_count == 2


async def test_dropping_what_waits(bot, ann):
    await write(ann, "a")
    assert await bot.delete_webhook(drop_pending_updates=True)
    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_a_long_poll_ends_as_soon_as_something_comes(bot, ann):
    poll = asyncio.create_task(bot.get_updates(timeout=50))
    await asyncio.sleep(0.05)
    started = time.monotonic()
    await ann.writes("now")
    [update] = await poll
    assert update.message.text == "now" and time.monotonic() - started < 5


async def test_an_older_poll_is_ended_by_a_newer_one(bot, ann):
    older = asyncio.create_task(bot.get_updates(timeout=50))
    await asyncio.sleep(0.05)
    newer = asyncio.create_task(bot.get_updates(timeout=50))
    reason = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    with pytest.raises(TelegramConflictError, match=reason):
        await older
    await ann.writes("for the newer")
    assert [update.message.text for update in await newer] == ["for the newer"]


async def test_the_kinds_asked_for_stick_and_others_are_not_stored(api, bot, ann):
    await bot.get_updates(allowed_updates=["callback_query"])
    await ann.writes("unheard")
    assert await bot.get_updates(offset=1) == []
    assert (await bot.get_webhook_info()).allowed_updates == ["callback_query"]
    await bot.get_updates(offset=2, allowed_updates=[])
    await ann.writes("heard: an empty list means the kinds by default")
    assert len(await bot.get_updates(offset=3)) == 1
    await api.simulator.act(lambda store: acts.push(store, "message_reaction", {}))
    assert len(await bot.get_updates(offset=4)) == 1


async def test_the_same_offset_again_at_once_gets_one_update(bot, ann):
    await write(ann, "a", "b")
    assert len(await bot.get_updates()) == 2
    assert len(await bot.get_updates()) == 1


async def test_limits_and_waits_are_clamped(api):
    polling = Polling(api.simulator.act)
    assert polling._asked_for(Arguments({"limit": "1000", "timeout": "90", "offset": "5"})) == (5, 100, 50.0)
    assert polling._asked_for(Arguments({"limit": "0", "timeout": "-1", "offset": "6"})) == (6, 1, 0.0)
    assert polling._asked_for(Arguments({"offset": "6"}))[1:] == (1, 3.0)


async def test_old_updates_expire(api, bot, ann):
    await ann.writes("a")
    await bot.get_updates(offset=1)
    api.simulator.clock.advance(25 * 3600)
    assert await bot.get_updates(offset=2) == []


async def test_a_malformed_update_can_be_put_in_the_way(api, bot, ann):
    await api.simulator.act(lambda store: acts.push(store, "message", {"message_id": 1}))
    session = await bot.session.create_session()
    async with session.get(f"{api.url}/bot{api.token}/getUpdates") as response:
        [update] = (await response.json())["result"]
    assert update["message"] == {"message_id": 1}
