"""Hard limits: the database admits exactly what a plain reading of them admits."""

import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import filters as plain
from storage.records import Filters, PriceRange, Product, SlotName, Variant
from storage.shop import Shop
from storage.variants import varied

COLORS = ["red", "blue", "green"]
CATEGORIES = [("dresses", "fashion"), ("boots", "shoes"), ("shoes",), ()]
SLOTS = {
    SlotName.COLOR: COLORS,
    SlotName.CATEGORY: ["dresses", "fashion", "boots", "shoes"],
    SlotName.BRAND: ["larkhill", "云栖"],
    SlotName.SIZE: ["S", "M"],
    SlotName.OCCASION: ["party"],
}


def some(values):
    return st.lists(st.sampled_from(values), unique=True, max_size=2).map(tuple)


products = st.builds(
    Product,
    id=st.integers(0, 60).map(lambda n: f"p{n}"),
    title=st.just("red thing"),
    price=st.integers(0, 9000).map(lambda cents: Decimal(cents) / 100),
    currency=st.sampled_from(["USD", "USD", "EUR"]),
    categories=st.sampled_from(CATEGORIES),
    brand=st.sampled_from(["", "Larkhill", "云栖"]),
    colors=some(COLORS),
    sizes=some(["S", "M", "L"]),
    stock=st.sampled_from([None, 0, 3]),
    available=st.sampled_from([True, True, False]),
    rating=st.sampled_from([None, 3.9, 4.0, 4.6]),
    rating_count=st.sampled_from([0, 1, 80]),
)
pairs = st.tuples(st.sampled_from(COLORS), st.sampled_from(["S", "M", "L"]))
priced = st.none() | st.integers(1, 9000).map(lambda cents: Decimal(cents) / 100)
stocks = st.dictionaries(pairs, st.tuples(st.sampled_from([None, 0, 0, 2]), priced), min_size=1, max_size=5)
in_variants = st.builds(
    lambda product, held: varied(product, [Variant("", *pair, *each) for pair, each in held.items()]),
    products,
    stocks,
)
ends = st.none() | st.decimals(0, 90, places=3)
limits = st.fixed_dictionaries(
    {}, optional={slot: st.sets(st.sampled_from(values), max_size=2).map(frozenset) for slot, values in SLOTS.items()}
)
filters = st.builds(
    Filters,
    price=st.none() | st.builds(PriceRange, ends, ends, st.sampled_from([None, "USD", "EUR", "JPY"])),
    include=limits,
    exclude=limits,
    in_stock=st.booleans(),
    least_rating=st.sampled_from([None, None, 4.0, 4.5]),
    only=st.none() | st.frozensets(st.integers(0, 60).map(lambda n: f"p{n}"), min_size=1, max_size=40),
)


def admits(limit: Filters, product: Product) -> bool:
    named = limit.only is None or product.id in limit.only
    if not named or not product.available or (limit.in_stock and product.stock == 0):
        return False
    if price := limit.price:
        if price.currency not in (None, product.currency):
            return False
        if (price.min is not None and product.price < price.min) or (
            price.max is not None and product.price > price.max
        ):
            return False
    if limit.least_rating and (not product.rating_count or (product.rating or 0) < limit.least_rating):
        return False
    for slot, wanted in limit.include.items():
        if product.values(slot) and not wanted & set(product.values(slot)):
            return False
    if any(banned & set(product.values(slot)) for slot, banned in limit.exclude.items()):
        return False
    return not product.variants or _one_is_all(limit, product)


def _one_is_all(limit: Filters, product: Product) -> bool:
    price = limit.price
    colors, sizes = limit.include.get(SlotName.COLOR), limit.include.get(SlotName.SIZE)
    if [bool(colors), bool(sizes), limit.price is not None].count(True) < 2:
        return True
    if not colors and not sizes:
        return True
    there = [each for each in product.variants if each.there or not limit.in_stock]
    return any(
        each.color in {"", *(colors or [each.color])}
        and each.size in {"", *(sizes or [each.size])}
        and (price is None or _between(price, product.price if each.price is None else each.price))
        for each in there
    )


def _between(price: PriceRange, asked: Decimal) -> bool:
    return (price.min is None or asked >= price.min) and (price.max is None or asked <= price.max)


@pytest.mark.long
@settings(max_examples=30)
@given(
    rows=st.lists(products | in_variants, max_size=25, unique_by=lambda product: product.id),
    limits=st.lists(filters, min_size=5),
)
def test_every_read_admits_exactly_what_the_limits_say(rows, limits):
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop.open(Path(folder))
        catalogue = shop.catalogue
        catalogue.upsert(rows)
        for limit in limits:
            wanted = {product.id for product in rows if admits(limit, product)}
            assert {product.id for product in rows if plain.admits(limit, product)} == wanted
            assert catalogue.matching(limit) == wanted
            assert catalogue.count(limit) == catalogue.flags(limit).sum() == len(wanted)
            assert {
                id for id, number in zip(*catalogue.numbered(), strict=True) if catalogue.flags(limit)[number]
            } == wanted
            prices = sorted(product.price for product in rows if product.id in wanted and product.currency == "USD")
            dollars = replace(limit, price=replace(limit.price or PriceRange(), currency="USD"))
            if limit.price is None or limit.price.currency in (None, "USD"):
                assert catalogue.prices(dollars, 3) == prices[:3]
                assert catalogue.prices(dollars, 2, dearest=True) == prices[::-1][:2]
            assert {id for id, _ in catalogue.search("thing", limit, 100)} == wanted
            assert set(catalogue.newest(limit, 100)) == set(catalogue.popular(limit, 100)) == wanted
        shop.close()


def test_the_columns_follow_every_change(catalogue, make_product):
    red = Filters(PriceRange(max=Decimal(50)), include={SlotName.COLOR: frozenset({"red"})})
    catalogue.upsert([make_product("a", price=Decimal(40)), make_product("b", price=Decimal(60))])
    assert catalogue.count(red) == 1
    catalogue.upsert([make_product("b", price=Decimal(45))])
    assert catalogue.count(red) == 2
    catalogue.upsert([make_product("a", price=Decimal(40), colors=("blue",))])
    assert catalogue.count(red) == 1
    catalogue.upsert([make_product("c", price=Decimal(40)), make_product("d", price=Decimal(40), stock=0)])
    assert catalogue.count(red) == 2
    catalogue.retain(["c"])
    assert catalogue.count(red) == 1


def test_a_colour_must_be_had_at_the_price_that_is_asked_for(catalogue, make_product):
    dress = make_product("a", price=Decimal(40), stock=None)
    kinds = [Variant("", "red", "S", 2, Decimal(60)), Variant("", "blue", "S", 2, Decimal(40))]
    catalogue.upsert([varied(dress, kinds)])

    def found(color, most):
        limit = Filters(PriceRange(max=Decimal(most)), include={SlotName.COLOR: frozenset({color})})
        assert (catalogue.matching(limit) == {"a"}) is plain.admits(limit, catalogue.get(["a"])["a"])
        return catalogue.count(limit)

    assert [found("red", 50), found("blue", 50), found("red", 60)] == [0, 1, 1]
    catalogue.upsert([varied(dress, [Variant("", "red", "S", 2, Decimal(45)), kinds[1]])])
    assert found("red", 50) == 1


def test_a_colour_and_a_size_that_are_both_asked_for_must_be_had_together(catalogue, make_product):
    held = [Variant("1", "red", "S", 2), Variant("2", "red", "M", 0), Variant("3", "blue", "M", 4)]
    catalogue.upsert([varied(make_product("varied"), held), make_product("plain", sizes=("M",))])

    def found(**include):
        limit = Filters(include={SlotName(slot): frozenset(values) for slot, values in include.items()})
        assert catalogue.count(limit) == len(catalogue.matching(limit))
        return catalogue.matching(limit)

    assert found(color=["red"], size=["M"]) == {"plain"}
    assert found(color=["red"]) == found(size=["M"]) == found(color=["red", "blue"], size=["M"]) == {"plain", "varied"}
    catalogue.upsert([varied(make_product("varied"), [replace(each, stock=3) for each in held])])
    assert found(color=["red"], size=["M"]) == {"plain", "varied"}
    catalogue.upsert([make_product("varied", colors=("blue",), sizes=("M",))])
    assert found(color=["red"], size=["M"]) == {"plain"}


def test_an_unknown_value_passes_and_a_known_other_one_does_not(catalogue, make_product):
    catalogue.upsert([make_product("red"), make_product("blue", colors=("blue",)), make_product("unsaid", colors=())])
    wanted = Filters(include={SlotName.COLOR: frozenset({"red"})})
    assert catalogue.matching(wanted) == {"red", "unsaid"}
    unwanted = Filters(exclude={SlotName.COLOR: frozenset({"red"})})
    assert catalogue.matching(unwanted) == {"blue", "unsaid"}


def test_a_wider_category_covers_the_narrower(catalogue, make_product):
    catalogue.upsert([make_product("boots", category="boots", categories=("boots", "shoes")), make_product("dress")])
    assert catalogue.matching(Filters(include={SlotName.CATEGORY: frozenset({"shoes"})})) == {"boots"}


@pytest.mark.parametrize(
    ("price", "admitted"),
    [
        (PriceRange(max=Decimal(60)), True),
        (PriceRange(max=Decimal("59.995")), False),
        (PriceRange(min=Decimal("60.00"), max=Decimal("60.00"), currency="USD"), True),
        (PriceRange(min=Decimal("60.001")), False),
        (PriceRange(max=Decimal(10) ** 40), True),
        (PriceRange(min=Decimal(10) ** 40), False),
        (PriceRange(max=Decimal(100), currency="EUR"), False),
        (PriceRange(min=Decimal(70), max=Decimal(50)), False),
    ],
)
def test_both_ends_of_a_price_are_inclusive_and_exact(catalogue, make_product, price, admitted):
    catalogue.upsert([make_product("p", price=Decimal("60.00"))])
    assert catalogue.matching(Filters(price)) == ({"p"} if admitted else set())
