"""A clock that stands a year ahead or behind between two starts. None is turned here: every date on the disk is moved
the other way, which is the same to whoever reads it.
"""

import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from bot.cli.main import shopbot
from bot.settings import Settings
from bot.upkeep.backups import back_up, end_copies
from bot.upkeep.clock_doubt import LEAP, believe, clock_doubt
from storage.backup.manifest import sets_in
from storage.console.database import ConsoleStore
from storage.shop import Shop
from tests.support.figures import Talk
from tests.support.stage import Stage, copy_stocked

DAY = timedelta(days=1)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def moved(folder, by):
    """Every instant of both databases, `by` later."""
    for name in ("shop.db", "console.db"):
        if not (folder / name).is_file():
            continue
        with closing(sqlite3.connect(folder / name)) as db:
            db.create_function("moved", 1, lambda text: _moved(text, by), deterministic=True)
            for table, column in _instants(db):
                db.execute(f"UPDATE [{table}] SET [{column}] = moved([{column}])")
            db.commit()


def _moved(text, by):
    found = _INSTANT.match(text)
    return (datetime.fromisoformat(found[0]) + by).isoformat() + text[found.end() :]


def _instants(db):
    """The columns that hold nothing but instants."""
    for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"):
        if table == "audit" or table.startswith(("sqlite_", "_")):  # that one cannot be changed
            continue
        for _, column, kind, *_ in db.execute(f"PRAGMA table_info([{table}])").fetchall():
            if kind != "TEXT":
                continue
            texts = [text for (text,) in db.execute(f"SELECT [{column}] FROM [{table}] WHERE [{column}] != ''")]
            if texts and all(_INSTANT.match(text) and len(text) < 40 for text in texts):
                yield table, column


def rows(folder):
    with closing(sqlite3.connect(f"file:{folder / 'shop.db'}?mode=ro", uri=True)) as db:
        tables = ("turns", "impressions", "conversations", "updates")
        return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


def run(folder, *words, code):
    done = CliRunner().invoke(shopbot, [*words, "--data", str(folder)])
    assert done.exit_code == code, done.output
    return done


@pytest.fixture
def folder(tmp_path):
    """A shop in which somebody talked today, and two years and a day ago."""
    data = tmp_path / "data"
    Shop.open(data).close()
    with Talk(data) as talk:
        talk.turn("lamp", user=1, cards=2, at=datetime.now(UTC) - 735 * DAY)
        talk.turn("lamp", user=2, cards=2, at=datetime.now(UTC))
    return data


def test_a_year_ahead_removes_nothing_until_somebody_is_sure(folder):
    first = rows(folder)
    run(folder, "retention", code=0)
    there = rows(folder)
    assert there["turns"] == first["turns"] - 1, "its time was over"
    moved(folder, -900 * DAY)
    night = run(folder, "night", code=1)
    assert "Old data could not be removed: The clock says" in night.output
    assert "900 days after the last day that is known" in night.output
    refused = run(folder, "retention", code=1)
    assert "run shopbot retention --sure" in str(refused.exception)
    assert rows(folder) == there
    run(folder, "retention", "--sure", code=0)
    assert rows(folder)["turns"] == 0
    assert clock_doubt(Settings(_env_file=None, data=folder), datetime.now(UTC)) == "", "it is followed again"
    run(folder, "retention", code=0)


def test_a_message_by_telegrams_clock_tells_that_ours_is_right(folder):
    """A shop that was shut for a season: nobody has to say anything once somebody writes."""
    settings, now = Settings(_env_file=None, data=folder), datetime.now(UTC)
    run(folder, "retention", code=0)
    moved(folder, -100 * DAY)
    assert clock_doubt(settings, now)
    with Talk(folder) as talk:
        talk._updates += 100
        talk.turn("lamp", user=3, at=now - timedelta(minutes=1))
    assert clock_doubt(settings, now) == ""
    assert clock_doubt(settings, now + LEAP - DAY) == ""
    assert clock_doubt(settings, now + LEAP + DAY)


def test_a_year_behind_removes_nothing_and_a_new_shop_is_in_no_doubt(folder, tmp_path):
    settings = Settings(_env_file=None, data=folder)
    run(folder, "retention", code=0)
    there = rows(folder)
    moved(folder, 365 * DAY)
    assert clock_doubt(settings, datetime.now(UTC)) == ""
    run(folder, "night", code=0)
    assert rows(folder) == there
    assert clock_doubt(Settings(_env_file=None, data=tmp_path / "new"), datetime.now(UTC)) == ""


def test_a_leap_keeps_the_older_backups(folder, tmp_path):
    backups = tmp_path / "backups"
    settings = Settings(_env_file=None, data=folder, backups=backups)
    [made] = [back_up(settings, backups).taken.folder]
    old = made.with_name("shopbot-20240101T033000Z")
    shutil.copytree(made, old)
    made = made.rename(made.with_name("shopbot-20240201T033000Z"))
    moved(folder, -900 * DAY)
    back_up(settings, backups)
    assert {old, made} <= set(sets_in(backups)), "by this clock their time is over"
    with ConsoleStore.open(folder) as store:
        believe(store, datetime.now(UTC))
    assert end_copies(settings, datetime.now(UTC)) == 2
    assert not {old, made} & set(sets_in(backups))


@pytest.mark.long
@pytest.mark.parametrize(("language", "days"), [("en", 365), ("zh", -365)])
@pytest.mark.asyncio
async def test_talk_and_cart_outlive_a_clock_that_jumps_between_two_starts(stocked_folder, tmp_path, language, days):
    wish, add, cart = {
        "en": ("wireless headphones", "🛒 To cart", "what is in my cart?"),
        "zh": ("蓝牙耳机", "🛒 加购", "看看购物车"),
    }[language]
    folder = copy_stocked(stocked_folder, tmp_path / "data")
    async with Stage(folder, telegram=tmp_path / "telegram") as stage, await stage.shopper("Ann", language) as ann:
        cards = await ann.says(wish, expect=4)
        title = cards[1].text.splitlines()[0]
        await ann.taps(add, on=cards[1])
        await stage.close()
        moved(folder, -days * DAY)
        await stage.open()
        assert title.removeprefix("1. ")[:12] in (await ann.says(cart))[-1].text
        assert len(await ann.says({"en": "in black", "zh": "要黑色的"}[language], expect=4)) >= 3
        with stage.shop() as shop:
            assert next(turn.turn.text for turn in shop.transcripts.history(ann.id, 10)) == wish
