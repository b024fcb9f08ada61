"""Catalogues of any size for the benches: the demo shop's tables composed further, brands, prices and gaps drawn anew.

Titles, colours and descriptions in both languages come from the demo shop's tables, so that words and values repeat as
they do in a real shop. Embedding a million texts would take hours: the vector of a generated article is that of a demo
article of the same category, moved at random, so that neighbourhoods are as crowded as the catalogue is large.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from random import Random

import numpy as np

from storage.demo.catalogue import demo_products
from storage.demo.tables import Brand, tables
from storage.records import Product

COMPOSED = 8  # rounds of the demo shop that are composed (2.6 ms an article); the rest are made from these
MOVED = 0.6  # length of the random step against that of the vector: cosine .86 to where it began
UNSAID = 0.12  # of the articles do not say a colour, a brand, a stock, a material or whom they are for
_GAPS = (("colors", ()), ("brand", ""), ("stock", None), ("materials", ()), ("audience", ()))


def products(count: int, seed: int = 4) -> Iterator[Product]:
    """`count` articles; the first ones are the same whatever the count."""
    rng, composed = Random(seed), list[Product]()
    for number, product in enumerate(itertools.islice(demo_products(times=COMPOSED), count)):
        composed.append(product)
        yield _with_gaps(replace(product, id=f"g{number}"), rng)
    for number in range(len(composed), count):
        yield _with_gaps(_another(composed[number % len(composed)], number, rng), rng)


def _another(product: Product, number: int, rng: Random) -> Product:
    """The same kind of article by another maker, at another price."""
    brand: Brand = rng.choice(tables().brands)
    price = (product.price * Decimal(rng.lognormvariate(0, 0.35))).quantize(Decimal("0.01"))
    return replace(
        product,
        id=f"g{number}",
        title=f"{product.title.replace(product.brand, brand.name)} {number % 997}",
        title_zh=f"{product.title_zh.replace(product.brand, brand.name)} {number % 997}",
        brand=brand.name,
        price=max(price, Decimal("0.50")),
        stock=0 if rng.random() < 0.05 else rng.randrange(1, 200),
        rating_count=int(rng.lognormvariate(3.6, 1.5)),
        sponsored=rng.random() < 0.01,
    )


def _with_gaps(product: Product, rng: Random) -> Product:
    """Some of what the shop knows is missing from its feed: without a colour or a stock it does not know which of a
    product's variants is there.
    """
    gaps = {name: nothing for name, nothing in _GAPS if rng.random() < UNSAID}
    return replace(product, **gaps, variants=() if gaps.keys() & {"colors", "stock"} else product.variants)


def moved(bases: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Unit rows near the given ones, (n, 384) float32."""
    steps = rng.standard_normal(bases.shape, dtype=np.float32) * (MOVED / bases.shape[1] ** 0.5)
    found = bases + steps
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)
