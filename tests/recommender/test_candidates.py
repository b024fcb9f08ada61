"""A page ranked by columns in memory is the page ranked by rows, and shows rows as they are."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.candidates import Rows, facts_of
from recommender.exact import ExactIndex
from recommender.recommender import Recommender
from storage.records import Need, PriceRange, Reaction, SlotName, Wish
from storage.shop import Shop
from tests.recommender.conftest import ENCODER, KINDS


class Rowwise:
    """The catalogue without its columns: limits are SQL's, facts are read from rows, texts with them."""

    def __init__(self, catalogue):
        self._catalogue = catalogue

    def __getattr__(self, name):
        return getattr(self._catalogue, name)

    def facts(self, numbers):
        rows = self._catalogue.get(self._catalogue.names(numbers)).values()
        return replace(facts_of(list(rows)), numbers=numbers, changed=np.full(len(numbers), -1))

    def flags(self, filters):
        found = self._catalogue.numbers(sorted(self._catalogue.matching(filters)))
        flags = np.zeros(len(self._catalogue.ids()) + 1, dtype=np.bool_)
        flags[found] = True
        return flags

    def changed(self, numbers):
        return np.full(len(numbers), -1)


wishes = st.sampled_from(
    [
        Wish(SlotName.CATEGORY, "dresses", "dress"),
        Wish(SlotName.CATEGORY, "mugs", "杯子"),
        Wish(SlotName.COLOR, "red", "red"),
        Wish(SlotName.COLOR, "black", "黑色", True),
        Wish(SlotName.MATERIAL, "linen", "linen"),
        Wish(SlotName.AUDIENCE, "women", "女"),
        Wish(SlotName.BRAND, "larkhill", "Larkhill"),
        Wish(SlotName.FEATURE, "summer", "summer"),
    ]
)
needs = st.builds(
    Need,
    query=st.sampled_from(["", "summer days", "leather 3", "夏天的连衣裙", "norrland mugg"]),
    language=st.sampled_from(["en", "zh"]),
    wishes=st.lists(wishes, max_size=3, unique_by=lambda wish: wish.name).map(tuple),
    price=st.none() | st.integers(15, 90).map(lambda most: PriceRange(max=Decimal(most), currency="USD")),
    like_product=st.sampled_from(["", "", "p8"]),
    cheapest=st.booleans(),
)


@pytest.fixture(scope="module")
def both(tmp_path_factory, make_shop, make_encoder):
    shop, encode = make_shop(tmp_path_factory.mktemp("both")), make_encoder()
    index = ExactIndex(shop.catalogue, shop.vectors, encode, ENCODER)
    rowwise = Rowwise(shop.catalogue)
    yield [Recommender(each, index, encode, shop.catalogue.vocabulary) for each in (shop.catalogue, rowwise)]
    shop.close()


@settings(max_examples=60)
@given(need=needs, seen=st.frozensets(st.integers(0, 71).map("p{}".format), max_size=9), seed=st.integers(0, 99))
def test_order_scores_and_reasons_are_the_same(both, ask, event, need, seen, seed):
    events = tuple(event(f"p{seed + at}", reaction) for at, reaction in enumerate((Reaction.LIKE, Reaction.DISLIKE)))
    request = ask(need, seed=seed, seen=seen, events=events[: seed % 3], policy="thompson", may_ask=seed % 2 == 0)
    columns, rows = (each.recommend(request) for each in both)
    assert columns.items == rows.items
    assert (columns.admitted, columns.question, columns.ways) == (rows.admitted, rows.question, rows.ways)


class Changing:
    """A catalogue that its owner changes just before rows are read for the first time."""

    def __init__(self, catalogue, change):
        self._catalogue, self._change = catalogue, change

    def __getattr__(self, name):
        return getattr(self._catalogue, name)

    def get(self, ids):
        if ids and self._change:
            self._change.pop()(ids)
        return self._catalogue.get(ids)


@pytest.mark.parametrize(("language", "kind"), [("en", KINDS[0]), ("zh", KINDS[3])])
def test_a_price_that_rises_while_a_page_is_ranked_breaks_no_limit(shop, index, encode, ask, tmp_path, language, kind):
    owner = Shop.open(tmp_path)

    def raise_prices(ids):
        owner.catalogue.upsert([replace(row, price=Decimal(500)) for row in owner.catalogue.get(ids[:2]).values()])

    catalogue = Changing(shop.catalogue, [raise_prices])
    need = Need(
        language=language, wishes=(Wish(SlotName.CATEGORY, kind[0], kind[3]),), price=PriceRange(max=Decimal(80))
    )
    slate = Recommender(catalogue, index, encode, shop.catalogue.vocabulary).recommend(ask(need))
    assert len(slate.page) == 3
    assert all(item.product.price <= 80 for item in slate.items)
    assert owner.catalogue.get([slate.page[0].product.id])[slate.page[0].product.id] == slate.page[0].product
    owner.close()


def test_rows_are_read_where_they_are_looked_at():
    asked = []

    def read(ids):
        asked.append(list(ids))
        return {id: id.upper() for id in ids}

    rows = Rows(["a", "b", "c", "d"], read)
    rows.load([1, 2])
    assert (rows[1], rows[2], rows[-1], rows[1:3]) == ("B", "C", "D", ("B", "C"))
    assert list(rows) == ["A", "B", "C", "D"]
    assert asked == [["b", "c"], ["d"], ["a"]]
