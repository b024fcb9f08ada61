"""What spreading a page out costs and gives, and whether a question beside it helps.

    python tests/bench/pages.py spread --keep FOLDER --data-dir DIR [--queries 400]
    python tests/bench/pages.py question --data DATA [--shoppers 400]

`spread`: pages of ten over the full English catalogue (FOLDER/search_en is the database that search_quality.py --keep
made, DIR/search_en its queries and judgements), ranked greedily by the live ranker: nDCG@10 of what is judged, and the
mean cosine distance of two cards of a page, each with the half-width of its 95 % interval, by how much likeness costs.

`question`: simulated shoppers of the demo shop in DATA (a folder in which `shopbot search` ran once) who have one
product in mind, say no more than its kind, and look on page by page. With questions they answer truthfully where the
product has a value, else "any". Prints how many pages it took until theirs was shown, and how often it never was.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bot.understanding.clarifying import ANY, answered
from nlu.loading import load_encoder
from recommender.clarify import part_of
from recommender.config import RecommenderConfig
from recommender.exact import ExactIndex
from recommender.price_bands import inside
from recommender.recommender import Recommender
from recommender.request import Request
from storage.records import Answer, Clarification, Need, Product, Slate, SlotName, Stage, Wish
from storage.shop import Shop

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
SPREADS = (0.0, 0.01, 0.02, 0.04, 0.08)
PAGES = 12


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    spread = kinds.add_parser("spread", help="the cost and the gain of pages that are spread out")
    spread.add_argument("--keep", type=Path, required=True, help="the folder of search_quality.py --keep")
    spread.add_argument("--data-dir", type=Path, required=True, help="folder with search_en")
    spread.add_argument("--queries", type=int, default=400)
    question = kinds.add_parser("question", help="pages until the wanted product is shown, with questions and without")
    question.add_argument("--data", type=Path, required=True, help="a data folder with the demo shop")
    question.add_argument("--shoppers", type=int, default=400)
    asked = parser.parse_args(arguments)
    folder = asked.keep / "search_en" if asked.kind == "spread" else asked.data
    if not (folder / "shop.db").is_file():
        print(f"{folder} has no shop.db: see --help for what makes it.", file=sys.stderr)
        return 2
    shop = Shop.open(folder, readonly=True)
    try:
        return _spread(shop, folder, asked) if asked.kind == "spread" else _question(shop, folder, asked)
    finally:
        shop.close()


def _recommender(shop: Shop, folder: Path, config: RecommenderConfig | None = None) -> Recommender:
    encode = load_encoder(folder / "models", threads=1)
    index = ExactIndex(shop.catalogue, shop.vectors, encode, encode.version, embed=False)
    return Recommender(shop.catalogue, index, encode, shop.catalogue.vocabulary(), config)


def _request(need: Need, seen: frozenset[str] = frozenset(), **changed: object) -> Request:
    fields = {"user_id": 1, "stage": Stage.BROWSE, "taste": None, "events": (), "now": NOW, "seed": 1}
    return Request(**(fields | {"need": need, "seen": seen, "policy": "greedy"} | changed))


# --- spread ---------------------------------------------------------------------------------------------


def _spread(shop: Shop, folder: Path, asked: argparse.Namespace) -> int:
    gains: dict[str, dict[str, float]] = {}
    for query, product, gain in _rows(asked.data_dir / "search_en" / "qrels.tsv"):
        gains.setdefault(query, {})[product] = 2 ** (float(gain) - 1) - 1
    texts = [(id, text) for id, text in _rows(asked.data_dir / "search_en" / "queries.tsv") if id in gains]
    sample = np.random.default_rng(5).permutation(len(texts))[: asked.queries]
    recommender = _recommender(shop, folder)
    print(f"{'likeness costs':16}{'nDCG@10, judged':>20}{'distance of cards':>20}{'against 0':>20}")
    base: np.ndarray | None = None
    for spread in SPREADS:
        recommender._config = replace(recommender._config, spread=spread, look_alike=2.0, sense_weight=0.0)
        found = [_page_of(recommender, text, gains[id]) for id, text in (texts[at] for at in sample)]
        quality, distance = np.array(found).T
        base = quality if base is None else base
        print(f"{spread:<16}" + "".join(f"{_told(each):>20}" for each in (quality, distance, quality - base)))
    return 0


def _page_of(recommender: Recommender, text: str, gains: dict[str, float]) -> tuple[float, float]:
    page = recommender.recommend(_request(Need(query=text), page_size=10)).page
    found = [gains.get(item.product.id, 0.0) for item in page]
    ideal = sorted(gains.values(), reverse=True)[:10]
    quality = _discounted(found) / max(_discounted(ideal), 1e-9)
    vectors = recommender.index.vectors([item.product.id for item in page])
    pairs = (vectors @ vectors.T)[np.triu_indices(len(page), 1)]
    return quality, float(1 - pairs.mean()) if len(pairs) else 0.0


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _told(values: np.ndarray) -> str:
    return f"{values.mean():.4f} ± {1.96 * values.std() / math.sqrt(len(values)):.4f}"


# --- question -------------------------------------------------------------------------------------------


def _question(shop: Shop, folder: Path, asked: argparse.Namespace) -> int:
    recommender = _recommender(shop, folder)
    chance = np.random.default_rng(7)
    products = [each for each in shop.catalogue.get(shop.catalogue.ids()).values() if each.stock != 0]
    targets = [products[at] for at in chance.permutation(len(products))[: asked.shoppers]]
    found = {asks: np.array([_pages_until(recommender, each, asks) for each in targets]) for asks in (False, True)}
    print(f"{len(targets)} shoppers who say a wide kind of thing; pages of 3, at most {PAGES}")
    print(f"{'':20}{'pages until shown':>20}{'on page 2 or before':>22}{'never':>16}{'questions':>12}")
    for asks, rows in found.items():
        pages, questions = rows.T
        figures = (pages, (pages <= 2).astype(float), (pages > PAGES).astype(float))
        label = "with questions" if asks else "without"
        print(
            f"{label:20}{_told(figures[0]):>20}{_told(figures[1]):>22}{figures[2].mean():>16.3f}{questions.mean():>12.2f}"
        )
    print(f"{'saved':20}{_told(found[False][:, 0] - found[True][:, 0]):>20}")
    return 0


def _pages_until(recommender: Recommender, target: Product, asks: bool) -> tuple[int, int]:
    """The page that shows the target (one more than the last where none does), and how many questions were asked."""
    kind = target.categories[-1] if target.categories else ""
    need = Need(wishes=(Wish(SlotName.CATEGORY, kind, kind),)) if kind else Need()
    seen: frozenset[str] = frozenset()
    questions, just_asked = 0, False
    for page in range(1, PAGES + 1):
        slate = recommender.recommend(_request(need, seen, may_ask=asks and not just_asked))
        if any(item.product.id == target.id for item in slate.page):
            return page, questions
        seen |= {item.product.id for item in slate.page}
        just_asked = slate.question is not None
        if slate.question:
            questions += 1
            need = _after(need, slate, slate.question, target)
    return PAGES + 1, questions


def _after(need: Need, slate: Slate, question: Clarification, target: Product) -> Need:
    part = part_of(question.slot)
    need = replace(need, inquired=(*need.inquired, part))
    true = [answer for answer in question.answers if _holds(answer, question.slot, target)]
    if not true:
        return answered(need, f"{part}={ANY}")
    if true[0].price:
        return replace(need, price=true[0].price)
    return answered(need, f"{part}={true[0].value}")


def _holds(answer: Answer, slot: SlotName, product: Product) -> bool:
    if answer.price:
        return inside(product.price, answer.price)
    return answer.value in ((product.brand,) if slot is SlotName.BRAND else product.values(slot))


if __name__ == "__main__":
    sys.exit(main())
