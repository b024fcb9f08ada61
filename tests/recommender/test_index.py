"""The dense index: Chroma and its exact twin on one contract, and what happens when folders break."""

import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from recommender import chroma_folder
from recommender.chroma_folder import BrokenIndexError, build, check, finished_version
from recommender.config import IndexConfig
from recommender.embedding import followed
from recommender.exact import ExactIndex
from recommender.index import ChromaIndex, open_index
from recommender.leaving import as_left
from recommender.snapshot import empty_snapshot
from storage.records import Product
from storage.shop import Shop
from tests.contracts.retriever import RetrieverContract

ENCODER = "hash-1"


@pytest.fixture
def catalogue(shop):
    return shop.catalogue


@pytest.fixture
def make_product():
    def make(id, **facts):
        return Product(**({"id": id, "title": "thing", "price": Decimal(10), "currency": "USD"} | facts))

    return make


@pytest.fixture
def open_it(shop, encode, tmp_path):
    """Opens the index of the shop's folder; what is still open at the end is closed."""
    opened = []

    def make(**config):
        settings = IndexConfig(**config)
        opened.append(open_index(tmp_path / "index", shop.catalogue, shop.vectors, encode, ENCODER, config=settings))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


@pytest.fixture(scope="module")
def stocked(make_encoder, make_shop, tmp_path_factory):
    """The shop of the tests with its index, built once; tests take copies."""
    folder = tmp_path_factory.mktemp("stocked")
    shop = make_shop(folder)
    opened = open_index(folder / "index", shop.catalogue, shop.vectors, make_encoder(), ENCODER)
    assert opened.settle()
    opened.close()
    shop.close()
    return folder


@pytest.fixture(scope="module")
def answering(stocked, make_encoder, tmp_path_factory):
    """An index that is only asked, over a shop like that of every test."""
    folder = shutil.copytree(stocked, tmp_path_factory.mktemp("asked") / "data")
    shop = Shop.open(folder)
    opened = open_index(folder / "index", shop.catalogue, shop.vectors, make_encoder(), ENCODER)
    assert opened.settle()
    yield opened
    opened.close()
    shop.close()


def folders(tmp_path):
    return [path for path in (tmp_path / "index").iterdir() if path.is_dir()]


class TestExact(RetrieverContract):
    @pytest.fixture
    def index(self, shop, encode):
        return ExactIndex(shop.catalogue, shop.vectors, encode, ENCODER)


class TestChroma(RetrieverContract):
    @pytest.fixture
    def index(self, answering):
        return answering

    @pytest.fixture
    def following(self, open_it):
        opened = open_it()
        assert opened.settle()
        return opened


class TestFolder:
    def test_answers_exactly_before_the_folder_is_ready(self, open_it, encode):
        assert open_it().query(encode(["Red linen dress 0"])[0], None, 1)[0][0] == "p0"

    def test_a_second_start_uses_the_first_ones_folder_and_vectors(self, open_it, encode, tmp_path):
        first = open_it()
        first.settle()
        first.close()
        (built,), embedded = folders(tmp_path), encode.texts
        second = open_it()
        assert second.settle()
        assert folders(tmp_path) == [built]
        assert encode.texts == embedded

    def test_whoever_comes_second_searches_exactly(self, open_it, shop, encode):
        assert isinstance(open_it(), ChromaIndex)
        second = open_it()
        assert isinstance(second, ExactIndex)
        assert second.query(encode(["Red linen dress 0"])[0], None, 1)[0][0] == "p0"

    def test_a_folder_as_it_was_left_is_not_checked_again(self, stocked, open_it, tmp_path):
        shutil.copytree(stocked / "index", tmp_path / "index")
        (folder,) = folders(tmp_path)
        assert as_left(folder)
        _expect_another_count(folder, noted=True)  # a check would refuse it
        opened = open_it()
        assert opened.settle()
        assert folders(tmp_path) == [folder]
        assert not as_left(folder), "in use: whoever dies now leaves a folder that is to be checked"
        opened.close()
        assert as_left(folder)

    @pytest.mark.long
    def test_a_folder_that_was_touched_since_is_checked(self, stocked, open_it, tmp_path):
        shutil.copytree(stocked / "index", tmp_path / "index")
        (folder,) = folders(tmp_path)
        _expect_another_count(folder, noted=False)
        assert open_it().settle()
        assert folders(tmp_path) != [folder]

    @pytest.mark.long
    def test_a_folder_that_another_chroma_left_is_checked(self, stocked, open_it, tmp_path):
        shutil.copytree(stocked / "index", tmp_path / "index")
        (folder,) = folders(tmp_path)
        _expect_another_count(folder, noted=True)
        note = folder / "left.json"
        note.write_text(note.read_text().replace('"chroma": "', '"chroma": "0.'))
        assert open_it().settle()
        assert folders(tmp_path) != [folder]

    @pytest.mark.long
    @pytest.mark.parametrize("damage", ["garbage", "truncated", "gone", "unfinished"])
    def test_a_broken_folder_is_built_anew(self, stocked, index, open_it, tmp_path, encode, damage):
        shutil.copytree(stocked / "index", tmp_path / "index")
        (folder,) = folders(tmp_path)
        assert finished_version(folder) == index.version
        _break(folder, damage)
        second = open_it()
        assert second.settle()
        assert second.query(encode(["Red linen dress 0"])[0], None, 1)[0][0] == "p0"
        assert folders(tmp_path) != [folder]

    def test_a_pointer_out_of_the_folder_is_not_followed(self, open_it, tmp_path):
        (tmp_path / "index").mkdir()
        (tmp_path / "index" / "current").write_text("../../etc")
        assert open_it().settle()

    @pytest.mark.long
    def test_many_changes_make_a_new_folder_and_remove_the_old(self, open_it, shop, tmp_path, make_product):
        opened = open_it(drift=5)
        opened.settle()
        (old,) = folders(tmp_path)
        shop.catalogue.upsert([make_product(f"n{i}", title=f"novelty number {i}") for i in range(20)])
        opened.refresh(shop.catalogue)
        assert opened.settle()
        (new,) = folders(tmp_path)
        assert new != old
        assert finished_version(new) == opened.version

    def test_filters_that_leave_little_are_answered_in_full(self, open_it, encode):
        opened = open_it(exact_up_to=0, looked_at=1_000)
        opened.settle()
        allowed = {f"p{i}" for i in range(0, 72, 3)}
        question = encode(["black leather boots"])[0]
        found = opened.query(question, allowed, 20)
        assert len(found) == 20
        assert {id for id, _ in found} <= allowed

    def test_an_index_that_fails_in_mid_flight_is_replaced_by_exact_search(self, open_it, encode, caplog):
        opened = open_it()
        opened.settle()
        opened._served.folder.close()
        assert opened.query(encode(["Red linen dress 0"])[0], None, 1)[0][0] == "p0"
        assert not opened.approximate

    def test_an_empty_catalogue_has_an_index_too(self, open_it, shop, encode):
        shop.catalogue.upsert([], replace=True)
        opened = open_it()
        opened.settle()
        assert opened.query(encode(["dress"])[0], None, 5) == []


class TestBuilding:
    def test_a_snapshot_of_another_order_has_the_same_version(self, shop, index):
        snapshot = followed(empty_snapshot(ENCODER), shop.catalogue, shop.vectors, None)[0]
        assert snapshot.version == index.version
        assert index.version.startswith(ENCODER)

    @pytest.mark.long
    def test_the_check_notices_missing_vectors(self, shop, index, tmp_path):
        path = build(tmp_path / "index", followed(empty_snapshot(ENCODER), shop.catalogue, shop.vectors, None)[0])
        manifest = (path / "manifest.json").read_text().replace('"count": 72', '"count": 73')
        (path / "manifest.json").write_text(manifest)
        with pytest.raises(BrokenIndexError, match="72 vectors in place of 73"):
            check(path)

    def test_what_cannot_be_built_leaves_nothing_behind(self, shop, index, tmp_path):
        snapshot = followed(empty_snapshot(ENCODER), shop.catalogue, shop.vectors, None)[0]
        snapshot.__dict__["matrix"] = np.full((72, 3), np.nan, np.float32)[:, :2]
        with pytest.raises(BrokenIndexError):
            build(tmp_path / "index", snapshot)
        assert folders(tmp_path) == []

    def test_the_canary_imports_nothing_of_ours(self):
        code = (
            "import runpy, sys; runpy.run_path(sys.argv[1]);"
            "sys.exit(any(name.startswith('recommender') for name in sys.modules))"
        )
        path = Path(chroma_folder.canary.__file__)
        assert subprocess.run([sys.executable, "-P", "-c", code, str(path)], check=False).returncode == 0

    def test_the_bots_start_does_not_wait_for_chroma(self):
        code = "import recommender.index, sys; sys.exit('chromadb' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _expect_another_count(folder, noted):
    """A manifest that no check lets pass; `noted`, it looks as it was left."""
    manifest = folder / "manifest.json"
    before = manifest.stat()
    manifest.write_text(manifest.read_text().replace('"count": 72', '"count": 73'))
    if noted:
        os.utime(manifest, ns=(before.st_atime_ns, before.st_mtime_ns))


def _break(folder, damage):
    if damage == "unfinished":
        (folder / "manifest.json").unlink()
    for path in folder.rglob("*"):
        if path.is_file() and damage in ("garbage", "truncated") and path.name != "manifest.json":
            path.write_bytes(b"\xff" * 4_000 if damage == "garbage" else path.read_bytes()[:100])
        elif path.is_file() and damage == "gone":
            path.unlink()
