"""Importing twice, replacing, and a feed that would empty the shop."""

from decimal import Decimal

import pytest

from storage.importing import NothingUsableError, import_feed
from storage.records import Filters
from storage.shop import Shop
from storage.terms import base_vocabulary


@pytest.fixture
def shop(tmp_path):
    shop = Shop.open(tmp_path / "data")
    yield shop
    shop.close()


@pytest.fixture
def load(shop, tmp_path):
    def _load(rows, **options):
        path = tmp_path / "feed.csv"
        path.write_text("id,title,price,stock\n" + "\n".join(rows), encoding="utf-8")
        return import_feed(shop.catalogue, [path], base_vocabulary(), "USD", **options)

    return _load


def test_an_upsert_counts_what_it_did(load, shop):
    first = load(["1,Red dress,10,5", "2,Blue mug,5,1", "3,Broken,,1"])
    assert (first.read, first.added, len(first.rejected)) == (3, 2, 1)
    second = load(["1,Red dress,9,5", "2,Blue mug,5,1"])
    assert (second.added, second.changed, second.unchanged) == (0, 1, 1)
    assert shop.catalogue.get(["1"])["1"].price == Decimal("9.00")


def test_a_further_picture_is_a_change_that_needs_no_new_vector(shop, tmp_path):
    def load(images):
        feed = tmp_path / "feed.csv"
        feed.write_text(f"id,title,price,images\n1,Mug,5,{images}\n", encoding="utf-8")
        return import_feed(shop.catalogue, [feed], base_vocabulary(), "USD")

    load("a.jpg;b.jpg")
    before = shop.db.execute("SELECT text_hash FROM products").fetchone()
    report = load("a.jpg;b.jpg;c.jpg")
    assert (report.changed, report.unchanged) == (1, 0)
    assert shop.catalogue.get(["1"])["1"].gallery == ("a.jpg", "b.jpg", "c.jpg")
    assert shop.db.execute("SELECT text_hash FROM products").fetchone() == before
    assert load("a.jpg;b.jpg;c.jpg").unchanged == 1


def test_replace_marks_vanished_products_unavailable(load, shop):
    load(["1,Red dress,10,5", "2,Blue mug,5,1"])
    report = load(["2,Blue mug,5,1"], replace_all=True)
    assert report.vanished == 1
    assert shop.catalogue.matching(Filters()) == {"2"}
    assert shop.catalogue.get(["1"])["1"].available is False


def test_a_feed_without_a_usable_row_never_empties_the_shop(load, shop):
    load(["1,Red dress,10,5"])
    with pytest.raises(NothingUsableError):
        load(["1,Red dress,,5"], replace_all=True)
    assert shop.catalogue.matching(Filters()) == {"1"}


def test_shoes_cover_boots(load, shop):
    load(["1,Leather boots,10,5", "2,Canvas sneakers,5,1", "3,Mug,5,1"])
    from storage.records import SlotName

    shoes = Filters(include={SlotName.CATEGORY: frozenset({"shoes"})})
    assert shop.catalogue.matching(shoes) == {"1", "2"}


def test_a_check_writes_nothing(shop, tmp_path):
    path = tmp_path / "feed.csv"
    path.write_text("id,title,price\n1,One,1\n", encoding="utf-8")
    report = import_feed(None, [path], base_vocabulary(), "USD")
    assert (report.read, report.added) == (1, 0)
    assert shop.catalogue.ids() == []
