"""Taps: answered once, idempotent, kind to strangers and to old cards."""

import asyncio

import pytest

from bot.errands.cart.choice import Choice, written
from bot.simulator.faults import Fault
from bot.telegram.buttons import CardButton, DetailButton, PageButton, SayButton, say_data


async def test_a_like_is_thanked_and_marked(house):
    async with house.open(), await house.join() as ann:
        page = await ann.says("dress", expect=4)
        tapped = await ann.taps("👍", on=page[1], expect=1)
        after = [seen for seen in await ann.sees() if not seen.mine]
    assert (tapped.answer, tapped.alert) == ("Noted, more of that", False)
    assert after[1].labels[:6] == ("✓ 👍", "👎", "Cheaper", "More like this", "Less like this", "ⓘ Why?")
    assert after[2].labels[0] == "👍"


async def test_a_second_tap_changes_nothing_and_a_change_of_mind_moves_the_mark(house):
    async with house.open(), await house.join() as ann:
        page = await ann.says("dress", expect=4)
        await ann.taps("👍", on=page[1], expect=1)
        same = await ann.taps("✓ 👍", on=page[1])
        changed = await ann.taps("👎", on=page[1], expect=1)
        after = [seen for seen in await ann.sees() if not seen.mine]
    assert same.answer == "I had noted that already"
    assert changed.answer == "Noted, you changed your mind"
    assert after[1].labels[:2] == ("👍", "✓ 👎")


async def test_a_strangers_card_gets_a_kind_alert(house):
    async with house.open(), await house.join() as ann:
        page = await ann.says("dress", expect=4)
        house.assistant.owners[1001] = 999
        tapped = await ann.taps("👍", on=page[1])
        after = [seen for seen in await ann.sees() if not seen.mine]
    assert tapped.alert
    assert tapped.answer.startswith("This card was made for somebody else.")
    assert after[1].labels[0] == "👍"


async def test_an_old_card_gets_a_kind_alert(house):
    async with house.open(), await house.join(language="zh") as ann:
        page = await ann.says("dress", expect=4)
        house.assistant.owners.clear()
        tapped = await ann.taps("👎", on=page[1])
    assert tapped.alert
    assert tapped.answer.startswith("这张卡片太旧")


@pytest.mark.long
async def test_a_slow_lookup_is_answered_blank_after_a_second(house):
    gate = house.assistant.gates["cheaper"] = asyncio.Event()
    async with house.open(), await house.join() as ann:
        page = await ann.says("dress", expect=4)
        asyncio.get_running_loop().call_later(1.4, gate.set)
        tapped = await ann.taps("Cheaper", on=page[1], expect=4)
    assert tapped.answer == ""
    assert tapped.new[0].text == "Here is what I found for dress"
    assert [call for call in await house.calls("answerCallbackQuery")] == [("answerCallbackQuery", 200)]


@pytest.mark.long
async def test_a_strangers_alert_that_comes_too_late_is_written(house):
    gate = house.assistant.gates["like"] = asyncio.Event()
    async with house.open(), await house.join() as ann:
        page = await ann.says("dress", expect=4)
        house.assistant.owners.clear()
        asyncio.get_running_loop().call_later(1.4, gate.set)
        tapped = await ann.taps("👍", on=page[1], expect=1)
    assert [seen.text for seen in tapped.new] == ["This card is too old for me to know. Please search again."]


async def test_a_tap_that_expired_is_worked_all_the_same(house):
    late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    house.api.simulator.faults.add(Fault("answerCallbackQuery", "status", code=400, description=late))
    async with house.open(), await house.join() as ann:
        page = await ann.says("dress", expect=4)
        await ann.taps("👍", on=page[1], expect=1, answered=False)
        assert (await house.outcomes())[-1] == ("done", "new")


async def test_chips_name_their_turn_and_key(house):
    async with house.open(), await house.join() as ann:
        page = await ann.says("dress", expect=4)
        await ann.taps("✕ red", on=page[0], expect=4)
    [press] = house.assistant.presses
    assert (press.action, press.target, press.argument) == ("drop", 100, "w0")


async def test_a_button_of_another_age_is_answered_kindly(house):
    async with house.open(), await house.join() as ann:
        body = await _callback(house, ann, "old:format:of:last:year")
        await _until(lambda: _answered(house))
        calls = await house.api.simulator.calls("answerCallbackQuery")
    assert body
    assert calls[-1].text.startswith("This button no longer works.")


@pytest.mark.parametrize("number", ["-1", str(2**63), "9" * 40, "x", ""])
@pytest.mark.parametrize(
    ("button", "data"), [(CardButton, "c:like:{}"), (PageButton, "p:more:{}:"), (SayButton, "s|{}|hi")]
)
def test_a_number_that_no_row_can_have_is_no_button_of_ours(button, data, number):
    with pytest.raises(ValueError):
        button.unpack(data.format(number))


def test_button_data_fits_in_64_bytes():
    choice = written(Choice(1, "连衣裙" * 50, "L", 10**9))
    longest = (
        CardButton(action="more_like", recommendation_id=2**63 - 1).pack(),
        PageButton(action="more", turn_id=2**63 - 1, key="like").pack(),
        PageButton(action="drop", turn_id=2**63 - 1, key="query").pack(),
        DetailButton(errand="saved", key="await", target=2**63 - 1, detail=choice).pack(),
        say_data(2**63 - 1, "连衣裙" * 50),
    )
    assert all(len(data.encode()) <= 64 for data in longest)


def test_a_tappable_answer_keeps_its_words():
    assert SayButton.unpack(say_data(7, "a: b|c")).text == "a: b/c"
    assert "连衣裙".startswith(SayButton.unpack(say_data(7, "连衣裙" * 50)).text[:3])


async def _callback(house, shopper, data):
    from bot.simulator import acts

    person = {"id": shopper.id, "is_bot": False, "first_name": shopper.name, "language_code": "en"}
    body = {"id": "77", "from": person, "chat_instance": "1", "data": data}
    return await house.api.simulator.act(lambda store: acts.push(store, "callback_query", body))


async def _answered(house):
    return bool(await house.calls("answerCallbackQuery"))


async def _until(ask):
    while not await ask():
        await asyncio.sleep(0.02)
