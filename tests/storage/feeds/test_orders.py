"""A shop's orders from files: grouped by number, columns in either language, bad ones said with their line."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from storage.feeds.orders import read_orders
from storage.feeds.records import FeedError, Rejected
from storage.orders import OrderStatus

NOW = datetime(2026, 11, 27, tzinfo=UTC)
CSV = """order_number,status,placed_at,product_id,title,variant,quantity,unit_price,tracking,code
#48213,In transit,2026-11-20,p1,Linen shirt,M,2,19.90,1Z999,K7QM2-XWD9F
48213,,,p2,Mug,,1,$8,,
48214,delivered,2026-11-01T10:00:00Z,p3,Boots,,1,90,,
48215,lost,2026-11-01,p3,Boots,,1,90,,
48216,paid,2027-11-01,p3,Boots,,1,90,,
48217,paid,2026-11-01,p3,Boots,,0,90,,
48218,paid,2026-11-01,p3,Boots,,1,90,,short
,paid,2026-11-01,p3,Boots,,1,90,,
48219,paid,2026-11-01,,,,,,,
"""


@pytest.fixture
def read(tmp_path):
    def of(text, name="orders.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return list(read_orders(tmp_path / name, now=NOW))

    return of


def test_rows_of_a_number_are_one_order_and_bad_ones_are_said(read):
    found = read(CSV)
    good = [each for each in found if not isinstance(each, Rejected)]
    bad = {each.line: each.reason for each in found if isinstance(each, Rejected)}
    assert [(each.order.number, each.order.status, each.order.total) for each in good] == [
        ("48213", OrderStatus.SHIPPED, Decimal("47.80")),
        ("48214", OrderStatus.DELIVERED, Decimal("90.00")),
    ]
    assert [(line.title, line.quantity) for line in good[0].order.lines] == [("Linen shirt", 2), ("Mug", 1)]
    assert (good[0].code, good[0].order.tracking, good[1].code) == ("K7QM2-XWD9F", "1Z999", "")
    assert set(bad) == {5, 6, 7, 8, 9, 10}
    assert "is none of placed, paid" in bad[5]
    assert "future" in bad[6]
    assert "no order number" in bad[9]


def test_json_lines_and_chinese_columns(read):
    [one] = read(
        '{"number": 7001, "status": "fulfilled", "created_at": "2026-11-20", "total": "30", "items":'
        ' [{"sku": "p1", "name": "T-shirt", "price": 10, "quantity": 3}]}\n',
        "orders.jsonl",
    )
    assert (one.order.number, one.order.status, one.order.lines[0].quantity) == ("7001", "shipped", 3)
    [two] = read("订单号,状态,下单时间,商品名称,单价,币种\nA-1,已签收,2026-11-02,马克杯,59,CNY\n")
    assert (two.order.status, two.order.currency, two.order.total) == ("delivered", "CNY", Decimal("59.00"))


def test_a_file_of_something_else_is_refused_whole(read):
    with pytest.raises(FeedError, match="no column for status, placed_at"):
        read("order_number,colour\n1,red\n")
    with pytest.raises(FeedError, match="is empty"):
        read("")
