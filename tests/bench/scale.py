"""How retrieval and ranking grow with the catalogue: time, memory, building, and recall under limits.

    python tests/bench/scale.py --data-dir DIR [--sizes real 55000 1000000] [--keep FOLDER] [--queries 40]

"real" is DIR/aws_retail_products.jsonl (2,465 articles with their own embeddings); other sizes are generated (see
tests/bench/generated.py: titles, values and prices as in the demo shop, vectors moved away from real ones). --keep
names a folder in which the built shops are used again. Each question is asked once, in both languages, after others
have been (--warm), as in a bot that has been up for some minutes. Times are of this machine and this hour: compare
columns, not runs, and each with what a loop of 300,000 additions takes beside it (some 9 ms where nobody disturbs).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the bot has it: the second thread waits for the first
import numpy as np

from nlu.dots import CoarseDots
from nlu.encoder import Encoder
from nlu.loading import load_encoder
from recommender.config import RecommenderConfig
from recommender.exact import ExactIndex
from recommender.filters import filters_of
from recommender.index import ChromaIndex, open_index
from recommender.question import question_of
from recommender.recommender import Recommender
from recommender.request import Request
from recommender.retrieval import Retriever
from storage.demo.vectors import load_shipped
from storage.importing import import_feed
from storage.records import Filters, Need, PriceRange, SlotName, Stage, Vocabulary, Wish
from storage.shop import Shop
from tests.bench import generated
from tests.bench.growth import Panel, draw

NOW = datetime(2026, 7, 1, 20, tzinfo=UTC)
DEPTH, ARTICLES = 50, 2_465  # of the size "real"
PAGES, BUILD, MEMORY = "processor ms of a page, median", "processor seconds of building", "MB in memory"
BARE = 200_000  # articles from which descriptions are left out, to be built within the hour
Limits = Callable[[random.Random, Vocabulary], tuple[tuple[Wish, ...], PriceRange | None]]


# --- what is asked --------------------------------------------------------------------------------------------------


def _wish(slot: SlotName, values: list[str]) -> Callable[[random.Random], Wish]:
    return lambda rng: Wish(slot, value := rng.choice(values), value)


CATEGORY = _wish(SlotName.CATEGORY, ["dresses", "boots", "headphones", "backpacks", "mugs", "shoes", "electronics"])
COLOR = _wish(SlotName.COLOR, ["red", "blue", "black", "white", "green", "beige"])


def _below(least: int, most: int) -> Callable[[random.Random], PriceRange]:
    return lambda rng: PriceRange(max=Decimal(rng.randint(least, most)), currency="USD")


KINDS: dict[str, tuple[tuple[Callable[[random.Random], Wish], ...], Callable[[random.Random], PriceRange] | None]] = {
    "no limit": ((), None),
    "price, wide": ((), _below(60, 200)),
    "price, narrow": ((), _below(5, 12)),
    "colour": ((COLOR,), None),
    "category": ((CATEGORY,), None),
    "colour, price": ((COLOR,), _below(20, 80)),
    "category, price": ((CATEGORY,), _below(20, 80)),
    "category, colour, price": ((CATEGORY, COLOR), _below(20, 80)),
}
WORDS = {
    "en": ["something for a summer wedding", "waterproof and light", "gift for a cook", "soft and warm for winter",
           "for travelling", "wireless with long battery life", "vintage look", "for a small flat"],
    "zh": ["适合夏天的婚礼", "防水轻便", "送给爱做饭的人", "冬天保暖柔软", "旅行用", "无线长续航", "复古风",
           "小户型用"],
}  # fmt: skip


def needs(kind: str, count: int, of: str = "") -> Iterator[Need]:
    """Different needs of one kind, both languages by turns; others for another `of`."""
    wishes, price = KINDS[kind]
    rng = random.Random(kind + of)
    for number in range(count):
        language = ("en", "zh")[number % 2]
        said = rng.choice(WORDS[language]) if number % 3 or not wishes else ""
        yield Need(said, language, tuple(wish(rng) for wish in wishes), price(rng) if price else None)


# --- building -------------------------------------------------------------------------------------------------------


def build(folder: Path, size: str, data: Path, encode: Encoder) -> dict[str, float]:
    """A shop of this size in an empty folder; seconds of processor time that import and vectors took."""
    shop, began = Shop.open(folder), time.process_time()
    if size == "real":
        import_feed(shop.catalogue, [data / "aws_retail_products.jsonl"], shop.catalogue.vocabulary(), "USD")
    else:
        shop.catalogue.upsert(_made(int(size)))
    spent = {"import": time.process_time() - began}
    if size != "real":
        began = time.process_time()
        _put_vectors(shop, encode.version)
        spent["vectors"] = time.process_time() - began
    shop.close()
    return spent


def _made(count: int) -> Iterator:
    for product in generated.products(count):
        yield product if count < BARE else replace(product, description="", description_zh="")


def _put_vectors(shop: Shop, version: str) -> None:
    """Vectors near those of the demo shop's articles of the same category, a batch at a time."""
    by_category, spare = _demo_vectors(version)
    rng = np.random.default_rng(4)
    texts = shop.db.execute("SELECT id, category, text_hash FROM products ORDER BY number")
    while batch := texts.fetchmany(5_000):
        bases = np.stack([rng.choice(by_category.get(category, spare)) for _, category, _ in batch])
        shop.vectors.put(version, [row[0] for row in batch], [row[2] for row in batch], generated.moved(bases, rng))


def _demo_vectors(version: str) -> tuple[dict[str, np.ndarray], np.ndarray]:
    from storage.demo.catalogue import demo_products

    with tempfile.TemporaryDirectory() as folder:
        shop = Shop.open(Path(folder))
        shop.catalogue.upsert(demo_products())
        if not load_shipped(shop.catalogue, shop.vectors, version):
            raise SystemExit("The demo shop's shipped vectors are of another encoder: make them anew first.")
        ids, matrix = shop.vectors.load(version)
        kinds = [product.category for product in shop.catalogue.get(ids).values()]
        shop.close()
    return {kind: matrix[[k == kind for k in kinds]] for kind in set(kinds)}, matrix


# --- measuring ------------------------------------------------------------------------------------------------------


class Embedded:
    """The encoder with its answers kept: what was embedded beforehand costs a page nothing."""

    def __init__(self, encode: Encoder) -> None:
        self._encode, self._held = encode, dict[str, np.ndarray]()
        self.spent: list[float] = []  # milliseconds of processor time a question

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        for text in texts:
            if text not in self._held:
                began = time.process_time()
                self._held[text] = self._encode([text])[0]
                self.spent.append((time.process_time() - began) * 1_000)
        return np.stack([self._held[text] for text in texts])


def ask(recommender: Recommender, need: Need, number: int) -> tuple[float, float, dict[str, float]]:
    """Milliseconds of a page: of processor time, and as they went by; and each step's, as they went by.

    Limits do not give way here: a page of relaxed limits is several in one.
    """
    request = Request(7, need, Stage.BROWSE, None, (), frozenset(), NOW, number, relax=False)
    began, worked = time.perf_counter(), time.process_time()
    slate = recommender.recommend(request)
    return (time.process_time() - worked) * 1_000, (time.perf_counter() - began) * 1_000, dict(slate.timings)


def recall(
    shop: Shop, index: ChromaIndex | ExactIndex, retriever: Retriever, asked: list[Need], encode: Encoder
) -> list[float]:
    """Of the exact fifty nearest under the limits (SQL's), the share that the recommender's own way finds."""
    shares = []
    for need in asked:
        vocabulary = shop.catalogue.vocabulary()
        filters = filters_of(need, vocabulary)
        vector = question_of(need, vocabulary).embed(encode)
        if vector is None:
            continue
        exact = {id for id, _ in exactly(shop, index, vector, filters)}
        found = set(shop.catalogue.names(retriever.dense(vector, filters, 120).numbers[:DEPTH]))
        shares += [len(found & exact) / len(exact)] if exact else []
    return shares


def exactly(
    shop: Shop, index: ChromaIndex | ExactIndex, vector: np.ndarray, filters: Filters
) -> list[tuple[str, float]]:
    """Every vector compared, the limits decided by SQL."""
    allowed = shop.catalogue.matching(filters)
    cosines = index.snapshot.matrix @ vector
    rows = [row for row in np.argsort(-cosines, kind="stable") if index.snapshot.ids[row] in allowed]
    return [(index.snapshot.ids[row], float(cosines[row])) for row in rows[:DEPTH]]


def measure(folder: Path, encode: Encoder, options: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Prints a row for each kind of limit; the figures that are drawn, by panel and line."""
    shop = Shop.open(folder)
    index = _opened(folder, shop, encode, chroma=options.chroma)
    embedded, words = Embedded(encode), shop.catalogue.vocabulary
    recommender = Recommender(shop.catalogue, index, embedded, words)
    retriever = Retriever(shop.catalogue, index, RecommenderConfig())
    began = time.process_time()
    recommender.read_ahead(shop.catalogue)  # as the bot's indexer does
    print(f"texts read ahead in {time.process_time() - began:.1f} s of processor time;")
    first = [ask(recommender, need, n)[0] for n, need in enumerate(needs("no limit", 6, "first"))]
    for kind in KINDS:
        for number, need in enumerate(needs(kind, options.warm, "before")):
            ask(recommender, need, number)
    print(f"the first page {first[0]:.0f} ms, the next five {statistics.median(first[1:]):.0f} ms of processor time;")
    print(f"then, after {options.warm} other questions of each kind:")
    pages = dict[str, float]()
    print(f"{'limits':26}{'admitted':>10}{'cpu ms p50':>11}{'p99':>7}{'loop':>7}{'ms p50':>8}{'p99':>8}", end="")
    print(f"{'recall@50':>14}  steps")
    for kind in KINDS:
        asked = list(needs(kind, options.queries))
        for need in asked:
            question_of(need, words()).embed(embedded)
        took, loops = [], list[float]()
        for number, need in enumerate(asked):
            loops.append(_loop())
            took.append(ask(recommender, need, number))
        shares = recall(shop, index, retriever, asked[: options.judged], embedded)
        admitted = statistics.median(shop.catalogue.count(filters_of(need, words())) for need in asked)
        print(_row(kind, admitted, took, loops, shares), flush=True)
        pages[kind] = statistics.median(worked for worked, _, _ in took)
    print(f"the encoder takes {statistics.median(embedded.spent):.1f} ms of processor time a question more;")
    print(f"{memory('VmRSS')} MB resident afterwards, {memory('VmHWM')} MB at most")
    figures = {PAGES: pages, MEMORY: {"resident": memory("VmRSS")}, BUILD: _spent(folder)}
    index.close()
    shop.close()
    return figures


def _spent(folder: Path) -> dict[str, float]:
    """What building the shop took, as it was noted then."""
    noted = folder / "built.json"
    return json.loads(noted.read_text(encoding="utf-8")) if noted.is_file() else {}


def _plot(measured: dict[int, dict[str, dict[str, float]]], path: Path) -> None:
    panels = []
    for title in (PAGES, BUILD, MEMORY):
        names = dict.fromkeys(name for figures in measured.values() for name in figures[title])
        lines = {n: [(size, f[title][n]) for size, f in sorted(measured.items()) if f[title].get(n)] for n in names}
        panels += [Panel(title, lines)] if lines else []
    draw(panels, path)


def _opened(folder: Path, shop: Shop, encode: Encoder, *, chroma: bool) -> ChromaIndex | ExactIndex:
    """The index, with what it took to get it ready."""
    worked, began = time.process_time(), time.perf_counter()
    if chroma:
        index: ChromaIndex | ExactIndex = open_index(
            *(folder / "index", shop.catalogue, shop.vectors, encode, encode.version),
            progress=True,
            coarsen=CoarseDots,
        )
    else:
        index = ExactIndex(shop.catalogue, shop.vectors, encode, encode.version, progress=True, coarsen=CoarseDots)
    loaded = time.process_time() - worked
    settled = isinstance(index, ChromaIndex) and index.settle()
    waited = f"after {time.perf_counter() - began:.0f} s as they went by" if settled else "left out"
    print(f"\n{folder.name}: {len(index):,} articles; exact search ready after {loaded:.1f} s of processor time,")
    print(f"Chroma {waited};")
    print(f"{memory('VmRSS')} MB resident, {memory('VmHWM')} MB at most")
    return index


def _loop() -> float:
    """Milliseconds of processor time of a fixed piece of work: how quick a core is at this moment."""
    began, total = time.process_time(), 0
    for number in range(300_000):
        total += number
    return (time.process_time() - began) * 1_000


def _row(
    kind: str,
    admitted: float,
    took: list[tuple[float, float, dict[str, float]]],
    loops: list[float],
    shares: list[float],
) -> str:
    steps = Counter[str]()
    for _, _, timings in took:
        steps.update(timings)
    told = ", ".join(f"{name} {ms / steps.total():.0%}" for name, ms in steps.most_common(5))
    half = 1.96 * statistics.pstdev(shares) / len(shares) ** 0.5 if shares else 0.0
    mean = f"{statistics.fmean(shares):.3f} ±{half:.3f}" if shares else "-"
    worked, passed = ([figures[at] for figures in took] for at in (0, 1))
    return (
        f"{kind:26}{admitted:10,.0f}{statistics.median(worked):11.1f}{_p99(worked):7.1f}{statistics.median(loops):7.1f}"
        f"{statistics.median(passed):8.1f}{_p99(passed):8.1f}{mean:>14}  {told}"
    )


def _p99(values: Sequence[float]) -> float:
    return sorted(values)[min(int(len(values) * 0.99), len(values) - 1)]


def memory(field: str) -> int:
    """Resident memory of this process now (VmRSS) or at most (VmHWM), MB."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith(field)).split()[1]) // 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data-dir", type=Path, help="folder with aws_retail_products.jsonl, for the size 'real'")
    parser.add_argument("--sizes", nargs="+", default=["real", "55000"], help="'real' or numbers (default: real 55000)")
    parser.add_argument("--keep", type=Path, help="folder to keep the built shops in")
    parser.add_argument("--queries", type=int, default=40, help="questions of each kind of limit (default 40)")
    parser.add_argument("--warm", type=int, default=20, help="other questions of each kind asked before (default 20)")
    parser.add_argument(
        "--judged", type=int, default=20, help="of them, how many are also searched exactly (default 20)"
    )
    parser.add_argument("--no-chroma", dest="chroma", action="store_false", help="exact search alone: nothing is built")
    parser.add_argument("--plot", type=Path, help="draw how the figures grow into this SVG file")
    options = parser.parse_args()
    if "real" in options.sizes and not (
        options.data_dir and (options.data_dir / "aws_retail_products.jsonl").is_file()
    ):
        print("Nothing measured: name the folder of aws_retail_products.jsonl with --data-dir, or leave the size "
              "'real' out.", file=sys.stderr)  # fmt: skip
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        measured: dict[int, dict[str, dict[str, float]]] = {}
        encode = load_encoder((options.keep or Path(scratch)) / "models", threads=1)
        for size in options.sizes:
            folder = (options.keep or Path(scratch)) / f"scale-{size}"
            if not (folder / "shop.db").is_file():
                folder.mkdir(parents=True)
                spent = build(folder, size, options.data_dir, encode)
                (folder / "built.json").write_text(json.dumps(spent), encoding="utf-8")
                print(f"{size}: " + ", ".join(f"{name} {s:.0f} s" for name, s in spent.items()) + " of processor time")
            measured[ARTICLES if size == "real" else int(size)] = measure(folder, encode, options)
    if options.plot:
        _plot(measured, options.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
