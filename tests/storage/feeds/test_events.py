"""Event files as shops have them: whose columns, whose kinds, whose clocks."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from storage.feeds.events import read_events
from storage.feeds.records import FeedError, Rejected
from storage.records import Deed

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def read(tmp_path):
    def reading(text, name="events.csv", **options):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return list(read_events(path, str.upper, **({"now": NOW} | options)))

    return reading


def plain(rows):
    return [(each.visitor, each.product_id, each.kind.value, f"{each.at:%m-%d %H:%M}") for each in rows]


@pytest.mark.parametrize(
    "text",
    [
        "visitor,product_id,kind,time\nann,p1,order,2026-05-01T10:00:00Z\n",
        "User ID;SKU;Event Name;Timestamp\nann;p1;Purchase;2026-05-01 10:00:00 +0000\n",
        "用户ID,商品ID,行为,时间\nann,p1,购买,2026/05/01 10:00\n",
        "user_pseudo_id\titem_id\tevent_name\tevent_timestamp\nann\tp1\tpurchase\t1777629600000000\n",
        "user_id,item_id,behavior_type,timestamp\nann,p1,buy,1777629600\n",
        "Email,Lineitem sku,Created at\nann,p1,2026-05-01 18:00:00 +0800\n",
    ],
)
def test_the_columns_are_found_by_their_names(read, text):
    assert plain(read(text)) == [("ANN", "p1", "order", "05-01 10:00")]


def test_a_list_of_items_is_an_event_for_each(read):
    row = {
        "event_name": "add_to_cart",
        "user_pseudo_id": 123.0,
        "event_timestamp": 1777629600000000,
        "items": [{"item_id": "p1"}, {"item_id": 7}, {"item_id": "p1"}, {"name": "no id"}],
    }
    assert plain(read(json.dumps(row), "ga.jsonl")) == [
        ("123", "p1", "cart", "05-01 10:00"),
        ("123", "7", "cart", "05-01 10:00"),
    ]


def test_rows_that_are_none_are_rejected_with_line_and_reason(read):
    rows = read(
        "visitor,product,kind,time\n,p1,view,2026-05-01\nann,,view,2026-05-01\nann,p1,refund,2026-05-01\n"
        "ann,p1,view,yesterday\nann,p1,view,2027-01-01\nann,p1,view,1970-01-02\nann,p1,,2026-05-01\nann,p1,pv,20260501\n"
    )
    assert [(row.line, row.reason) for row in rows if isinstance(row, Rejected)] == [
        (2, "no visitor"),
        (3, "no product"),
        (4, "kind 'refund' is none of view, cart and order"),
        (5, "time 'yesterday' cannot be read"),
        (6, "time '2027-01-01' lies in the future"),
        (7, "time '1970-01-02' lies before 1995"),
        (8, "no kind: name it with --kind view, cart or order"),
    ]
    assert plain(rows[-1:]) == [("ANN", "p1", "view", "05-01 00:00")]


def test_a_time_without_a_zone_is_the_shops_own(read):
    rows = read("visitor,product,time\nann,p1,2026-05-01 18:00\n", zone=ZoneInfo("Asia/Shanghai"), kind=Deed.CART)
    assert plain(rows) == [("ANN", "p1", "cart", "05-01 10:00")]


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "is empty"), ("id,title,price\n1,Mug,9\n", "no column for visitor and product and time")],
)
def test_another_file_is_refused_as_a_whole(read, text, says):
    with pytest.raises(FeedError, match=says):
        read(text)
