"""Behaviour: each event once, visitors without names, reading grouped for whoever learns from it."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.records import Behaviour, Deed
from storage.visitors import VisitorKey, VisitorKeyError

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def did(visitor, product_id, kind=Deed.VIEW, minutes=0):
    return Behaviour(visitor, product_id, kind, AT + timedelta(minutes=minutes))


def test_an_event_counts_once_however_often_it_is_imported(shop):
    events = [did("a", "p1"), did("a", "p1", minutes=1), did("b", "p1"), did("a", "p1", Deed.CART), did("a", "p1")]
    assert shop.behaviour.add(events) == 4
    revision = shop.behaviour.revision()
    assert shop.behaviour.add(events) == 0
    assert shop.behaviour.revision() == revision
    assert shop.behaviour.sizes() == (4, 2, 1)


def test_events_come_visitor_by_visitor_each_in_time(shop):
    shop.behaviour.add([did("b", "p1", minutes=5), did("a", "p2", minutes=9), did("b", "p3", minutes=1)])
    found = [(visitor, product) for visitor, product, _, _ in shop.behaviour.events()]
    assert found == [("a", "p2"), ("b", "p3"), ("b", "p1")]
    assert [product for _, product, _, _ in shop.behaviour.events(AT + timedelta(minutes=5))] == ["p2", "p1"]


def test_counts_are_of_the_window_its_end_left_out(shop):
    shop.behaviour.add([did("a", "p1", Deed.ORDER), did("b", "p1", Deed.ORDER, 60), did("c", "p1", Deed.VIEW, 30)])
    assert shop.behaviour.counts(AT, AT + timedelta(minutes=60)) == {("p1", "order"): 1, ("p1", "view"): 1}
    assert [(each.day, each.kind, each.count) for each in shop.behaviour.by_day()] == [
        ("2026-03-01", "order", 2),
        ("2026-03-01", "view", 1),
    ]


def test_a_visitor_can_be_forgotten(shop):
    shop.behaviour.add([did("a", "p1"), did("b", "p1")])
    assert shop.behaviour.forget("a") == 1
    assert [visitor for visitor, *_ in shop.behaviour.events()] == ["b"]


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path):
    first, second = VisitorKey.of(tmp_path), VisitorKey.of(tmp_path)
    assert first("customer-42") == second("customer-42") != first("customer-43")
    assert (tmp_path / "visitors.key").stat().st_mode & 0o777 == 0o600
    assert VisitorKey.of(tmp_path / "other")("customer-42") != first("customer-42")


def test_a_damaged_key_is_one_sentence(tmp_path):
    (tmp_path / "visitors.key").write_text("lost", encoding="ascii")
    with pytest.raises(VisitorKeyError, match="restore it"):
        VisitorKey.of(tmp_path)
