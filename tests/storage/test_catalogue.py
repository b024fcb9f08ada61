"""Keeping the catalogue current: upserts, what they change, and what other readers see of it."""

import threading
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from storage import product_rows
from storage.catalogue import Changes
from storage.money import MoneyError
from storage.records import Filters, Product, SlotName, Variant
from storage.shop import Shop


def words_of(shop):
    return list(map(tuple, shop.db.execute("SELECT rowid, title, words FROM product_text ORDER BY rowid")))


def test_an_upsert_says_what_it_did(catalogue, make_product):
    assert catalogue.upsert([make_product("a"), make_product("b")]) == Changes(added=2)
    dearer = make_product("b", price=Decimal(50))
    assert catalogue.upsert([make_product("a"), dearer, make_product("c")]) == Changes(1, 1, 1, 0)
    assert catalogue.upsert([make_product("c")], replace=True) == Changes(unchanged=1, vanished=2)
    assert catalogue.ids() == ["c"]


def test_a_product_comes_back_as_it_was_given(catalogue):
    full = Product(
        id="p-1",
        title="Dress",
        price=Decimal("1299.00"),
        former_price=Decimal("1499.00"),
        pictures=("https://cdn.example.com/red-2.jpg", "https://cdn.example.com/red-3.jpg"),
        variants=(Variant("RD-S", "red", "S", 3), Variant("RD-M", "red", "M", None, Decimal("1099.50"))),
        currency="USD",
        title_zh="连衣裙",
        description="Airy",
        description_zh="轻盈",
        category="dresses",
        categories=("dresses", "fashion"),
        brand="Larkhill",
        colors=("red", "white"),
        materials=("linen",),
        sizes=("S", "EU 42"),
        audience=("women",),
        rating=4.7,
        rating_count=812,
        stock=0,
        image_url="https://shop.example/1.jpg",
        url="https://shop.example/1",
        created_at=datetime(2026, 2, 3, 4, 5, 6, 7, tzinfo=timezone(timedelta(hours=8))),
        sponsored=True,
        attributes={"fit": "loose", "季节": "夏"},
    )
    assert all(getattr(full, f.name) != f.default for f in fields(Product) if f.name != "available")
    plain = Product("p-2", "Thing", Decimal("5.00"), "USD")
    catalogue.upsert([full, plain])
    assert catalogue.get(["p-2", "nobody", "p-1"]) == {"p-2": plain, "p-1": full}
    assert list(catalogue.get(["p-2", "p-1"])) == ["p-2", "p-1"]


def test_a_row_that_was_recorded_before_there_were_variants_is_a_product(make_product):
    row = product_rows.to_row(make_product("a"))
    del row["variants"], row["pictures"]
    assert product_rows.to_product(row) == make_product("a")


def test_what_is_left_of_a_variant_is_no_reason_to_write_words_anew(catalogue, make_product):
    few = make_product("a", variants=(Variant("a-s", "", "S", 3),))
    catalogue.upsert([few])
    words = catalogue.vocabulary()
    assert catalogue.upsert([replace(few, variants=(Variant("a-s", "", "S", 2),))]) == Changes(changed=1)
    assert catalogue.get(["a"])["a"].variants[0].stock == 2
    assert catalogue.vocabulary() is words


def test_a_price_is_kept_at_the_precision_of_its_currency(catalogue, make_product):
    catalogue.upsert(
        [make_product("a", price=Decimal("9.995")), make_product("b", price=Decimal(1200), currency="JPY")]
    )
    found = catalogue.get(["a", "b"])
    assert (found["a"].price, found["b"].price) == (Decimal("10.00"), Decimal("1200"))


def test_a_date_without_a_zone_counts_as_utc(catalogue, make_product):
    day = date(2026, 1, 2)
    catalogue.upsert([make_product("a", created_at=datetime(day.year, day.month, day.day))])
    assert catalogue.get(["a"])["a"].created_at == datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize("changed", [{"price": Decimal("NaN")}, {"currency": "dollars"}, {"price": Decimal("1e20")}])
def test_a_price_that_cannot_be_stored_is_refused(catalogue, make_product, changed):
    with pytest.raises(MoneyError):
        catalogue.upsert([make_product("a", **changed)])
    assert catalogue.ids() == []


def test_the_last_of_equal_ids_counts(catalogue, make_product):
    changes = catalogue.upsert([make_product("a"), make_product("a", title="Blue coat")])
    assert changes == Changes(added=1)
    assert catalogue.get(["a"])["a"].title == "Blue coat"


def test_only_a_real_change_moves_the_revision(catalogue, make_product):
    before = catalogue.revision()
    catalogue.upsert([make_product("a")])
    added = catalogue.revision()
    catalogue.upsert([make_product("a")], replace=True)
    assert before < added == catalogue.revision()
    catalogue.upsert([make_product("a", stock=4)])
    assert catalogue.revision() > added


def test_price_and_stock_leave_words_and_vectors_alone(shop, make_product):
    shop.catalogue.upsert([make_product("a")])
    shop.db.execute("UPDATE product_text SET title = 'untouched'")
    texts = list(shop.catalogue.embedding_texts())
    shop.catalogue.upsert([make_product("a", price=Decimal(1), stock=0, rating=4.9, rating_count=3)])
    assert words_of(shop)[0][1] == "untouched"
    assert list(shop.catalogue.embedding_texts()) == texts
    shop.catalogue.upsert([make_product("a", title="Coat", price=Decimal(1))])
    assert words_of(shop)[0][1] == "coat"
    assert list(shop.catalogue.embedding_texts()) != texts


def test_changed_values_take_the_place_of_the_old(catalogue, make_product):
    catalogue.upsert([make_product("a"), make_product("b")])
    catalogue.upsert([make_product("a", colors=("blue",))])
    for color, id in (("blue", "a"), ("red", "b")):
        assert catalogue.matching(Filters(include={SlotName.COLOR: frozenset({color})})) == {id}


def test_vanished_products_are_kept_for_old_cards_only(catalogue, make_product):
    catalogue.upsert([make_product("a"), make_product("b")])
    assert catalogue.retain({"b", "unknown"}) == Changes(vanished=1)
    assert catalogue.get(["a"])["a"].available is False
    assert catalogue.count(Filters()) == 1
    assert catalogue.matching(Filters(include={SlotName.BRAND: frozenset({"larkhill"})})) == {"b"}
    assert [id for id, _, _ in catalogue.embedding_texts()] == ["b"]
    assert catalogue.upsert([make_product("a")]) == Changes(changed=1)
    assert catalogue.ids() == ["a", "b"]


def test_newest_and_popular_put_the_unknown_last(catalogue, make_product):
    days = {"old": datetime(2025, 1, 1, tzinfo=UTC), "new": datetime(2026, 1, 1, tzinfo=UTC), "undated": None}
    counts = {"old": 10, "new": 3, "undated": 0}
    catalogue.upsert(make_product(id, created_at=day, rating_count=counts[id]) for id, day in days.items())
    assert catalogue.newest(Filters(), 9) == ["new", "old", "undated"]
    assert catalogue.popular(Filters(), 2) == ["old", "new"]


def test_embedding_texts_are_english_where_the_feed_is(catalogue, make_product):
    catalogue.upsert(
        [
            make_product("en", title_zh="连衣裙", description="Airy", description_zh="轻盈"),
            make_product("zh", title="", title_zh="连衣裙", description_zh="轻盈", brand="云栖"),
        ]
    )
    texts = {id: text for id, text, _ in catalogue.embedding_texts()}
    assert texts["en"] == "Red linen dress. dresses. Larkhill. red linen. Airy"
    assert texts["zh"] == "连衣裙. dresses. 云栖. red linen. 轻盈"


def test_the_vocabulary_grows_by_what_the_shop_sells(catalogue, make_product):
    catalogue.upsert(
        [
            make_product(
                "a", sizes=("EU 42",), category="jumpsuits", categories=("jumpsuits", "one-pieces", "fashion")
            ),
            make_product("b", brand="云栖", colors=("茜色",)),
        ]
    )
    vocabulary = catalogue.vocabulary()
    assert vocabulary.label(SlotName.BRAND, "larkhill", "en") == "Larkhill"
    assert vocabulary.by_value[SlotName.BRAND, "云栖"].zh == ("云栖",)
    assert vocabulary.lineage(SlotName.CATEGORY, "jumpsuits") == ("jumpsuits", "one-pieces", "fashion")
    assert {(SlotName.SIZE, "EU 42"), (SlotName.COLOR, "茜色"), (SlotName.COLOR, "red")} <= vocabulary.by_value.keys()
    assert len(vocabulary.terms) == len(vocabulary.by_value)
    catalogue.retain({"a"})
    assert (SlotName.BRAND, "云栖") not in catalogue.vocabulary().by_value


def test_another_process_sees_new_words_without_reopening(shop, tmp_path, make_product):
    reader = Shop.open(tmp_path, readonly=True)
    assert (SlotName.BRAND, "larkhill") not in reader.catalogue.vocabulary().by_value
    shop.catalogue.upsert([make_product("a")])
    assert (SlotName.BRAND, "larkhill") in reader.catalogue.vocabulary().by_value
    assert [id for id, _ in reader.catalogue.search("dress", Filters(), 3)] == ["a"]
    reader.close()


def test_the_conversation_goes_on_during_an_import(shop, tmp_path, make_product, make_turn):
    def import_all():
        writer = Shop.open(tmp_path)
        writer.catalogue.upsert(make_product(str(number), title=f"Dress {number}") for number in range(1500))
        writer.close()

    importing = threading.Thread(target=import_all)
    importing.start()
    begun = []
    while importing.is_alive() or not begun:
        begun.append(shop.transcripts.begin(make_turn()))
        shop.catalogue.search("dress", Filters(), 10)
    importing.join()
    assert len(shop.transcripts.history(7, 10_000)) == len(begun)
    assert shop.catalogue.count(Filters()) == 1500


def test_many_ids_are_read_at_once(catalogue, make_product):
    product = make_product("0")
    catalogue.upsert(replace(product, id=str(number)) for number in range(1100))
    assert len(catalogue.get([str(number) for number in range(1200)])) == 1100


def test_hashes_of_texts_are_those_of_the_texts_and_some_can_be_read_alone(catalogue, make_product):
    catalogue.upsert([make_product("a"), make_product("b", title="红色连衣裙"), make_product("c")])
    catalogue.retain({"a", "b"})
    texts = list(catalogue.embedding_texts())
    assert catalogue.text_hashes() == {id: text_hash for id, _, text_hash in texts}
    assert list(catalogue.embedding_texts(["b"])) == [text for text in texts if text[0] == "b"]
