"""What the owner's part costs and brings: importing events, counting heat, rules on a page, trying new products.

    python tests/bench/owner.py                      all of it, about five minutes
    python tests/bench/owner.py --only import rules  these alone
    python tests/bench/owner.py --events 1000000     a longer log

Needs nothing but the demo shop. Times are of this machine and this hour: compare ratios.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from tqdm import tqdm

PARTS = ("import", "heat", "rules", "tried")
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
KINDS = ("dresses", "boots", "mugs", "headphones", "shirts", "bags", "lamps", "jackets")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts to measure (default: all)")
    parser.add_argument("--events", type=int, default=200_000, help="events of the imported log (default 200000)")
    parser.add_argument("--pages", type=int, default=800, help="pages for each budget of new products (default 800)")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with tempfile.TemporaryDirectory(prefix="shopbot-owner-") as scratch:
        folder = Path(scratch)
        shop = stocked(folder)
        log = import_events(shop, folder, arguments) if {"import", "heat"} & {*arguments.only} else None
        if log and "heat" in arguments.only:
            count_heat(shop)
        if "rules" in arguments.only:
            rules_on_a_page(shop, folder)
        if "tried" in arguments.only:
            new_products(shop, folder, arguments.pages, arguments.seed)
        shop.close()


def stocked(folder):
    from bot.stocking import stock_if_empty
    from storage.shop import Shop

    shop = Shop.open(folder)
    stock_if_empty(shop, progress=False)
    return shop


def recommender_of(shop, folder, **config):
    from bot.stocking import add_shipped_vectors
    from nlu.loading import load_encoder
    from recommender.config import RecommenderConfig
    from recommender.exact import ExactIndex
    from recommender.recommender import Recommender

    encode = load_encoder(folder / "models", threads=1)
    add_shipped_vectors(shop, encode.version)
    index = ExactIndex(shop.catalogue, shop.vectors, encode, encode.version)
    vocabulary = shop.catalogue.vocabulary()
    return Recommender(shop.catalogue, index, encode, vocabulary, RecommenderConfig(**config), shop.merchandising)


def request(need, seed, policy="thompson"):
    from recommender.request import Request
    from storage.records import Stage

    return Request(0, need, Stage.BROWSE, None, (), frozenset(), NOW, seed, policy=policy)


def wish(kind):
    from storage.records import Need, SlotName, Wish

    return Need(wishes=(Wish(SlotName.CATEGORY, kind, kind),))


# --- events -----------------------------------------------------------------------------------------


def import_events(shop, folder, arguments):
    """A year's log of Zipf-distributed products, as CSV, read and kept; then once more."""
    from storage.feeds.events import read_events
    from storage.visitors import VisitorKey

    rng = random.Random(arguments.seed)
    ids = shop.catalogue.ids()
    chances = [1 / (rank + 5) for rank in range(len(ids))]
    path = folder / "events.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("visitor,product,kind,time\n")
        for product in rng.choices(ids, chances, k=arguments.events):
            at = NOW - timedelta(seconds=rng.randrange(365 * 86_400))
            kind = rng.choices(("view", "cart", "order"), (80, 13, 7))[0]
            file.write(f"v{rng.randrange(arguments.events // 8)},{product},{kind},{at.isoformat()}\n")
    hide = VisitorKey.of(folder)
    for what in ("first import", "the same file again"):
        began, worked = time.perf_counter(), time.process_time()
        added = shop.behaviour.add(read_events(path, hide, now=NOW))
        took, worked = time.perf_counter() - began, time.process_time() - worked
        print(
            f"{what}: {arguments.events} events, {added} new, {took:.1f} s"
            f" ({arguments.events / worked:,.0f} a second of processor time)"
        )
    print(f"database with them: {(folder / 'shop.db').stat().st_size / 1e6:.0f} MB")
    return path


def count_heat(shop):
    from bot.upkeep.heat import shop_heat
    from recommender.heat import HeatConfig

    began = time.process_time()
    heat = shop_heat(shop, HeatConfig(), NOW)
    worked = time.process_time() - began
    print(f"counting heat: {worked:.2f} s of processor time for {len(heat.popular)} products, known {heat.known:.2f}")


# --- rules ------------------------------------------------------------------------------------------


def rules_on_a_page(shop, folder):
    """How much longer a page takes with 0, 10 and 100 rules."""
    from storage.records import Act, Rule

    recommender, ids = recommender_of(shop, folder), shop.catalogue.ids()
    print("rules  median ms of a page  ratio")
    held, first = [], None
    for wanted in (0, 10, 100):
        while len(held) < wanted:
            act, factor = ((Act.BOOST, 1.3), (Act.BURY, 0.7))[len(held) % 2]
            held.append(shop.merchandising.add(Rule(act, f"product:{ids[len(held)]}", factor=factor)))
        for seed in range(20):
            recommender.recommend(request(wish(KINDS[seed % len(KINDS)]), seed))
        times = []
        for seed in range(120):
            began = time.perf_counter()
            recommender.recommend(request(wish(KINDS[seed % len(KINDS)]), 1_000 + seed))
            times.append(1_000 * (time.perf_counter() - began))
        median = statistics.median(times)
        first = first or median
        print(f"{wanted:>5}  {median:>19.2f}  {median / first:.2f}")
    shop.merchandising.remove(held)


# --- new products -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Count:
    product_id: str
    position: int
    day: str
    count: int
    reaction: str = "like"


def new_products(shop, folder, pages, seed):
    """Shoppers with a hidden liking for each product; 60 new ones without a rating. What does each budget find?"""
    rng = np.random.default_rng(seed)
    products = [p for kind in KINDS for p in _of_kind(shop, kind)]
    fresh = {products[at].id for at in rng.choice(len(products), 60, replace=False)}
    liking = {product.id: float(rng.beta(1.5, 10)) for product in products}
    changed = []
    for product in products:
        days = 5 if product.id in fresh else 300
        count, rating = (0, None) if product.id in fresh else (product.rating_count, product.rating)
        stock, created = product.stock or 9, NOW - timedelta(days=days)
        changed.append(
            replace(product, created_at=created, rating=rating, rating_count=count, stock=stock, sponsored=False)
        )
    shop.catalogue.upsert(changed)
    best = set(sorted(fresh, key=lambda id: -liking[id])[:15])
    print("budget  shown on purpose  new ones seen >= 3 times  of the 15 best  places to new  good reactions a card")
    for share in (0.0, 0.1, 0.2):
        _budget(shop, folder, share, pages, fresh, best, liking, seed)


def _of_kind(shop, kind):
    from storage.records import Filters, SlotName

    ids = shop.catalogue.matching(Filters(include={SlotName.CATEGORY: frozenset([kind])}))
    return [p for p in shop.catalogue.get(sorted(ids)).values() if kind in p.categories]


def _budget(shop, folder, share, pages, fresh, best, liking, seed):
    from recommender.config import ArrivalConfig
    from recommender.heat import Figures, HeatConfig, heat_of

    recommender, rng = recommender_of(shop, folder, arrivals=ArrivalConfig(share=share)), np.random.default_rng(seed)
    seen, likes, tried, good = {}, {}, 0, []
    day = f"{NOW:%Y-%m-%d}"
    for number in tqdm(range(pages), desc=f"budget {share}", disable=None, leave=False):
        if number % 25 == 0:
            shown = [Count(id, place, day, n) for (id, place), n in seen.items()]
            recommender.heat = heat_of(
                Figures((), shown, [Count(id, place, day, n) for (id, place), n in likes.items()]), NOW, HeatConfig()
            )
        slate = recommender.recommend(request(wish(KINDS[int(rng.integers(len(KINDS)))]), number))
        for item in slate.page:
            key = (item.product.id, item.position)
            seen[key] = seen.get(key, 0) + 1
            tried += bool(item.features.get("explored"))
            taken = rng.random() < liking.get(item.product.id, 0.1) * (1.0, 0.8, 0.65)[item.position - 1]
            likes[key] = likes.get(key, 0) + int(taken)
            good.append(taken)
    times = {}
    for (id, _), n in seen.items():
        times[id] = times.get(id, 0) + n
    known = {id for id in fresh if times.get(id, 0) >= 3}
    to_new = sum(times.get(id, 0) for id in fresh) / len(good)
    mean = float(np.mean(good))
    half = 1.96 * float(np.std(good)) / len(good) ** 0.5
    print(
        f"{share:>6.2f}  {tried:>16}  {len(known):>24}  {len(known & best):>14}  {to_new:>13.1%}"
        f"  {mean:>8.3f} ({mean - half:.3f}-{mean + half:.3f})"
    )


if __name__ == "__main__":
    main()
