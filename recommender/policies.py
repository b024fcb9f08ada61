"""How any policy would have filled a logged page: its own P(on the page) for each candidate that the log kept.

The same page builder as on a live page is used, on the logged features. Its candidates are those that were logged
(the page and the next ones), so a policy is judged among these: what it would have fetched from further down is not
known to anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from recommender import bandit
from recommender.bandit import Posterior
from recommender.config import RecommenderConfig
from recommender.page import PageRules, build_pages
from recommender.pool import Pool
from recommender.ports import Vectors
from recommender.prior import Matrix, prior
from recommender.ranking import live_rules
from storage.records import Need, Recommendation


@dataclass(frozen=True)
class Scene:
    """One logged page as a policy meets it: n candidates, their features and what was believed of the shopper."""

    x: Matrix
    rules: PageRules
    size: int
    known: Posterior
    newcomer: Posterior


def scene_of(
    candidates: Sequence[Recommendation],
    vectors: Vectors,
    known: Posterior,
    newcomer: Posterior,
    config: RecommenderConfig,
    need: Need = Need(),
) -> Scene:
    """The page again, from its log.

    Args:
        candidates: all that were logged, shown or not.
        vectors: (n, 384) of their products, zero rows where there are none: look-alikes are told by them.
        known: the shopper's posterior when the page was made.
        newcomer: the posterior of somebody unknown.
        config: for the rules of the page.
        need: what the page was made for; a vague one may be meant in several senses.
    """
    x = features_of(candidates)
    names = prior().features
    column = {name: x[:, at] for at, name in enumerate(names)}
    pool = Pool(
        tuple(item.product for item in candidates),
        column["text_lexical"],
        column["text_dense"],
        column.get("text_fused", column["text_dense"]),
        vectors,
    )
    match = pool.text if pool.text.any() else column["like_product"]
    size = sum(item.position > 0 for item in candidates)
    rules = live_rules(need, pool, match, x @ known.mean, config)
    return Scene(x, rules, size, known, newcomer)


def features_of(candidates: Sequence[Recommendation]) -> Matrix:
    """(n, d) in the order of the prior; what the log has no number for is 0."""
    names = prior().features
    return np.array([[item.features.get(name, 0.0) for name in names] for item in candidates]).reshape(-1, len(names))


Scores = Callable[[Scene, int, np.random.Generator], Matrix]
"""(rows, n) scores: one row for a policy without chance, `draws` rows for one that draws."""


def _thompson(scene: Scene, draws: int, rng: np.random.Generator) -> Matrix:
    return scene.known.draws(rng, draws) @ scene.x.T


def _greedy(scene: Scene, draws: int, rng: np.random.Generator) -> Matrix:
    return (scene.x @ scene.known.mean)[None, :]


def _linucb(scene: Scene, draws: int, rng: np.random.Generator) -> Matrix:
    return (scene.x @ scene.known.mean + bandit.UCB_WIDTH * scene.known.widths(scene.x))[None, :]


def _prior(scene: Scene, draws: int, rng: np.random.Generator) -> Matrix:
    return (scene.x @ scene.newcomer.mean)[None, :]


def _popularity(scene: Scene, draws: int, rng: np.random.Generator) -> Matrix:
    return scene.x[None, :, prior().features.index("popularity")]


def _random(scene: Scene, draws: int, rng: np.random.Generator) -> Matrix:
    return rng.random((draws, len(scene.x)))


POLICIES: Mapping[str, Scores] = MappingProxyType(
    {
        "thompson": _thompson,
        "greedy": _greedy,
        "linucb": _linucb,
        "prior": _prior,
        "popularity": _popularity,
        "random": _random,
    }
)
"""What can be judged: the ways a live page is ranked, and two plain ones to compare with."""


def on_page(policy: str, scene: Scene, draws: int, rng: np.random.Generator) -> Matrix:
    """P(on the page) of each candidate under a policy, (n,): unsmoothed, for a target may well be sure.

    Raises KeyError for an unknown policy.
    """
    pages = build_pages(POLICIES[policy](scene, draws, rng), scene.rules, scene.size)
    shown = np.bincount(pages[pages >= 0], minlength=len(scene.x)).astype(np.float64)
    return shown / len(pages)
