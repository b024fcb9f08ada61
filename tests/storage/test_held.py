"""Rows in memory are never older than the catalogue, whoever changed it."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from storage.held import Held
from storage.records import Product
from storage.shop import Shop


def _product(id, price="10", title="Red dress"):
    return Product(id, title, Decimal(price), "USD")


def test_a_change_by_another_process_shows_at_the_next_read(tmp_path):
    reader, writer = Shop.open(tmp_path), Shop.open(tmp_path)
    writer.catalogue.upsert([_product("a"), _product("b")])
    assert [p.price for p in reader.catalogue.get(["b", "a", "x"]).values()] == [10, 10]
    writer.catalogue.upsert([_product("a", "12", "Blue dress")])
    assert reader.catalogue.get(["a"])["a"].price == 12
    writer.catalogue.retain({"b"})
    assert not reader.catalogue.get(["a"])["a"].available
    reader.close()
    writer.close()


def test_a_change_that_was_taken_back_does_not_stay(tmp_path):
    shop, other = Shop.open(tmp_path), Shop.open(tmp_path)
    shop.catalogue.upsert([_product("a")])
    try:
        with shop.atomic():
            shop.catalogue.upsert([replace(_product("a"), price=Decimal(99))])
            assert shop.catalogue.get(["a"])["a"].price == 99
            raise InterruptedError
    except InterruptedError:
        pass
    other.catalogue.upsert([_product("a", "12")])
    assert shop.catalogue.get(["a"])["a"].price == 12
    shop.close()
    other.close()


@given(st.lists(st.tuples(st.integers(0, 3), st.lists(st.sampled_from("abcdefgh"), max_size=6)), max_size=40))
def test_what_is_held_is_what_would_be_read(asked):
    """Any order of reads and changes, with room for four: the same as asking each time, unknown ids left out."""
    held, revision = Held[str](most=4), 0
    for step, ids in asked:
        revision += step == 0
        known = {id: f"{id}{revision}" for id in "abcdef"}
        found = held.get(ids, revision, lambda lacking, known=known: {id: known[id] for id in lacking if id in known})
        assert found == {id: known[id] for id in ids if id in known}
        assert list(found) == list(dict.fromkeys(id for id in ids if id in known))
