"""Looks belong to a picture and a model: a change of either makes them anew, and what is gone is forgotten."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from storage.looks import RETRIED, Known

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SEEN = np.array([0.6, 0.8], dtype=np.float32)


@pytest.fixture
def products(catalogue, make_product):
    found = [make_product(f"p{n}", image_url=f"https://shop.example/{n}.jpg") for n in range(3)]
    catalogue.upsert([*found, make_product("bare", image_url="")])
    return found


def look_at(shop, products, model="look-1", vector=SEEN, now=NOW):
    for product in products:
        shop.looks.put(model, product.id, product.image_url, vector, now)


def test_what_has_a_picture_is_due_until_it_was_looked_at(shop, products):
    assert shop.looks.due("look-1", NOW, 10) == ["p0", "p1", "p2"]
    assert shop.looks.due("look-1", NOW, 2) == ["p0", "p1"]
    look_at(shop, products[:2])
    assert shop.looks.due("look-1", NOW, 10) == ["p2"]
    ids, vectors = shop.looks.load("look-1")
    assert ids == ["p0", "p1"]
    assert vectors.dtype == np.float32
    assert np.array_equal(vectors, [SEEN, SEEN])
    assert shop.looks.counted("look-1") == Known(2, 3, 0)


def test_another_picture_is_looked_at_anew_and_the_old_look_counts_no_more(shop, catalogue, products):
    look_at(shop, products)
    catalogue.upsert([replace(products[1], image_url="https://shop.example/new.jpg")])
    assert shop.looks.due("look-1", NOW, 10) == ["p1"]
    assert shop.looks.load("look-1")[0] == ["p0", "p2"]


def test_another_price_changes_nothing(shop, catalogue, products):
    look_at(shop, products)
    catalogue.upsert([replace(products[1], price=products[1].price + 1)])
    assert shop.looks.due("look-1", NOW, 10) == []


def test_another_model_looks_at_everything_anew(shop, products):
    look_at(shop, products)
    assert shop.looks.due("look-2", NOW, 10) == ["p0", "p1", "p2"]
    ids, vectors = shop.looks.load("look-2")
    assert (ids, len(vectors)) == ([], 0)
    look_at(shop, products[:1], "look-2", np.array([1, 0, 0], dtype=np.float32))
    assert shop.looks.load("look-2")[1].shape == (1, 3)
    assert shop.looks.load("look-1")[0] == ["p1", "p2"]


def test_a_picture_that_failed_is_left_alone_for_a_while_and_stands_behind_new_ones(shop, products):
    look_at(shop, products[:1], vector=None)
    assert shop.looks.due("look-1", NOW + RETRIED - timedelta(seconds=1), 10) == ["p1", "p2"]
    assert shop.looks.due("look-1", NOW + RETRIED, 10) == ["p1", "p2", "p0"]
    assert shop.looks.load("look-1")[0] == []
    assert shop.looks.counted("look-1") == Known(0, 3, 1)


def test_what_is_gone_is_forgotten(shop, catalogue, products):
    look_at(shop, products)
    catalogue.retain({"p0", "p1"})
    catalogue.upsert([replace(products[1], image_url="")])
    assert shop.looks.load("look-1")[0] == ["p0"]
    assert shop.looks.tidy() == 2
    assert shop.looks.tidy() == 0
    catalogue.upsert(products)
    assert shop.looks.due("look-1", NOW, 10) == ["p1", "p2"]
