"""All pictures of an item at once: what Telegram takes is shown, once, whatever it refuses and whenever we stop."""

import asyncio
from dataclasses import replace

import pytest

from bot.simulator.faults import Fault
from bot.simulator.shopper import texts
from bot.telegram.sender import Patience

REFUSAL = 'Bad Request: failed to send message #1 with the error message "WEBPAGE_MEDIA_EMPTY"'
REFUSED = {"en": "The pictures of this item cannot be shown just now.", "zh": "这件商品的图片暂时无法显示。"}


def refuse(house, method, **how):
    house.api.simulator.faults.add(Fault(method, "status", code=400, description=REFUSAL, **how))


def groups(seen):
    return [message.raw.get("media_group_id") for message in seen]


async def test_an_album_comes_as_one_with_the_words_and_buttons_under_it(house):
    async with house.open(), await house.join() as ann:
        *album, words = await ann.says("pictures", expect=4)
        assert [bool(seen.photo) for seen in album] == [True] * 3
        assert len({seen.photo for seen in album}) == 3
        assert len(set(groups(album))) == 1 and None not in groups(album)
        assert texts(album) == ["Dress 1", "", ""]
        assert (words.text, words.labels) == ("$39", ("More",))
        assert await house.calls("sendMediaGroup", "sendPhoto") == [("sendMediaGroup", 200)]


async def test_its_pictures_are_uploaded_once(house):
    async with house.open(), await house.join() as ann, await house.join("小明", "zh") as ming:
        *first, _ = await ann.says("pictures", expect=4)
        *second, _ = await ming.says("pictures", expect=4)
    assert [seen.photo for seen in first] == [seen.photo for seen in second]
    uploaded = [
        call.arguments["media"].count("attach://") for call in await house.api.simulator.calls("sendMediaGroup")
    ]
    assert uploaded == [3, 0]


async def test_a_refused_album_goes_picture_by_picture(house):
    refuse(house, "sendMediaGroup")
    async with house.open(), await house.join() as ann:
        *album, words = await ann.says("pictures", expect=4)
    assert [bool(seen.photo) for seen in album] == [True] * 3
    assert texts([*album, words]) == ["Dress 1", "", "", "$39"]


async def test_one_bad_picture_loses_no_other(house):
    refuse(house, "sendMediaGroup")
    refuse(house, "sendPhoto")
    async with house.open(), await house.join() as ann:
        *album, words = await ann.says("pictures", expect=3)
    assert [bool(seen.photo) for seen in album] == [True] * 2
    assert texts([*album, words]) == ["Dress 1", "", "$39"]


async def test_an_upload_that_stopped_working_is_made_again(house):
    async with house.open(), await house.join() as ann:
        await ann.says("pictures", expect=4)
        keys = await house.database.run(lambda shop: [key for (key,) in shop.db.execute("SELECT key FROM files")])
        await house.database.run(lambda shop: shop.files.put(keys[1], "AgACnonsense"))
        *album, _ = await ann.says("pictures", expect=4)
        kept = await house.database.run(lambda shop: shop.files.get(keys[1]))
    assert [bool(seen.photo) for seen in album] == [True] * 3
    assert kept != "AgACnonsense"


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_where_none_can_be_shown_one_sentence_says_so(house, language):
    refuse(house, "sendMediaGroup")
    refuse(house, "sendPhoto", times=3)
    async with house.open(), await house.join("Ann", language) as ann:
        said = await ann.says("pictures", expect=2)
    assert texts(said) == [REFUSED[language], "$39"]


@pytest.mark.parametrize(
    ("gallery", "shown"),
    [
        (("demo:one", "../secret.jpg", "ftp://x/y.jpg", "missing.jpg", "demo:one/detail"), 2),
        (("../secret.jpg", "https://shop.example/a.jpg", "file:///etc/passwd"), 1),
        (("../secret.jpg", "/etc/passwd", "x" * 5000), 0),
    ],
    ids=["two", "one", "none"],
)
async def test_what_lies_outside_or_is_missing_is_left_out(house, tmp_path, gallery, shown):
    (tmp_path / "secret.jpg").write_bytes(b"not for shoppers")
    house.assistant.gallery = gallery
    async with house.open(), await house.join() as ann:
        *album, _ = await ann.says("pictures", expect=max(shown, 1) + 1)
    assert [bool(seen.photo) for seen in album] == ([True] * shown or [False])
    assert album[0].text == ("Dress 1" if shown else REFUSED["en"])


async def test_after_a_kill_among_single_pictures_a_replay_sends_only_what_is_missing(house):
    house.habits = replace(house.habits, drain_timeout=0.0, patience=Patience(first_pause=30, longest_wait=30))
    refuse(house, "sendMediaGroup")
    house.api.simulator.faults.add(Fault("sendPhoto", "status", code=500, skip=1))
    async with await house.join() as ann:
        async with house.open():
            await ann.writes("pictures")
            while ("sendPhoto", 500) not in await house.calls("sendPhoto"):
                await asyncio.sleep(0.02)
        house.api.simulator.faults.clear()
        async with house.open():
            while [state for state, _ in await house.outcomes()] != ["done"]:
                await asyncio.sleep(0.02)
        seen = [one for one in await ann.sees() if not one.mine]
    assert texts(seen) == ["Dress 1", "", "", "$39"]
    assert await house.calls("sendMediaGroup") == [("sendMediaGroup", 400)]


async def test_after_a_kill_behind_an_album_it_is_not_sent_again(house):
    house.habits = replace(house.habits, drain_timeout=0.0, patience=Patience(first_pause=30, longest_wait=30))
    house.api.simulator.faults.add(Fault("sendMessage", "status", code=500))
    async with await house.join() as ann:
        async with house.open():
            await ann.writes("pictures")
            while ("sendMessage", 500) not in await house.calls("sendMessage"):
                await asyncio.sleep(0.02)
        async with house.open():
            while [state for state, _ in await house.outcomes()] != ["done"]:
                await asyncio.sleep(0.02)
        assert texts(one for one in await ann.sees() if not one.mine) == ["Dress 1", "", "", "$39"]
