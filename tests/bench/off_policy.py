"""Off-policy evaluation, measured: do 95 % intervals cover the truth, and are the estimates those of obp?

    python tests/bench/off_policy.py                                  1,000 simulated logs for each case
    python tests/bench/off_policy.py --method normal --method bca      compare the intervals
    python tests/bench/off_policy.py --data-dir DATA --logs 0         only the Open Bandit files, against obp

A simulated log is a street of shoppers with hidden tastes around the shipped prior. Thompson sampling fills pages of
three from 23 candidates by the shop's own page builder, propensities are estimated from 1,000 draws as on a live page,
and each shown item earns a click with a chance known here. The truth of a policy is then a sum; every log is another
street of so many shoppers drawn from 400. DATA holds open_bandit/{random,bts}_men.
"""

from __future__ import annotations

import argparse
import re
import sys
import warnings
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import stats
from tqdm import tqdm

from recommender.bandit import Posterior
from recommender.intervals import METHODS, interval, resample
from recommender.judging import METHOD, SilentLogError, check
from recommender.off_policy import ESTIMATORS, Log, diagnose, sums_of
from recommender.open_bandit import as_logged, popular, read_open_bandit, uniform
from recommender.page import PageRules, build_pages
from recommender.prior import prior
from recommender.propensity import on_page
from recommender.reward_model import cross_fitted

CANDIDATES, SIZE, DRAWS, STREET = 23, 3, 1_000, 400
RULES = PageRules(np.zeros((CANDIDATES, CANDIDATES), dtype=bool), np.zeros(CANDIDATES, dtype=bool), ())
NAMES = ("ips", "snips", "dr", "sndr")


@dataclass(frozen=True)
class Case:
    """One kind of log: how many shoppers, how often they click, and what is to be judged."""

    shoppers: int
    clicks: float
    target: str

    def __str__(self) -> str:
        return f"{self.shoppers} shoppers, {self.clicks:.0%} clicks, {self.target}"


CASES = [
    Case(60, 0.15, "greedy"),
    Case(60, 0.15, "prior"),
    Case(60, 0.03, "half the spread"),
    Case(300, 0.03, "greedy"),
    Case(300, 0.15, "prior"),
    Case(300, 0.15, "half the spread"),
    Case(300, 0.15, "random"),
]


class Street:
    """400 shoppers with their pages: features, what was believed, chances of a click, and pages to draw from."""

    def __init__(self, clicks: float, seed: int) -> None:
        rng = np.random.default_rng(seed)
        shared = prior()
        spread = 1 / np.sqrt(np.diag(shared.precision))
        self.owner, self.x, self.clicked, self.known = [], [], [], []
        for shopper in range(STREET):
            taste = shared.mean + 2 * spread * rng.standard_normal(len(spread))
            learned = rng.uniform(0, 0.6)  # a regular's taste is known in part, a newcomer's not at all
            known = Posterior(shared.mean + learned * (taste - shared.mean), np.diag(spread * np.sqrt(1 - learned)))
            for _ in range(1 + rng.geometric(0.4)):
                x = rng.beta(2, 2, (CANDIDATES, len(spread)))
                self.owner.append(shopper)
                self.x.append(x)
                self.known.append(known)
                self.clicked.append(x @ taste)
        self.owner, self.x = np.array(self.owner), np.array(self.x)
        self.clicked = self._chances(np.array(self.clicked), clicks)
        scenes = list(zip(self.x, self.known, strict=True))
        self.logged = np.array([on_page(x, k, RULES, SIZE, DRAWS, rng) for x, k in scenes])
        self.pages = np.array([build_pages(k.draws(rng, DRAWS) @ x.T, RULES, SIZE) for x, k in scenes])
        self.of = [np.flatnonzero(self.owner == shopper) for shopper in range(STREET)]

    @staticmethod
    def _chances(liking: np.ndarray, clicks: float) -> np.ndarray:
        """Clicks twice as likely for each standard deviation of liking, `clicks` of all on average."""
        odds = 2.0 ** ((liking - liking.mean()) / liking.std())
        return np.clip(clicks * odds / odds.mean(), 0, 0.9)

    def target(self, name: str, rng: np.random.Generator) -> np.ndarray:
        """P(on the page) under the policy to be judged, (pages, candidates)."""
        return np.array([_target(name, x, known, rng) for x, known in zip(self.x, self.known, strict=True)])

    def log(self, shoppers: int, target: np.ndarray, rng: np.random.Generator) -> tuple[Log, np.ndarray]:
        """A log of so many shoppers, with the features of its candidates."""
        drawn = rng.integers(0, STREET, shoppers)
        rows = np.concatenate([self.of[shopper] for shopper in drawn])
        whose = np.repeat(np.arange(shoppers), [len(self.of[shopper]) for shopper in drawn])
        shown = np.zeros((len(rows), CANDIDATES), dtype=bool)
        np.put_along_axis(shown, self.pages[rows, rng.integers(0, DRAWS, len(rows))], True, axis=1)
        reward = (rng.random(shown.shape) < self.clicked[rows]) & shown
        page = np.repeat(np.arange(len(rows)), CANDIDATES)
        parts = (shown, reward.astype(float), self.logged[rows], target[rows])
        return Log(page, whose, *(part.ravel() for part in parts)), self.x[rows].reshape(len(page), -1)


def _target(name: str, x: np.ndarray, known: Posterior, rng: np.random.Generator) -> np.ndarray:
    match name:
        case "half the spread":
            return on_page(x, Posterior(known.mean, known.root / 2), RULES, SIZE, DRAWS, rng)
        case "random":
            return np.full(CANDIDATES, SIZE / CANDIDATES)
        case _:
            weights = known.mean if name == "greedy" else prior().mean
            chances = np.zeros(CANDIDATES)
            chances[build_pages((x @ weights)[None, :], RULES, SIZE)[0]] = 1.0
            return chances


_FIGURE = re.compile(r"\d[\d.]*")


def coverage(cases: list[Case], logs: int, methods: tuple[str, ...], seed: int = 7) -> None:
    """A row for each case and estimator: how often the intervals cover, and what the logs were worth."""
    streets: dict[float, Street] = {}
    print(
        f"95 % intervals over {logs} simulated logs: share that covers the truth [its own 95 % interval], median width"
    )
    for case in cases:
        street = streets.setdefault(case.clicks, Street(case.clicks, seed))
        rng = np.random.default_rng((seed, CASES.index(case)))
        target = street.target(case.target, rng)
        truth = float((target * street.clicked).sum() / len(target))
        covered, widths, worth, weights, silent = defaultdict(int), defaultdict(list), [], [], defaultdict(int)
        answered = 0
        for _ in tqdm(range(logs), desc=str(case), disable=None, leave=False):
            log, x = street.log(case.shoppers, target, rng)
            found = diagnose(log)
            worth.append((found.effective, found.effective_shoppers, found.support, found.rewarded))
            weights.append(found.mean_weight)
            try:
                check(found)
            except SilentLogError as error:
                silent[_FIGURE.sub("N", str(error).split(": ")[1])] += 1
                continue
            answered += 1
            sums = sums_of(log, cross_fitted(log, x))
            drawn = resample(sums, 1_000)
            for name in NAMES:
                for method in methods:
                    estimate = interval(sums, name, method=method, resampled=drawn)
                    covered[name, method] += estimate.low <= truth <= estimate.high
                    widths[name, method].append(estimate.high - estimate.low)
        items, shoppers, support, rewarded = np.mean(worth, axis=0)
        print(
            f"\n{case}: truth {truth:.4f}; worth {items:.0f} items, {shoppers:.0f} shoppers; {rewarded:.0f} clicks;"
            f" support {support:.3f}; mean weight {np.mean(weights):.3f}; answered {answered / logs:.1%}"
        )
        for why, count in silent.items():
            print(f"  refused {count}: {why}")
        for (name, method), count in covered.items():
            low, high = stats.binomtest(count, answered).proportion_ci(method="wilson")
            width = np.median(widths[name, method])
            print(f"  {name:6}{method:10}{count / answered:.3f} [{low:.3f}, {high:.3f}]  {width:.4f}", flush=True)


def against_obp(folder: Path) -> None:
    """Our estimates beside obp's on the same rounds, policies and model."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from obp import ope
    theirs = {
        "ips": ope.InverseProbabilityWeighting(),
        "snips": ope.SelfNormalizedInverseProbabilityWeighting(),
        "dm": ope.DirectMethod(),
        "dr": ope.DoublyRobust(),
        "sndr": ope.SelfNormalizedDoublyRobust(),
    }
    random, bts = (read_open_bandit(folder / "open_bandit" / name) for name in ("random_men", "bts_men"))
    print("\nOpen Bandit sample, men: clicks a row; the largest difference to obp 0.4.1 over all rows below is last")
    worst = 0.0
    for log_name, data in (("random", random), ("bts", bts)):
        print(f"\n{log_name} log: {data.rounds} rows, {data.click.sum():.0f} clicks, {data.click.mean():.4f} a row")
        policies = {"uniform": uniform(data), "bts": as_logged(bts), "popularity": popular(data)}
        for policy, distribution in policies.items():
            log = data.log(distribution)
            expected = cross_fitted(log, data.features())
            sums = sums_of(log, expected)
            target = np.broadcast_to(distribution, (data.rounds, *distribution.shape))
            model = np.zeros(target.shape)
            model[np.arange(data.rounds), :, data.place] = expected.reshape(data.rounds, data.items)
            for name in ESTIMATORS:
                estimate = interval(sums, name, method=METHOD)
                value = theirs[name].estimate_policy_value(
                    reward=data.click,
                    action=data.item,
                    position=data.place,
                    pscore=data.propensity,
                    action_dist=target,
                    estimated_rewards_by_reg_model=model,
                )
                worst = max(worst, abs(value - estimate.value))
                span = f"{estimate.low:.4f} to {estimate.high:.4f}"
                print(f"  {policy:11}{name:6}{estimate.value:.6f}  {span}   obp {value:.6f}")
    print(f"\nlargest difference to obp: {worst:.1e}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--logs", type=int, default=1_000, help="simulated logs for each case (default 1,000; 0: none)")
    parser.add_argument(
        "--method", choices=METHODS, action="append", help=f"kind of interval, may be given again (default {METHOD})"
    )
    parser.add_argument("--case", type=int, action="append", help="only this case, from 0; may be given again")
    parser.add_argument("--data-dir", type=Path, help="folder with open_bandit/; without it obp is not compared with")
    arguments = parser.parse_args()
    if arguments.logs:
        cases = [CASES[at] for at in arguments.case] if arguments.case else CASES
        coverage(cases, arguments.logs, tuple(arguments.method or (METHOD,)))
    if arguments.data_dir is None:
        print("\nNo --data-dir: the Open Bandit files were not compared with obp.")
    elif not (arguments.data_dir / "open_bandit").is_dir():
        print(f"There is no open_bandit in {arguments.data_dir}.", file=sys.stderr)
        return 1
    else:
        against_obp(arguments.data_dir)
    return 0


if __name__ == "__main__":
    sys.exit(main())
