"""Titles as letters find the same shared runs as sets of strings do, whatever was kept before."""

import re
import threading
import unicodedata
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.letters import Letters, Titles, shared_runs
from recommender.read_texts import ReadTexts
from recommender.seasons import marks_of
from storage.records import Need

texts = st.text("abc dé-红色连衣裙𠮷ß½", max_size=12) | st.text(max_size=12)


def plainly(text, title):
    """The two shares as they are defined."""
    asked, held = (_spaced(each) for each in (text, title))
    runs, found = ({each[at : at + 3] for at in range(len(each) - 2)} for each in (asked, held))
    shared = len(runs & found)
    return shared / len(runs), shared / max(len(runs) + len(held) - shared, 1)


def _spaced(text):
    return "\n " + re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()) + " "


@given(texts, st.lists(texts, max_size=6))
def test_shares_are_those_of_sets_of_strings(text, titles):
    shares, overlaps = shared_runs(text, Titles.of(titles))
    expected = [plainly(text, title) for title in titles]
    assert shares == pytest.approx([share for share, _ in expected])
    assert overlaps == pytest.approx([overlap for _, overlap in expected])


@given(st.lists(st.tuples(st.integers(1, 5), texts), min_size=1, max_size=40), texts)
def test_what_was_kept_last_counts(changes, text):
    letters = Letters()
    for number, title in changes:
        letters.keep(np.array([number]), [title])
    last = dict(changes)
    found = letters.of(np.array(list(last)))
    for mine, expected in zip(shared_runs(text, found), shared_runs(text, Titles.of(list(last.values()))), strict=True):
        np.testing.assert_array_equal(mine, expected)


class Shelf:
    """Texts that are asked for, and counted."""

    def __init__(self, count):
        self.texts = {n: (f"Summer dress {n}", "连衣裙", f"No {n} for Christmas.", "") for n in range(1, count + 1)}
        self.read = 0

    def of(self, numbers):
        self.read += len(numbers)
        return [self.texts[number] for number in numbers.tolist()]


def test_a_text_is_read_once_and_again_when_its_product_has_changed():
    shelf = Shelf(3)
    read, numbers = ReadTexts(shelf.of), np.array([1, 2, 3])
    for _ in range(2):
        read.marks(numbers, np.array([7, 7, 7]))
        read.titles(numbers, np.array([7, 7, 7]))
    assert shelf.read == 3
    shelf.texts[2] = ("Winter coat", "", "", "")
    assert read.marks(numbers, np.array([7, 8, 7])).tolist() == [marks_of(*shelf.texts[n]) for n in (1, 2, 3)]
    assert shelf.read == 4


def test_whoever_reads_ahead_keeps_nobody_from_asking():
    shelf = Shelf(600)
    read, every = ReadTexts(shelf.of), np.arange(1, 601)
    ahead = threading.Thread(
        target=read.read_ahead, args=([(n, 5, shelf.texts[n]) for n in every.tolist()], lambda: True)
    )
    ahead.start()
    rng = np.random.default_rng(3)
    while ahead.is_alive():
        asked = rng.choice(every, 20, replace=False)
        assert read.marks(asked, np.full(20, 5)).tolist() == [marks_of(*shelf.texts[n]) for n in asked.tolist()]
    ahead.join()
    before = shelf.read
    shares, _ = shared_runs("dress 600", read.titles(every, np.full(600, 5)))
    assert (shelf.read, int(shares.argmax()), read.newest) == (before, 599, 5)


def test_reading_ahead_goes_on_where_it_was_ended():
    shelf, every = Shelf(120), np.arange(1, 121)
    read, going_on = ReadTexts(shelf.of), iter([True, False])
    changes = [(n, 5, shelf.texts[n]) for n in every.tolist()]
    read.read_ahead(changes, lambda: next(going_on))
    assert read.newest < 5, "the rest of that revision is not read yet"
    read.read_ahead([change for change in changes if change[1] > read.newest], lambda: True)
    read.marks(every, np.full(120, 5))
    assert (read.newest, shelf.read) == (5, 0)


def test_a_change_of_the_catalogue_is_read_ahead(shop, recommender, ask):
    recommender.read_ahead(shop.catalogue)
    shop.catalogue.upsert([replace(row, title="Zeppelin") for row in shop.catalogue.get(["p6"]).values()])
    recommender.read_ahead(shop.catalogue)
    (first, *_) = recommender.recommend(ask(Need(query="zeppelin"))).page
    assert first.product.title == "Zeppelin"
