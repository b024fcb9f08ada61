"""How well search finds what people judged relevant: words, meaning, both fused, and the whole anonymous ranking.

    python tests/bench/search_quality.py --data-dir DIR [--set search_en] [--sample 300] [--keep FOLDER]

DIR holds a folder for each set with products.jsonl(.gz), queries.tsv (id, text) and qrels.tsv (query, product, gain).
Embedding fifty thousand titles takes minutes, so --keep names a folder whose database is used again. Prints one row a
method: MRR@10 of judged products; recall@100 of the relevant ones (judged 2.67 or more where judgements are graded);
nDCG@10 of each query's judged products among themselves, gain 2^(judgement - 1) - 1, those not retrieved last (a random
order has 0.866 on search_en). Each with the half-width of its 95 % interval, then milliseconds a query; below them what
the whole ranking has more than each other method, with paired bootstrap intervals.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import math
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np

from nlu.language import language_of
from nlu.loading import load_encoder
from recommender.config import RecommenderConfig
from recommender.exact import ExactIndex
from recommender.fusion import reciprocal_ranks
from recommender.recommender import Recommender
from recommender.request import Request
from recommender.retrieval import aligned
from storage.records import Filters, Need, Product, Stage
from storage.shop import Shop

DEPTH = 1000
RELEVANT = 2.67
Method = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Judged:
    """A set of products, the queries that have a relevant one, and the gains."""

    products: list[Product]
    queries: dict[str, str]
    gains: dict[str, dict[str, float]]


def read_set(folder: Path) -> Judged:
    products = [
        Product(id=row["id"], title=row["title"], price=Decimal(1), currency="USD") for row in _products(folder)
    ]
    gains: dict[str, dict[str, float]] = {}
    for query, product, gain in _rows(folder / "qrels.tsv"):
        gains.setdefault(query, {})[product] = float(gain)
    queries = {id: text for id, text in _rows(folder / "queries.tsv") if id in gains}
    return Judged(products, queries, gains)


def _products(folder: Path) -> Iterator[dict[str, str]]:
    path = next(path for name in ("products.jsonl", "products.jsonl.gz") if (path := folder / name).is_file())
    data = path.read_bytes()
    yield from map(json.loads, (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines())


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def methods(shop: Shop, keep: Path) -> dict[str, Method]:
    """The ways of searching, each text -> ids, the best first."""
    encode = load_encoder(keep / "models", threads=2)
    index = ExactIndex(shop.catalogue, shop.vectors, encode, encode.version, progress=True)
    config = RecommenderConfig(candidates=DEPTH, retrieved=DEPTH)
    recommender = Recommender(shop.catalogue, index, encode, shop.catalogue.vocabulary, config)
    now = datetime(2026, 7, 1, tzinfo=UTC)

    def lexical(text: str) -> list[str]:
        return [id for id, _ in shop.catalogue.search(text, Filters(), DEPTH)]

    def dense(text: str) -> list[str]:
        return [id for id, _ in index.query(encode([text])[0], None, DEPTH)]

    def ranks(text: str) -> list[str]:
        return list(reciprocal_ranks((lexical(text), dense(text))))[:DEPTH]

    def convex(text: str) -> list[str]:
        vector = encode([text])[0]
        by_words = dict(shop.catalogue.search(text, Filters(), DEPTH))
        ids = list(dict.fromkeys((*by_words, *(id for id, _ in index.query(vector, None, DEPTH)))))
        words = aligned(ids, by_words)
        scores = 0.4 * words / max(words.max(initial=0.0), 1e-9) + 0.6 * (index.vectors(ids) @ vector)
        return [ids[at] for at in np.argsort(-scores, kind="stable")[:DEPTH]]

    def ranked(text: str) -> list[str]:
        need = Need(query=text, language=language_of(text))
        request = Request(0, need, Stage.BROWSE, None, (), frozenset(), now, 0, page_size=DEPTH, mode="anonymous")
        return [item.product.id for item in recommender.recommend(request).page]

    return {"words": lexical, "meaning": dense, "ranks (RRF)": ranks, "convex sum": convex, "ranked": ranked}


def score(found: Sequence[str], judged: dict[str, float]) -> tuple[float, float, float]:
    """Reciprocal rank within ten, recall within a hundred, nDCG@10 of the judged; nan where nothing can be found."""
    first = next((rank for rank, id in enumerate(found[:10], start=1) if id in judged), 0)
    graded = max(judged.values()) > 1
    wanted = {id for id, gain in judged.items() if gain >= RELEVANT or not graded}
    recall = len(wanted.intersection(found[:100])) / len(wanted) if wanted else math.nan
    places = {id: place for place, id in enumerate(found)}
    order = sorted(judged, key=lambda id: places.get(id, DEPTH))
    gains = [2 ** (judged[id] - 1) - 1 if graded else judged[id] for id in order]
    ideal = _discounted(sorted(gains, reverse=True))
    return (1 / first if first else 0.0, recall, _discounted(gains) / ideal if ideal else math.nan)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains[:10]))


def measure(folder: Path, keep: Path, sample: int) -> None:
    judged = read_set(folder)
    shop = Shop.open(keep)
    shop.catalogue.upsert(judged.products)
    names = sorted(judged.queries)
    chosen = sorted(random.Random(7).sample(names, sample)) if 0 < sample < len(names) else names
    print(f"\n{folder.name}: {len(judged.products)} products, {len(chosen)} of {len(names)} judged queries")
    print(f"{'method':14}{'MRR@10':>16}{'recall@100':>16}{'nDCG@10':>16}{'ms':>8}")
    found: dict[str, np.ndarray] = {}
    for name, method in methods(shop, keep).items():
        started = time.perf_counter()
        found[name] = np.array([score(method(judged.queries[query]), judged.gains[query]) for query in chosen])
        elapsed = (time.perf_counter() - started) * 1_000 / len(chosen)
        figures = "".join(f"{_interval(values):>16}" for values in found[name].T)
        print(f"{name:14}{figures}{elapsed:8.1f}", flush=True)
    print("\nranked less   " + "".join(f"{label:>28}" for label in ("MRR@10", "recall@100", "nDCG@10")))
    for name in list(found)[:-1]:
        gains = "".join(f"{_bootstrap(column):>28}" for column in (found["ranked"] - found[name]).T)
        print(f"{name:14}{gains}")
    shop.close()


def _interval(values: np.ndarray) -> str:
    half = 1.96 * float(np.nanstd(values)) / math.sqrt(len(values))
    return f"{np.nanmean(values):.3f} ±{half:.3f}"


def _bootstrap(differences: np.ndarray, rounds: int = 2_000) -> str:
    """Mean of paired differences with the 95 % percentile interval over resampled queries."""
    held = differences[~np.isnan(differences)]
    means = np.random.default_rng(1).choice(held, (rounds, len(held))).mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return f"{held.mean():+.4f} [{low:+.4f}, {high:+.4f}]"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data-dir", type=Path, required=True, help="folder of the judged sets")
    parser.add_argument("--set", action="append", help="a set's folder name; default: search_en and search_zh")
    parser.add_argument("--sample", type=int, default=300, help="queries of each set, 0 for all (default 300)")
    parser.add_argument("--keep", type=Path, help="folder to keep databases and vectors in")
    options = parser.parse_args()
    sets = [options.data_dir / name for name in options.set or ("search_en", "search_zh")]
    if absent := [str(path) for path in sets if not (path / "qrels.tsv").is_file()]:
        print(
            f"Nothing measured: {', '.join(absent)} not there. Name the judged sets with --data-dir.", file=sys.stderr
        )
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        for path in sets:
            keep = (options.keep or Path(scratch)) / path.name
            keep.mkdir(parents=True, exist_ok=True)
            measure(path, keep, options.sample)
    return 0


if __name__ == "__main__":
    sys.exit(main())
