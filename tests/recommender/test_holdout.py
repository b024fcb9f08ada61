"""One shopper in twenty is served by the plain ranker, always the same ones."""

import pytest

from recommender.holdout import POLICY, held_out
from storage.records import Need


def test_the_share_is_kept_and_the_same_shoppers_are_in_it():
    chosen = [user for user in range(20_000) if held_out(user, 0.05)]
    assert len(chosen) / 20_000 == pytest.approx(0.05, abs=0.006)
    assert chosen == [user for user in range(20_000) if held_out(user, 0.05)]
    assert all(held_out(user, 0.2) for user in chosen), "raising the share only adds shoppers"


def test_nobody_and_everybody():
    assert not any(held_out(user, 0.0) for user in range(500))
    assert all(held_out(user, 1.0) for user in range(500))


def test_their_page_knows_no_taste_and_no_chance(recommender, ask, event):
    from recommender import bandit
    from storage.records import Feedback, Reaction
    from tests.recommender.conftest import NOW

    taste = bandit.newcomer(7)
    for number in range(5):
        taste = bandit.update(taste, {"bias": 1.0, "rating": 1.0}, Feedback(number, 7, Reaction.BUY, NOW))
    need = Need(query="red dress")
    pages = [
        recommender.recommend(ask(need, policy=POLICY, taste=known, seed=seed))
        for known, seed in ((None, 1), (taste, 2))
    ]
    assert [i.product.id for i in pages[0].page] == [i.product.id for i in pages[1].page]
    assert {slate.policy for slate in pages} == {POLICY}
    assert pages[1].taste_version == 0
    shown = pages[1]
    chances = recommender.propensities(ask(need, policy=POLICY, taste=taste, seed=2), shown)
    assert set(chances.values()) == {0.0, 1.0}
