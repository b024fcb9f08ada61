"""The owner's commands: import, check and sync, alone and beside a running bot."""

import asyncio
import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal
from pathlib import Path

import pytest

from bot.cli.main import main
from storage.records import Filters
from storage.shop import Shop
from tests.support.stage import Stage, copy_stocked

CSV = "id,title,price,stock,color\n1,Red silk dress,49.90,5,red\n2,Blue mug,9,0,blue\n3,No price,,1,red\n"


def shopbot(*arguments, folder, expect=0):
    """The command in this process: what it printed, and how it ended as asked."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main([*map(str, arguments), "--data", str(folder)])
    return _as_expected(
        subprocess.CompletedProcess(arguments, ended.value.code, out.getvalue(), err.getvalue()), expect
    )


def beside(*arguments, folder, expect=0):
    """The command in a process of its own, as an owner has it beside a running bot."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *map(str, arguments), "--data", str(folder)],
        capture_output=True,
        text=True,
        timeout=110,
    )
    return _as_expected(done, expect)


def _as_expected(done, expect):
    assert done.returncode == expect, done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def feed(tmp_path):
    path = tmp_path / "feed.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def test_import_reports_what_it_did_and_why_a_row_was_rejected(feed, tmp_path):
    done = shopbot("catalog", "import", feed, folder=tmp_path / "data")
    assert "read 3, added 2, changed 0, unchanged 0, vanished 0, rejected 1" in done.stdout
    assert "line 4: no price (id 3)" in done.stdout
    report = json.loads(shopbot("catalog", "import", feed, "--json", folder=tmp_path / "data").stdout)
    assert (report["unchanged"], report["rejected"][0]["line"]) == (2, 4)


def test_check_writes_nothing(feed, tmp_path):
    done = shopbot("catalog", "check", feed, folder=tmp_path / "data")
    assert "read 3, rejected 1" in done.stdout
    assert not (tmp_path / "data" / "shop.db").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("catalog", "import", "missing.csv"), 1, "missing.csv: No such file or directory"),
        (("catalog", "import"), 2, "Missing argument"),
        (("catalog", "sync", "missing.csv"), 1, "missing.csv"),
        (("catalog", "sync", "missing.csv", "--every", "often"), 1, "is no pace"),
        (("search",), 2, "Give TEXT"),
        (("understand", "x", "--input", "y"), 2, "Give TEXT"),
    ],
)
def test_wrong_use_is_one_clear_sentence(tmp_path, arguments, code, says):
    done = shopbot(*arguments, folder=tmp_path / "data", expect=code)
    assert says in done.stderr


def test_a_shrunken_feed_is_not_believed_when_syncing(tmp_path):
    rows = "\n".join(f"{n},Mug number {n},{n}.00" for n in range(1, 31))
    feed = tmp_path / "feed.csv"
    feed.write_text(f"id,title,price\n{rows}\n", encoding="utf-8")
    shopbot("catalog", "sync", feed, folder=tmp_path / "data")
    feed.write_text("id,title,price\n1,Mug number 1,1.00\n", encoding="utf-8")
    refused = shopbot("catalog", "sync", feed, folder=tmp_path / "data", expect=1)
    assert "nothing was changed" in refused.stderr
    shopbot("catalog", "sync", feed, "--force", folder=tmp_path / "data")
    shop = Shop.open(tmp_path / "data", readonly=True)
    assert shop.catalogue.matching(Filters()) == {"1"}
    shop.close()


@pytest.mark.long
async def test_a_changed_price_shows_on_the_next_card_without_a_restart(stocked_folder, tmp_path):
    folder = copy_stocked(stocked_folder, tmp_path / "data")
    feed = tmp_path / "feed.csv"
    feed.write_text("id,title,price,color\nq1,Quilted unicorn bathrobe,70.00,red\n", encoding="utf-8")
    async with Stage(folder) as stage, await stage.shopper() as ann:
        await asyncio.to_thread(beside, "catalog", "import", feed, folder=folder)
        [_, card] = await ann.says("quilted unicorn bathrobe", expect=2)
        assert "$70.00" in card.text
        syncing = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "catalog", "sync", str(feed)),
            *("--every", "15m", "--force", "--data", str(folder)),
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            await asyncio.wait_for(syncing.stdout.readline(), 60)
            feed.write_text("id,title,price,color\nq1,Quilted unicorn bathrobe,55.50,red\n", encoding="utf-8")
            await asyncio.wait_for(syncing.stdout.readline(), 30)
            [_, card] = await ann.says("quilted unicorn bathrobe", expect=2)
            assert "$55.50" in card.text
        finally:
            syncing.terminate()
            await syncing.wait()
        with stage.shop() as shop:
            [state] = list(shop.feeds.all())
            assert (state.error, state.every, Path(state.source)) == ("", 900.0, feed)
            assert shop.catalogue.get(["q1"])["q1"].price == Decimal("55.50")


@pytest.mark.asyncio(loop_scope="module")
async def test_new_products_are_found_by_meaning_within_seconds(stage, tmp_path):
    feed = tmp_path / "feed.jsonl"
    feed.write_text('{"id": "z1", "title": "Zeppelin shaped teapot", "price": 31}', encoding="utf-8")
    index = (await stage.bot.house.search.ready()).index
    assert not index.vectors(["z1"]).any()
    await asyncio.to_thread(beside, "catalog", "import", feed, folder=stage.folder)
    async with asyncio.timeout(20):
        while not index.vectors(["z1"]).any():
            await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    ("language", "size", "there", "gone"),
    [
        ("en", "S", "Your cart, one piece", "sold out at the moment"),
        ("zh", "S码", "您的购物车，共 1 件", "暂时售罄"),
    ],
)
@pytest.mark.asyncio(loop_scope="module")
async def test_a_size_that_the_next_import_has_none_of_is_sold_out_in_the_cart(
    stage, tmp_path, language, size, there, gone
):
    feed = tmp_path / "feed.jsonl"

    async def imported(stock):
        sizes = [{"sku": "k-s", "size": "S", "stock": stock}, {"sku": "k-m", "size": "M", "stock": 3}]
        row = {"id": "k1", "title": "Quokka printed kimono", "price": 31, "variants": sizes}
        feed.write_text(json.dumps(row), encoding="utf-8")
        await asyncio.to_thread(beside, "catalog", "import", feed, folder=stage.folder)

    await imported(2)
    async with await stage.shopper("Ann", language) as ann:
        page = await ann.says("quokka printed kimono", expect=2)
        await ann.taps("🛒", on=next(seen for seen in page if "Quokka" in seen.text), expect=1)
        await ann.says(size)
        assert there in (await ann.says("/cart"))[0].text
        await imported(0)
        assert gone in (await ann.says("/cart"))[0].text


@pytest.mark.long
@pytest.mark.asyncio(loop_scope="module")
async def test_a_second_bot_on_the_same_folder_is_refused_in_one_sentence(stage):
    refused = await asyncio.to_thread(beside, "run", "--port", "0", folder=stage.folder, expect=1)
    assert "belongs to a running bot" in refused.stderr
