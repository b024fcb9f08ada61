"""Vectors belong to texts: only what changed is embedded again."""

import numpy as np
import pytest


@pytest.fixture
def unit():
    chance = np.random.default_rng(1)

    def make(rows):
        found = chance.normal(size=(rows, 384)).astype(np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    return make


@pytest.fixture
def texts(catalogue, make_product):
    catalogue.upsert(make_product(f"p{n}", title=f"Dress {n}") for n in range(3))
    return list(catalogue.embedding_texts())


def put(shop, version, texts, matrix):
    shop.vectors.put(version, [id for id, _, _ in texts], [hash for _, _, hash in texts], matrix)


def test_vectors_come_back_as_they_were_in_the_order_of_products(shop, texts, unit):
    matrix = unit(3)
    put(shop, "v1", texts[::-1], matrix[::-1])
    ids, found = shop.vectors.load("v1")
    assert ids == ["p0", "p1", "p2"]
    assert found.dtype == np.float32
    assert np.array_equal(found, matrix)
    found[0] = 0.0


def test_a_changed_text_alone_is_missing(shop, texts, unit, make_product):
    assert shop.vectors.missing("v1", texts) == texts
    put(shop, "v1", texts, unit(3))
    assert shop.vectors.missing("v1", shop.catalogue.embedding_texts()) == []
    shop.catalogue.upsert([make_product("p0", title="Coat"), make_product("p1", title="Dress 1", stock=1)])
    assert [id for id, _, _ in shop.vectors.missing("v1", shop.catalogue.embedding_texts())] == ["p0"]
    assert shop.vectors.load("v1")[0] == ["p1", "p2"]


def test_versions_live_side_by_side(shop, texts, unit):
    put(shop, "v1", texts, unit(3))
    assert shop.vectors.missing("v2", texts) == texts
    put(shop, "v2", texts[:1], unit(1))
    assert shop.vectors.versions() == {"v1", "v2"}
    assert [len(shop.vectors.load(version)[0]) for version in ("v1", "v2")] == [3, 1]


def test_vanished_products_have_no_vector_until_they_return(shop, texts, unit, make_product):
    put(shop, "v1", texts, unit(3))
    shop.catalogue.retain({"p1"})
    assert shop.vectors.load("v1")[0] == ["p1"]
    shop.catalogue.upsert([make_product("p0", title="Dress 0")])
    assert shop.vectors.load("v1")[0] == ["p0", "p1"]


def test_an_empty_shop_has_an_empty_matrix(shop):
    ids, found = shop.vectors.load("v1")
    assert (ids, found.shape, found.dtype) == ([], (0, 384), np.float32)


def test_half_precision_is_taken_too(shop, texts, unit):
    matrix = unit(3).astype(np.float16)
    put(shop, "v1", texts, matrix)
    assert np.array_equal(shop.vectors.load("v1")[1], matrix.astype(np.float32))


def test_bad_matrices_are_refused(shop, texts, unit):
    with pytest.raises(ValueError, match="Expected 3"):
        put(shop, "v1", texts, unit(2))
    with pytest.raises(ValueError, match="not finite"):
        put(shop, "v1", texts, np.full((3, 384), np.nan, dtype=np.float32))
    assert shop.vectors.versions() == set()
