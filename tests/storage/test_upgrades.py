"""Every layout that this program ever had is brought up to today's: nothing lost, nothing different from a new one.

The old databases lie in schemas/, made from the history by `python -m tests.storage.schemas.make`.
"""

import json
import lzma
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlite_utils import Migrations

from bot.cli.main import shopbot
from storage import database
from storage.console.database import CONSOLE, ConsoleStore
from storage.console.migrations import migrations as console_steps
from storage.database import SHOP, DatabaseNewer, DatabaseOlder, Layout, UpgradeFailed, open_database
from storage.migrations import migrations as shop_steps
from storage.records import Filters
from storage.shop import Shop
from storage.upgrading import copies

OLD = sorted((Path(__file__).parent / "schemas").glob("*.db.xz"))
LAYOUTS = {"shop": SHOP, "console": CONSOLE}
REBUILT = {"tastes", "_sqlite_migrations", "figure_days", "catalogue_state"}
"""Tables whose rows are made anew by a step, or count what was done."""


def unpack(packed, folder):
    """An old database under its name in a data folder."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{packed.name.split('-')[0]}.db"
    path.write_bytes(lzma.decompress(packed.read_bytes()))
    return path


def schema(path):
    """What stands in the schema, without what depends on when a column came."""
    with closing(sqlite3.connect(path)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {
            table: sorted(column[1:6] for column in db.execute(f'PRAGMA table_info("{table}")').fetchall())
            for table in tables
        }
        refers = {
            table: sorted(each[2:] for each in db.execute(f'PRAGMA foreign_key_list("{table}")').fetchall())
            for table in tables
        }
        others = sorted(
            (kind, name, re.sub(r"\s+", " ", sql or ""))
            for kind, name, sql in db.execute("SELECT type, name, sql FROM sqlite_master WHERE type != 'table'")
        )
        checks = {
            name: sorted(
                re.findall(r"CHECK \([^()]*(?:\([^()]*\))?[^()]*\)|UNIQUE \([^()]*\)|STRICT|WITHOUT ROWID", sql or "")
            )
            for name, sql in db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        }
    return columns, refers, others, checks


def content(path):
    """Rows of every table that is no index, each a dict of its columns."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        names = [
            name
            for name, sql in db.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            )
            if sql and "VIRTUAL" not in sql and not name.startswith(("product_text_", "turn_text_"))
        ]
        return {name: [dict(row) for row in db.execute(f'SELECT * FROM "{name}"')] for name in names}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fresh")
    for kind, layout in LAYOUTS.items():
        open_database(folder / f"{kind}.db", layout=layout).close()
    return {kind: schema(folder / f"{kind}.db") for kind in LAYOUTS}


def test_there_is_an_old_database_of_every_layout():
    """A step that was released needs one: make it with the command above."""
    names = {path.name.removesuffix(".db.xz") for path in OLD}
    assert len(names) >= 30
    for kind, steps in (("shop", shop_steps), ("console", console_steps)):
        numbers = [int(name.split("-")[1]) for name in names if name.startswith(kind)]
        assert max(numbers) >= len(steps._migrations) - 3, f"{kind}: the newest old layout is too old"


@pytest.mark.parametrize("packed", OLD, ids=lambda path: path.name.removesuffix(".db.xz"))
def test_an_old_database_is_brought_up_to_date_with_all_its_rows(packed, fresh, tmp_path):
    path, kind = unpack(packed, tmp_path), packed.name.split("-")[0]
    before = content(path)
    assert {name for name, rows in before.items() if not rows} <= {"sweeping"}, "every table has rows"
    db = open_database(path, layout=LAYOUTS[kind])
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()
    assert schema(path) == fresh[kind]
    after = content(path)
    for table in before.keys() & after.keys() - REBUILT:
        columns = [name for name in (before[table] or [{}])[0] if name in (after[table] or [{}])[0]]
        kept = [[row[name] for name in columns] for row in after[table]]
        assert all([row[name] for name in columns] in kept for row in before[table]), table
    steps = {"shop": shop_steps, "console": console_steps}[kind]._migrations
    pending = len(before["_sqlite_migrations"]) < len(steps)
    assert bool(copies(tmp_path)) == pending, "a copy is kept before the first change, and only then"
    for copy in copies(tmp_path):
        assert content(copy) == before
        assert copy.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("packed", [path for path in OLD if path.name.startswith("shop")], ids=lambda path: path.name)
def test_words_are_found_in_an_upgraded_shop(packed, tmp_path):
    unpack(packed, tmp_path)
    with closing(Shop.open(tmp_path)) as shop:
        found = shop.db.execute("SELECT rowid FROM product_text WHERE product_text MATCH 'dress'").fetchall()
        assert found == [(1,)]
        assert shop.catalogue.search("red dress", Filters(), 3)
        talk = shop.db.execute("SELECT count(*) FROM turn_text WHERE turn_text MATCH 'dress'").fetchone()
        assert talk[0] >= 1


@pytest.mark.parametrize("packed", [OLD[-2], OLD[8]], ids=lambda path: path.name)
def test_commands_say_what_to_do_with_an_old_folder_and_bring_it_up_to_date(packed, tmp_path):
    unpack(packed, tmp_path)
    with pytest.raises(DatabaseOlder, match="start the bot once"):
        Shop.open(tmp_path, readonly=True)
    first = CliRunner().invoke(shopbot, ["data", "upgrade", "--data", str(tmp_path)])
    assert first.exit_code == 0, first.output
    assert shop_steps._migrations[-1].name in first.output
    again = CliRunner().invoke(shopbot, ["data", "upgrade", "--data", str(tmp_path)])
    assert "shop.db: up to date" in again.output
    Shop.open(tmp_path, readonly=True).close()


def test_a_step_that_fails_leaves_the_database_as_it_was(tmp_path):
    (packed,) = [path for path in OLD if path.name.startswith("shop-15")]
    path = unpack(packed, tmp_path)
    before = content(path)
    steps = Migrations("shop")
    for step in shop_steps._migrations:
        steps(name=step.name)(step.fn)

    @steps()
    def m900_wrong(db):
        """Works at first, and then meets a row that it does not expect."""
        db.execute("DELETE FROM impressions")
        db.execute("CREATE UNIQUE INDEX turns_by_said ON turns (source)")

    with pytest.raises(UpgradeFailed, match="It is as it was"):
        open_database(path, layout=Layout(steps, SHOP.application_id))
    assert content(path) == before
    open_database(path).close()
    assert len(content(path)["impressions"]) == len(before["impressions"])


def test_a_newer_database_is_refused_in_a_sentence(tmp_path):
    with closing(Shop.open(tmp_path)) as shop:
        shop.db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('shop', 'm999', '')")
    for readonly in (False, True):
        with pytest.raises(DatabaseNewer, match="update the program"):
            Shop.open(tmp_path, readonly=readonly)
    ran = CliRunner().invoke(shopbot, ["data", "check", "--data", str(tmp_path)])
    assert isinstance(ran.exception, DatabaseNewer)
    assert database.DatabaseNewer is DatabaseNewer


def test_a_console_of_old_keeps_its_labels_and_people(tmp_path):
    for packed in OLD:
        if packed.name.startswith(("console-02", "shop-11")):
            unpack(packed, tmp_path)
    Shop.open(tmp_path).close()
    with ConsoleStore.open(tmp_path) as store:
        assert len(store.staff.all()) == 3
        assert store.db.execute("SELECT count(*) FROM labels").fetchone()[0] == 3
        assert json.loads(store.db.execute("SELECT slots FROM labels").fetchone()[0]) == []
