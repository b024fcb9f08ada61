"""The exposure report: every card counted once in each table, from the log as it is."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exposure import exposure_report, gini
from storage.exposure import Showing
from storage.records import Feedback, Need, Product, Reaction, Recommendation, Slate, Turn
from storage.shop import Shop
from tests.bot.test_catalog_commands import shopbot

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def product(id, **facts):
    fields = {"category": "boots", "brand": "Larkhill", "created_at": AT - timedelta(days=400)}
    return Product(id, f"Thing {id}", Decimal(9), "USD", **(fields | facts))


@pytest.fixture
def logged(tmp_path):
    """Two shoppers, one of a campaign, each with a page of a pinned, an organic and a paid card."""
    folder = tmp_path / "data"
    shop = Shop.open(folder)
    products = [product("a", category="=mugs"), product("b"), product("c", brand="", sponsored=True), product("d")]
    shop.catalogue.upsert(products)
    marks = ({"pinned": 1.0, "rule:3": 1.0}, {"rule:4": 1.3}, {"sponsored": 1.0})
    items = tuple(
        Recommendation(each, place, 0.5, {"x": 1.0} | mark, {"x": 0.5})
        for place, (each, mark) in enumerate(zip(products, marks, strict=False), start=1)
    )
    items += (Recommendation(products[3], 0, 0.1, {"x": 1.0}, {"x": 0.1}),)
    for user in (1, 2):
        shop.shoppers.see(user, "en", AT)
        turn = shop.transcripts.begin(Turn(user, user, user, "boots", AT))
        slate = Slate(items, "i", "thompson", 1, 0, 4)
        shown = shop.transcripts.finish(
            turn.id, understanding=None, need=Need(), slate=slate, reply="{}", timings={}, versions={}, degraded=False
        )
        shop.feedback.add(Feedback(shown[1].id, user, Reaction.LIKE, AT))
    shop.feedback.add(Feedback(shown[1].id, 2, Reaction.CART, AT))
    shop.feedback.add(Feedback(shown[2].id, 2, Reaction.DISLIKE, AT))
    shop.shoppers.set_start_payload(2, "ref_spring")
    shop.close()
    return folder


def report(folder, *arguments):
    return json.loads(_printed("report", "exposure", "--json", *arguments, folder=folder))


def _printed(*arguments, folder):
    return shopbot(*arguments, folder=folder).stdout


def test_each_card_counts_once_in_each_table(logged):
    found = report(logged)
    assert found["total"] | {"rate": 0} == {
        **{"shown": 6, "first": 2, "clicks": 2, "carts": 1, "orders": 0, "refused": 1, "rate": 0},
    }
    for dimension in ("place", "category", "brand", "campaign", "age"):
        assert sum(line["shown"] for line in found[dimension].values()) == 6
    assert {place: line["shown"] for place, line in found["place"].items()} == {
        "pinned": 2,
        "boosted": 2,
        "sponsored": 2,
    }
    assert {name: line["clicks"] for name, line in found["campaign"].items()} == {"(none)": 1, "ref_spring": 1}
    assert found["brand"]["(none)"]["refused"] == 1
    assert (found["products"], found["unshown"], found["gini"]) == (3, 1, 0.0)
    assert found["gini_of_the_shop"] == pytest.approx(0.25)


def test_a_kind_of_place_has_a_report_of_its_own(logged):
    found = report(logged, "--place", "sponsored")
    assert (found["total"]["shown"], found["total"]["refused"], list(found["place"])) == (2, 1, ["sponsored"])


def test_days_limit_it_and_words_show_it(logged):
    assert report(logged, "--to", "2026-02-28")["total"]["shown"] == 0
    printed = _printed("report", "exposure", folder=logged)
    assert "6 cards of 3 products, 1 products never shown" in printed
    assert "ref_spring" in printed
    assert "Nothing was shown" in _printed("report", "exposure", "--from", "2099-01-01", folder=logged)


def test_the_table_for_a_spreadsheet_holds_no_formula(logged, tmp_path):
    path = tmp_path / "out.csv"
    _printed("report", "exposure", "--csv", path, folder=logged)
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["value"] for row in rows if row["dimension"] == "category"} == {"'=mugs", "boots"}


@given(st.lists(st.integers(0, 1_000), max_size=40))
def test_gini_lies_between_equal_and_all_to_one(counts):
    assert -1e-9 <= gini(counts) <= max(1 - 1 / max(len(counts), 1), 0) + 1e-9


@pytest.mark.parametrize(("counts", "value"), [([], 0), ([5, 5], 0), ([0, 0, 0, 8], 0.75), ([1, 2, 3, 4], 0.25)])
def test_gini_of_known_counts(counts, value):
    assert gini(counts) == pytest.approx(value)


def test_new_is_as_of_the_showing():
    old = Showing("a", "", "", AT - timedelta(days=20), "", 1, AT, frozenset(), frozenset())
    later = replace(old, shown_at=AT + timedelta(days=40))
    lines = exposure_report([old, later, replace(old, created_at=None)]).lines["age"]
    assert {name: line.shown for name, line in lines.items()} == {"new": 1, "older": 1, "unknown": 1}
    assert 0 <= lines["new"].rate[1] <= lines["new"].rate[2] <= 1
