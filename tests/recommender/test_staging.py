"""The stage is chances: from the message, bent by what was done lately."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.staging import certain, stage_odds
from storage.records import DEFAULT_STAGE, Event, Intent, Reaction, Stage, Understanding

NOW = datetime(2026, 7, 15, 14, 0, tzinfo=UTC)


def said(*top, text="shoes", language="en"):
    return Understanding(text, language, top[0][0], top[0][1], top, DEFAULT_STAGE[top[0][0]])


def events(*reactions, minutes=2.0):
    return [Event(f"p{at}", reaction, NOW - timedelta(minutes=minutes)) for at, reaction in enumerate(reactions)]


@pytest.mark.parametrize(("text", "language"), [("shoes", "en"), ("鞋子", "zh")])
def test_a_search_just_after_three_carted_shoes_is_no_stroll(text, language):
    search = said((Intent.SEARCH, 0.95), text=text, language=language)
    alone = dict(stage_odds(search, [], NOW))
    after = dict(stage_odds(search, events(*[Reaction.CART] * 3), NOW))
    assert alone[Stage.BROWSE] > 0.9
    assert after[Stage.BUY] + after[Stage.CONSIDER] > 3 * (alone[Stage.BUY] + alone[Stage.CONSIDER])
    assert after[Stage.BROWSE] < alone[Stage.BROWSE] - 0.2


def test_carts_of_yesterday_say_nothing():
    search = said((Intent.SEARCH, 0.95))
    yesterday = events(*[Reaction.CART] * 3, minutes=60 * 24)
    assert dict(stage_odds(search, yesterday, NOW)) == pytest.approx(dict(stage_odds(search, [], NOW)), abs=1e-3)


def test_doubtful_messages_have_several_stages():
    chances = dict(stage_odds(said((Intent.SEARCH, 0.5), (Intent.ADD_TO_CART, 0.4)), [], NOW))
    assert chances[Stage.BROWSE] > chances[Stage.BUY] > 0.3


def test_a_stage_for_certain():
    assert dict(certain(Stage.BUY)) == {stage: float(stage is Stage.BUY) for stage in Stage}


@given(
    st.lists(st.tuples(st.sampled_from(Intent), st.floats(0, 1)), min_size=1, max_size=3),
    st.lists(st.tuples(st.sampled_from(Reaction), st.floats(-10, 1e5)), max_size=20),
)
def test_chances_are_chances(top, done):
    happened = [Event("p", reaction, NOW - timedelta(minutes=minutes)) for reaction, minutes in done]
    chances = dict(stage_odds(said(*top), happened, NOW))
    assert set(chances) == set(Stage)
    assert sum(chances.values()) == pytest.approx(1.0)
    assert min(chances.values()) > 0
