"""Opening the database: what goes wrong is said in one sentence."""

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, nullcontext

import pytest
from sqlite_utils import Database

from storage.database import (
    DatabaseBroken,
    DatabaseError,
    DatabaseLocked,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseOlder,
    _refuse_damaged,
    clear_errors,
    immediate,
    open_database,
)
from storage.shop import Shop


class LostPowerError(Exception):
    pass


def insert_file(db, key):
    db.execute("INSERT INTO files VALUES (?, 'x', '')", [key])


def keys(db):
    return [key for (key,) in db.execute("SELECT key FROM files ORDER BY key")]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "shop.db"


def test_a_new_database_is_durable_and_checks_references(path):
    db = open_database(path)
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert db.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    db.close()


def test_opening_again_keeps_everything(path):
    first = open_database(path)
    insert_file(first, "a")
    first.close()
    again = open_database(path)
    assert keys(again) == ["a"]
    again.close()


def test_a_reader_sees_commits_at_once_and_cannot_write(path):
    writer, reader = open_database(path), open_database(path, readonly=True)
    insert_file(writer, "a")
    assert keys(reader) == ["a"]
    with immediate(writer):
        insert_file(writer, "b")
        assert keys(reader) == ["a"]
    assert keys(reader) == ["a", "b"]
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        insert_file(reader, "c")
    reader.close()
    writer.close()


def test_a_reader_opens_what_no_writer_has_open(path):
    writer = open_database(path)
    insert_file(writer, "a")
    writer.close()
    reader = open_database(path, readonly=True)
    assert keys(reader) == ["a"]
    reader.close()


def test_a_failed_transaction_leaves_nothing(path):
    db = open_database(path)
    with pytest.raises(LostPowerError), immediate(db):
        insert_file(db, "a")
        raise LostPowerError
    assert keys(db) == []
    db.close()


def test_an_inner_failure_leaves_the_outer_transaction_whole(path):
    db = open_database(path)
    with immediate(db):
        insert_file(db, "a")
        with pytest.raises(LostPowerError), immediate(db):
            insert_file(db, "b")
            raise LostPowerError
        insert_file(db, "c")
    assert keys(db) == ["a", "c"]
    db.close()


def test_a_writer_waits_for_its_turn_and_then_says_who_is_in_the_way(path):
    first, second = open_database(path), open_database(path, busy_timeout=0.05)
    with immediate(first), pytest.raises(DatabaseLocked, match="locked by another process"), immediate(second):
        pass
    with immediate(second):
        insert_file(second, "a")
    first.close()
    second.close()


def test_many_threads_open_a_new_database_at_once(path):
    path.parent.mkdir()
    failures = []

    def work(number):
        try:
            db = open_database(path)
            insert_file(db, str(number))
            db.close()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    db = open_database(path)
    assert len(keys(db)) == 6
    db.close()


def test_a_missing_database_cannot_be_read(path):
    with pytest.raises(DatabaseMissing, match="import a catalogue"):
        open_database(path, readonly=True)
    assert not path.exists()


@pytest.mark.parametrize("content", [b"this is no database at all, but long enough to be looked at" * 50, b"SQLite"])
def test_a_file_that_is_no_database_is_called_broken(tmp_path, content):
    path = tmp_path / "shop.db"
    path.write_bytes(content)
    with pytest.raises(DatabaseBroken, match="restore a backup"):
        open_database(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("page", [1, 2, -1])
def test_a_damaged_page_is_called_broken(tmp_path, page):
    shop = Shop.open(tmp_path)
    shop.files.put("a", "b")
    shop.close()
    path = tmp_path / "shop.db"
    pages = bytearray(path.read_bytes())
    start = page * 4096 % len(pages)
    pages[start : start + 4096] = b"\xff" * 4096
    path.write_bytes(pages)
    with pytest.raises(DatabaseBroken, match=r"damaged.*: restore a backup"):
        Shop.open(tmp_path)


def test_a_long_log_is_left_out_of_the_check_at_the_start(tmp_path, make_turn):
    shop = Shop.open(tmp_path)
    shop.transcripts.begin(make_turn())
    shop.files.put("a", "b")
    path = tmp_path / "shop.db"
    _refuse_damaged(shop.db, path, whole=0)
    roots = dict(shop.db.execute("SELECT name, rootpage FROM sqlite_master").fetchall())
    shop.close()
    healthy = path.read_bytes()
    for table, noticed in (("files", True), ("turns", False)):
        start = (roots[table] - 1) * 4096
        path.write_bytes(healthy[:start] + b"\xff" * 4096 + healthy[start + 4096 :])
        db = Database(sqlite3.connect(path))
        met = pytest.raises(DatabaseBroken, match=r"damaged.*: restore a backup") if noticed else nullcontext()
        with met, clear_errors(path):
            _refuse_damaged(db, path, whole=0)
        db.close()


def test_what_was_committed_outlives_a_killed_process(tmp_path):
    program = (
        "import sys; from pathlib import Path; from storage.shop import Shop\n"
        "shop = Shop.open(Path(sys.argv[1]))\n"
        "for number in range(10**6): shop.files.put(str(number), 'x'); print(number, flush=True)"
    )
    writer = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    with writer:
        for _ in range(20):
            last = writer.stdout.readline().strip()
        writer.kill()
    with closing(Shop.open(tmp_path)) as shop:
        assert all(shop.files.get(str(number)) for number in range(int(last) + 1))
        assert shop.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_database_of_another_program_is_left_alone(tmp_path):
    path = tmp_path / "shop.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE customers (name TEXT)")
    other.close()
    with pytest.raises(DatabaseBroken, match="another program"):
        open_database(path)


def test_a_newer_layout_is_refused(path):
    db = open_database(path)
    db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('shop', 'm999_future', '')")
    db.close()
    for readonly in (False, True):
        with pytest.raises(DatabaseNewer, match="update the program"):
            open_database(path, readonly=readonly)


def test_a_reader_does_not_bring_an_older_layout_up_to_date(path):
    db = open_database(path)
    db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm003_door'")
    db.close()
    with pytest.raises(DatabaseOlder, match="start the bot once"):
        open_database(path, readonly=True)


def test_a_folder_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / "shop.db").mkdir()
    with pytest.raises(DatabaseError, match="cannot be opened"):
        open_database(tmp_path / "shop.db")


def test_a_shop_stays_in_its_thread(shop):
    caught = []

    def work():
        try:
            shop.files.get("a")
        except sqlite3.ProgrammingError as error:
            caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert caught
