"""What happens between us and Telegram when things go wrong on the way."""

import asyncio
from dataclasses import replace

import pytest

from bot.simulator.faults import Fault
from bot.simulator.shopper import texts
from bot.telegram.sender import Patience

SENDS = ("sendMessage", "sendPhoto")


@pytest.mark.long
@pytest.mark.parametrize(
    "fault",
    [
        Fault("sendMessage", "status", code=429, retry_after=1),
        Fault("sendPhoto", "status", code=500, times=2),
        Fault("sendPhoto", "status", code=502),
        Fault("sendMessage", "drop_before"),
    ],
    ids=lambda fault: f"{fault.method}-{fault.kind}-{fault.code}",
)
async def test_short_troubles_are_waited_out(house, fault):
    house.api.simulator.faults.add(fault)
    async with house.open(), await house.join() as ann:
        page = await ann.says("dress", expect=4)
        assert len(page) == 4
        assert await house.outcomes() == [("done", "answered")]
    assert len(house.assistant.heard) == 1


@pytest.mark.long
async def test_a_long_pause_gives_the_place_to_others_and_comes_back(house):
    house.habits = replace(house.habits, patience=Patience(first_pause=0.01, longest_wait=0.2, postpone=0.05))
    house.api.simulator.faults.add(Fault("sendPhoto", "status", code=429, retry_after=1))
    async with house.open(), await house.join() as ann, await house.join("Bob") as bob:
        await ann.writes("dress")
        while ("sendPhoto", 429) not in await house.calls("sendPhoto"):
            await asyncio.sleep(0.02)
        assert texts(await bob.says("hello")) == ["hello"]
        while house.door.runner.waiting or house.door.runner.in_flight:
            await asyncio.sleep(0.05)
        assert len([seen for seen in await ann.sees() if not seen.mine]) == 4


async def test_telegram_down_for_long_postpones_and_loses_nothing(house):
    house.api.simulator.faults.add(Fault("sendMessage", "status", code=500, times=9))
    async with house.open(), await house.join() as ann:
        assert texts(await ann.says("hello")) == ["hello"]
        assert await house.outcomes() == [("done", "answered")]


async def test_a_shopper_who_blocked_the_bot_is_marked_and_left_alone(house):
    house.api.simulator.faults.add(Fault("sendMessage", "status", code=403))
    async with house.open(), await house.join() as ann:
        await ann.writes("dress")
        while await house.outcomes() != [("done", "unreachable")]:
            await asyncio.sleep(0.02)
        assert await house.database.run(lambda shop: shop.shoppers.blocked(ann.id))
    assert await house.calls(*SENDS) == [("sendMessage", 403)]


async def test_blocking_and_unblocking_is_noted(house):
    async with house.open(), await house.join() as ann:
        await ann.says("/start x")
        await ann.blocks()
        await _until(lambda: house.database.run(lambda shop: shop.shoppers.blocked(ann.id)))
        await ann.unblocks()
        await _until(lambda: house.database.run(lambda shop: not shop.shoppers.blocked(ann.id)))


async def test_refused_markup_is_sent_as_plain_text(house):
    refusal = "Bad Request: can't parse entities: Unsupported start tag"
    house.api.simulator.faults.add(Fault("sendPhoto", "status", code=400, description=refusal))
    async with house.open(), await house.join() as ann:
        page = await ann.says("dress", expect=4)
    assert page[1].photo
    assert page[1].text.startswith("1. Dress 1001\n$1,040.50")
    assert "caption_entities" not in page[1].raw
    assert "caption_entities" in page[2].raw


async def test_a_refused_picture_makes_a_text_card(house):
    refusal = "Bad Request: wrong file identifier/HTTP URL specified"
    house.api.simulator.faults.add(Fault("sendPhoto", "status", code=400, description=refusal))
    async with house.open(), await house.join() as ann:
        page = await ann.says("dress", expect=4)
    assert [bool(seen.photo) for seen in page[1:]] == [False, True, True]
    assert page[1].text.startswith("1. Dress 1001")
    assert page[1].labels == page[2].labels


@pytest.mark.parametrize("image_url", ["", "missing.jpg", "../secret.jpg", "ftp://x/y.jpg"])
async def test_a_picture_that_cannot_be_had_makes_a_text_card(house, tmp_path, image_url):
    (tmp_path / "secret.jpg").write_bytes(b"not for shoppers")
    house.assistant.image_url = image_url
    async with house.open(), await house.join() as ann:
        page = await ann.says("dress", expect=4)
    assert [seen.photo for seen in page[1:]] == ["", "", ""]
    assert page[1].text.startswith("1. Dress 1001")


async def test_uploads_are_used_again_and_forgotten_when_they_stop_working(house):
    house.assistant.image_url = "demo:one"
    async with house.open(), await house.join() as ann:
        first = await ann.says("dress", expect=4)
        calls = await house.api.simulator.calls("sendPhoto")
        uploaded = ["attach" in call.arguments["photo"] for call in calls]
        known = await house.database.run(lambda shop: list(shop.db.execute("SELECT key, file_id FROM files")))
        await house.database.run(lambda shop: shop.files.put(known[0][0], "AgACnonsense"))
        second = await ann.says("dress", expect=4)
        again = await house.database.run(lambda shop: list(shop.db.execute("SELECT key, file_id FROM files")))
    assert len(known) == 1
    assert uploaded[0]
    assert all(seen.photo for seen in (*first[1:], *second[1:]))
    assert again[0][1] != "AgACnonsense"


async def test_web_pictures_are_handed_over_as_addresses(house):
    house.assistant.image_url = "https://shop.example/a.jpg"
    async with house.open(), await house.join() as ann:
        page = await ann.says("dress", expect=4)
    assert all(seen.photo for seen in page[1:])


async def test_more_edits_the_page_in_place(house):
    async with house.open(), await house.join() as ann:
        page = await ann.says("dress", expect=4)
        tapped = await ann.taps("More", expect=4)
        assert tapped.new == ()
        house.assistant.page_size = 2
        await ann.taps("More", expect=3)
        shorter = [seen for seen in await ann.sees() if not seen.mine]
        house.assistant.page_size = 3
        longer = await ann.taps("More", expect=4)
    assert [seen.message_id for seen in shorter] == [seen.message_id for seen in page[:3]]
    assert shorter[1].edited
    assert shorter[1].text.startswith("1. Dress 1021")
    assert [seen.text.splitlines()[0] for seen in longer.new] == ["3. Dress 1033"]
    targets = [press.target for press in house.assistant.presses]
    assert targets == [100, 101, 102]


async def test_a_page_that_was_deleted_is_sent_anew(house):
    gone = "Bad Request: message to edit not found"
    house.api.simulator.faults.add(Fault("editMessageMedia", "status", code=400, description=gone))
    async with house.open(), await house.join() as ann:
        await ann.says("dress", expect=4)
        tapped = await ann.taps("More", expect=4)
    assert [seen.text.splitlines()[0] for seen in tapped.new] == ["1. Dress 1011"]


async def test_an_edit_that_changes_nothing_is_fine(house):
    same = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
    house.api.simulator.faults.add(Fault("editMessageMedia", "status", code=400, description=same, times=3))
    async with house.open(), await house.join() as ann:
        await ann.says("dress", expect=4)
        tapped = await ann.taps("More", expect=1)
        assert await house.outcomes() == [("done", "answered")] * 2
    assert tapped.new == ()


async def test_after_a_kill_a_replay_sends_only_what_is_missing(house):
    house.habits = replace(house.habits, drain_timeout=0.0, patience=Patience(first_pause=30, longest_wait=30))
    house.api.simulator.faults.add(Fault("sendPhoto", "status", code=500, skip=1))
    async with await house.join() as ann:
        async with house.open():
            await ann.writes("dress")
            while ("sendPhoto", 500) not in await house.calls(*SENDS):
                await asyncio.sleep(0.02)
            assert await house.outcomes() == [("new", "")]
        house.api.simulator.faults.clear()
        async with house.open():
            await _until(lambda: _done(house))
        seen = [one.text.splitlines()[0] for one in await ann.sees() if not one.mine]
    assert seen == ["Here is what I found for dress", "1. Dress 1001", "2. Dress 1002", "3. Dress 1003"]
    assert len(house.assistant.heard) == 1
    assert len(house.assistant.worked) == 2


async def _done(house):
    return all(state == "done" for state, _ in await house.outcomes())


async def _until(ask):
    while not await ask():
        await asyncio.sleep(0.02)
