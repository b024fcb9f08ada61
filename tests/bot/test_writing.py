"""The whole bot with a model that lies, over HTTP: a shopper sees checked sentences, in the drafts and in the cards."""

import json

import pytest
import pytest_asyncio

from bot.scribe import Allowance
from tests.support.lying_server import LyingServer
from tests.support.stage import Stage, copy_stocked
from tests.support.talk import WISH

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def liar():
    async with LyingServer() as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory, liar):
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("writing") / "data")
    async with Stage(folder, writer_model="openai:liar", writer_base_url=liar.url, writer_timeout=20) as stage:
        await stage.bot.house.scribe.prepare()
        async with await stage.shopper("Zoe") as zoe:
            await zoe.says("a red dress", expect=1)  # the first call of a process loads what the client needs
        yield stage
        assert await stage.api.simulator.alarms() == []


@pytest_asyncio.fixture(params=["en", "zh"], loop_scope="module")
async def ann(request, stage, liar):
    liar.pause = 0.0
    async with await stage.shopper("Ann", request.param) as ann:
        ann.language = request.param
        yield ann
    stage.bot.house.scribe._failures, stage.bot.house.scribe._rests_until = 0, 0.0


async def drafts(stage, ann):
    """The lines of every draft that the shopper saw."""
    calls = await stage.api.simulator.calls("sendMessageDraft", ann.id)
    assert all(call.ok for call in calls)
    return [line for call in calls for line in call.text.splitlines()]


class Said:
    """What the model said of one page. The same words may be a lie of one card and true of another, or of a later page:
    only of their own card, on their own page, are they held against a shopper's screen.
    """

    def __init__(self, told):
        self._told = told

    def lies(self, card=None):
        """The lies of a card (0: of the opening); of the whole page those that are true of none of its cards."""
        mine = [each for each in self._told if card in (None, each.card)]
        return {each.text.strip() for each in mine if each.lie} - {each.text.strip() for each in mine if not each.lie}


async def test_the_truth_is_shown_sentence_by_sentence_and_stands_in_the_cards(stage, ann, liar):
    liar.manner, liar.pause = "truth", 0.03
    header, *cards = await ann.says(WISH[ann.language], expect=4)
    said = {told.text for told in liar.told}
    shown = await drafts(stage, ann)
    assert shown
    assert set(shown) <= said
    assert any(line in said for line in header.text.splitlines())
    turn = stage.turn_of(ann)
    written = sum(any(line in said for line in message.text.splitlines()) for message in (header, *cards))
    assert turn.versions["writing"].startswith(f"written: accepted {written}, ")
    assert turn.versions["writer"] == "openai:liar v1"
    assert turn.versions["writing"].startswith("written: accepted ")
    assert not turn.degraded


@pytest.mark.parametrize("manner", ["lie", "mixed"])
async def test_no_lie_is_ever_seen(stage, ann, liar, manner):
    liar.manner, liar.pause = manner, 0.01
    wishes = {"en": ["a red dress", "waterproof jacket under $100"], "zh": ["红色连衣裙", "100美元以内的防水外套"]}
    for wish in wishes[ann.language]:
        told, drafted = len(liar.told), len(await drafts(stage, ann))
        messages = await ann.says(wish, expect=4)
        said = Said(liar.told[told:])
        for number, message in enumerate(messages):
            assert said.lies(number) & set(message.text.splitlines()) == set()
        assert said.lies() & set((await drafts(stage, ann))[drafted:]) == set()
        assert "rejected 0" not in stage.turn_of(ann).versions["writing"] or manner == "mixed"


@pytest.mark.parametrize("manner", ["stall", "slow", "500", "broken", "cut", "oversize", "endless", "page"])
async def test_a_model_that_breaks_down_costs_no_card(stage, ann, liar, manner):
    liar.manner = manner
    # Who waits for a stalled model waits a second here; the others have as long as a busy machine needs.
    scribe = stage.bot.house.scribe
    patient, scribe._allowance = scribe._allowance, Allowance(timeout=1.0)
    _header, *cards = await ann.says(WISH[ann.language], expect=4)
    scribe._allowance = patient
    assert len(cards) == 3
    assert all("$" in card.text for card in cards)
    turn = stage.turn_of(ann)
    assert turn.degraded
    assert turn.versions["writing"].split(":")[0] in ("timeout", "failed", "partial")


async def test_a_replayed_answer_says_what_was_written(stage, ann, liar):
    liar.manner = "truth"
    await ann.says(WISH[ann.language], expect=4)
    with stage.shop() as shop:
        turn = shop.transcripts.history(ann.id, 1)[-1]
    assert set(drafts_of(turn.reply_json)) <= {told.text for told in liar.told}


def drafts_of(reply_json):
    return json.loads(reply_json)["written"].values()


async def test_money_runs_out_and_the_templates_speak(stage, ann, liar):
    liar.manner = "truth"
    house = stage.bot.house
    day = house.scribe._today()
    await house.database.run(
        lambda shop: shop.spending.reserve(day, ann.id, 19_999, shopper_limit=20_000, day_limit=10**9)
    )
    before = len(liar.requests)
    assert len(await ann.says(WISH[ann.language], expect=4)) == 4
    assert len(liar.requests) == before
    assert stage.turn_of(ann).versions["writing"].startswith("spent: accepted 0")


async def test_a_page_edited_in_place_has_no_draft_left_over(stage, ann, liar):
    liar.manner, liar.pause = "truth", 0.02
    await ann.says(WISH[ann.language], expect=4)
    before = len(await drafts(stage, ann))
    await ann.taps({"en": "More", "zh": "换一批"}[ann.language], expect=1)
    assert len(await drafts(stage, ann)) == before
