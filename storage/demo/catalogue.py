"""The demo shop's catalogue: some 1,800 fictional articles in two languages, composed from the tables at load time.

The repository holds the tables (`data/*.tsv`) rather than the rows. Every article has a generator seeded by its own
id, so the same id is the same article in every run, whatever is added to other categories.

    python -m storage.demo.catalogue dresses      prints one category
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import exp, log
from random import Random

from storage.demo.stocks import dealt
from storage.demo.tables import Category, Cell, Style, draw, tables
from storage.demo.writing import Facts, description, title
from storage.records import Product, SlotName
from storage.terms import base_vocabulary

REFERENCE = datetime(2026, 11, 15, tzinfo=UTC)  # what `created_at` counts back from
_AGE_DAYS = 548  # eighteen months
_SPONSORED = 0.025
_REDUCED = 0.07
_SEED = "shop"
DETAIL, TURNED = "detail", "turned"
"""What a further picture of an article shows, behind the article's id in its name."""


def demo_products(reference: datetime = REFERENCE, *, times: int = 1) -> Iterator[Product]:
    """Every article of the demo shop, prices in US dollars, `created_at` within 18 months before `reference`.

    `times` goes on for as many rounds, each as large as the shop, for who needs more articles than it sells.
    """
    for turn in range(times):
        for category in tables().categories:
            for number in range(category.count * turn, category.count * (turn + 1)):
                yield _product(category, number, reference)


def _product(category: Category, number: int, reference: datetime) -> Product:
    identity = f"demo-{category.stem}-{number + 1:04d}"
    rng = Random(f"{_SEED}:{identity}")
    facts = _facts(category, number, rng)
    titles = title(facts, rng)
    texts = description(facts, titles, rng)
    rating, rating_count = _rating(rng)
    price = _price(facts, rng)
    run = _run(category, facts.audience)
    article = Product(
        id=identity,
        title=titles[0],
        title_zh=titles[1],
        description=texts[0],
        description_zh=texts[1],
        price=price,
        currency="USD",
        category=category.value,
        categories=base_vocabulary().lineage(SlotName.CATEGORY, category.value),
        brand=facts.brand.name,
        colors=facts.colors,
        materials=facts.materials,
        sizes=_sizes(run, rng),
        audience=facts.audience,
        rating=rating,
        rating_count=rating_count,
        stock=_stock(rng),
        image_url=f"demo:{identity}",
        created_at=reference - timedelta(days=int(_AGE_DAYS * rng.random() ** 1.3), hours=rng.randrange(24)),
        sponsored=rng.random() < _SPONSORED,
        attributes=_attributes(facts),
        former_price=_former_price(identity, price),
        pictures=_pictures(identity),
    )
    return dealt(article, run, _SEED)


def _facts(category: Category, number: int, rng: Random) -> Facts:
    style = category.styles[number % len(category.styles)]
    turn = number // len(category.styles)
    brands = [brand for brand in tables().brands if category.field in brand.fields]
    drawn = draw(style.attributes, rng.choice)
    return Facts(
        category=category,
        style=style,
        brand=rng.choice(brands),
        model=rng.choice(tables().models[category.models]),
        colors=_deal(style, "colors", style.colors, turn),
        materials=_deal(style, "materials", style.materials, turn),
        audience=_deal(style, "audience", style.audience, turn),
        features=draw(style.features, rng.choice),
        occasions=draw(style.occasions, rng.choice),
        attributes=dict(pair.split("=", 1) for pair in drawn),
    )


def _deal(style: Style, what: str, cell: Cell, turn: int) -> tuple[str, ...]:
    """Values dealt like cards, so that a few articles of one style already show every colour once."""
    rng = Random(f"{_SEED}:{style.category}:{style.en}:{what}")
    decks = [rng.sample(pool, len(pool)) for pool in cell]
    cards = [deck[turn % len(deck)] for deck in decks]
    return tuple(dict.fromkeys(part for card in cards for part in card.split("+") if part))


def _price(facts: Facts, rng: Random) -> Decimal:
    """Log-uniform within the style's range, moved by material and brand, ended the way shops end prices."""
    low, high = facts.style.price
    factor = facts.brand.tier
    if any(len(pool) > 1 for pool in facts.style.materials):
        factor *= max((tables().markup.get(m, 1.0) for m in facts.materials), default=1.0)
    amount = exp(rng.uniform(log(low), log(high))) * factor
    if amount < 15:
        cents = rng.choice((49, 90, 99, 99))
    elif amount < 120:
        cents = rng.choice((0, 50, 95, 99, 99, 99))
    else:
        amount, cents = round(amount / 10) * 10 - 1, rng.choice((0, 0, 99))
    return Decimal(max(1, int(amount)) * 100 + cents).scaleb(-2)


def _former_price(identity: str, price: Decimal) -> Decimal | None:
    """What one article in fourteen cost before its sale of 10 to 45 %. By a generator of its own, so that every other
    fact of the articles stays as it was.
    """
    rng = Random(f"{_SEED}:{identity}:sale")
    if rng.random() >= _REDUCED:
        return None
    former = float(price) / (1 - rng.choice((0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.45)))
    return Decimal(int(former) * 100 + 99).scaleb(-2)


def _pictures(identity: str) -> tuple[str, ...]:
    """One or two beside the first; which, is drawn apart, as the sale is."""
    rng = Random(f"{_SEED}:{identity}:pictures")
    views = (TURNED, DETAIL) if rng.random() < 0.5 else (DETAIL,)
    return tuple(f"demo:{identity}/{view}" for view in views)


def _rating(rng: Random) -> tuple[float | None, int]:
    """Counts have a long tail; the fewer the opinions, the wider they scatter; nobody has rated the newest."""
    count = int(rng.lognormvariate(3.6, 1.5))
    if count == 0 or rng.random() < 0.04:
        return None, 0
    rating = rng.gauss(4.25, 0.22 + 0.5 / (1 + count) ** 0.5)
    return round(min(5.0, max(1.0, rating)), 1), count


def _stock(rng: Random) -> int:
    chance = rng.random()
    if chance < 0.05:
        return 0
    return rng.randint(1, 5) if chance < 0.15 else int(6 + rng.expovariate(1 / 60))


def _run(category: Category, audience: tuple[str, ...]) -> tuple[str, ...]:
    """All sizes that this audience is made for."""
    sizes, scheme = tables().sizes, category.sizes
    return next((sizes[scheme, who] for who in (*audience, "") if (scheme, who) in sizes), ())


def _sizes(run: tuple[str, ...], rng: Random) -> tuple[str, ...]:
    """The run, sometimes with an end sold out."""
    first, last = (rng.choice((0, 0, 0, 1)) for _ in range(2)) if len(run) > 3 else (0, 0)
    return run[first : len(run) - last]


def _attributes(facts: Facts) -> dict[str, str]:
    """The facts of the article, its kind, and the features and occasions that its texts name, as normal forms."""
    lists = {"features": ", ".join(facts.features), "occasions": ", ".join(facts.occasions)}
    kind = {"kind": facts.style.en, "model": facts.model[0]}
    return kind | dict(facts.attributes) | {key: value for key, value in lists.items() if value}


if __name__ == "__main__":
    for product in demo_products():
        if product.category in sys.argv[1:]:
            sys.stdout.write(f"{product}\n\n")
