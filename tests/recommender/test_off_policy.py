"""Off-policy estimates agree with obp's, are right where the truth is known, and are refused where nothing is known."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.intervals import METHODS, interval
from recommender.judging import SilentLogError, judge, served
from recommender.off_policy import ESTIMATORS, Log, diagnose, gain, gradient, sums_of
from recommender.reward_model import cross_fitted


def bandit_log(seed, rounds=200, items=5, places=3):
    """One item to a page, as obp takes it: the log, the model, and obp's own arrays."""
    rng = np.random.default_rng(seed)
    logged = rng.dirichlet(np.ones(items), rounds)
    target = rng.dirichlet(np.ones(items), (rounds, places)).transpose(0, 2, 1)
    place = rng.integers(0, places, rounds)
    action = np.array([rng.choice(items, p=chances) for chances in logged])
    reward = rng.binomial(1, 0.3, rounds).astype(float)
    model = rng.random((rounds, items, places))
    every = np.arange(rounds)
    shown = np.zeros((rounds, items), dtype=bool)
    shown[every, action] = True
    log = Log(
        page=np.repeat(every, items),
        shopper=every,
        shown=shown.ravel(),
        reward=(shown * reward[:, None]).ravel(),
        logged=logged.ravel(),
        target=target[every, :, place].ravel(),
    )
    theirs = {
        "reward": reward,
        "action": action,
        "position": place,
        "pscore": logged[every, action],
        "action_dist": target,
        "estimated_rewards_by_reg_model": model,
    }
    return log, model[every, :, place].ravel(), theirs


@pytest.fixture(scope="module")
def obp_estimators():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ope = pytest.importorskip("obp.ope", reason="obp comes with the extra [bench]")
    return {
        "ips": ope.InverseProbabilityWeighting(),
        "snips": ope.SelfNormalizedInverseProbabilityWeighting(),
        "dm": ope.DirectMethod(),
        "dr": ope.DoublyRobust(),
        "sndr": ope.SelfNormalizedDoublyRobust(),
    }


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ESTIMATORS)
def test_estimates_are_those_of_obp(obp_estimators, name, seed):
    log, model, theirs = bandit_log(seed)
    ours = ESTIMATORS[name](sums_of(log, model).total)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = obp_estimators[name].estimate_policy_value(**theirs)
    assert float(ours) == pytest.approx(expected, abs=1e-12)


def slate_log(seed, shoppers=120, pages=2, items=12, size=3, same=False, shift=0.8):
    """Pages of three drawn by noisy scores; the log, features, and the truth for the target."""
    rng = np.random.default_rng(seed)
    n = shoppers * pages
    x = rng.normal(size=(n, items, 4))
    score = x @ np.array([0.8, 0.4, 0.0, 0.0])
    aimed = score if same else x @ np.array([0.8, 0.4 + shift, 0.0, 0.0])
    expected = 1 / (1 + np.exp(-(x @ np.array([0.5, 0.8, 0.3, 0.0]) - 1.5)))
    logged, target = _chances(score, size, rng), _chances(aimed, size, rng)
    page = np.argsort(-(score + rng.gumbel(size=score.shape)), axis=1)[:, :size]
    shown = np.zeros((n, items), dtype=bool)
    np.put_along_axis(shown, page, True, axis=1)
    reward = (rng.random((n, items)) < expected) * shown
    log = Log(
        page=np.repeat(np.arange(n), items),
        shopper=np.repeat(np.arange(shoppers), pages),
        shown=shown.ravel(),
        reward=reward.ravel().astype(float),
        logged=logged.ravel(),
        target=(logged if same else target).ravel(),
    )
    return log, x.reshape(-1, 4), float((target * expected).sum() / n)


def _chances(score, size, rng, draws=300):
    shown = np.zeros(score.shape)
    for _ in range(draws):
        best = np.argpartition(-(score + rng.gumbel(size=score.shape)), size, axis=1)[:, :size]
        np.put_along_axis(shown, best, np.take_along_axis(shown, best, 1) + 1, axis=1)
    return (shown + 0.5) / (draws + 1)


@pytest.fixture(scope="module")
def slates():
    return slate_log(5)


@pytest.mark.parametrize("name", ["ips", "snips", "dr", "sndr"])
def test_the_truth_of_a_slate_is_in_the_interval(slates, name):
    log, x, truth = slates
    verdict = judge(log, x)
    found = verdict.estimates[name]
    assert found.low < truth < found.high
    assert found.low < found.value < found.high
    assert found.value == pytest.approx(truth, abs=4 * found.error)


def test_a_policy_judged_on_its_own_log_earned_what_it_earned(slates):
    log, x, _ = slates
    own = replace(log, target=log.logged)
    paid = served(log)
    assert paid.value == pytest.approx(log.reward.sum() / len(log.shopper))
    verdict = judge(own, x)
    assert verdict.estimates["ips"].value == pytest.approx(paid.value)
    assert verdict.gains["ips"].value == pytest.approx(0.0, abs=1e-12)
    assert verdict.diagnosis.mean_weight == pytest.approx(len(log.shopper) * 3 / log.target.sum(), abs=0.2)


def test_a_doubly_robust_estimate_needs_only_one_of_model_and_propensities(slates):
    log, _, _ = slates
    rng = np.random.default_rng(0)
    truth_model = rng.random(len(log.page))
    exact = replace(log, reward=np.where(log.shown, truth_model, 0.0))
    wrong = replace(exact, logged=np.clip(exact.logged * 3, 0, 1))
    assert ESTIMATORS["dr"](sums_of(wrong, truth_model).total) == pytest.approx(
        ESTIMATORS["dm"](sums_of(exact, truth_model).total)
    )


@pytest.mark.parametrize("method", METHODS)
def test_intervals_are_the_same_each_time_and_wider_for_more_certainty(slates, method):
    log, x, _ = slates
    sums = sums_of(log, cross_fitted(log, x))
    narrow, again, wide = (interval(sums, "dr", method=method, level=level) for level in (0.9, 0.9, 0.99))
    assert narrow == again
    assert wide.low < narrow.low < narrow.high < wide.high


@settings(max_examples=50)
@given(st.lists(st.floats(0.1, 50), min_size=7, max_size=7), st.sampled_from(sorted(ESTIMATORS)), st.booleans())
def test_the_gradient_is_what_small_steps_say(total, name, against):
    total = np.array(total)
    estimator = gain(ESTIMATORS[name]) if against else ESTIMATORS[name]
    step = 1e-6 * total
    slopes = [(estimator(total + step * unit) - estimator(total - step * unit)) for unit in np.eye(7)]
    assert gradient(estimator, total) * 2 * step == pytest.approx(np.array(slopes), rel=1e-4, abs=1e-8)


@settings(max_examples=30)
@given(st.integers(0, 1_000), st.floats(1.0, 3.0))
def test_clipping_only_takes_weight_away(seed, clip):
    log, _, _ = bandit_log(seed, rounds=40)
    assert (log.weights(clip) <= np.minimum(log.weights(), clip) + 1e-12).all()
    found = diagnose(log, clip)
    assert found.effective >= diagnose(log).effective - 1e-9
    assert found.largest_weight >= log.weights(clip).max()


def test_a_model_is_never_judged_on_the_shoppers_it_learned_from():
    log, _, _ = bandit_log(1, rounds=60)
    names = np.eye(60)[log.shopper[log.page]]  # a column for each shopper: pure memory
    expected = cross_fitted(log, names)
    for shopper in range(60):
        rows = log.shopper[log.page] == shopper
        moved = replace(log, reward=np.where(rows & log.shown, 1 - log.reward, log.reward))
        assert cross_fitted(moved, names)[rows] == pytest.approx(expected[rows])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda log: replace(log, shopper=log.shopper % 10), "10 shoppers are too few"),
        (lambda log: replace(log, reward=log.reward * 0.0), "0 items with a reaction"),
        (lambda log: replace(log, logged=np.where(log.shown, log.logged, 1e-6)), "was shown often enough"),
        (lambda log: replace(log, logged=np.clip(log.logged * 3, 0, 1)), "propensities do not fit"),
    ],
)
def test_a_log_that_cannot_answer_says_so(slates, change, says):
    log, x, _ = slates
    with pytest.raises(SilentLogError, match=says):
        judge(change(log), x)


def test_a_page_shown_with_no_chance_is_no_log():
    log, _, _ = bandit_log(1)
    with pytest.raises(ValueError, match="propensity of 0"):
        replace(log, logged=np.zeros(len(log.page)))
