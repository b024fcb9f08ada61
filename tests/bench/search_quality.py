"""How well search finds what people judged relevant: words, meaning, both fused, and the whole anonymous ranking.

    python tests/bench/search_quality.py --data-dir DIR [--set search_en] [--sample 300] [--keep FOLDER]

DIR holds a folder for each set with products.jsonl(.gz), queries.tsv (id, text) and qrels.tsv (query, product, gain).
Embedding fifty thousand titles takes minutes, so --keep names a folder whose database is used again. Prints one row a
method: MRR@10, nDCG@10 and recall@50, each with the half-width of its 95 % interval, and milliseconds a query.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import math
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from nlu.language import language_of
from nlu.loading import load_encoder
from recommender.config import RecommenderConfig
from recommender.exact import ExactIndex
from recommender.fusion import reciprocal_ranks
from recommender.recommender import Recommender
from recommender.request import Request
from storage.records import Filters, Need, Product, Stage
from storage.shop import Shop

DEPTH = 50
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
    config = RecommenderConfig(candidates=200, retrieved=200)
    recommender = Recommender(shop.catalogue, index, encode, shop.catalogue.vocabulary, config)
    now = datetime(2026, 7, 1, tzinfo=UTC)

    def lexical(text: str, limit: int = DEPTH) -> list[str]:
        return [id for id, _ in shop.catalogue.search(text, Filters(), limit)]

    def dense(text: str, limit: int = DEPTH) -> list[str]:
        return [id for id, _ in index.query(encode([text])[0], None, limit)]

    def fused(text: str) -> list[str]:
        return list(reciprocal_ranks((lexical(text, 200), dense(text, 200))))[:DEPTH]

    def ranked(text: str) -> list[str]:
        need = Need(query=text, language=language_of(text))
        request = Request(0, need, Stage.BROWSE, None, (), frozenset(), now, 0, page_size=DEPTH, mode="anonymous")
        return [item.product.id for item in recommender.recommend(request).page]

    return {"words": lexical, "meaning": dense, "fused (RRF)": fused, "ranked": ranked}


def score(found: Sequence[str], gains: dict[str, float]) -> tuple[float, float, float]:
    """Reciprocal rank within ten, nDCG@10 with linear gains, recall within fifty."""
    first = next((rank for rank, id in enumerate(found[:10], start=1) if id in gains), 0)
    dcg = sum(gains.get(id, 0.0) / math.log2(rank + 1) for rank, id in enumerate(found[:10], start=1))
    best = sorted(gains.values(), reverse=True)[:10]
    ideal = sum(gain / math.log2(rank + 1) for rank, gain in enumerate(best, start=1))
    recall = sum(id in gains for id in found[:DEPTH]) / len(gains)
    return (1 / first if first else 0.0, dcg / ideal if ideal else 0.0, recall)


def measure(folder: Path, keep: Path, sample: int) -> None:
    judged = read_set(folder)
    shop = Shop.open(keep)
    shop.catalogue.upsert(judged.products)
    names = sorted(judged.queries)
    chosen = sorted(random.Random(7).sample(names, sample)) if 0 < sample < len(names) else names
    print(f"\n{folder.name}: {len(judged.products)} products, {len(chosen)} of {len(names)} judged queries")
    print(f"{'method':14}{'MRR@10':>16}{'nDCG@10':>16}{'recall@50':>16}{'ms':>8}")
    for name, method in methods(shop, keep).items():
        started = time.perf_counter()
        scores = [score(method(judged.queries[query]), judged.gains[query]) for query in chosen]
        elapsed = (time.perf_counter() - started) * 1_000 / len(chosen)
        figures = "".join(f"{_interval(values):>16}" for values in zip(*scores, strict=True))
        print(f"{name:14}{figures}{elapsed:8.1f}")
    shop.close()


def _interval(values: Sequence[float]) -> str:
    half = 1.96 * statistics.pstdev(values) / math.sqrt(len(values))
    return f"{statistics.fmean(values):.3f} ±{half:.3f}"


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
