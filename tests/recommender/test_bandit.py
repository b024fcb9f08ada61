"""The shopper's taste: learned, forgotten, rebuilt from the log in any order, drawn with a seed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import bandit
from recommender.attention import Attention
from recommender.prior import Prior, prior
from storage.records import Feedback, Reaction, SeenCard, SeenPage, Taste

START = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
NAMES = prior().features
POSITIVE = [reaction for reaction in Reaction if bandit.reward(reaction) > 0]


def feedback(reaction=Reaction.LIKE, hours=0.0):
    return Feedback(1, 7, reaction, START + timedelta(hours=hours))


def page(*cards, number=1, hours=0.0):
    """A page of (features, reactions) pairs."""
    at = START + timedelta(hours=hours)
    shown = tuple(
        SeenCard(place, place, features, tuple((reaction, at) for reaction in reactions))
        for place, (features, reactions) in enumerate(cards, start=1)
    )
    return SeenPage(number, number, at, shown)


def numbers(taste):
    return np.array([*taste.precision, *taste.moment])


def expected(taste, features, now=START):
    return bandit.posterior(taste, now).mean @ np.array([features.get(name, 0.0) for name in NAMES])


vectors = st.lists(st.floats(0, 1), min_size=len(NAMES), max_size=len(NAMES)).map(
    lambda values: dict(zip(NAMES, values, strict=True)) | {"bias": 1.0}
)
cards = st.tuples(vectors, st.lists(st.sampled_from(Reaction), max_size=2))
logs = st.lists(st.tuples(st.lists(cards, min_size=1, max_size=3), st.floats(0, 2_000)), max_size=6).map(
    lambda found: [page(*each, number=at, hours=hours) for at, (each, hours) in enumerate(found, start=1)]
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
        before = expected(None, features)
        liked, disliked = (
            expected(bandit.update(bandit.newcomer(7), features, feedback(r)), features)
            for r in (Reaction.LIKE, Reaction.DISLIKE)
        )
        assert disliked <= before + 1e-9
        assert liked >= before - 1e-9

    @given(logs, st.lists(vectors, min_size=3, max_size=3), st.integers(0, 2), st.sampled_from(POSITIVE))
    def test_a_like_never_lowers_what_was_expected_of_its_card(self, log, shown, liked, reaction):
        """Whatever was learned before, and though the cards above it count as passed over from now on."""
        last = len(log) + 1
        silent = page(*((features, []) for features in shown), number=last)
        pressed = page(*((x, [reaction] if at == liked else []) for at, x in enumerate(shown)), number=last)
        before = bandit.rebuild(7, [*log, silent])
        after = bandit.revised(before, silent, pressed)
        now = max(after.updated_at, START)
        assert expected(after, shown[liked], now) >= min(expected(before, shown[liked], now), 0.5) - 1e-9

    def test_a_card_passed_over_teaches_a_little_against_it(self):
        features = dict.fromkeys(NAMES, 0.6) | {"taste_brand": 1.0}
        other = dict.fromkeys(NAMES, 0.6) | {"taste_color": 1.0}
        silent, pressed = page((features, []), (other, [])), page((features, []), (other, [Reaction.LIKE]))
        unread = bandit.shown(bandit.newcomer(7), silent)
        read = bandit.shown(bandit.newcomer(7), pressed)
        assert expected(unread, features) < expected(None, features)
        assert expected(read, other) > expected(None, other)
        assert expected(read, features) - expected(read, other) < expected(None, features) - expected(None, other)

    def test_a_card_below_the_last_reaction_counts_less_than_one_above(self):
        attention = Attention(places=(1.0, 0.8, 0.4), judged=0.5)
        assert attention.passed_over(1, reacted=2) == 1.0
        assert attention.passed_over(3, reacted=2) == pytest.approx(0.5)
        assert attention.passed_over(3, reacted=0) == pytest.approx(0.2)

    def test_pressing_twice_counts_once_and_the_strongest_counts(self):
        features = dict.fromkeys(NAMES, 0.7)
        both, strongest = page((features, [Reaction.OPEN, Reaction.BUY])), page((features, [Reaction.BUY]))
        assert bandit.page_evidence(both, prior())[1] == pytest.approx(bandit.page_evidence(strongest, prior())[1])

    def test_a_paid_place_teaches_nothing(self):
        features = dict.fromkeys(NAMES, 1.0) | {bandit.SPONSORED: 1.0}
        taste = bandit.newcomer(7)
        assert bandit.update(taste, features, feedback()) is taste
        assert not numbers(bandit.shown(taste, page((features, [Reaction.BUY])))).any()

    def test_old_evidence_fades_towards_the_prior(self):
        features = dict.fromkeys(NAMES, 0.8)
        taste = bandit.update(bandit.newcomer(7), features, feedback())
        shifts = [
            np.abs(bandit.posterior(taste, START + timedelta(days=days)).mean - prior().mean).sum()
            for days in (0, 45, 90, 3_000)
        ]
        assert shifts == sorted(shifts, reverse=True)
        assert shifts[-1] < 1e-6 < shifts[0]

    def test_pages_shown_since_make_evidence_fade(self):
        features = dict.fromkeys(NAMES, 0.8)
        taste = bandit.shown(bandit.newcomer(7), page((features, [Reaction.LIKE])))
        for number in range(2, 400):
            taste = bandit.shown(taste, page(number=number))
        assert np.allclose(bandit.posterior(taste, START).mean, prior().mean, atol=1e-6)

    def test_evidence_makes_surer(self):
        features = dict.fromkeys(NAMES, 0.8)
        x = np.full((1, len(NAMES)), 0.8)
        taste = bandit.update(bandit.newcomer(7), features, feedback())
        assert bandit.posterior(taste, START).widths(x)[0] < bandit.posterior(None, START).widths(x)[0]


class TestRebuilding:
    @given(logs, st.randoms())
    def test_the_order_of_arrival_does_not_matter(self, log, random):
        shuffled = list(log)
        random.shuffle(shuffled)
        assert np.allclose(numbers(bandit.rebuild(7, shuffled)), numbers(bandit.rebuild(7, log)), rtol=1e-6, atol=1e-9)

    @given(logs.filter(bool), st.data())
    def test_a_late_reaction_gives_what_the_log_gives(self, log, data):
        """Pages arrive silent; their reactions come afterwards, in any order."""
        taste = bandit.newcomer(7)
        silent = [page(*((c.features, []) for c in p.cards), number=p.number, hours=hours_of(p)) for p in log]
        for each in silent:
            taste = bandit.shown(taste, each)
        for at in data.draw(st.permutations(range(len(log)))):
            taste = bandit.revised(taste, silent[at], log[at])
        assert np.allclose(numbers(taste), numbers(bandit.rebuild(7, log)), rtol=1e-6, atol=1e-9)

    @given(logs, st.floats(0, 5_000))
    def test_beliefs_are_always_a_distribution(self, log, hours):
        now = START + timedelta(hours=hours)
        believed = bandit.posterior(bandit.rebuild(7, log), now)
        covariance = believed.root @ believed.root.T
        assert np.isfinite(believed.mean).all()
        assert np.linalg.eigvalsh(covariance).min() > 0
        assert np.linalg.eigvalsh(prior().covariance - covariance).min() > -1e-12, "evidence never makes less sure"

    def test_a_replaced_like_leaves_no_trace_but_a_newer_version(self):
        features = dict.fromkeys(NAMES, 0.5)
        silent, liked, disliked = (page((features, given)) for given in ([], [Reaction.LIKE], [Reaction.DISLIKE]))
        taste = bandit.shown(bandit.newcomer(7), silent)
        taste = bandit.revised(bandit.revised(taste, silent, liked), liked, disliked)
        assert np.allclose(numbers(taste), numbers(bandit.rebuild(7, [disliked])))
        assert taste.version == 3


def hours_of(found):
    return (found.shown_at - START) / timedelta(hours=1)


class TestDrawing:
    def test_one_seed_one_draw(self):
        believed = bandit.posterior(None, START)
        first, second, other = (believed.draws(np.random.default_rng(seed), 3) for seed in (5, 5, 6))
        assert (first == second).all()
        assert not (first == other).all()

    def test_draws_have_the_posteriors_mean_and_a_share_of_its_spread(self):
        features = dict.fromkeys(NAMES, 0.7)
        narrow = replace(prior(), exploration=0.3)
        believed = bandit.posterior(bandit.update(bandit.newcomer(7), features, feedback()), START, narrow)
        drawn = believed.draws(np.random.default_rng(1), 20_000)
        spread = 0.3**2 * believed.root @ believed.root.T
        assert np.allclose(drawn.mean(axis=0), believed.mean, atol=2e-3)
        assert np.allclose(np.cov(drawn.T), spread, atol=1e-4)


class TestAnotherPrior:
    def test_the_taste_of_an_older_program_keeps_what_still_exists(self):
        names = ("bias", "text_dense", "gone")
        taste = Taste(7, names, (0.0, 0.0, 0.0, 1.0, 0.0, 1.0), (0.0, 2.0, 3.0), 3, START)
        shift = bandit.posterior(taste, START).mean - prior().mean
        assert shift[NAMES.index("text_dense")] > 0
        assert np.delete(shift, NAMES.index("text_dense")) == pytest.approx(0.0, abs=1e-9)

    def test_a_new_prior_moves_beliefs_and_leaves_evidence(self):
        features = dict.fromkeys(NAMES, 0.5)
        log = [page((features, [Reaction.LIKE]))]
        other = Prior(NAMES, prior().mean + 0.01, prior().covariance * 2, noise=0.2, version=4)
        assert numbers(bandit.rebuild(7, log, other)) == pytest.approx(numbers(bandit.rebuild(7, log)))
        assert bandit.rebuild(7, log, other).prior == 4
        x = np.full(len(NAMES), 0.5)
        taste = bandit.rebuild(7, log)
        assert bandit.posterior(taste, START, other).mean @ x > bandit.posterior(taste, START).mean @ x
