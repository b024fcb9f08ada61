"""What a taste costs: milliseconds of an update with a redraw, and bytes on disk of many shoppers.

    python tests/bench/tastes.py [--shoppers 100000]

Tastes have the program's features and pages of three cards with a reaction in three. The file is a real shop database,
checkpointed; its size is that of the tastes, for an empty one is taken off.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from recommender import bandit
from recommender.prior import prior
from storage.records import Reaction, SeenCard, SeenPage
from storage.shop import FILE_NAME, Shop

START = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


def page(rng, number):
    names = prior().features
    at = START + timedelta(minutes=number)
    cards = []
    for place in (1, 2, 3):
        reactions = ((Reaction.LIKE, at),) if rng.random() < 1 / 3 else ()
        cards.append(SeenCard(place, place, dict(zip(names, rng.random(len(names)), strict=True)), reactions))
    return SeenPage(number, number, at, tuple(cards))


def milliseconds(repeats=2_000):
    """Median, p99 of update and redraw of 120 candidates' scores."""
    rng, taste, taken = np.random.default_rng(1), bandit.newcomer(1), []
    x = rng.random((120, len(prior().features)))
    for number in range(1, repeats + 1):
        new = page(rng, number)
        begun = time.perf_counter()
        taste = bandit.shown(taste, new)
        _ = x @ bandit.posterior(taste, START).draws(rng, 1)[0]
        taken.append((time.perf_counter() - begun) * 1e3)
    return np.quantile(taken, [0.5, 0.99])


def megabytes(shoppers, folder):
    """Of a database with so many tastes, less an empty one."""
    rng = np.random.default_rng(2)
    made = [bandit.rebuild(1, [page(rng, number) for number in (1, 2, 3)]) for _ in range(50)]
    shop = Shop.open(folder)
    shop.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    empty = (folder / FILE_NAME).stat().st_size
    with shop.atomic():
        for user in range(shoppers):
            taste = made[user % len(made)]
            shop.tastes.put(
                type(taste)(user, taste.features, taste.precision, taste.moment, 3, taste.updated_at, taste.pages)
            )
    shop.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    full = (folder / FILE_NAME).stat().st_size
    shop.close()
    return (full - empty) / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shoppers", type=int, default=100_000, help="how many tastes are written (default 100000)")
    arguments = parser.parse_args()
    middle, worst = milliseconds()
    size = len(prior().features)
    print(f"{size} features; update and redraw over 120 candidates: median {middle:.2f} ms, p99 {worst:.2f} ms")
    with tempfile.TemporaryDirectory(prefix="tastes-") as scratch:
        size = megabytes(arguments.shoppers, Path(scratch))
    print(
        f"{arguments.shoppers} shoppers' tastes on disk: {size:.0f} MB ({1e3 * size / arguments.shoppers:.1f} kB each)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
