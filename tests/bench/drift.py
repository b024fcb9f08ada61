"""How often a quiet week raises a flag, and how large a change of the talk must be to be seen.

    python -m tests.bench.drift --weeks 300

Simulated shoppers with ways of their own (a Dirichlet draw around the shop's mix of intents, the same for confidence):
four weeks of earlier talk beside one week, as bot/drift compares them.
"""

import argparse

import numpy as np

from bot.drift.measures import rise, shift

INTENTS = np.array([0.34, 0.2, 0.09, 0.08, 0.06, 0.05, 0.04, 0.04, 0.03, 0.03, 0.02, 0.02])
OWN_WAYS = 6.0
"""How far shoppers are alike; the larger, the more."""


def messages(rng, mix, shoppers, each):
    """(shoppers, kinds) of counts; some write much more than others."""
    numbers = 1 + rng.geometric(1 / each, shoppers)
    return np.array([rng.multinomial(n, rng.dirichlet(mix * OWN_WAYS)) for n in numbers], float)


def moved(points):
    """The mix with so many points more of its fifth intent."""
    mix = INTENTS.copy()
    mix[4] += points
    return mix / mix.sum()


def share(points):
    """Known and unknown words."""
    return np.array([0.94 - points, 0.06 + points])


def flagged(rng, weeks, shoppers, judged, before, after):
    """The share of weeks that raise the flag, and of those that are beyond chance alone."""
    found = [judged(messages(rng, before, 4 * shoppers, 5), messages(rng, after, shoppers, 5)) for _ in range(weeks)]
    return np.mean([each.flagged for each in found]), np.mean([each.chance <= 0.01 for each in found])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weeks", type=int, default=300, help="simulated weeks of each row")
    parser.add_argument("--shoppers", type=int, default=120, help="shoppers in a week")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng = np.random.default_rng(given.seed)
    names = [str(at) for at in range(len(INTENTS))]
    print(f"{given.weeks} weeks of {given.shoppers} shoppers a row; share that raises the flag (beyond chance alone)\n")
    print("| change | intents | unknown words |\n|---|---|---|")
    for points in (0.0, 0.02, 0.05, 0.1, 0.2):
        cells = []
        for judged, mix in (
            (lambda one, other: shift(one, other, names), moved),
            (lambda one, other: rise(one, other, "unknown"), share),
        ):
            flag, chance = flagged(rng, given.weeks, given.shoppers, judged, mix(0.0), mix(points))
            cells.append(f"{flag:.3f} ({chance:.3f})")
        print(f"| {'none' if not points else f'+{100 * points:.0f} points'} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
