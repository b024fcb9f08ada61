"""From the shop's log to what off-policy evaluation reads: which pages can speak, and what each policy would have done.

Only reads, so it may run beside the bot. A page speaks where chance had a hand in it (a policy that draws, and its
propensities); pages ordered by price or ratings, pages of the holdout and sponsored places say
nothing of another policy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

import numpy as np

from bot.upkeep.beliefs import NAME, shared_prior
from recommender import bandit
from recommender.arrivals import EXPLORED
from recommender.bandit import PINNED, Posterior
from recommender.config import RecommenderConfig
from recommender.off_policy import Log
from recommender.policies import Scene, on_page, scene_of
from recommender.ports import Vectors
from recommender.prior import Matrix, Prior, prior, prior_from_json
from storage.page_log import LoggedPage
from storage.records import Reaction, ReasonCode, Recommendation, SeenPage
from storage.shop import Shop


class NoPriorError(LookupError):
    """There is no fit of that version."""


class NoPagesError(Exception):
    """No page of the log can speak for another policy."""

    def __init__(self, left_out: Mapping[str, int]) -> None:
        why = "; ".join(f"{count} pages {why}" for why, count in left_out.items())
        super().__init__(f"The log has no page that can speak for another policy{': ' + why if why else ''}.")


Goal = Literal["reward", "click", "cart", "order"]
GOALS: tuple[Goal, ...] = ("reward", "click", "cart", "order")
_COUNTED: Mapping[str, frozenset[Reaction]] = {
    "click": frozenset(Reaction) - {Reaction.DISLIKE, Reaction.LESS_LIKE},
    "cart": frozenset({Reaction.CART, Reaction.BUY}),
    "order": frozenset({Reaction.BUY}),
}
_DRAWS = 500


@dataclass
class Replay:
    """Pages gathered for evaluation. `left_out` counts those that cannot speak, by why."""

    policies: tuple[str, ...]
    page: list[int] = field(default_factory=list)
    shopper: list[int] = field(default_factory=list)
    shown: list[bool] = field(default_factory=list)
    reward: list[float] = field(default_factory=list)
    logged: list[float] = field(default_factory=list)
    x: list[Matrix] = field(default_factory=list)
    targets: dict[str, list[Matrix]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None

    def log(self, policy: str) -> Log:
        """The log with the propensities of one policy."""
        return Log(
            page=np.array(self.page, dtype=np.intp),
            shopper=np.array(self.shopper, dtype=np.intp),
            shown=np.array(self.shown, dtype=np.bool_),
            reward=np.array(self.reward),
            logged=np.array(self.logged),
            target=np.concatenate(self.targets[policy]) if self.page else np.zeros(0),
        )

    @property
    def features(self) -> Matrix:
        """(m, d) of all candidates."""
        return np.concatenate(self.x)


class Gatherer:
    """Reads pages one by one. `add` each, then judge `replay`.

    Args:
        shop: for the shoppers' reactions and the products' vectors; it may be open for reading only.
        policies: names of `recommender.policies.POLICIES`.
        goal: what counts as success: the bandit's reward, or the share of pages' items clicked, carted, ordered.
        seed: of the draws.
        shared: the prior to judge with; None for the one in use.
    """

    def __init__(
        self, shop: Shop, policies: Sequence[str], goal: Goal = "reward", seed: int = 1, shared: Prior | None = None
    ) -> None:
        self.replay = Replay(tuple(policies), targets={policy: [] for policy in policies})
        self._tastes = Tastes(shop, shared)
        self._vectors = PageVectors(shop)
        self._goal, self._rng, self._config = goal, np.random.default_rng(seed), RecommenderConfig()

    def add(self, logged: LoggedPage) -> None:
        """One more page, or one more left out."""
        if why := _silent(logged):
            self.replay.left_out[why] += 1
            return
        scene = scene_of(
            logged.candidates,
            self._vectors.of(logged),
            self._tastes.before(logged),
            self._tastes.before(logged, known=False),
            self._config,
            logged.need,
        )
        for policy in self.replay.policies:
            self.replay.targets[policy].append(self._chances(policy, scene, logged))
        self._keep(logged, scene)

    def _chances(self, policy: str, scene: Scene, logged: LoggedPage) -> Matrix:
        """The policy's own propensities, without the paid places, which are no policy's merit."""
        chances = on_page(policy, scene, _DRAWS, self._rng)
        return np.where(_paid(logged), 0.0, chances)

    def _keep(self, logged: LoggedPage, scene: Scene) -> None:
        found, number = self.replay, len(self.replay.shopper)
        found.shopper.append(logged.user_id)
        found.x.append(scene.x)
        for item, paid in zip(logged.candidates, _paid(logged), strict=True):
            shown = item.position > 0 and not paid
            found.page.append(number)
            found.shown.append(shown)
            found.logged.append(item.propensity or 0.0)
            found.reward.append(worth(logged.reactions.get(item.id, ()), self._goal) if shown else 0.0)
        found.first = min(found.first or logged.shown_at, logged.shown_at)
        found.last = max(found.last or logged.shown_at, logged.shown_at)


def worth(reactions: Iterable[Reaction], goal: Goal) -> float:
    """What came back for one shown item: the strongest reaction, a liking before a refusal; or 1 for a success."""
    if goal != "reward":
        return float(bool(_COUNTED[goal].intersection(reactions)))
    rewards = [bandit.reward(reaction) for reaction in reactions]
    return max(rewards, default=0.0) if max(rewards, default=0.0) > 0 else min(rewards, default=0.0)


def _silent(logged: LoggedPage) -> str:
    """Why a page cannot speak for another policy; empty where it can."""
    if logged.need.cheapest:
        return "ordered by price"
    if logged.need.best_rated:
        return "ordered by ratings"
    if logged.policy != "thompson":
        return f"shown by {logged.policy}, which draws nothing"
    if any(item.propensity is None for item in logged.candidates):
        return "without propensities"
    if any(reason.code is ReasonCode.OFF_LIMIT for item in logged.candidates for reason in item.reasons):
        return "on which a limit gave way"
    if any(_by_hand(item) for item in logged.candidates):
        return "moved by the owner's hand, or with a place to try something new"
    return ""


def _by_hand(item: Recommendation) -> bool:
    marks = {name for name, value in item.features.items() if value}
    return bool(marks & {PINNED, EXPLORED}) or any(name.startswith("rule:") for name in marks)


def _paid(logged: LoggedPage) -> Matrix:
    """Which candidates have their place by money or by the owner's hand."""
    return np.array([not bandit.teaches(item.features) for item in logged.candidates], dtype=np.bool_)


def prior_of(shop: Shop, version: int) -> Prior:
    """A fitted prior by its version, in use or not; 0 is the shipped one. Raises LookupError or ValueError."""
    if version == 0:
        return prior()
    found = next((fit for fit in shop.fitted.history(NAME) if fit.version == version), None)
    if found is None:
        raise NoPriorError(f"There is no fitted prior {version}: shopbot taste fit makes them.")
    return prior_from_json(found.body, version)


class Tastes:
    """What was believed of each shopper when a page was made: pages and reactions before it, and no later ones."""

    def __init__(self, shop: Shop, shared: Prior | None = None) -> None:
        self._shop, self._shared = shop, shared or shared_prior(shop)
        self._pages: dict[int, list[SeenPage]] = {}

    def before(self, logged: LoggedPage, *, known: bool = True) -> Posterior:
        """The posterior at the page; with `known` false that of somebody unknown."""
        pages = self._of(logged.user_id) if known else []
        earlier = [as_of(page, logged.shown_at) for page in pages if page.shown_at < logged.shown_at]
        taste = bandit.rebuild(logged.user_id, earlier, self._shared) if earlier else None
        return bandit.posterior(taste, logged.shown_at, self._shared)

    def _of(self, user_id: int) -> list[SeenPage]:
        if user_id not in self._pages:
            self._pages[user_id] = self._shop.seen.of(user_id)
        return self._pages[user_id]


def as_of(page: SeenPage, at: datetime) -> SeenPage:
    """The page with the reactions that it had before an instant."""
    cards = (replace(card, reactions=tuple(r for r in card.reactions if r[1] < at)) for card in page.cards)
    return replace(page, cards=tuple(cards))


class PageVectors:
    """Vectors of logged candidates, of the encoder that the page was made with."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._rows: dict[str, dict[str, int]] = {}
        self._matrices: dict[str, Vectors] = {}

    def of(self, logged: LoggedPage) -> Vectors:
        """(n, 384), zero rows where a product has no vector of that encoder any more."""
        encoder = logged.index_version.rpartition("-")[0]
        if encoder not in self._rows:
            ids, self._matrices[encoder] = self._shop.vectors.load(encoder)
            self._rows[encoder] = {id: at for at, id in enumerate(ids)}
        rows, matrix = self._rows[encoder], self._matrices[encoder]
        found = np.zeros((len(logged.candidates), matrix.shape[1]), dtype=np.float32)
        for at, item in enumerate(logged.candidates):
            if item.product.id in rows:
                found[at] = matrix[rows[item.product.id]]
        return found
