"""What the recommender is asked: one value that holds everything an answer may depend on.

The clock and the seed come with the request, so that the same request on the same catalogue gives the same slate: a
page can be replayed from its log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Literal

from recommender.prior import Prior, prior
from recommender.staging import StageOdds, certain
from storage.records import Event, Need, Stage, Taste, Way, Wish

Mode = Literal["live", "anonymous"]
Policy = Literal["thompson", "greedy", "linucb", "holdout"]
POLICIES: tuple[Policy, ...] = ("thompson", "greedy", "linucb", "holdout")
MAX_PAGE = 1_000


@dataclass(frozen=True)
class Request:
    """One question to the recommender.

    Args:
        user_id: whose taste this is; 0 for nobody.
        need: what is wanted; an empty one asks for ideas.
        stage: where in the purchase the shopper stands: a stage for certain, or chances of all (`stage_odds`).
        taste: the evidence of this shopper, None for a newcomer.
        events: what the shopper did lately with products, in any order.
        seen: product ids that must not be shown again.
        now: the instant, aware, in the shop's own time zone: seasons and hours are read from it.
        seed: of the draw; two requests that differ in nothing else share their draw only if they share the seed.
        page_size: 1 to 1,000 cards.
        mode: "anonymous" ranks by the shared prior mean: no draw, no sponsored slot, no look-alikes set apart.
        relax: whether limits may give way where fewer than a page satisfy them; never for an anonymous request.
        way: limits that are let out for this request: the recommender's own doing.
        policy: how a live page explores: "thompson", "linucb" or "greedy"; "holdout" ranks by what all share alone.
        prior: what all shoppers share; None for the shipped one.
        may_ask: whether a question may come with the page.
        soft: what the shopper likes for good: it moves the ranking and may be a reason, and limits nothing.
        avoided: what the shopper would rather not have: it stands behind the rest, and is left out nowhere.
        usual: about what the shopper spends for a thing, in the shop's currency, None where unknown.
    """

    user_id: int
    need: Need
    stage: Stage | StageOdds
    taste: Taste | None
    events: tuple[Event, ...]
    seen: frozenset[str]
    now: datetime
    seed: int
    page_size: int = 3
    mode: Mode = "live"
    policy: str = "thompson"
    prior: Prior | None = None
    may_ask: bool = False
    relax: bool = True
    way: Way = ()
    soft: tuple[Wish, ...] = ()
    avoided: tuple[Wish, ...] = ()
    usual: Decimal | None = None

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("Request.now has no time zone; give the shop's own time.")
        if not 1 <= self.page_size <= MAX_PAGE:
            raise ValueError(f"Request.page_size is {self.page_size}; it must be 1 to {MAX_PAGE}.")
        if self.policy not in POLICIES:
            raise ValueError(f"Request.policy is {self.policy!r}; it must be one of {', '.join(POLICIES)}.")
        if self.mode not in ("live", "anonymous"):
            raise ValueError(f"Request.mode is {self.mode!r}; it must be live or anonymous.")

    @property
    def anonymous(self) -> bool:
        return self.mode == "anonymous"

    @property
    def impersonal(self) -> bool:
        """Whether the page is ranked by what all shoppers share, and nothing else."""
        return self.anonymous or self.policy == "holdout"

    @property
    def shared(self) -> Prior:
        return self.prior or prior()

    @cached_property
    def odds(self) -> dict[Stage, float]:
        """The chance of every stage."""
        return dict(certain(self.stage) if isinstance(self.stage, Stage) else self.stage)
