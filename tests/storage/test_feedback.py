"""Reactions count once, the last opinion holds, and the log can tell it all again."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.feedback import NotShownError
from storage.records import Event, Feedback, Reaction


@pytest.fixture
def shown(catalogue, make_product, answer):
    products = [make_product(f"p{n}") for n in range(4)]
    catalogue.upsert(products)
    return answer(products, shown=3)


@pytest.fixture
def react(shop, make_turn):
    start = make_turn().said_at
    minutes = iter(range(10_000))

    def make(item, reaction, user_id=7):
        return Feedback(item.id, user_id, reaction, start + timedelta(minutes=next(minutes)))

    return make


def test_a_repeated_reaction_does_nothing(shop, shown, react):
    assert shop.feedback.add(react(shown[0], Reaction.LIKE)) == "new"
    assert shop.feedback.add(react(shown[0], Reaction.LIKE)) == "same"
    assert len(shop.feedback.of(7)) == 1


@pytest.mark.parametrize(("first", "second"), [(Reaction.LIKE, Reaction.DISLIKE), (Reaction.DISLIKE, Reaction.LIKE)])
def test_a_change_of_mind_takes_the_place_of_the_opposite(shop, shown, react, first, second):
    shop.feedback.add(react(shown[0], first))
    assert shop.feedback.add(react(shown[0], second)) == "replaced"
    assert shop.feedback.current(shown[0].id) == {second}


def test_other_reactions_stand_side_by_side(shop, shown, react):
    for reaction in (Reaction.LIKE, Reaction.OPEN, Reaction.MORE_LIKE):
        assert shop.feedback.add(react(shown[0], reaction)) == "new"
    assert shop.feedback.add(react(shown[1], Reaction.DISLIKE)) == "new"
    assert shop.feedback.current(shown[0].id) == {Reaction.LIKE, Reaction.OPEN, Reaction.MORE_LIKE}


def test_what_holds_comes_with_what_was_shown(shop, shown, react):
    like, dislike = react(shown[0], Reaction.LIKE), react(shown[2], Reaction.DISLIKE)
    shop.feedback.add(dislike)
    shop.feedback.add(like)
    shop.impressions.set_propensities(shop.impressions.get(shown[0].id).turn_id, {"p0": 0.5})
    assert shop.feedback.of(7) == [(like, shown[0].features, 0.5), (dislike, shown[2].features, None)]
    assert shop.feedback.events(7, 5) == [
        Event("p0", Reaction.LIKE, like.at),
        Event("p2", Reaction.DISLIKE, dislike.at),
    ]
    assert shop.feedback.events(7, 1) == [Event("p2", Reaction.DISLIKE, dislike.at)]
    assert shop.feedback.of(8) == shop.feedback.events(8, 5) == []


def test_only_what_the_shopper_was_shown_can_be_judged(shop, shown, react):
    strangers = react(shown[0], Reaction.LIKE, user_id=8)
    unseen = react(shown[3], Reaction.LIKE)
    for feedback in (strangers, unseen, Feedback(999, 7, Reaction.LIKE, unseen.at)):
        with pytest.raises(NotShownError, match="was not shown"):
            shop.feedback.add(feedback)
    assert shop.feedback.of(7) == shop.feedback.of(8) == []


@settings(max_examples=25)
@given(taps=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(Reaction)), max_size=12))
def test_what_holds_is_what_the_log_says(shop, shown, react, taps):
    with shop.atomic():
        for place, reaction in taps:
            shop.feedback.add(react(shown[place], reaction))
    live = shop.feedback.of(7)
    assert shop.feedback.rebuild() == len(live)
    assert shop.feedback.of(7) == live
    for item in shown:
        assert not {Reaction.LIKE, Reaction.DISLIKE} <= shop.feedback.current(item.id)


def test_the_chat_as_a_visit_leaves_out_what_was_not_welcome(shop, shown, react):
    for item, reaction in zip(shown, (Reaction.BUY, Reaction.DISLIKE, Reaction.OPEN), strict=False):
        shop.feedback.add(react(item, reaction))
    start = react(shown[0], Reaction.LIKE).at - timedelta(days=1)
    visits = list(shop.feedback.visits(start))
    assert [(visitor, product_id, kind) for visitor, product_id, kind, _ in visits] == [
        ("chat:7", "p0", "order"),
        ("chat:7", "p2", "view"),
    ]
    assert list(shop.feedback.visits(start + timedelta(days=2))) == []
    assert shop.feedback.revision() > 0
