"""The columns in memory say what the rows say, whatever changes and whoever changes it."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.candidates import facts_of
from storage.records import Filters, Product
from storage.shop import Shop

WORDS = ["red", "Red", "linen", "红色", ""]
values = st.lists(st.sampled_from(["red", "linen", "m"]), max_size=2, unique=True).map(tuple)
products = st.builds(
    Product,
    id=st.integers(0, 9).map(str),
    title=st.sampled_from(["Red dress", "RED DRESS", "Straße", "红色连衣裙"]),
    price=st.integers(0, 10**7).map(Decimal),
    currency=st.sampled_from(["USD", "CNY", "JPY", "KWD"]),
    description=st.sampled_from(["", "For Christmas."]),
    category=st.sampled_from(["dresses", ""]),
    categories=values,
    brand=st.sampled_from(["Larkhill", "LARKHILL", ""]),
    colors=values,
    materials=values,
    sizes=values,
    audience=values,
    rating=st.none() | st.integers(0, 50).map(lambda tenths: tenths / 10),
    rating_count=st.integers(0, 10**6),
    stock=st.none() | st.integers(0, 300),
    created_at=st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)),
    sponsored=st.booleans(),
    available=st.booleans(),
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    opened = Shop.open(tmp_path_factory.mktemp("shelf"))
    yield opened
    opened.close()


@settings(max_examples=60)
@given(st.lists(st.lists(products, max_size=6), min_size=1, max_size=3), st.integers(0, 2))
def test_columns_say_what_rows_say(shop, batches, lost):
    for batch in batches:
        shop.catalogue.upsert(batch)
    shop.catalogue.retain(shop.catalogue.ids()[lost:])
    _agree(shop.catalogue)


def _agree(catalogue):
    ids = [str(number) for number in range(10) if catalogue.get([str(number)])]
    found, rows = catalogue.facts(catalogue.numbers(ids)), list(catalogue.get(ids).values())
    expected = facts_of(rows)
    for name in ("ids", "currencies", "brands", "lists"):
        assert getattr(found, name) == getattr(expected, name)
    for name in ("prices", "ratings", "rating_counts", "stocks", "created", "sponsored", "titles", "shelves"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), err_msg=name)
    assert catalogue.names(found.numbers) == ids
    assert catalogue.texts(found.numbers) == [(p.title, p.title_zh, p.description, p.description_zh) for p in rows]
    admitted = catalogue.flags(Filters())[found.numbers]
    assert admitted.tolist() == [p.available and (p.stock is None or p.stock > 0) for p in rows]


def dress(id="a", **facts):
    return Product(**({"id": id, "title": "Red dress", "price": Decimal(20), "currency": "USD"} | facts))


def test_another_process_changes_a_price(tmp_path):
    reader, writer = Shop.open(tmp_path), Shop.open(tmp_path)
    writer.catalogue.upsert([dress(), dress("b")])
    before = reader.catalogue.facts(reader.catalogue.numbers(["a", "b"]))
    writer.catalogue.upsert([dress(price=Decimal(15))])
    after = reader.catalogue.facts(reader.catalogue.numbers(["a", "b"]))
    assert (before.prices.tolist(), after.prices.tolist()) == ([20, 20], [15, 20])
    assert (after.changed > before.changed).tolist() == [True, False], "only what changed is to be read again"
    reader.close()
    writer.close()


def test_what_is_taken_back_is_not_remembered(tmp_path):
    shop, other = Shop.open(tmp_path), Shop.open(tmp_path)
    shop.catalogue.upsert([dress()])
    with pytest.raises(InterruptedError), shop.atomic():
        shop.catalogue.upsert([dress(price=Decimal(99)), dress("new")])
        assert shop.catalogue.facts(shop.catalogue.numbers(["a", "new"])).prices.tolist() == [99, 20]
        raise InterruptedError
    other.catalogue.upsert([dress(price=Decimal(12))])
    assert shop.catalogue.facts(shop.catalogue.numbers(["a"])).prices.tolist() == [12]
    assert shop.catalogue.numbers(["new"]).tolist() == [0]
    shop.close()
    other.close()


def test_a_day_of_a_zone_and_a_bare_one(tmp_path):
    shop = Shop.open(tmp_path)
    shop.catalogue.upsert(
        [dress(created_at=datetime(2026, 5, 1)), dress("b", created_at=datetime(2026, 5, 1, tzinfo=UTC))]
    )
    one, other = shop.catalogue.facts(shop.catalogue.numbers(["a", "b"])).created
    assert one == other
    shop.catalogue.upsert([replace(dress(), created_at=None)])
    assert shop.catalogue.facts(shop.catalogue.numbers(["a"])).created < other
    shop.close()
