"""The shipped embeddings belong to the shipped texts and the shipped encoder."""

import json
from pathlib import Path

import numpy as np
import pytest

import nlu.models as models
from storage.demo.catalogue import demo_products
from storage.demo.vectors import FILE, load_shipped, save_shipped
from storage.shop import Shop

VERSION = json.loads((Path(models.__path__[0]) / "encoder" / "meta.json").read_text(encoding="utf-8"))["version"]


@pytest.fixture
def shop(tmp_path):
    shop = Shop.open(tmp_path)
    shop.catalogue.upsert(list(demo_products())[:300])
    yield shop
    shop.close()


@pytest.mark.long
def test_every_demo_text_has_its_vector_of_the_shipped_encoder(tmp_path):
    """Fails after a change of demo texts or encoder: run `python -m bot.cli.demo_vectors`."""
    shop = Shop.open(tmp_path)
    shop.catalogue.upsert(demo_products())
    texts = list(shop.catalogue.embedding_texts())
    load_shipped(shop.catalogue, shop.vectors, VERSION)
    assert shop.vectors.missing(VERSION, texts) == []
    _, matrix = shop.vectors.load(VERSION)
    assert np.allclose(np.linalg.norm(matrix, axis=1), 1.0, atol=1e-5)
    shop.close()


def test_vectors_of_another_encoder_are_left_alone(shop):
    assert load_shipped(shop.catalogue, shop.vectors, "encoder-of-tomorrow") == 0


def test_a_changed_text_is_embedded_again(shop, tmp_path):
    ids, hashes = map(
        list, zip(*((id, text_hash) for id, _, text_hash in shop.catalogue.embedding_texts()), strict=True)
    )
    hashes[0] = "another"
    file = tmp_path / "vectors.npz"
    save_shipped("v1", ids, hashes, np.ones((len(ids), 384), dtype=np.float32) / np.sqrt(384), file)
    assert load_shipped(shop.catalogue, shop.vectors, "v1", file) == len(ids) - 1
    assert [id for id, _, _ in shop.vectors.missing("v1", shop.catalogue.embedding_texts())] == [ids[0]]


def test_the_file_is_small():
    assert FILE.stat().st_size < 2_000_000
