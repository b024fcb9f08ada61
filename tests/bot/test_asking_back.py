""" "Did you mean": conversations through the real bot over HTTP, read by the rules and scripted where they are sure.

`read_by: rules` in a conversation brings it here; its `script` gives the likeliest intents of a message.
"""

from dataclasses import replace
from functools import partial

import pytest
import pytest_asyncio

from bot.errands.all import shop_errands
from bot.reply import Action
from bot.running import RunningBot
from bot.understanding.doubt import ASKED
from nlu.decode import Calibration
from storage.records import DEFAULT_STAGE, Intent, Reaction
from tests.support.conversations import conversations
from tests.support.player import Player
from tests.support.stage import Stage, copy_stocked
from tests.support.talk import WISH, Talk, codes, newest, scripted

pytestmark = pytest.mark.asyncio(loop_scope="module")
TALKS = {path.stem: talk for path, talk in conversations() if "read_by" in talk}


def unsure(top, said):
    """The reading of a message with other intents."""
    ranked = tuple((Intent(name), chance) for name, chance in top.items())
    intent, confidence = ranked[0]
    return replace(
        said, intent=intent, confidence=confidence, top=ranked, also=(), stage=DEFAULT_STAGE[intent], degraded=False
    )


SCRIPT = {text: partial(unsure, top) for talk in TALKS.values() for text, top in talk.get("script", {}).items()}


class ScriptedBot(RunningBot):
    """A bot whose understander is the rules with a script, calibrated as a model would be."""

    def _door(self, house):
        errands = shop_errands(house.settings, house.database, house.search)
        doubtful = Calibration(margin=0.05, outside=0.35)
        house.assistant = scripted(house, SCRIPT, calibration=doubtful, errands=errands)
        return super()._door(house)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("asking") / "data")
    async with Stage(folder, ScriptedBot) as stage:
        yield stage
        assert await stage.api.simulator.alarms() == [], "methods that the local Bot API does not serve"


@pytest.mark.long
@pytest.mark.parametrize("name", TALKS)
async def test_conversation(stage, name):
    async with await stage.shopper(name, TALKS[name]["language"]) as shopper:
        await Player(stage, shopper).play(TALKS[name])


@pytest.fixture
def doubtful(talk, script):
    """A shopper who has seen a page and says what could be praise or blame."""
    script["hm"] = partial(unsure, {"like": 0.35, "dislike": 0.33})
    return talk


async def test_the_question_is_recorded_and_teaches_nothing_until_it_is_answered(doubtful, reader):
    await doubtful.says(WISH[doubtful.language])
    asked = await doubtful.says("hm")
    turn = newest(reader, doubtful)
    assert (turn.need.asked, turn.understanding.intent) == (ASKED, Intent.LIKE)
    assert reader.feedback.of(doubtful.user_id) == []
    reply = await doubtful.presses(Action.MEANT, asked.turn_id, "dislike")
    assert codes(reply)[0] == "disliked"
    tapped = newest(reader, doubtful)
    assert (tapped.understanding.intent, tapped.understanding.model) == (Intent.DISLIKE, "button")
    assert (tapped.understanding.text, tapped.turn.source) == ("hm", "button:meant")
    assert {event.reaction for event in reader.feedback.events(doubtful.user_id, 9)} == {Reaction.DISLIKE}


async def test_a_replayed_question_and_a_replayed_answer_are_one_turn_each(doubtful, reader):
    await doubtful.says(WISH[doubtful.language])
    asked = await doubtful.says("hm")
    assert await doubtful.again() == replace(asked, repeated=True)
    answer = await doubtful.presses(Action.MEANT, asked.turn_id, "dislike")
    learned = reader.feedback.of(doubtful.user_id)
    assert await doubtful.again() == replace(answer, repeated=True)
    assert reader.feedback.of(doubtful.user_id) == learned
    assert len(reader.transcripts.history(doubtful.user_id, 9)) == 3


async def test_answers_of_strangers_and_to_nothing_change_nothing(doubtful, reader):
    page = await doubtful.says(WISH[doubtful.language])
    asked = await doubtful.says("hm")
    stranger = Talk(doubtful.assistant, doubtful.language)
    assert (await stranger.presses(Action.MEANT, asked.turn_id, "like")).state == "stranger"
    assert (await doubtful.presses(Action.MEANT, 2**62, "like")).state == "gone"
    assert (await doubtful.presses(Action.MEANT, page.turn_id, "like")).state == "gone"
    assert codes(await doubtful.presses(Action.MEANT, asked.turn_id, "greet")) == ["say-otherwise"]
    assert reader.feedback.of(doubtful.user_id) == []
