"""The shopper's taste: learned, forgotten, rebuilt from the log, drawn with a seed."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import bandit
from recommender.prior import prior
from storage.records import Feedback, Reaction, Taste

START = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
NAMES = prior().features


def feedback(reaction=Reaction.LIKE, hours=0.0):
    return Feedback(1, 7, reaction, START + timedelta(hours=hours))


def numbers(taste):
    return np.array([*taste.precision, *taste.moment])


vectors = st.lists(st.floats(0, 1), min_size=len(NAMES), max_size=len(NAMES)).map(
    lambda values: dict(zip(NAMES, values, strict=True))
)
logs = st.lists(
    st.tuples(st.builds(feedback, st.sampled_from(Reaction), st.floats(0, 2_000)), vectors, st.none()), max_size=8
)


class TestRewards:
    def test_stronger_reactions_are_worth_more(self):
        order = [bandit.reward(reaction) for reaction in Reaction]
        assert order == sorted(order, reverse=True)
        assert bandit.reward(Reaction.BUY) == 1.0

    def test_only_refusals_are_negative(self):
        assert {r for r in Reaction if bandit.reward(r) < 0} == {Reaction.LESS_LIKE, Reaction.DISLIKE}

    def test_no_newcomers_score_reaches_the_reward_of_opening(self):
        assert np.clip(prior().mean, 0, None).sum() < bandit.reward(Reaction.OPEN)


class TestLearning:
    @given(vectors)
    def test_a_like_raises_and_a_dislike_lowers_what_it_was_given_to(self, features):
        x = np.array(list(features.values()))
        before = bandit.posterior(None, START).mean @ x
        liked, disliked = (
            bandit.posterior(bandit.update(bandit.newcomer(7), features, feedback(r)), START).mean @ x
            for r in (Reaction.LIKE, Reaction.DISLIKE)
        )
        assert disliked <= before + 1e-9
        assert liked >= before - 1e-9

    def test_a_paid_place_teaches_nothing(self):
        taste = bandit.newcomer(7)
        assert bandit.update(taste, dict.fromkeys(NAMES, 1.0) | {bandit.SPONSORED: 1.0}, feedback()) is taste

    def test_old_evidence_fades_towards_the_prior(self):
        features = dict.fromkeys(NAMES, 0.8)
        taste = bandit.update(bandit.newcomer(7), features, feedback())
        shifts = [
            np.abs(bandit.posterior(taste, START + timedelta(days=days)).mean - prior().mean).sum()
            for days in (0, 45, 90, 3_000)
        ]
        assert shifts == sorted(shifts, reverse=True)
        assert shifts[-1] < 1e-6 < shifts[0]

    def test_evidence_makes_surer(self):
        features = dict.fromkeys(NAMES, 0.8)
        x = np.full((1, len(NAMES)), 0.8)
        taste = bandit.update(bandit.newcomer(7), features, feedback())
        assert bandit.posterior(taste, START).widths(x)[0] < bandit.posterior(None, START).widths(x)[0]


class TestRebuilding:
    @settings(deadline=None)
    @given(logs)
    def test_the_log_gives_the_same_taste_again(self, log):
        kept = bandit.newcomer(7)
        for said, features, _ in log:
            kept = bandit.update(kept, features, said)
        again = bandit.rebuild(7, log)
        assert again == kept

    @settings(deadline=None)
    @given(logs, st.randoms())
    def test_the_order_of_arrival_does_not_matter(self, log, random):
        shuffled = list(log)
        random.shuffle(shuffled)
        assert np.allclose(numbers(bandit.rebuild(7, shuffled)), numbers(bandit.rebuild(7, log)), rtol=1e-6, atol=1e-6)

    def test_a_replaced_like_leaves_no_trace_but_a_newer_version(self):
        features = dict.fromkeys(NAMES, 0.5)
        liked = bandit.update(bandit.newcomer(7), features, feedback())
        rebuilt = bandit.rebuild(7, [(feedback(Reaction.DISLIKE, 1), features, None)], after=liked.version)
        fresh = bandit.update(bandit.newcomer(7), features, feedback(Reaction.DISLIKE, 1))
        assert np.allclose(numbers(rebuilt), numbers(fresh))
        assert rebuilt.version > liked.version


class TestDrawing:
    def test_one_seed_one_draw(self):
        believed = bandit.posterior(None, START)
        first, second, other = (believed.draws(np.random.default_rng(seed), 3) for seed in (5, 5, 6))
        assert (first == second).all()
        assert not (first == other).all()

    def test_draws_have_the_posteriors_mean_and_spread(self):
        features = dict.fromkeys(NAMES, 0.7)
        believed = bandit.posterior(bandit.update(bandit.newcomer(7), features, feedback()), START)
        drawn = believed.draws(np.random.default_rng(1), 20_000)
        assert np.allclose(drawn.mean(axis=0), believed.mean, atol=2e-3)
        assert np.allclose(np.cov(drawn.T), believed.root @ believed.root.T, atol=1e-4)

    def test_the_taste_of_an_older_program_keeps_what_still_exists(self):
        names = ("bias", "text_dense", "gone")
        at = [NAMES.index("bias"), NAMES.index("text_dense")]
        precision = np.diag([*np.diag(prior().precision)[at], 1.0])
        moment = (*prior().moment[at], 3.0)
        moved = (moment[0], moment[1] + 50.0, moment[2])
        taste = Taste(7, names, tuple(precision.ravel()), moved, 3, START)
        shift = bandit.posterior(taste, START).mean - prior().mean
        assert shift[NAMES.index("text_dense")] > 0
        assert np.delete(shift, NAMES.index("text_dense")) == pytest.approx(0.0, abs=1e-9)
