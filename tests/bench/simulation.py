"""The bandit against other learners, on simulated shoppers with the tastes of real ones (`tests/bench/shoppers.py`).

    pip install -e '.[bench]'
    python tests/bench/simulation.py --data-dir DIR [--shoppers 1000] [--keep FOLDER]

Half of the histories make the log that the shared prior is fitted on (`recommender/fitting.py`), under a plain ranker
that explores; the other half, other people, are served by each learner for twenty interactions of three cards. All
learners see the same features, candidates, reactions and luck. The bandit is `recommender/bandit.py` itself.

mabwiser's LinTS is one learner a shopper with one arm, whose contexts are the candidates. The same prior is given by
whitening: with w = m + L z, S = L L', it gets L'x / s as context and (r - m.x) / s as reward, so that its own prior
(mean 0, identity, alpha 1) is exactly N(m, S) with noise s. It draws new weights for each candidate; "one draw" takes
one draw of its own posterior for the page, as in the paper. A card without a reaction is a reward of 0 to it.

After twenty interactions every shopper's weights become somebody else's, for twenty more. Prints cumulative regret
with ratios and 95 % bootstrap intervals over shoppers, then regret by window around the change, then milliseconds.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np

from recommender import bandit
from recommender.attention import Attention
from recommender.fitting import fit, shopper_means, sums_of
from recommender.prior import Prior
from recommender.reading import Readings, attention_of
from storage.records import SeenCard, SeenPage
from tests.bench.shoppers import NAMES, PLACES, Shelf, World, cares, hidden_weights, read_sessions, shelf_of, world_of

START = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
INTERACTIONS, CANDIDATES, SIZE = 20, 40, len(PLACES)
ROUGH = Prior(NAMES, np.array([0.02, 0.15, 0.12, 0.05, 0.03, 0.01, 0.01]), np.eye(len(NAMES)) * 0.05**2, noise=0.25)
"""What a shop begins with before there is a log: text and nearness count most."""


class Bandit:
    """`recommender/bandit.py`, one taste a shopper. `choose` makes scores of a posterior and features."""

    def __init__(self, shared, choose):
        self.shared, self.choose, self.taste = shared, choose, bandit.newcomer(1, shared)

    def page(self, x, rng):
        believed = bandit.posterior(self.taste, self._now(), self.shared)
        return np.argsort(-self.choose(believed, x, rng), kind="stable")[:SIZE]

    def learn(self, x, reactions):
        self.taste = bandit.shown(self.taste, seen(x, reactions, self.taste.pages + 1), self.shared)

    def _now(self):
        return START + timedelta(minutes=self.taste.pages)


class Fixed(Bandit):
    """The shared prior alone: learns nothing of the shopper."""

    def learn(self, x, reactions):
        pass


class LinTS:
    """mabwiser's, whitened by `shared`; without one its own prior on plain features. `one`: one draw a page."""

    def __init__(self, shared, alpha=1.0, one=False, seed=1):
        self.shared, self.one = shared, one
        from mabwiser.mab import MAB, LearningPolicy

        self.mab = MAB([1], LearningPolicy.LinTS(alpha=alpha, l2_lambda=1.0), seed=seed)
        self.root = np.linalg.cholesky(shared.covariance) / shared.noise if shared else np.eye(len(NAMES))
        # One empty row begins its regression without teaching it anything.
        self.mab.fit([1], [0.0], np.zeros((1, len(NAMES))))

    def page(self, x, rng):
        contexts = x @ self.root
        known = x @ self.shared.mean / self.shared.noise if self.shared else 0.0
        if self.one:
            model = self.mab._imp.arm_to_model[1]
            weights = rng.multivariate_normal(model.beta, model.alpha**2 * model.A_inv)
            return np.argsort(-(contexts @ weights + known))[:SIZE]
        drawn = np.array([each[1] for each in self.mab.predict_expectations(contexts)])
        return np.argsort(-(drawn + known))[:SIZE]

    def learn(self, x, reactions):
        rewards = np.array([bandit.reward(each) if each else 0.0 for each in reactions])
        if self.shared:
            rewards = (rewards - x @ self.shared.mean) / self.shared.noise
        self.mab.partial_fit([1] * len(rewards), rewards, x @ self.root)


class Pooled:
    """One model for all, ridge regression kept up with every reaction of everybody, greedy: the shared model alone."""

    def __init__(self, shared):
        self.shared, self.precision, self.moment = shared, shared.precision.copy(), shared.moment.copy()

    def page(self, x, rng):
        return np.argsort(-(x @ np.linalg.solve(self.precision, self.moment)))[:SIZE]

    def learn(self, x, reactions):
        precision, moment = bandit.page_evidence(seen(x, reactions, 1), self.shared)
        self.precision += precision / self.shared.noise**2
        self.moment += moment / self.shared.noise**2


class Chance:
    def page(self, x, rng):
        return rng.choice(len(x), SIZE, replace=False)

    def learn(self, x, reactions):
        pass


def thompson(believed, x, rng):
    return x @ believed.draws(rng, 1)[0]


def greedy(believed, x, rng):
    return x @ believed.mean


def linucb(believed, x, rng):
    return x @ believed.mean + bandit.UCB_WIDTH * believed.widths(x)


def seen(x, reactions, number):
    """A page as the log keeps it."""
    at = START + timedelta(minutes=number)
    cards = (
        SeenCard(place, place, dict(zip(NAMES, row, strict=True)), ((reaction, at),) if reaction else ())
        for place, (row, reaction) in enumerate(zip(x, reactions, strict=True), start=1)
    )
    return SeenPage(number, number, at, tuple(cards))


def serve(world, make, seed, shared_by_all=False):
    """Regret (n, t) of a learner made for each shopper, or of one for all; interactions go round the shoppers."""
    n, interactions = world.x.shape[:2]
    learners = [make()] * n if shared_by_all else [make() for _ in range(n)]
    rngs = [np.random.default_rng((seed, shopper)) for shopper in range(n)]
    regret = np.zeros((n, interactions))
    for at in range(interactions):
        for shopper in range(n):
            page = learners[shopper].page(world.x[shopper, at], rngs[shopper])
            regret[shopper, at] = world.regret(shopper, at, page)
            learners[shopper].learn(world.x[shopper, at, page], world.react(shopper, at, page))
    return regret


def fitted_prior(world, seed):
    """The prior and the reading of pages, from the log of a plain ranker that explores."""
    logs, rng = [], np.random.default_rng(seed)
    for shopper in range(len(world.x)):
        pages = []
        for at in range(world.x.shape[1]):
            x = world.x[shopper, at]
            page = np.argsort(-(x @ (ROUGH.mean + 0.15 * rng.standard_normal(len(NAMES)))))[:SIZE]
            pages.append(seen(x[page], world.react(shopper, at, page), at + 1))
        logs.append(pages)
    rough = replace(ROUGH, attention=Attention(judged=1.0))
    sums = sums_of(logs, rough)
    attention = attention_of(readings_of(logs, shopper_means(sums, fit(sums, rough, rounds=20))), Attention())
    start = replace(ROUGH, attention=attention)
    return fit(sums_of(logs, start), start)


def readings_of(logs, means):
    x = np.array([[[[c.features[name] for name in NAMES] for c in page.cards] for page in pages] for pages in logs])
    reacted = np.array([[[bool(card.reactions) for card in page.cards] for page in pages] for pages in logs])
    score = np.einsum("ntkd,nd->ntk", x, means)
    return Readings(score.reshape(-1, SIZE), reacted.reshape(-1, SIZE))


def interval(top, bottom=None, draws=2_000, seed=7):
    """Mean, or ratio of means, with its 95 % bootstrap interval over shoppers."""
    rng = np.random.default_rng(seed)
    picks = rng.integers(len(top), size=(draws, len(top)))
    if bottom is None:
        return top.mean(), *np.quantile(top[picks].mean(axis=1), [0.025, 0.975])
    ratios = top[picks].mean(axis=1) / bottom[picks].mean(axis=1)
    return top.mean() / bottom.mean(), *np.quantile(ratios, [0.025, 0.975])


def learners_of(shared):
    """Name to (maker, one for all)."""
    return {
        "bandit, Thompson (default)": (lambda: Bandit(shared, thompson), False),
        "bandit, greedy": (lambda: Bandit(shared, greedy), False),
        "bandit, LinUCB": (lambda: Bandit(shared, linucb), False),
        "LinTS, same prior": (partial(LinTS, shared), False),
        "LinTS, same prior, one draw": (partial(LinTS, shared, one=True), False),
        "LinTS, same prior, one draw, alpha .3": (partial(LinTS, shared, alpha=0.3, one=True), False),
        "LinTS, no prior": (partial(LinTS, None), False),
        "LinTS, no prior, one draw": (partial(LinTS, None, one=True), False),
        "shared model alone, fitted": (lambda: Fixed(shared, greedy), False),
        "shared model alone, kept up with everybody": (lambda: Pooled(shared), True),
        "by chance": (Chance, False),
    }


def introduce(train, test, shared):
    """What the world is like, and what was read from its log."""
    best = np.sort(test.chance, axis=-1)[..., -SIZE:].mean()
    places = ", ".join(f"{read:.2f} ({true:.2f})" for read, true in zip(shared.attention.places, PLACES, strict=True))
    print(f"{len(test.x)} shoppers served, {len(train.x)} others in the log.")
    print(f"Chance of a reaction: {test.chance.mean():.3f} of a candidate, {best:.3f} of the best three.")
    print(f"Places looked at as read (true): {places}; silent pages judged {shared.attention.judged:.2f} (1).")
    print(f"Noise {shared.noise:.3f}.\n", flush=True)


def report(found):
    ours = found["bandit, Thompson (default)"]
    rows = "| learner | cumulative regret, 20 interactions | bandit / it |\n|---|---|---|"
    print(rows)
    for name, regret in found.items():
        total, ratio = interval(regret[:, :20].sum(1)), interval(ours[:, :20].sum(1), regret[:, :20].sum(1))
        print(f"| {name} | {spelt(total)} | {spelt(ratio)} |")
    print("\nRegret an interaction, tastes changed after the 20th:\n")
    windows = [(0, 5), (15, 20), (20, 25), (25, 30), (30, 35), (35, 40)]
    print(
        "| learner | " + " | ".join(f"{a + 1}-{b}" for a, b in windows) + " | 31-35 / 16-20 |\n|---" + "|---" * 7 + "|"
    )
    for name, regret in found.items():
        back = interval(regret[:, 30:35].mean(1), regret[:, 15:20].mean(1))
        means = " | ".join(f"{regret[:, a:b].mean():.4f}" for a, b in windows)
        print(f"| {name} | {means} | {back[0]:.2f} ({back[1]:.2f} to {back[2]:.2f}) |")


def later(world):
    """The interactions after the change, as somebody new meets them."""
    return World(*(getattr(world, name)[:, INTERACTIONS:] for name in World.__dataclass_fields__))


def recovered(found, new):
    """Regret ten interactions after the change beside that of newcomers, who had the new taste from the beginning."""
    print("\nThe same shoppers, pages and tastes after the change, met by somebody new:\n")
    print("| interactions after the change | changed | newcomers | changed / newcomers |\n|---|---|---|---|")
    changed = found["bandit, Thompson (default)"][:, INTERACTIONS:]
    for a in range(0, INTERACTIONS, 5):
        mine, other = changed[:, a : a + 5].mean(1), new[:, a : a + 5].mean(1)
        print(f"| {a + 1}-{a + 5} | {mine.mean():.4f} | {other.mean():.4f} | {spelt(interval(mine, other))} |")


def spelt(found):
    return f"{found[0]:.3f} ({found[1]:.3f} to {found[2]:.3f})"


def milliseconds(shared, world):
    """Median and p99 of one update and one redraw with scores."""
    learner, rng, taken = Bandit(shared, thompson), np.random.default_rng(1), []
    for at in range(500):
        x = world.x[0, at % world.x.shape[1]]
        page = seen(x[:SIZE], [None] * SIZE, learner.taste.pages + 1)
        begun = time.perf_counter()
        learner.taste = bandit.shown(learner.taste, page, shared)
        thompson(bandit.posterior(learner.taste, START, shared), x, rng)
        taken.append((time.perf_counter() - begun) * 1e3)
    return np.quantile(taken, [0.5, 0.99])


def vectors_of(titles, keep):
    from nlu.loading import load_encoder

    path = keep / "office_vectors.npy"
    if path.is_file():
        return np.load(path)
    encode = load_encoder(keep / "models", threads=1)
    vectors = np.concatenate([encode(titles[at : at + 64]) for at in range(0, len(titles), 64)])
    np.save(path, vectors)
    return vectors


def options(description, shoppers):
    """The options of a bench of simulated shoppers; `shoppers` is what their number means."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, required=True, help="folder that holds sessions/")
    parser.add_argument("--keep", type=Path, default=Path("data"), help="where vectors and models are kept")
    parser.add_argument("--shoppers", type=int, default=1_000, help=f"{shoppers} (default 1000)")
    parser.add_argument("--seed", type=int, default=1)
    return parser


@dataclass
class Cast:
    """The shop's shelf with the kinds of its products, and the shoppers drawn: their histories and hidden weights."""

    shelf: Shelf
    shelves: list
    histories: list
    weights: np.ndarray
    rng: np.random.Generator


def cast_of(arguments):
    """Shoppers drawn from the real histories; None, with a word on stderr, where there are none."""
    try:
        titles, brands, shelves, histories = read_sessions(arguments.data_dir / "sessions")
    except FileNotFoundError as error:
        print(f"There is no data to measure on: {error.filename} is missing.", file=sys.stderr)
        return None
    arguments.keep.mkdir(parents=True, exist_ok=True)
    shelf = shelf_of(titles, brands, shelves, histories, vectors_of(titles, arguments.keep))
    rng = np.random.default_rng(arguments.seed)
    chosen = [histories[at] for at in rng.permutation(len(histories))[: arguments.shoppers]]
    weights = hidden_weights(np.array([cares(shelf, history) for history in chosen]))
    return Cast(shelf, shelves, chosen, weights, rng)


def main():
    arguments = options(__doc__, "half for the log, half to be served").parse_args()
    cast = cast_of(arguments)
    if cast is None:
        return 1
    shelf, chosen, weights, rng = cast.shelf, cast.histories, cast.weights, cast.rng
    half = len(chosen) // 2
    train = world_of(shelf, chosen[:half], weights[:half], INTERACTIONS, CANDIDATES, rng)
    changing = np.repeat(weights[half:, None, :], 2 * INTERACTIONS, axis=1)
    changing[:, INTERACTIONS:] = weights[half:][rng.permutation(len(chosen) - half)][:, None, :]
    test = world_of(shelf, chosen[half:], changing, 2 * INTERACTIONS, CANDIDATES, rng)
    shared = fitted_prior(train, arguments.seed)
    introduce(train, test, shared)
    found = {}
    for name, (make, one) in learners_of(shared).items():
        begun = time.perf_counter()
        found[name] = serve(test, make, arguments.seed, one)
        print(f"{name}: {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    report(found)
    recovered(found, serve(later(test), lambda: Bandit(shared, thompson), arguments.seed))
    middle, worst = milliseconds(shared, test)
    print(f"\nUpdate and redraw at {len(NAMES)} features: median {middle:.2f} ms, p99 {worst:.2f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
