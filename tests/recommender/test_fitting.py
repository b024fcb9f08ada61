"""The shared prior and the reading of pages come back out of logs that were made with known ones."""

from datetime import UTC, datetime

import numpy as np
import pytest

from recommender.attention import Attention
from recommender.fitting import fit, log_likelihood, shopper_means, sums_of
from recommender.prior import Prior, prior, prior_from_json
from recommender.reading import Readings, attention_of
from storage.records import Reaction, SeenCard, SeenPage

AT = datetime(2026, 7, 1, tzinfo=UTC)
NAMES = ("bias", "a", "b")
START = Prior(NAMES, np.zeros(3), np.eye(3) * 0.1, noise=0.5, attention=Attention((1.0,), judged=1.0))


def made_sums(shoppers, cards, mean, covariance, noise, rng):
    from recommender.fitting import Sums

    weights = rng.multivariate_normal(mean, covariance, size=shoppers)
    x = np.concatenate([np.ones((shoppers, cards, 1)), rng.random((shoppers, cards, 2))], axis=2)
    r = np.einsum("ncd,nd->nc", x, weights) + noise * rng.standard_normal((shoppers, cards))
    return Sums(
        np.einsum("nci,ncj->nij", x, x),
        np.einsum("nci,nc->ni", x, r),
        (r**2).sum(axis=1),
        np.full(shoppers, float(cards)),
    ), weights


def test_mean_covariance_and_noise_are_recovered():
    rng = np.random.default_rng(1)
    mean, covariance = np.array([0.2, 0.4, -0.1]), np.array([[0.05, 0, 0], [0, 0.2, 0.12], [0, 0.12, 0.1]])
    sums, weights = made_sums(2_000, 30, mean, covariance, 0.3, rng)
    found = fit(sums, START, rounds=150)
    assert found.mean == pytest.approx(mean, abs=0.03)
    assert found.covariance == pytest.approx(covariance, abs=0.03)
    assert found.noise == pytest.approx(0.3, abs=0.01)
    assert np.corrcoef(shopper_means(sums, found)[:, 1], weights[:, 1])[0, 1] > 0.8
    fresh, _ = made_sums(400, 30, mean, covariance, 0.3, rng)
    assert log_likelihood(fresh, found).sum() > log_likelihood(fresh, START).sum()


def test_the_likelihood_is_that_of_the_normal_distribution():
    from scipy.stats import multivariate_normal

    rng = np.random.default_rng(2)
    x, r = rng.random((6, 3)), rng.standard_normal(6)
    from recommender.fitting import Sums

    sums = Sums((x.T @ x)[None], (x.T @ r)[None], np.array([r @ r]), np.array([6.0]))
    shared = Prior(NAMES, np.array([0.1, 0.2, 0.3]), np.diag([0.2, 0.3, 0.4]), noise=0.5)
    direct = multivariate_normal(x @ shared.mean, x @ shared.covariance @ x.T + 0.25 * np.eye(6)).logpdf(r)
    assert log_likelihood(sums, shared)[0] == pytest.approx(direct)


def test_a_short_log_moves_the_prior_little_and_an_empty_one_not_at_all():
    rng = np.random.default_rng(3)
    sums, _ = made_sums(1, 3, np.array([2.0, 0, 0]), np.eye(3) * 0.01, 0.1, rng)
    assert np.abs(fit(sums, START).mean).max() < 0.5
    with pytest.raises(ValueError, match="no card"):
        fit(sums_of([[]], START), START)


def test_sums_know_reactions_and_cards_passed_over():
    def card(place, *reactions):
        return SeenCard(place, place, {"bias": 1.0, "a": 0.5}, tuple((reaction, AT) for reaction in reactions))

    page = SeenPage(1, 1, AT, (card(1), card(2, Reaction.OPEN, Reaction.CART)))
    sums = sums_of([[page], []], START)
    assert sums.count.tolist() == [2, 0]
    assert sums.moment[0].tolist() == pytest.approx([0.85, 0.425, 0.0])
    assert sums.square.tolist() == pytest.approx([0.85**2, 0])


def test_places_and_judged_pages_are_read_from_the_log():
    rng = np.random.default_rng(4)
    pages, places, judged = 20_000, np.array([1.0, 0.6, 0.3]), 0.6
    appeal = rng.choice([0.05, 0.2, 0.35, 0.5, 0.7], size=(pages, 3))
    looked = rng.random((pages, 3)) < places
    reacted = (rng.random((pages, 1)) < judged) & looked & (rng.random((pages, 3)) < appeal)
    found = attention_of(Readings(appeal + 1e-3 * rng.random((pages, 3)), reacted), Attention())
    assert found.places == pytest.approx(places, abs=0.06)
    silent = ~reacted.any(axis=1)
    truth = ((rng.random(pages) < 0) | silent).mean()
    assert 0.2 < found.judged < 0.6 + truth


def test_a_log_too_short_leaves_the_reading_as_shipped():
    assert attention_of(Readings(np.zeros((5, 3)), np.ones((5, 3), dtype=bool)), Attention()) == Attention()


def test_a_fitted_prior_survives_new_and_dropped_features():
    shipped = prior()
    body = Prior(("gone", *shipped.features[1:3]), np.array([9.0, 0.5, 0.6]), np.eye(3) * 0.04, noise=0.2).as_json()
    found = prior_from_json(body, version=3)
    assert found.features == shipped.features
    assert found.mean[:4] == pytest.approx([shipped.mean[0], 0.5, 0.6, shipped.mean[3]])
    assert found.covariance[1, 1] == pytest.approx(0.04)
    assert (found.version, found.noise) == (3, 0.2)
    with pytest.raises(ValueError, match="cannot be read"):
        prior_from_json(body | {"covariance": (-np.eye(3)).tolist()}, 1)
    with pytest.raises(ValueError, match="not finite"):
        prior_from_json(body | {"noise": float("nan")}, 1)
