"""Hard limits: from wishes to filters, and the same truth as the database's."""

import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.filters import admits, filters_of, price_with, unknown_wishes
from storage.records import Filters, Need, PriceRange, Product, SlotName, Term, Variant, Vocabulary, Wish
from storage.shop import Shop
from storage.terms import base_vocabulary
from storage.variants import varied

WORDS = Vocabulary((*base_vocabulary().terms, Term(SlotName.BRAND, "larkhill", en=("Larkhill",))))


def wish(slot, value, negated=False):
    return Wish(slot, value, value, negated)


def limits(*wishes, price=None):
    return filters_of(Need(wishes=wishes, price=price), WORDS)


def a_product(**facts):
    return Product(**({"id": "p", "title": "thing", "price": Decimal(10), "currency": "USD"} | facts))


class TestFromWishes:
    def test_several_values_of_one_slot_mean_any_of_them(self):
        found = limits(wish(SlotName.COLOR, "red"), wish(SlotName.COLOR, "blue"))
        assert found.include == {SlotName.COLOR: {"red", "blue"}}

    def test_a_negated_value_is_kept_out(self):
        found = limits(wish(SlotName.MATERIAL, "polyester", negated=True))
        assert found.exclude == {SlotName.MATERIAL: {"polyester"}}
        assert not found.include

    @pytest.mark.parametrize("slot", [SlotName.OCCASION, SlotName.FEATURE])
    def test_soft_wishes_do_not_filter(self, slot):
        assert limits(wish(slot, "wedding")) == Filters()

    @pytest.mark.parametrize("audience", ["women", "men"])
    def test_unisex_suits_women_and_men(self, audience):
        assert admits(limits(wish(SlotName.AUDIENCE, audience)), a_product(audience=("unisex",)))

    def test_unisex_is_not_for_kids(self):
        assert not admits(limits(wish(SlotName.AUDIENCE, "kids")), a_product(audience=("unisex",)))

    def test_what_is_for_adults_is_for_no_child(self):
        found = limits(wish(SlotName.AUDIENCE, "adults"))
        assert all(admits(found, a_product(audience=(each,))) for each in ("women", "men", "unisex"))
        assert not admits(found, a_product(audience=("kids",)))

    def test_brands_compare_whatever_the_case(self):
        found = limits(wish(SlotName.BRAND, "LarkHill"))
        assert admits(found, a_product(brand="LARKHILL"))
        assert not admits(found, a_product(brand="Norrland"))

    def test_a_value_nobody_knows_stays_in_the_words(self):
        need = Need(wishes=(wish(SlotName.BRAND, "Sonorous"), wish(SlotName.COLOR, "red")))
        assert filters_of(need, WORDS).include == {SlotName.COLOR: {"red"}}
        assert [w.value for w in unknown_wishes(need, WORDS)] == ["Sonorous"]

    def test_a_wide_value_covers_the_narrower_ones(self):
        words = Vocabulary((Term(SlotName.COLOR, "blue"), Term(SlotName.COLOR, "navy", parent="blue")))
        found = filters_of(Need(wishes=(wish(SlotName.COLOR, "blue"),)), words)
        assert admits(found, a_product(colors=("navy",)))


class TestUnwantedProperties:
    @pytest.mark.parametrize(
        "facts",
        [{"title": "A Floral Dress, Red"}, {"title_zh": "碎花连衣裙"}, {"attributes": {"features": "soft, floral"}}],
    )
    def test_what_calls_itself_so_is_kept_out_in_either_language(self, facts):
        found = limits(wish(SlotName.FEATURE, "floral", negated=True))
        assert not admits(found, a_product(**facts))
        assert admits(limits(wish(SlotName.FEATURE, "floral")), a_product(**facts))

    @pytest.mark.parametrize("word", ["nuts", "坚果"])
    def test_who_refuses_nuts_refuses_hazelnuts_in_either_language(self, word):
        found = limits(wish(SlotName.FEATURE, word, negated=True))
        assert not admits(found, a_product(title="Milk Chocolate Hazelnut Bar"))
        assert not admits(found, a_product(title_zh="榛果牛奶巧克力"))
        assert admits(found, a_product(title="Dark Chocolate Bar, No Nuts"))
        assert admits(found, a_product(title="Doughnut Maker"))

    @pytest.mark.parametrize("title", ["Fragrance Free Toner", "Toner without fragrance", "Nonfragrances"])
    def test_a_word_that_is_denied_or_part_of_another_is_not_said(self, title):
        assert admits(limits(wish(SlotName.FEATURE, "fragrance", negated=True)), a_product(title=title))


class TestAdmitting:
    def test_shoes_cover_boots(self):
        found = limits(wish(SlotName.CATEGORY, "shoes"))
        assert admits(found, a_product(category="boots", categories=("boots", "shoes")))
        assert not admits(found, a_product(category="dresses", categories=("dresses", "fashion")))

    def test_what_the_feed_does_not_say_passes(self):
        assert admits(limits(wish(SlotName.COLOR, "red"), wish(SlotName.MATERIAL, "silk", negated=True)), a_product())

    def test_a_price_limit_includes_its_ends(self):
        found = limits(price=PriceRange(Decimal("9.99"), Decimal("20.00"), "USD"))
        inside = [Decimal("9.99"), Decimal("20.00")]
        outside = [Decimal("9.98"), Decimal("20.01")]
        assert all(admits(found, a_product(price=price)) for price in inside)
        assert not any(admits(found, a_product(price=price)) for price in outside)

    def test_sold_out_and_withdrawn_products_are_never_shown(self):
        assert not admits(Filters(), a_product(stock=0))
        assert not admits(Filters(), a_product(available=False))
        assert admits(Filters(), a_product(stock=None))


COLOR, CATEGORY = ["red", "blue", "green"], ["dresses", "fashion", "boots", "shoes"]


def some(values):
    return st.lists(st.sampled_from(values), unique=True, max_size=2).map(tuple)


products = st.builds(
    Product,
    id=st.uuids().map(str),
    title=st.sampled_from(["thing", "Floral thing, red", "Fragrance free thing"]),
    title_zh=st.sampled_from(["", "碎花裙", "无碎花裙"]),
    attributes=st.sampled_from([{}, {"features": "soft, Fragrance"}]),
    price=st.integers(1, 9000).map(lambda cents: Decimal(cents) / 100),
    currency=st.sampled_from(["USD", "USD", "EUR"]),
    categories=st.sampled_from([("dresses", "fashion"), ("boots", "shoes"), ("shoes",), ()]),
    brand=st.sampled_from(["", "Larkhill", "云栖"]),
    colors=some(COLOR),
    audience=some(["women", "men", "unisex", "kids"]),
    stock=st.sampled_from([None, 0, 3]),
    available=st.sampled_from([True, True, False]),
)
wishes = st.one_of(
    st.builds(wish, st.just(slot), st.sampled_from(values), st.booleans())
    for slot, values in {
        SlotName.COLOR: COLOR,
        SlotName.CATEGORY: CATEGORY,
        SlotName.BRAND: ["LARKHILL", "云栖", "nobody"],
        SlotName.AUDIENCE: ["women", "men", "unisex", "kids"],
        SlotName.OCCASION: ["party"],
        SlotName.FEATURE: ["floral", "fragrance", "a*b"],
    }.items()
)
ends = st.none() | st.decimals(0, 90, places=3)
needs = st.builds(
    Need,
    wishes=st.lists(wishes, max_size=4).map(tuple),
    price=st.none() | st.builds(PriceRange, ends, ends, st.sampled_from([None, "USD", "EUR"])),
    least_rating=st.none() | st.just(4.0),
)


@pytest.fixture(scope="module")
def empty_folder():
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.long
@given(rows=st.lists(products, max_size=12, unique_by=lambda p: p.id), need=needs)
def test_the_database_and_the_rows_agree(empty_folder, rows, need):
    with tempfile.TemporaryDirectory(dir=empty_folder) as folder:
        shop = Shop.open(Path(folder))
        shop.catalogue.upsert(rows)
        found = filters_of(need, shop.catalogue.vocabulary())
        stored = shop.catalogue.get([row.id for row in rows])
        assert shop.catalogue.matching(found) == {id for id, row in stored.items() if admits(found, row)}
        shop.close()


def test_the_price_is_that_of_the_variant_that_fits():
    kinds = [
        Variant("", "red", "S", 2, Decimal(60)),
        Variant("", "blue", "S", 2, Decimal(40)),
        Variant("", "red", "M", 0, Decimal(30)),
    ]
    dress = varied(Product("a", "dress", Decimal(40), "USD"), kinds)
    asked = {color: Filters(include={SlotName.COLOR: frozenset({color})}) for color in ("red", "blue")}
    assert (price_with(asked["red"], dress), price_with(asked["blue"], dress)) == (Decimal(60), Decimal(40))
    assert price_with(Filters(), dress) == Decimal(40)
    assert not admits(replace(asked["red"], price=PriceRange(max=Decimal(50))), dress)
    assert admits(replace(asked["blue"], price=PriceRange(max=Decimal(50))), dress)
