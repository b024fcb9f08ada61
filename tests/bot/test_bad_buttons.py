"""Forged buttons, strangers', old ones, and buttons pressed twice: nothing is taught that was not meant."""

import itertools

import pytest
import pytest_asyncio

from storage.forgetting import erase
from tests.support.odd_input import FORGED, check_words

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("quiet_log")]

NO_BUTTON = {"en": "This button no longer works.", "zh": "这个按钮已经失效"}
OLD_CARD = {"en": "This card is too old for me to know.", "zh": "这张卡片太旧"}
STRANGERS = {"en": "This card was made for somebody else.", "zh": "这张卡片是给别人的"}


_taps = itertools.count()
"""No two taps have one number, and what has the number of another is answered only once."""


async def press(shopper, data, expect=0, **around):
    """A tap on a button that need not exist."""
    query = {"id": f"q{next(_taps)}", "chat_instance": "1", "data": data, **around}
    return await shopper.sends(query, "callback_query", expect=expect)


@pytest_asyncio.fixture(loop_scope="module")
async def alerts(stage):
    """The words of the answers to the taps since the test began, in order."""
    since = len(await stage.api.simulator.calls("answerCallbackQuery"))

    async def read():
        await stage.settled()
        calls = await stage.api.simulator.calls("answerCallbackQuery")
        return [call.arguments.get("text", "") for call in calls[since:]]

    return read


async def test_buttons_that_nobody_made_are_answered_kindly(stage, ann, alerts):
    for data in FORGED:
        await press(ann, data)
        [*_, alert] = await alerts()
        assert alert.startswith(NO_BUTTON[ann.language]), data
    assert stage.outcomes_of(ann) == [("done", "unknown button")] * len(FORGED)


async def test_a_query_whose_number_is_no_text_is_answered_all_the_same(stage, ann, alerts):
    """A lone surrogate in what is echoed kept the answer from being sent."""
    await press(ann, "x", id=f"q{next(_taps)}\ud800")
    [alert] = await alerts()
    assert alert.startswith(NO_BUTTON[ann.language])
    assert stage.outcomes_of(ann) == [("done", "unknown button")]


@pytest.mark.parametrize("data", ["c:like:{}", "c:more_like:{}", "c:cheaper:{}", "p:more:{}:", "p:drop:{}:w0"])
async def test_cards_that_never_were_are_answered_kindly(stage, ann, alerts, data):
    numbers = [0, 999_999_999, 2**63 - 1]
    for number in numbers:
        await press(ann, data.format(number))
        [*_, alert] = await alerts()
        assert alert.startswith(OLD_CARD[ann.language]), number
    assert [outcome for _, outcome in stage.outcomes_of(ann)] == ["gone"] * len(numbers)


async def test_buttons_of_the_wrong_place_do_no_harm(stage, ann):
    """Made up, but of numbers that exist: at worst shoppers press what was theirs to press."""
    async with await stage.shopper("Bob", "en") as bob:
        await bob.says("a red dress", expect=4)
        with stage.shop() as shop:
            page = shop.transcripts.latest_page(bob.id)
        card = page.recommendations[0].id
        for data in (
            f"c:more:{page.turn_id}",
            f"c:drop:{page.turn_id}",
            f"c:say:{card}",
            f"p:like:{card}:",
            f"p:cheaper:{card}:",
        ):
            await press(ann, data)
            await press(bob, data)
            await stage.settled()
        assert {state for who in (ann, bob) for state, _ in stage.outcomes_of(who)} == {"done"}
        with stage.shop() as shop:
            assert shop.feedback.events(ann.id, 10) == []
            assert shop.transcripts.latest_page(ann.id) is None


@pytest.mark.parametrize("data", ["s|0|dress", "s|99|<b>{ $x }", "s|9|/reset", "s|1|/nonsense", "s|1|"])
async def test_a_tappable_answer_from_anywhere_is_only_words(stage, ann, data):
    check_words(await press(ann, data, expect=1), ann.language if data.endswith(("/reset", "|")) else "en")


async def test_chips_that_are_not_there_drop_nothing(stage, ann):
    await ann.says("a red dress")
    turn = stage.turn_of(ann)
    for key in ("w99", "w-1", "nonsense", "w" + "9" * 30, "", "<b>"):
        await press(ann, f"p:drop:{turn.turn.id}:{key}", expect=1)
        assert stage.turn_of(ann).need.wishes == turn.need.wishes


async def test_buttons_of_a_strangers_card_teach_nobody(stage, ann, alerts):
    async with await stage.shopper("Bob", "en") as bob:
        header, *cards = await bob.says("a red dress", expect=4)
        for label in ("👍", "👎", "Cheaper", "More like this", "Less like this"):
            await press(ann, cards[0].data(label))
        await press(ann, header.data("More"))
        words = await alerts()
        assert len(words) == 6
        assert all(word.startswith(STRANGERS[ann.language]) for word in words)
        with stage.shop() as shop:
            assert shop.feedback.events(ann.id, 10) == shop.feedback.events(bob.id, 10) == []
            assert shop.tastes.get(ann.id) is None
            assert shop.tastes.get(bob.id).version == 1, "the page alone"


async def test_buttons_of_an_erased_talk_are_answered_kindly(stage, ann, alerts):
    header, card, *_ = await ann.says("a red dress", expect=4)
    await stage.bot.house.database.run(lambda shop: erase(shop, ann.id))
    for data in (card.data("👍"), card.data("Cheaper"), card.data("Less like this"), header.data("More")):
        await press(ann, data)
    words = await alerts()
    assert len(words) == 4
    assert all(word.startswith(OLD_CARD[ann.language]) for word in words)
    check_words(await ann.says("a red dress", expect=4), "en")


async def test_a_reaction_pressed_twice_and_changed_counts_once(stage, ann):
    _, card, *_ = await ann.says("a red dress", expect=4)
    toasts = [(await ann.taps(label, on=card)).answer for label in ("👍", "👍", "👎", "👎", "👍")]
    told = ["Noted, more of that", "I had noted that already", "Noted, you changed your mind"]
    assert toasts == [told[0], told[1], told[2], told[1], told[2]]
    with stage.shop() as shop:
        [kept] = shop.feedback.of(ann.id)
    assert kept[0].reaction == "like"


async def test_buttons_work_after_a_restart(stage):
    async with await stage.shopper() as ann:
        await check_restart(stage, ann)


async def check_restart(stage, ann):
    header, card, *_ = await ann.says("a red dress", expect=4)
    await ann.taps("👍", on=card)
    await stage.restart()
    assert (await ann.taps("👍", on=card)).answer == "I had noted that already"
    assert (await ann.taps("👎", on=card)).answer == "Noted, you changed your mind"
    more = await ann.taps("More", on=header, expect=1)
    assert not more.alert
    check_words((await ann.taps("Cheaper", on=card, expect=1)).new, "en")


async def test_a_tap_without_its_message_is_worked_all_the_same(stage, ann, alerts):
    """Telegram sends taps on old messages with an inaccessible one, on inline ones with none."""
    _, card, *_ = await ann.says("a red dress", expect=4)
    gone = {"chat": {"id": ann.id, "type": "private"}, "message_id": card.message_id, "date": 0}
    await press(ann, card.data("👍"), message=gone)
    await press(ann, card.data("👎"), inline_message_id="i")
    await press(ann, None, game_short_name="g")
    words = await alerts()
    assert [word[:5] for word in words] == ["Noted", "Noted", NO_BUTTON["en"][:5]]
    with stage.shop() as shop:
        assert [event.reaction for event in shop.feedback.events(ann.id, 9)][-1] == "dislike"
