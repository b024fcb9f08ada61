"""Random requests straight at the recommender, every card read by a checker of its own: no limit broken, none unstated.

    python -m tests.bench.limits [--requests 10000] [--products 1500] [--seed 11]

The shop is drawn from the demo shop's tables with gaps, three currencies, colours and brands that no vocabulary knows,
and things sold out. Requests come in both languages with any mix of slots, unwanted values, prices, musts and words.
The checker shares nothing with the recommender but the records: it reads each card's row and what the slate states.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
from tqdm import tqdm

from recommender.exact import ExactIndex
from recommender.recommender import Recommender
from recommender.request import Request
from storage.records import (
    FILTERED_SLOTS,
    Need,
    PriceRange,
    Product,
    ReasonCode,
    Recommendation,
    Slate,
    SlotName,
    Stage,
    Vocabulary,
    Wish,
)
from storage.shop import Shop
from tests.bench import generated

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
WORDS = {
    "en": ["", "", "waterproof", "gift for my mother", "light and warm", "xyzzy", "leather travel"],
    "zh": ["", "", "防水", "送妈妈的礼物", "轻便保暖", "红色连衣裙", "旅行"],
}
ODD = {SlotName.COLOR: ["mauve", "dark red", "light blue"], SlotName.BRAND: ["Nobody & Sons"], SlotName.SIZE: ["EU 99"]}


def shop_products(count: int, rng: random.Random) -> Iterator[Product]:
    for product in generated.products(count):
        odd = {"colors": (rng.choice(ODD[SlotName.COLOR]),)} if rng.random() < 0.05 else {}
        odd |= {"currency": rng.choice(["EUR", "CNY"])} if rng.random() < 0.1 else {}
        yield replace(product, **odd)


def requests(count: int, products: list[Product], rng: random.Random) -> Iterator[Request]:
    values = {
        slot: sorted({v for p in products for v in p.values(slot)}) + ODD.get(slot, []) for slot in FILTERED_SLOTS
    }
    for number in range(count):
        wishes = tuple(_wishes(products, values, rng))
        language = rng.choice(["en", "zh"])
        firm = tuple(rng.sample(["price", "color", "brand", "material", "all"], rng.random() < 0.15))
        need = Need(rng.choice(WORDS[language]), language, wishes, _price(rng), firm=firm, cheapest=rng.random() < 0.1)
        seen = frozenset(p.id for p in rng.sample(products, 30)) if rng.random() < 0.2 else frozenset()
        policy = rng.choice(["thompson", "greedy", "linucb"])
        yield Request(*(7, need, Stage.BROWSE, None, (), seen, NOW, number), page_size=rng.randint(1, 6), policy=policy)


def _wishes(products: list[Product], values: dict[SlotName, list[str]], rng: random.Random) -> Iterator[Wish]:
    """Mostly what some product has, so that combinations are near to being met; sometimes anything at all."""
    near = rng.choice(products)
    for slot in rng.sample(FILTERED_SLOTS, rng.randint(0, 4)):
        own = near.values(slot)
        value = rng.choice(own) if own and rng.random() < 0.7 else rng.choice(values[slot])
        yield Wish(slot, value, value, negated=rng.random() < 0.2)
    if rng.random() < 0.1:
        yield Wish(SlotName.FEATURE, "waterproof", "waterproof")


def _price(rng: random.Random) -> PriceRange | None:
    if rng.random() < 0.4:
        return None
    low, high = sorted(Decimal(rng.randint(100, 20_000)) / 100 for _ in range(2))
    low_end, high_end = rng.choice([(None, high), (None, low), (low, None), (low, high)])
    return PriceRange(low_end, high_end, rng.choice(["USD", "USD", "USD", "EUR", "CNY", None]))


# --- the checker ------------------------------------------------------------------------------------------------------


class Checker:
    """Reads cards by the rules as they are told: a known other value breaks a limit, an unknown one does not."""

    def __init__(self, vocabulary: Vocabulary, products: list[Product]) -> None:
        self._parents = {(t.slot, t.value): t.parent for t in vocabulary.terms}
        self._products = products

    def broken(self, need: Need, product: Product) -> set[str]:
        """Names of the limits that a product breaks: "price", slots, and "not SLOT" for what was unwanted."""
        found = {"stock"} if product.stock == 0 or not product.available else set[str]()
        if need.price and not _within(need.price, product):
            found.add("price")
        for slot in FILTERED_SLOTS:
            carried = {wider for value in product.values(slot) for wider in self._lineage(slot, value)}
            said = [(self._known(slot, w.value), w.negated) for w in need.wishes if w.name is slot]
            if any(negated and (value or "") in carried for value, negated in said):
                found.add(f"not {slot.value}")
            wanted = {value for value, negated in said if not negated and value}
            if slot is SlotName.AUDIENCE and wanted & {"women", "men"}:
                wanted.add("unisex")
            if wanted and carried and not wanted & carried:
                found.add(slot.value)
        return found

    def faults(self, request: Request, slate: Slate) -> Iterator[str]:
        """Whatever is wrong with a slate; nothing where all is well."""
        broken = [self.broken(request.need, card.product) for card in slate.page]
        for card, names in zip(slate.page, broken, strict=True):
            yield from _faults_of(card, names, request, slate)
        if [bool(names) for names in broken] != sorted(bool(names) for names in broken):
            yield "something that fits stands behind something that does not"
        if any(broken) != bool(slate.ways):
            yield "ways are stated that no card takes, or the reverse"
        if slate.ways and sum(not self.broken(request.need, p) for p in self._products) >= request.page_size:
            yield "limits gave way though a full page fits"

    def _known(self, slot: SlotName, value: str) -> str | None:
        value = value.casefold() if slot is SlotName.BRAND else value
        return value if (slot, value) in self._parents else None

    def _lineage(self, slot: SlotName, value: str) -> Iterator[str]:
        while value:
            yield value
            value = self._parents.get((slot, value), "")


def _faults_of(card: Recommendation, broken: set[str], request: Request, slate: Slate) -> Iterator[str]:
    stated, firm = _stated(card), set(request.need.firm)
    if "stock" in broken or any(name.startswith("not ") for name in broken):
        yield f"shows what is unwanted or sold out: {broken}"
    if broken != stated:
        yield f"broken, but not stated: {broken - stated}; stated, but kept: {stated - broken}"
    if broken & firm or (broken and "all" in firm):
        yield f"a must gave way: {broken}"
    if broken and not any(_covers(way, broken, card.product) for way in slate.ways):
        yield f"no stated way admits it: {broken}"
    if card.product.id in request.seen:
        yield "shown before"


def _within(price: PriceRange, product: Product) -> bool:
    if price.currency not in (None, product.currency):
        return False
    return (price.min is None or product.price >= price.min) and (price.max is None or product.price <= price.max)


def _stated(card: Recommendation) -> set[str]:
    return {str(reason.facts["slot"]) for reason in card.reasons if reason.code is ReasonCode.OFF_LIMIT}


def _covers(way: tuple, broken: set[str], product: Product) -> bool:
    """Whether one way alone lets out all that the card breaks, as far as the card goes."""
    by_slot = {change.slot.value: change for change in way}
    if broken - set(by_slot):
        return False
    for name in broken:
        change = by_slot[name]
        if change.price is not None and not _within(change.price, product):
            return False
        if change.instead and not set(change.instead) & set(product.values(change.slot)):
            return False
    return True


# --- the run ----------------------------------------------------------------------------------------------------------


def encode(texts) -> np.ndarray:
    """Texts as fixed random directions: what is near what does not matter here, limits must hold for any order."""
    rows = [np.random.default_rng(zlib.crc32(text.encode())).standard_normal(384) for text in texts]
    return np.stack([row / np.linalg.norm(row) for row in rows]).astype(np.float32)


def measure(count: int, shop_size: int, seed: int, folder: Path) -> tuple[Counter, list[str]]:
    rng = random.Random(seed)
    shop = Shop.open(folder)
    shop.catalogue.upsert(shop_products(shop_size, rng))
    index = ExactIndex(shop.catalogue, shop.vectors, encode, "random")
    recommender = Recommender(shop.catalogue, index, encode, shop.catalogue.vocabulary)
    products = list(shop.catalogue.get(shop.catalogue.ids()).values())
    checker, seen, faults = Checker(shop.catalogue.vocabulary(), products), Counter(), []
    for request in tqdm(requests(count, products, rng), total=count, unit="", disable=not sys.stderr.isatty()):
        slate = recommender.recommend(request)
        found = list(checker.faults(request, slate))
        faults += [f"{fault} :: {request.need}" for fault in found]
        strict = sum(not _stated(card) for card in slate.page)
        seen["requests"] += 1
        seen["cards that fit every limit"] += strict
        seen["cards that state a limit they break"] += len(slate.page) - strict
        seen["pages with relaxed limits"] += bool(slate.ways)
        seen["pages without a card"] += not slate.page
        seen["requests with a fault"] += bool(found)
    shop.close()
    return seen, faults


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.limits", description=__doc__.split("\n\n")[0])
    parser.add_argument("--requests", type=int, default=10_000, help="how many (default 10000)")
    parser.add_argument("--products", type=int, default=1_500, help="of the shop (default 1500)")
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seen, faults = measure(options.requests, options.products, options.seed, Path(folder))
    for name, number in seen.items():
        print(f"{name:38}{number:8,}")
    for fault, number in Counter(fault.split(" :: ")[0] for fault in faults).most_common(12):
        print(f"  {fault}: {number}")
    print(*faults[:5], sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
