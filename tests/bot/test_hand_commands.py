"""The owner's rules from the shell: added, listed, taken away, carried in a table; a running bot follows."""

import asyncio
import json

import pytest

from storage.records import SlotName
from storage.shop import Shop
from tests.bot.test_catalog_commands import beside, shopbot


@pytest.fixture
def hand(tmp_path):
    """`hand("list")`: the command on an empty shop; what it printed."""
    Shop.open(tmp_path / "data").close()

    def run(*arguments, expect=0):
        done = shopbot("hand", *arguments, folder=tmp_path / "data", expect=expect)
        return done.stdout if expect == 0 else done.stderr

    return run


def test_rules_are_added_listed_and_taken_away(hand):
    hand("add", "pin", "p1", "--place", "2", "--category", "连衣裙", "--from", "2026-12-01", "--to", "2099-12-24")
    hand("add", "boost", "brand:Larkhill", "--factor", "1.5", "--query", "red dress", "--note", "margin")
    hand("add", "synonym", "老爹鞋", "运动鞋", "--one-way")
    assert "there already" in hand("add", "synonym", "老爹鞋", "运动鞋", "--one-way")
    listed = [line.strip() for line in hand("list").splitlines()]
    assert listed[0].startswith("1")
    assert "pin product:p1 to place 2 in dresses from 2026-12-01 until before 2099-12-25" in listed[0]
    assert listed[1:] == [
        '2  boost brand:larkhill by 1.5 for "red dress"  (margin)',
        "3  synonym 老爹鞋 > 运动鞋",
    ]
    assert "removed 1 of 2" in hand("remove", "2", "9")
    assert [rule["id"] for rule in json.loads(hand("list", "--json"))] == [1, 3]
    hand("remove", "9", expect=1)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("add", "boost", "brand:x", "--factor", "9"), 1, "at most"),
        (("add", "hide", "shelf:x"), 1, "is none of"),
        (("add", "pin", "brand:x"), 1, "one product"),
        (("add", "pin", "x", "--place", "0"), 2, "--place"),
        (("add", "hide", "x", "--from", "soon"), 2, "soon"),
        (("add", "hide", "x", "--from", "2026-02-02", "--to", "2026-02-01"), 1, "before it begins"),
        (("import", "missing.tsv"), 1, "No such file"),
    ],
)
def test_wrong_use_is_one_clear_sentence(hand, arguments, code, says):
    assert says in hand(*arguments, expect=code)
    assert "No rules yet" in hand("list")


def test_a_table_goes_out_and_comes_back(hand, tmp_path):
    hand("add", "bury", "category:boots", "--to", "2099-01-31")
    hand("add", "synonym", "kicks", "sneakers")
    path = tmp_path / "rules.tsv"
    assert "wrote 2 rules" in hand("export", path)
    assert "added 0, known 2" in hand("import", path)
    table = path.read_text(encoding="utf-8").splitlines()
    assert table[1].split("\t")[:6] == ["bury", "category:boots", "", "yes", "0", "0.7"]
    path.write_text("\n".join([*table[:2], "dance\tx", "hide\tproduct:p7", ""]), encoding="utf-8")
    done = hand("import", path, "--replace")
    assert "read 3, added 1, known 1, removed 1, rejected 1" in done
    assert "line 3: 'dance' is none of" in done
    assert {rule["subject"] for rule in json.loads(hand("list", "--json"))} == {"category:boots", "product:p7"}


def test_another_table_is_refused(hand, tmp_path):
    path = tmp_path / "rules.tsv"
    path.write_text("id,title\n1,Mug\n", encoding="utf-8")
    assert "needs a header line" in hand("import", path, expect=1)


@pytest.mark.long
@pytest.mark.asyncio(loop_scope="module")
async def test_a_running_bot_follows_pins_and_synonyms(stage):
    async with await stage.shopper() as ann:
        [_, first, *_] = await ann.says("a mug", expect=4)
        with stage.shop() as shop:
            mugs = [
                id for id, p in shop.catalogue.get(shop.catalogue.ids()).items() if "mugs" in p.categories and p.stock
            ]
            wanted = next(id for id in mugs if shop.catalogue.get([id])[id].title not in first.text)
            title = shop.catalogue.get([wanted])[wanted].title
        await asyncio.to_thread(beside, "hand", "add", "pin", wanted, "--category", "mugs", folder=stage.folder)
        await ann.says("/reset", expect=1)
        [_, first, *_] = await ann.says("a mug", expect=4)
        assert title in first.text
        await asyncio.to_thread(beside, "hand", "add", "synonym", "slurper", "mug", folder=stage.folder)
        async with asyncio.timeout(30):
            while "slurper" not in stage.bot.house.words.current.by_value[SlotName.CATEGORY, "mugs"].en:
                await asyncio.sleep(0.1)
