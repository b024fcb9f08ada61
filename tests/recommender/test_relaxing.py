"""Which limits give way where too little fits them all: in the stated order, no further than needed, never silently."""

import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.filters import admits, filters_of
from recommender.kin import neighbours
from recommender.relaxing import DEARER, MOST_WAYS, Limits, broken, loosened, ways_of
from storage.records import (
    Figure,
    Filters,
    Need,
    PriceRange,
    Product,
    ReasonCode,
    Relaxation,
    SlotName,
    Variant,
    Wish,
)
from storage.shop import Shop
from storage.terms import base_vocabulary
from storage.variants import varied

RED, CATEGORY = Wish(SlotName.COLOR, "red", "red"), Wish(SlotName.CATEGORY, "dresses", "dress")
SIXTY = PriceRange(max=Decimal(60), currency="USD")


def dress(id, price, *colors, **facts):
    fields = {"category": "dresses", "categories": ("dresses", "fashion"), "colors": colors, "currency": "USD"}
    return Product(**({"id": id, "title": f"Dress {id}", "price": Decimal(price)} | fields | facts))


@pytest.fixture
def stocked(tmp_path):
    """Puts products into a shop of its own and gives the ways for a need."""
    opened = []

    def ways(need, *products, wanted=3):
        shop = Shop.open(tmp_path / str(len(opened)))
        opened.append(shop)
        shop.catalogue.upsert(products)
        words = shop.catalogue.vocabulary()
        return ways_of(Limits(need, filters_of(need, words), words, shop.catalogue), wanted)

    yield ways
    for shop in opened:
        shop.close()


def need(*wishes, price=None, firm=()):
    return Need(wishes=wishes, price=price, firm=firm)


BURGUNDY = Relaxation(SlotName.COLOR, ("red",), ("burgundy",))


def dearer(amount):
    return Relaxation(SlotName.PRICE, price=PriceRange(max=Decimal(amount), currency="USD"))


class TestWays:
    def test_a_full_page_lets_nothing_out(self, stocked):
        rows = [dress(str(n), 50, "red") for n in range(3)]
        assert stocked(need(CATEGORY, RED, price=SIXTY), *rows, dress("b", 50, "burgundy")) == ()

    def test_a_shade_first_then_a_little_money(self, stocked):
        found = stocked(need(CATEGORY, RED, price=SIXTY), dress("b", 50, "burgundy"), dress("r", "71.50", "red"))
        assert found == ((BURGUNDY,), (dearer("71.50"),))

    def test_money_gives_way_by_a_fifth_at_most(self, stocked):
        assert stocked(need(CATEGORY, RED, price=SIXTY), dress("r", "72.01", "red"))[:1] != ((dearer("72.01"),),)
        assert stocked(need(CATEGORY, RED, price=SIXTY), dress("r", "72.00", "red")) == ((dearer("72.00"),),)

    def test_and_no_further_than_the_page_takes(self, stocked):
        rows = [dress(str(price), price, "red") for price in (61, 62, 63, 64)]
        assert stocked(need(CATEGORY, RED, price=SIXTY), *rows, wanted=2) == ((dearer(62),),)

    def test_no_more_shades_than_the_page_takes(self, stocked):
        rows = [dress(f"b{n}", 50, "burgundy") for n in range(3)]
        assert stocked(need(CATEGORY, RED), *rows, dress("p", 50, "pink"))[0] == (BURGUNDY,)

    def test_one_limit_alone_goes_before_two_together(self, stocked):
        both = stocked(need(CATEGORY, RED, price=SIXTY), dress("both", 70, "burgundy"))
        assert both == ((BURGUNDY, dearer(70)),)

    def test_a_lower_end_gives_way_downwards(self, stocked):
        dear = PriceRange(min=Decimal(100), currency="USD")
        found = stocked(need(CATEGORY, price=dear), dress("d", 85, "red"), dress("far", 79, "red"))
        assert found == ((Relaxation(SlotName.PRICE, price=replace(dear, min=Decimal(85))),),)

    def test_brands_sizes_and_materials_give_way(self, stocked):
        medium = stocked(need(CATEGORY, Wish(SlotName.SIZE, "M")), dress("l", 50, sizes=("L", "XL")))
        assert medium == ((Relaxation(SlotName.SIZE, ("M",), ("L",)),),)
        row = dress("s", 50, materials=("satin",), brand="Larkhill")
        silk = stocked(need(CATEGORY, Wish(SlotName.MATERIAL, "silk")), row)
        assert silk == ((Relaxation(SlotName.MATERIAL, ("silk",), ("satin",)),),)
        rows = dress("a", 50, brand="Larkhill"), dress("b", 50, brand="Norrland", available=False)
        assert stocked(need(CATEGORY, Wish(SlotName.BRAND, "Norrland")), *rows) == ()  # unknown here: searched in words
        shoes = dress("n", 50, brand="Norrland", categories=("boots", "shoes"))
        branded = stocked(need(CATEGORY, Wish(SlotName.BRAND, "Norrland")), rows[0], shoes)
        assert branded == ((Relaxation(SlotName.BRAND, ("Norrland",)),),)

    def test_a_rating_gives_way_by_as_little_as_it_takes(self, stocked):
        asked = replace(need(CATEGORY), least_rating=4.5)
        rows = [dress(str(stars), 50, rating=stars, rating_count=9) for stars in (4.6, 4.4, 4.3, 4.0)]
        assert stocked(asked, *rows, wanted=2) == ((Relaxation(Figure.RATING, rating=4.4),),)
        assert stocked(asked, *rows, wanted=3) == ((Relaxation(Figure.RATING, rating=4.3),),)
        assert stocked(asked, *rows, wanted=9) == ((Relaxation(Figure.RATING, rating=4.0),),)

    def test_but_not_to_less_than_half_a_star_below_and_not_for_what_nobody_rated(self, stocked):
        asked = replace(need(CATEGORY), least_rating=4.5)
        rows = dress("low", 50, rating=3.9, rating_count=80), dress("new", 50), dress("none", 50, rating=5.0)
        assert stocked(asked, *rows) == ()

    def test_a_rating_that_is_a_must_stays(self, stocked):
        asked = replace(need(CATEGORY, firm=("rating",)), least_rating=4.5)
        assert stocked(asked, dress("a", 50, rating=4.4, rating_count=9)) == ()

    def test_numbered_sizes_go_to_the_next_ones(self, stocked):
        boots = [dress(size, 50, sizes=(f"EU {size}",)) for size in ("40", "43", "44")]
        found = stocked(
            need(CATEGORY, Wish(SlotName.SIZE, "EU 42")), *boots, dress("none", 50, "red", sizes=("EU 42",))
        )
        assert found == ((Relaxation(SlotName.SIZE, ("EU 42",), ("EU 43",)),),)


class TestWhatNeverGivesWay:
    @pytest.mark.parametrize(("firm", "expected"), [(("color",), "price"), (("price",), "color"), (("all",), None)])
    def test_musts(self, stocked, firm, expected):
        rows = dress("b", 50, "burgundy"), dress("r", 70, "red")
        found = stocked(need(CATEGORY, RED, price=SIXTY, firm=firm), *rows)
        assert {change.slot.value for way in found for change in way} == ({expected} if expected else set())

    def test_what_is_unwanted(self, stocked):
        unwanted = Wish(SlotName.COLOR, "burgundy", negated=True)
        found = stocked(need(CATEGORY, RED, unwanted), dress("b", 50, "burgundy"), dress("c", 50, "coral"))
        assert found == ((replace(BURGUNDY, instead=("coral",)),),)
        assert stocked(need(CATEGORY, unwanted), dress("b", 50, "burgundy")) == ()

    def test_stock(self, stocked):
        assert stocked(need(CATEGORY, RED), dress("b", 50, "burgundy", stock=0)) == ()

    def test_the_kind_of_thing_goes_to_its_kin_alone(self, stocked):
        jeans = dress("j", 50, category="jeans", categories=("jeans", "fashion"))
        assert stocked(need(CATEGORY), jeans) == ()
        trousers = stocked(need(Wish(SlotName.CATEGORY, "trousers")), jeans)
        assert trousers == ((Relaxation(SlotName.CATEGORY, ("trousers",), ("jeans",)),),)

    def test_the_kind_of_thing_never_goes_together_with_another_limit(self, stocked):
        blue = dress("j", 50, "blue", category="jeans", categories=("jeans", "fashion"))
        assert stocked(need(Wish(SlotName.CATEGORY, "trousers"), RED), blue) == ()


def test_kin_values_are_of_the_vocabulary():
    words = base_vocabulary().by_value
    assert all((slot, other) in words for (slot, value), near in neighbours().items() for other in (value, *near))


# --- any shop, any need -----------------------------------------------------------------------------------------------

COLORS, KINDS = ["red", "burgundy", "pink", "navy"], [("dresses", "fashion"), ("skirts", "fashion"), ("boots", "shoes")]
products = st.builds(
    Product,
    id=st.uuids().map(str),
    title=st.just("thing"),
    price=st.integers(10, 130).map(Decimal),
    currency=st.sampled_from(["USD", "USD", "EUR"]),
    categories=st.sampled_from([*KINDS, ()]),
    brand=st.sampled_from(["", "Larkhill", "云栖"]),
    colors=st.lists(st.sampled_from(COLORS), max_size=2, unique=True).map(tuple),
    materials=st.sampled_from([(), ("silk",), ("satin",), ("wool",)]),
    sizes=st.sampled_from([(), ("S", "M"), ("L",), ("XL",)]),
    audience=st.sampled_from([(), ("women",), ("men",), ("kids",)]),
    stock=st.sampled_from([None, 0, 4]),
)
stocks = st.dictionaries(
    st.tuples(st.sampled_from(COLORS), st.sampled_from(["S", "M", "L", "XL"])),
    st.tuples(st.sampled_from([None, 0, 2]), st.none() | st.integers(10, 120).map(Decimal)),
    min_size=1,
)
in_variants = st.builds(
    lambda product, held: varied(product, [Variant("", *pair, *each) for pair, each in held.items()]),
    products,
    stocks,
)
wishes = st.one_of(
    st.builds(Wish, st.just(slot), st.sampled_from(values), st.just(""), st.sampled_from([False, False, True]))
    for slot, values in {
        SlotName.COLOR: COLORS,
        SlotName.CATEGORY: ["dresses", "skirts", "shoes", "nonsense"],
        SlotName.BRAND: ["Larkhill", "云栖", "nobody"],
        SlotName.MATERIAL: ["silk", "wool"],
        SlotName.SIZE: ["S", "L", "XXL"],
        SlotName.AUDIENCE: ["women", "kids"],
    }.items()
)
ends = st.none() | st.integers(10, 120).map(Decimal)
needs = st.builds(
    Need,
    wishes=st.lists(wishes, max_size=4).map(tuple),
    price=st.none() | st.builds(PriceRange, ends, ends, st.sampled_from([None, "USD", "EUR"])),
    firm=st.sets(st.sampled_from(["price", "color", "brand"]), max_size=1).map(tuple),
)


@pytest.mark.long
@given(
    rows=st.lists(products | in_variants, min_size=3, max_size=15, unique_by=lambda p: p.id),
    need=needs,
    wanted=st.integers(1, 4),
)
def test_memory_database_and_rows_agree_on_relaxed_limits(rows, need, wanted):
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop.open(Path(folder))
        shop.catalogue.upsert(rows)
        words = shop.catalogue.vocabulary()
        strict = filters_of(need, words)
        fitting = shop.catalogue.count(strict)
        found = ways_of(Limits(need, strict, words, shop.catalogue), wanted)
        assert found == ways_of(Limits(need, strict, words, shop.catalogue), wanted)
        assert len(found) <= MOST_WAYS and (not found or fitting < wanted)
        stored = shop.catalogue.get([row.id for row in rows])
        numbers = dict(zip(*shop.catalogue.numbered(), strict=True))
        for way in found:
            limits = loosened(strict, way)
            admitted = {id for id, row in stored.items() if admits(limits, row)}
            assert admitted == shop.catalogue.matching(limits)
            assert admitted == {id for id, number in numbers.items() if shop.catalogue.flags(limits)[number]}
            assert len(admitted) == shop.catalogue.count(limits) > fitting
            _assert_kept(way, limits, strict, need)
            for id in admitted:
                assert bool(broken(way, strict, stored[id])) == (not admits(strict, stored[id]))
        shop.close()


def _assert_kept(way, limits: Filters, strict: Filters, need: Need):
    """What must not give way has not, and nothing has that the way does not name."""
    changed = {change.slot for change in way}
    assert len(changed) == len(way)
    assert not {slot.value for slot in changed} & set(need.firm)
    assert limits.exclude == strict.exclude and limits.in_stock
    for slot in set(strict.include) - changed:
        assert limits.include[slot] == strict.include[slot]
    if SlotName.PRICE not in changed:
        assert limits.price == strict.price
    elif strict.price.max is not None:
        assert limits.price.max <= strict.price.max * (1 + DEARER)
    if Figure.RATING not in changed:
        assert limits.least_rating == strict.least_rating
    else:
        assert strict.least_rating - 0.5 <= limits.least_rating < strict.least_rating
    if SlotName.CATEGORY in changed:
        assert limits.include[SlotName.CATEGORY]


# --- whole pages ------------------------------------------------------------------------------------------------------


class TestPages:
    """On the shelf of 72: four kinds in red, blue and black; linen, cotton and leather."""

    BURGUNDY_BOOTS = need(Wish(SlotName.CATEGORY, "boots"), Wish(SlotName.COLOR, "burgundy"))

    def test_what_fits_comes_first_and_the_others_say_what_they_break(self, shop, recommender, ask):
        shop.catalogue.upsert([replace(shop.catalogue.get(["p20"])["p20"], colors=("burgundy",), stock=5)])
        slate = recommender.recommend(ask(self.BURGUNDY_BOOTS, page_size=12))
        told = [[r for r in item.reasons if r.code is ReasonCode.OFF_LIMIT] for item in slate.page]
        strict = filters_of(self.BURGUNDY_BOOTS, shop.catalogue.vocabulary())
        fits = [admits(strict, item.product) for item in slate.page]
        assert fits == sorted(fits, reverse=True) and True in fits and False in fits
        assert [bool(reasons) for reasons in told] == [not fit for fit in fits]
        assert told[fits.index(False)][0].facts == {"slot": "color", "value": "red", "wanted": "burgundy"}
        assert slate.admitted == sum(fits) and slate.ways[0] == (Relaxation(SlotName.COLOR, ("burgundy",), ("red",)),)
        assert [item.position for item in slate.page] == list(range(1, len(slate.page) + 1))
        assert len({item.product.id for item in slate.items}) == len(slate.items)

    def test_a_size_that_is_sold_out_in_the_colour_asked_for_is_said(self, shop, recommender, ask):
        held = [Variant("1", "burgundy", "S", 3), Variant("2", "burgundy", "M", 0), Variant("3", "navy", "M", 3)]
        shop.catalogue.upsert([varied(shop.catalogue.get(["p20"])["p20"], held)])
        strict = need(*self.BURGUNDY_BOOTS.wishes, Wish(SlotName.SIZE, "M"))
        slate = recommender.recommend(ask(strict, page_size=12))
        [told] = [item.reasons[0] for item in slate.page if item.product.id == "p20"]
        assert told.code is ReasonCode.OFF_LIMIT
        assert told.facts in (
            {"slot": "size", "value": "S", "wanted": "M"},
            {"slot": "color", "value": "navy", "wanted": "burgundy"},
        )

    def test_more_goes_on_with_the_relaxed_limits(self, recommender, ask):
        first = recommender.recommend(ask(self.BURGUNDY_BOOTS))
        seen = frozenset(item.product.id for item in first.page)
        more = recommender.recommend(ask(self.BURGUNDY_BOOTS, seen=seen))
        assert more.page and more.ways and not seen & {item.product.id for item in more.page}

    @pytest.mark.parametrize("changed", [{"mode": "anonymous"}, {"relax": False}])
    def test_some_pages_let_nothing_out(self, recommender, ask, changed):
        slate = recommender.recommend(ask(self.BURGUNDY_BOOTS, page_size=30, **changed))
        assert not slate.ways
        assert not any(r.code is ReasonCode.OFF_LIMIT for item in slate.page for r in item.reasons)

    @pytest.mark.parametrize("forgotten", [False, True])
    def test_every_card_has_its_chance(self, recommender, ask, forgotten):
        request = ask(self.BURGUNDY_BOOTS, page_size=12, policy="thompson")
        slate = recommender.recommend(request)
        for other in range(20 if forgotten else 0):
            recommender.recommend(ask(self.BURGUNDY_BOOTS, seed=other, policy="thompson"))
        chances = recommender.propensities(request, slate)
        assert slate.ways
        assert set(chances) == {item.product.id for item in slate.items}
        assert all(0 < chance <= 1 for chance in chances.values())
