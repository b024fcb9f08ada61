"""The owner's events: imported alone and beside a running bot, twice without harm, shown and forgotten."""

import asyncio
import json

import pytest

from storage.shop import Shop
from tests.bot.test_catalog_commands import beside, shopbot

CSV = "visitor,product,kind,time\nann,p1,view,2026-05-01 10:00\nann,p1,order,2026-05-01 10:05\nbob,p9,cart,never\n"


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def test_an_import_reports_and_a_second_changes_nothing(log, tmp_path):
    folder = tmp_path / "data"
    done = shopbot("events", "import", log, folder=folder)
    assert "events 2 (1 views, 0 carts, 1 orders), added 2, known 0, rejected 1" in done.stdout
    assert "events.csv line 4: time 'never' cannot be read" in done.stdout
    again = json.loads(shopbot("events", "import", log, "--json", folder=folder).stdout)
    assert (again["events"], again["added"]) == (2, 0)


def test_what_is_known_is_shown_and_one_visitor_forgotten(log, tmp_path):
    folder = tmp_path / "data"
    shopbot("events", "import", log, folder=folder)
    shown = json.loads(_ended(lambda: shopbot("events", "show", "--json", folder=folder)))
    assert (shown["events"], shown["unknown_products"]) == (2, 1)
    assert shown["days"] == {"2026-05-01": {"view": 1, "order": 1}}
    assert "removed 2 events" in shopbot("events", "forget", "ann", folder=folder).stdout
    shopbot("events", "forget", "ann", folder=folder, expect=1)


def _ended(command):
    return command().stdout


def test_what_is_named_by_the_number_of_a_size_counts_for_its_product(tmp_path):
    folder, feed, orders = tmp_path / "data", tmp_path / "feed.jsonl", tmp_path / "orders.csv"
    sizes = [{"sku": "tee-s", "size": "S", "stock": 1}, {"sku": "tee-m", "size": "M", "stock": 0}]
    feed.write_text(json.dumps({"id": "tee", "title": "Tee", "price": 9, "variants": sizes}), encoding="utf-8")
    shopbot("catalog", "import", feed, folder=folder)
    log = tmp_path / "events.csv"
    log.write_text("visitor,product,kind,time\nann,tee-m,order,2026-05-01\nann,mug,view,2026-05-01\n", encoding="utf-8")
    shopbot("events", "import", log, folder=folder)
    orders.write_text(
        "order_number,status,placed_at,title,price,sku,variant\n48213,shipped,2026-05-01,Tee,9,tee-m,M\n",
        encoding="utf-8",
    )
    shopbot("orders", "import", orders, folder=folder)
    shop = Shop.open(folder, readonly=True)
    assert {product for _, product, *_ in shop.behaviour.events()} == {"tee", "mug"}
    assert [(line.product_id, line.variant) for line in shop.orders.get("48213").lines] == [("tee", "M")]
    shop.close()


def test_no_visitor_is_named_in_the_data_folder(log, tmp_path):
    folder = tmp_path / "data"
    shopbot("events", "import", log, folder=folder)
    shop = Shop.open(folder, readonly=True)
    visitors = {visitor for visitor, *_ in shop.behaviour.events()}
    shop.close()
    assert len(visitors) == 1
    assert all(len(visitor) == 16 and "ann" not in visitor for visitor in visitors)


@pytest.mark.parametrize(
    ("text", "says"), [("id,title\n1,Mug\n", "no column for visitor"), ("", "is empty"), (None, "No such file")]
)
def test_a_file_that_is_none_is_one_sentence(tmp_path, text, says):
    path = tmp_path / "other.csv"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    done = shopbot("events", "import", path, folder=tmp_path / "data", expect=1)
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_beside_a_running_bot_the_bot_writes_them(stage, log):
    done = await asyncio.to_thread(beside, "events", "import", log, folder=stage.folder)
    assert "added 2" in done.stdout
    with stage.shop() as shop:
        assert shop.behaviour.sizes() == (2, 1, 1)
