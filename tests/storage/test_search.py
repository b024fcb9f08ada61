"""Full-text search over the catalogue, in both languages."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.catalogue import Catalogue
from storage.records import Filters, Product
from storage.segment import Segmenter, base_words
from storage.shop import Shop


def ids(found):
    return [id for id, _ in found]


@pytest.fixture
def stocked(catalogue, make_product):
    catalogue.upsert(
        [
            make_product("dress", title="Red linen dress", title_zh="红色亚麻连衣裙", description="Airy, for summer."),
            make_product(
                "headphones",
                title="Aurio wireless headphones",
                title_zh="Aurio 无线蓝牙耳机",
                description="Thirty hours of music. Goes well with a dress.",
                category="headphones",
                categories=("headphones", "electronics"),
                brand="云栖",
                colors=("black",),
                materials=(),
            ),
            make_product(
                "boots",
                title="Hiking boots",
                category="boots",
                colors=("blue",),
                materials=("leather",),
                categories=("boots", "shoes"),
            ),
        ]
    )
    return catalogue


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("dresses", "dress"),
        ("wireless headphone", "headphones"),
        ("耳机", "headphones"),
        ("藍牙耳機", "headphones"),
        ("连衣裙", "dress"),
        ("云栖", "headphones"),
        ("leather boots", "boots"),
        ("真皮", "boots"),
        ("blue", "boots"),
        ("LARKHILL boots", "boots"),
    ],
)
def test_words_of_either_language_find_the_product(stocked, text, first):
    assert ids(stocked.search(text, Filters(), 5))[0] == first


def test_the_title_counts_more_than_the_description(stocked):
    assert ids(stocked.search("dress", Filters(), 5)) == ["dress", "headphones"]


def test_scores_fall_and_are_positive(stocked):
    scores = [score for _, score in stocked.search("red dress hiking", Filters(), 5)]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


def test_any_word_is_enough_and_the_limit_holds(stocked):
    assert set(ids(stocked.search("boots headphones zzz", Filters(), 5))) == {"boots", "headphones"}
    assert len(stocked.search("boots headphones", Filters(), 1)) == 1
    assert stocked.search("boots", Filters(), 0) == []


@pytest.mark.parametrize(
    "text", ["", "   ", "🙂", '"', "title:dress AND (", "* NEAR/2 ^", "'; DROP TABLE products; --", "\x00", "-" * 5000]
)
def test_no_text_is_read_as_a_query_language(stocked, text):
    assert isinstance(stocked.search(text, Filters(), 5), list)


@pytest.mark.parametrize("word", ["OR", "AND", "NEAR", "NOT"])
def test_operators_are_words_like_others(stocked, word):
    assert set(ids(stocked.search(f"boots {word} zzz", Filters(), 5))) == {"boots"}


def test_a_very_long_message_is_searched_by_its_beginning(stocked):
    assert ids(stocked.search("boots " * 3000, Filters(), 5)) == ["boots"]


def test_a_changed_title_is_found_by_its_new_words_only(stocked, make_product):
    stocked.upsert([make_product("dress", title="Green cotton skirt", category="skirts", colors=(), materials=())])
    assert "dress" not in ids(stocked.search("linen", Filters(), 5))
    assert ids(stocked.search("skirt", Filters(), 5)) == ["dress"]


def test_an_unavailable_product_is_not_found_until_it_returns(stocked, make_product):
    boots = stocked.get(["boots"])["boots"]
    stocked.retain({"dress"})
    assert stocked.search("boots", Filters(), 5) == []
    stocked.upsert([boots])
    assert ids(stocked.search("boots", Filters(), 5)) == ["boots"]


def test_an_index_of_an_older_segmentation_is_written_anew(tmp_path, make_product):
    shop = Shop.open(tmp_path)
    shop.catalogue.upsert([make_product("dress")])
    shop.db.execute("UPDATE product_text SET title = 'somethingelse', words = ''")
    shop.db.execute("UPDATE catalogue_state SET value = -1 WHERE name = 'segmentation'")
    shop.close()
    again = Shop.open(tmp_path)
    assert ids(again.catalogue.search("dress", Filters(), 5)) == ["dress"]
    assert again.catalogue.search("somethingelse", Filters(), 5) == []
    assert again.catalogue.refresh_words() is False
    again.close()


def test_the_commonest_words_of_a_long_query_give_way_in_a_large_catalogue(shop, make_product):
    catalogue = Catalogue(shop.db, postings=11)
    catalogue.upsert(make_product(str(n), title="Everyday thing", categories=(), category="") for n in range(10))
    catalogue.upsert([make_product("rare", title="Everyday kaleidoscope")])
    assert ids(catalogue.search("everyday kaleidoscope", Filters(), 20)) == ["rare"]
    assert len(catalogue.search("everyday", Filters(), 20)) == 11


words = st.text(st.sampled_from("abcdefgh红色连衣裙耳机é"), min_size=2, max_size=8)


@settings(max_examples=30)
@given(title=st.lists(words, min_size=1, max_size=4).map(" ".join))
def test_a_product_is_found_by_its_own_title(title, tmp_path_factory):
    shop = Shop.open(tmp_path_factory.mktemp("shop"))
    shop.catalogue.upsert([Product("p", title, Decimal(1), "USD")])
    assert ids(shop.catalogue.search(title, Filters(), 5)) == (["p"] if Segmenter(base_words())(title) else [])
    shop.close()
