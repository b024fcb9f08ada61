"""The simulated shoppers of the benches: a world is the same for every learner, and regret is never below nought."""

import numpy as np
import pytest

from recommender.prior import Prior
from tests.bench import simulation
from tests.bench.shoppers import NAMES, PLACES, cares, hidden_weights, shelf_of, world_of


@pytest.fixture(scope="module")
def world():
    rng = np.random.default_rng(1)
    vectors = rng.standard_normal((200, 16))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    histories = [rng.choice(200, size=6, replace=False) for _ in range(30)]
    titles = [f"thing {at}" for at in range(200)]
    brands, shelves = [f"b{at % 12}" for at in range(200)], [f"s{at % 7}" for at in range(200)]
    shelf = shelf_of(titles, brands, shelves, histories, vectors)
    weights = hidden_weights(np.array([cares(shelf, history) for history in histories]))
    return world_of(shelf, histories, weights, 6, 20, np.random.default_rng(2))


def test_the_best_page_has_no_regret_and_no_page_less(world):
    best = np.argsort(-world.expected[3, 2])[: len(PLACES)]
    assert world.regret(3, 2, best) == pytest.approx(0.0)
    rng = np.random.default_rng(3)
    assert min(world.regret(3, 2, rng.choice(20, 3, replace=False)) for _ in range(200)) >= 0


def test_luck_is_the_same_for_every_learner(world):
    page = np.array([4, 9, 1])
    assert world.react(5, 1, page) == world.react(5, 1, page)
    rates = [sum(r is not None for r in world.react(u, t, page)) for u in range(30) for t in range(6)]
    assert 0 < np.mean(rates) < len(PLACES)


def test_mabwisers_posterior_under_the_same_prior_is_ours(world):
    """Where every card counts in full, whitening gives exactly the bandit's own beliefs."""
    pytest.importorskip("mabwiser", reason="mabwiser comes with the extra [bench]")
    from recommender import bandit
    from recommender.attention import Attention

    rng = np.random.default_rng(4)
    spread = rng.standard_normal((7, 7)) * 0.1
    shared = Prior(
        NAMES, rng.standard_normal(7) * 0.1, spread @ spread.T + np.eye(7) * 0.01, 0.3, attention=Attention((1.0,), 1.0)
    )
    theirs, taste = simulation.LinTS(shared), bandit.newcomer(1, shared)
    for at in range(3):
        page = np.arange(3) + at
        x, reactions = world.x[0, at, page], world.react(0, at, page)
        theirs.learn(x, reactions)
        # No page fades before another one is shown: all three go in as one page each under the same number.
        seen = simulation.seen(x, reactions, 1)
        taste = bandit.shown(taste, seen, shared)
    model = theirs.mab._imp.arm_to_model[1]
    weights = shared.mean + np.linalg.cholesky(shared.covariance) @ model.beta
    assert bandit.posterior(taste, seen.shown_at, shared).mean == pytest.approx(weights)


def test_a_learner_beats_chance_and_a_fit_reads_the_places(world):
    shared = simulation.fitted_prior(world, 1)
    assert shared.attention.places[0] == pytest.approx(1.0)
    ours = simulation.serve(world, lambda: simulation.Bandit(shared, simulation.thompson), 1)
    assert ours.sum() < simulation.serve(world, simulation.Chance, 1).sum()
    assert simulation.later(world).x.shape[1] == 0
