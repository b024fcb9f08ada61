"""Backups: one instant of everything, whole or not at all, and a folder again from each of them."""

import hashlib
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from storage import erased, forgetting
from storage.backup import switching
from storage.backup.databases import still, tables_of
from storage.backup.disk import BackupError
from storage.backup.manifest import name_of, read_manifest, sets_in
from storage.backup.restoring import check_set, newest_set, restore
from storage.backup.rotation import Rotation, kept, rotate
from storage.backup.taking import take
from storage.case_files import write_file
from storage.cases import CaseReason
from storage.console.database import ConsoleStore
from storage.console.staff import Role
from storage.records import Update
from storage.shop import Shop
from storage.visitors import VisitorKey

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANN, WEI = 7_123_456_789, 8_987_654_321
WORDS = {ANN: "a surprise for Wilhelmina", WEI: "给外婆的惊喜"}


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def shop(data):
    opened = Shop.open(data)
    yield opened
    opened.close()


@pytest.fixture
def lived_in(data, shop, make_product, answer):
    """Two shoppers who talked, one with a file in a case, and a member of staff with a session."""
    products = [make_product(f"p{n}") for n in range(4)]
    shop.catalogue.upsert(products)
    for user in (ANN, WEI):
        answer(products, user_id=user, text=WORDS[user])
        turn = shop.transcripts.history(user, 1)[0].turn
        shop.inbox.add([Update(turn.update_id, user, json.dumps({"text": WORDS[user]}), AT)])
        case, _ = shop.cases.open(user, user, "en", CaseReason.ASKED, AT, turn.id)
        name = write_file(data, WORDS[user].encode())
        shop.case_files.add(user, case.id, name, "text/plain", "note", size=9, at=AT, turn_id=turn.id)
    for name in ("training/set-1/train.jsonl", "models/understander/current.json", "guides/en/lamps.md"):
        (data / name).parent.mkdir(parents=True)
        (data / name).write_text("{}")
    (data / "models" / "encoder.onnx").write_bytes(b"derived")
    (data / "index").mkdir()
    with ConsoleStore.open(data) as store:
        store.staff.add("ana", Role.ADMIN, "en", "x" * 20)
        store.sessions.begin("ana", AT)
    return shop


@pytest.fixture
def backups(tmp_path):
    return tmp_path / "backups"


def hashes(path):
    """A hash of each table's rows, in their order."""
    with still(path) as db:
        return {
            table: hashlib.sha256(repr(db.execute(f'SELECT * FROM "{table}"').fetchall()).encode()).hexdigest()
            for table in tables_of(db)
        }


def test_a_backup_holds_what_cannot_be_derived_and_nothing_else(lived_in, data, backups):
    taken = take(data, backups, "1.0")
    case_files = {f"case_files/{path.name}" for path in (data / "case_files").iterdir()}
    assert set(taken.manifest.files) == case_files | {
        "shop.db",
        "console.db",
        "visitors.key",
        "training/set-1/train.jsonl",
        "models/understander/current.json",
        "guides/en/lamps.md",
    }
    assert check_set(taken.folder) == taken.manifest == read_manifest(taken.folder)
    assert taken.manifest.databases["shop.db"].tables["turns"] == 2
    assert taken.folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in taken.folder.rglob("*") if path.is_file()} == {0o600}
    assert newest_set(backups) == taken.folder


def test_a_restored_folder_is_equal_table_by_table_and_goes_on_with_new_numbers(lived_in, data, backups, tmp_path):
    taken = take(data, backups, "1.0")
    done = restore(taken.folder, tmp_path / "new")
    assert (done.erased_again, done.steps, done.aside) == (0, 0, None)
    assert hashes(tmp_path / "new" / "shop.db") == hashes(taken.folder / "shop.db")
    console = hashes(taken.folder / "console.db")
    assert {name for name, hash in hashes(tmp_path / "new" / "console.db").items() if hash != console[name]} == {
        "sessions"
    }
    again = Shop.open(tmp_path / "new")
    (case,) = again.cases.of(WEI)
    (file,) = again.case_files.of_case(case.id)
    assert again.case_files.content(file).decode() == WORDS[WEI]
    cursor = again.db.execute(
        "INSERT INTO feedback_events (impression_id, user_id, reaction, at) VALUES (1, 7, '', '')"
    )
    assert cursor.lastrowid > 1_000_000, "a button from after the backup must not mean another card"
    again.close()
    assert VisitorKey.of(tmp_path / "new")("ann") == VisitorKey.of(data)("ann")


def test_a_backup_shows_one_instant_while_others_write(lived_in, data, backups):
    stop, written = threading.Event(), []

    def writing():
        shop = Shop.open(data)
        with ConsoleStore.open(data) as store:
            while not stop.is_set():
                with shop.atomic():
                    shop.campaigns.visit(7, "spring", AT)
                    shop.db.execute("INSERT INTO files (key, file_id, at) VALUES (?, '', '')", [f"key {len(written)}"])
                store.audit.add("ana", "test", "", "")
                written.append(1)
        shop.close()

    thread = threading.Thread(target=writing)
    thread.start()
    while len(written) < 5:
        assert thread.is_alive()
    taken = take(data, backups, "1.0")
    stop.set()
    thread.join()
    tables = taken.manifest.databases["shop.db"].tables
    assert tables["files"] == tables["campaign_visits"] >= 5
    audit = taken.manifest.databases["console.db"].tables["audit"]
    assert 0 < audit <= tables["files"], "what the console names is in the shop's copy"


@pytest.mark.parametrize("name", ["shop.db", "visitors.key", "manifest.json"])
def test_a_damaged_set_is_refused_with_the_name_of_the_file(lived_in, data, backups, tmp_path, name):
    folder = take(data, backups, "1.0").folder
    with (folder / name).open("r+b") as file:
        file.seek(30)
        byte = file.read(1)[0]
        file.seek(30)
        file.write(bytes([byte ^ 1]))
    for act in (lambda: check_set(folder), lambda: restore(folder, tmp_path / "new")):
        with pytest.raises(BackupError, match=name):
            act()
    assert not list((tmp_path / "new").glob("*"))


@pytest.mark.parametrize("name", ["../escape", "/etc/escape", "a/../../escape"])
def test_a_manifest_that_leads_out_of_its_folder_is_refused(lived_in, data, backups, tmp_path, name):
    from storage.backup.manifest import _checksum

    folder = take(data, backups, "1.0").folder
    content = json.loads((folder / "manifest.json").read_text())
    content.pop("checksum")
    content["files"][name] = content["files"]["visitors.key"]
    (folder / "manifest.json").write_text(json.dumps({**content, "checksum": _checksum(content)}))
    with pytest.raises(BackupError, match="damaged"):
        restore(folder, tmp_path / "new")


def test_a_missing_file_and_a_newer_layout_are_refused(lived_in, data, backups, tmp_path):
    lived_in.db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('shop', 'm999', '')")
    with pytest.raises(BackupError, match="newer version"):
        restore(take(data, backups, "9.0").folder, tmp_path / "new")
    (set_,) = sets_in(backups)
    (set_ / "visitors.key").unlink()
    lived_in.db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm999'")
    with pytest.raises(BackupError, match="no backup"):
        restore(tmp_path, tmp_path / "new")


def test_what_is_in_the_folder_is_put_aside_only_when_asked(lived_in, data, backups):
    taken = take(data, backups, "1.0")
    lived_in.close()
    with pytest.raises(BackupError, match="--replace"):
        restore(taken.folder, data)
    done = restore(taken.folder, data, replace=True)
    assert (done.aside / "shop.db").is_file()
    assert (done.aside / "guides" / "en" / "lamps.md").is_file()
    assert not (data / "index").exists()
    assert switching.drop_asides(data, datetime.now(UTC) + timedelta(days=1)) == [done.aside]


@pytest.mark.parametrize("moved", [0, 1, 3])
def test_a_switch_that_broke_off_is_finished_by_whoever_comes_next(lived_in, data, backups, moved):
    taken = take(data, backups, "1.0")
    lived_in.close()
    stage = data / switching.STAGE
    shutil.copytree(taken.folder, stage)
    (stage / "manifest.json").unlink()
    switching.begin(data, AT)
    aside = data / f"{switching.ASIDE}20260301T120000Z"
    aside.mkdir()
    for path in sorted(switching.contents(data))[:moved]:
        path.rename(aside / path.name)
    assert switching.finish(data) == aside
    assert hashes(data / "shop.db") == hashes(taken.folder / "shop.db")
    assert (aside / "shop.db").is_file()
    assert switching.finish(data) is None


@pytest.mark.parametrize("user", [ANN, WEI])
def test_the_erased_stay_erased_in_a_backup_from_before(lived_in, data, backups, tmp_path, user):
    other = ANN + WEI - user
    folder = take(data, backups, "1.0").folder
    forgetting.erase(lived_in, user)
    erased.mirror(lived_in, backups)
    lived_in.close()
    assert str(user) not in (backups / erased.FILE).read_text()
    swept = []
    for place, replace in ((tmp_path / "elsewhere", False), (data, True)):
        done = restore(folder, place, replace=replace, swept=swept.append)
        assert done.erased_again == 1
        for path in place.rglob("*"):
            if path.is_file() and not any(part.startswith(switching.ASIDE) for part in path.parts):
                assert WORDS[user].encode() not in path.read_bytes(), path
        shop = Shop.open(place)
        assert [turn.turn.text for turn in shop.transcripts.history(other, 5)] == [WORDS[other]]
        assert not shop.transcripts.history(user, 5)
        shop.close()
    assert len(swept) == 2


def test_who_came_back_after_an_erasure_that_the_backup_knows_stays(lived_in, data, backups, tmp_path, answer):
    forgetting.erase(lived_in, ANN)
    answer([], user_id=ANN, text="here again")
    folder = take(data, backups, "1.0").folder
    erased.mirror(lived_in, backups)
    done = restore(folder, tmp_path / "new")
    assert done.erased_again == 0
    shop = Shop.open(tmp_path / "new")
    assert len(shop.transcripts.history(ANN, 5)) == 1
    shop.close()


def test_a_disk_that_fills_up_leaves_the_older_backup(lived_in, data, backups):
    older = take(data, backups, "1.0").folder
    sizes = {path: path.stat().st_size for path in older.rglob("*")}
    while name_of(datetime.now(UTC)) == older.name:  # a set is named by its second
        time.sleep(0.05)
    script = "\n".join(
        (
            "import sys",
            "from pathlib import Path",
            "from storage.backup.taking import take",
            "take(*map(Path, sys.argv[1:]), '1.0')",
        )
    )
    full = subprocess.run(
        [sys.executable, "-c", script, str(data), str(backups)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)),
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert "older ones are as they were" in full.stderr
    assert {path: path.stat().st_size for path in older.rglob("*")} == sizes
    assert sorted(path.name for path in backups.iterdir()) == [".lock", older.name]


def test_a_damaged_database_is_found_when_it_is_backed_up(lived_in, data, backups):
    lived_in.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    lived_in.close()
    with (data / "shop.db").open("r+b") as file:
        file.seek(40 * 4096)
        file.write(b"\xff" * 4096 * 4)
    with pytest.raises(BackupError, match=r"shop\.db is damaged"):
        take(data, backups, "1.0")
    assert sets_in(backups) == []


def test_a_backup_inside_the_data_folder_or_of_nothing_is_refused(lived_in, data, tmp_path):
    with pytest.raises(BackupError, match="another disk"):
        take(data, data / "backups", "1.0")
    with pytest.raises(BackupError, match="nothing to back up"):
        take(tmp_path / "none", tmp_path / "backups", "1.0")


def test_the_rotation_keeps_days_and_weeks_and_lets_go_of_the_rest():
    now = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
    nightly = [now - timedelta(days=days, hours=0.5) for days in range(120)]
    stay = kept(nightly, Rotation(days=7, weeks=4), now)
    ages = sorted((now - at).days for at in stay)
    assert ages[:7] == list(range(7))
    assert 10 <= len(ages) <= 11
    assert max(now - at for at in stay) <= Rotation(7, 4).longest
    assert kept(nightly[100:], Rotation(7, 4), now) == {nightly[100]}, "the newest stays however old it is"
    # Worked night by night it comes to the same: each week keeps one until its time is over.
    there = set()
    for at in reversed(nightly):
        there = kept([*there, at], Rotation(7, 4), at)
    assert len({at.isocalendar()[:2] for at in there}) >= 4
    assert max(now - at for at in there) <= Rotation(7, 4).longest


def test_rotating_removes_whole_sets(lived_in, data, backups):
    folder = take(data, backups, "1.0").folder
    now = datetime.now(UTC)
    old = folder.with_name(name_of(now - timedelta(days=200)))
    shutil.copytree(folder, old)
    assert rotate(backups, Rotation(7, 4), now) == [old]
    assert sets_in(backups) == [folder]


def test_the_log_is_short_again_after_a_backup(lived_in, data):
    filling = "INSERT INTO malformed_updates (body, error, received_at) VALUES (?, '', '')"
    reader = sqlite3.connect(data / "shop.db")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM turns").fetchone()
    for _ in range(40):
        lived_in.db.execute(filling, ["x" * 2_000_000])
    log = data / "shop.db-wal"
    assert log.stat().st_size > 75_000_000, "kept for who reads"
    reader.close()
    for _ in range(2):
        lived_in.db.execute(filling, ["x" * 5_000_000])
    assert log.stat().st_size <= 70_000_000
