"""Ranking in memory is FTS5's, to the last place, whatever the catalogue and whoever changed it."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.postings import COLUMNS, OTHERS, TITLE, Postings
from storage.records import Filters, Product
from storage.shop import Shop
from storage.word_ranking import ranked

WORDS = ["red", "linen", "dress", "boots", "kaleidoscope", "红色", "连衣裙", "耳机", "60w"]
texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
changes = st.lists(st.tuples(st.integers(0, 11), texts, texts, texts, st.booleans()), min_size=1, max_size=30)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    opened = Shop.open(tmp_path_factory.mktemp("postings"))
    yield opened
    opened.close()


def _product(number, title, description, chinese, stocked):
    return Product(
        str(number), title or "thing", Decimal(1), "USD", title_zh=chinese, description=description, stock=9 * stocked
    )


@given(changes, st.lists(st.sampled_from([*WORDS, "nowhere"]), unique=True, max_size=9), st.integers(0, 14))
def test_memory_ranks_as_the_full_text_index_does(shop, rows, words, limit):
    """The postings are the ones the product keeps: each example changes the catalogue that they follow."""
    for start in range(0, len(rows), 4):  # earlier products are changed again and again
        shop.catalogue.upsert([_product(*row) for row in rows[start : start + 4]])
    flags = shop.catalogue.flags(Filters())
    match = " OR ".join(f'"{word}"' for word in words)
    expected = ranked(shop.db, match, flags, tuple(COLUMNS.values()), limit) if match and limit else []
    kept = shop.catalogue._postings
    kept.follow(shop.catalogue._state("values"))
    assert kept.ranked(words, flags, limit) == [tuple(row) for row in expected]
    small = Postings(shop.db, kept=3)  # what does not stay in memory is read again
    small.follow(0)
    assert small.ranked(words, flags, limit) == kept.ranked(words, flags, limit)
    assert small.ranked(words, flags, limit) == kept.ranked(words, flags, limit)


@given(changes, st.lists(st.sampled_from([*WORDS, "nowhere"]), unique=True, max_size=9))
def test_where_a_word_stands_is_what_the_index_holds(shop, rows, words):
    shop.catalogue.upsert([_product(*row) for row in rows])
    ids = [*shop.catalogue.ids(), "unknown"]
    held = {
        id: (set(f"{title} {chinese}".split()), set(others.split()))
        for id, title, chinese, others in shop.db.execute(
            """SELECT p.id, t.title, t.title_zh, t.words FROM products AS p
            JOIN product_text AS t ON t.rowid = p.number"""
        )
    } | {"unknown": (set(), set())}

    def place(word, id):
        title, others = held[id]
        return TITLE if word in title else OTHERS if word in others else 0

    expected = np.array([[place(word, id) for word in words] for id in ids]).reshape(len(ids), len(words))
    np.testing.assert_array_equal(shop.catalogue.places(shop.catalogue.numbers(ids), words), expected)


def test_a_long_product_is_measured_by_all_its_words(tmp_path):
    """Lengths beyond 127 words take more than one byte in the index."""
    shop = Shop.open(tmp_path)
    long = " ".join(["dress", *(f"word{n}" for n in range(20_000))])
    shop.catalogue.upsert([Product("short", "dress", Decimal(1), "USD"), Product("plain", "mug", Decimal(1), "USD")])
    shop.catalogue.upsert([Product("long", "dress", Decimal(1), "USD", description=long)])
    flags = shop.catalogue.flags(Filters())
    postings = Postings(shop.db)
    postings.follow(0)
    assert postings.ranked(["dress"], flags, 5) == ranked(shop.db, '"dress"', flags, tuple(COLUMNS.values()), 5)
    shop.close()


def test_inside_a_transaction_search_sees_what_stands_there_and_remembers_none_of_it(tmp_path):
    shop = Shop.open(tmp_path)
    shop.catalogue.upsert([Product("a", "Red dress", Decimal(1), "USD")])
    assert shop.catalogue.places(shop.catalogue.numbers(["a"]), ["red"]) == [[TITLE]]
    with pytest.raises(InterruptedError), shop.atomic():
        shop.catalogue.upsert([Product("a", "Blue boots", Decimal(1), "USD")])
        assert shop.catalogue.places(shop.catalogue.numbers(["a"]), ["red", "blue"]).tolist() == [[0, TITLE]]
        assert [id for id, _ in shop.catalogue.search("boots", Filters(), 5)] == ["a"]
        raise InterruptedError
    assert shop.catalogue.places(shop.catalogue.numbers(["a"]), ["red", "blue"]).tolist() == [[TITLE, 0]]
    assert shop.catalogue.search("boots", Filters(), 5) == []
    shop.close()


def test_a_change_by_another_process_is_searched_at_once(tmp_path):
    reader, writer = Shop.open(tmp_path), Shop.open(tmp_path)
    writer.catalogue.upsert([Product("a", "红色连衣裙", Decimal(1), "USD")])
    assert [id for id, _ in reader.catalogue.search("连衣裙", Filters(), 5)] == ["a"]
    writer.catalogue.upsert([Product("a", "Boots", Decimal(1), "USD"), Product("b", "Red boots", Decimal(1), "USD")])
    assert reader.catalogue.search("连衣裙", Filters(), 5) == []
    assert {id for id, _ in reader.catalogue.search("boots", Filters(), 5)} == {"a", "b"}
    reader.close()
    writer.close()
