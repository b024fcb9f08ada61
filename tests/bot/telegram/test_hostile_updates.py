"""Updates that Telegram never sends, or does not send yet: passed over, answered as far as can be, never logged."""

import asyncio
import json
import warnings
from datetime import UTC, datetime

import pytest

from bot.simulator import acts
from bot.telegram.parsing import parse
from bot.telegram.updates import MalformedUpdateError, body_of, raw_of
from storage.records import Update

SECRET = "my door code is 4711"


async def pushed(house, kind, body):
    await house.api.simulator.act(lambda store: acts.push(store, kind, body))


def person(shopper, language="en", **changed):
    return {"id": shopper.id, "is_bot": False, "first_name": shopper.name, "language_code": language, **changed}


def private(shopper):
    return {"id": shopper.id, "type": "private", "first_name": shopper.name}


async def finished(house, count):
    async with asyncio.timeout(20):
        while len([1 for state, _ in await house.outcomes() if state != "new"]) < count:
            await asyncio.sleep(0.02)
    return [outcome for _, outcome in await house.outcomes()]


@pytest.fixture(params=["en", "zh"])
def language(request):
    return request.param


async def test_what_is_echoed_is_made_encodable(house, language):
    """A lone surrogate in the number of a query kept its answer from being sent."""
    async with house.open(), await house.join(language=language) as ann:
        await ann.says("/start")
        tap = {"id": "q\ud800", "from": person(ann, language), "chat_instance": "1", "data": "x\udfff"}
        await pushed(house, "callback_query", tap)
        assert (await finished(house, 2))[1] == "unknown button"
        [call] = await house.api.simulator.calls("answerCallbackQuery")
    assert call.arguments["callback_query_id"] == "q"
    assert call.text.startswith({"en": "This button no longer works.", "zh": "这个按钮已经失效"}[language])


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**40])
async def test_numbers_beyond_64_bits_are_malformed(house, number):
    async with house.open(), await house.join() as ann:
        said = {"message_id": number, "date": 1_900_000_000, "from": person(ann), "chat": private(ann), "text": "hi"}
        await pushed(house, "message", said)
        await pushed(house, "message", {**said, "message_id": 1, "from": person(ann, id=number)})
        assert [seen.text for seen in await ann.says("hello")] == ["hello"]
        assert (await house.outcomes())[0] == ("failed", "failed: malformed")
        assert (await house.outcomes())[1] == ("failed", "failed: malformed")


async def test_a_time_that_no_calendar_has_counts_for_none(house):
    async with house.open(), await house.join() as ann:
        await ann.says("/start")
        said = {"message_id": 1, "date": 1_900_000_000, "edit_date": 2**53, "from": person(ann), "chat": private(ann)}
        await pushed(house, "edited_message", {**said, "text": "hello"})
        assert (await finished(house, 2))[1] == "answered"


async def test_a_kind_of_update_that_is_not_known_is_passed_over_and_not_printed(house, caplog, capfd):
    """aiogram warned of it with the whole update, words of a shopper and all."""
    async with house.open(), await house.join() as ann:
        update = {"update_id": 1, "hologram": {"from": person(ann), "text": SECRET}}
        stored = Update(1, ann.id, json.dumps(update), datetime.now(UTC))
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            await house.database.run(lambda shop: shop.inbox.add([stored]))
            house.door.runner.submit([stored])
            await ann.says("hello")
            assert (await finished(house, 2))[0] == "unknown kind"
    printed = capfd.readouterr()
    told = caplog.text + printed.out + printed.err + "".join(str(each.message) for each in warned)
    assert SECRET not in told


async def test_a_malformed_update_is_kept_for_the_owner_and_its_words_are_not_logged(house, caplog):
    async with house.open(), await house.join() as ann:
        await pushed(house, "message", {"from": person(ann), "text": SECRET, "date": "x"})
        await ann.says("hello")
        [(body, _)] = await house.database.run(lambda shop: shop.inbox.malformed())
    assert SECRET in body
    assert SECRET not in caplog.text


async def test_nothing_of_ones_own_is_shown_where_others_read(house, language):
    """A button under a message in a group can only be made by hand; who taps it is told where to go."""
    async with house.open(), await house.join(language=language) as ann:
        await ann.says("/start")
        presses = len(house.assistant.presses)
        for chat in ({"id": -1001, "type": "supergroup", "title": "Friends"}, {"id": 4242, "type": "private"}):
            message = {"message_id": 5, "date": 1_900_000_000, "chat": chat, "text": "x"}
            tap = {"id": "77", "from": person(ann, language), "chat_instance": "1"}
            for data in ("e:cart:view:0", "e:privacy:sure:0", "c:like:1", "h:human:0:", "s|1|/orders"):
                await pushed(house, "callback_query", {**tap, "data": data, "message": message})
        outcomes = await finished(house, 11)
        calls = await house.api.simulator.calls("answerCallbackQuery")
        assert not [call for call in await house.api.simulator.calls("sendMessage") if call.chat_id != ann.id]
    assert outcomes[1:] == ["not private"] * 10
    assert {call.text for call in calls} == {
        {
            "en": "Your own things we look at in our private chat only. Open it, and tap there.",
            "zh": "您个人的内容只在我们的私聊里显示，请打开私聊再点。",
        }[language]
    }
    assert len(house.assistant.presses) == presses


def test_a_raw_update_keeps_its_emoji_and_loses_its_halves():
    update = {"message": {"text": "👗\ud83d", "entities": [{"url": "\udc00x"}], "\ud800": 1}}
    assert raw_of(body_of(update)) == {"message": {"text": "👗", "entities": [{"url": "x"}], "": 1}}


@pytest.mark.parametrize(
    "raw", [{"update_id": 1, "message": {"message_id": [[2**64]]}}, {"update_id": True, "poll": 3}]
)
def test_what_cannot_be_read_says_so(raw):
    with pytest.raises(MalformedUpdateError):
        parse(raw, json.dumps(raw), None)
