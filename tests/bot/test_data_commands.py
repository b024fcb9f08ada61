"""`shopbot backup`, `restore` and `data` as an owner types them, and the night that makes a backup."""

import shutil

import pytest
from click.testing import CliRunner

from bot.cli.main import shopbot
from bot.lock import FolderLock
from bot.settings import Settings
from bot.upkeep.backups import end_copies, mirror_erasures
from bot.upkeep.night import STEPS
from storage import erased
from storage.backup.disk import BackupError
from storage.backup.manifest import sets_in
from storage.console.database import ConsoleStore
from storage.instants import now
from storage.shop import Shop


@pytest.fixture
def data(tmp_path):
    Shop.open(tmp_path / "data").close()
    return tmp_path / "data"


@pytest.fixture
def backups(tmp_path):
    return tmp_path / "backups"


def run(*arguments):
    ran = CliRunner().invoke(shopbot, [str(each) for each in arguments])
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran


def test_a_backup_is_made_checked_and_restored_from_the_shell(data, backups, tmp_path):
    with FolderLock(data):  # as while the bot runs
        made = run("backup", "--data", data, "--to", backups)
    assert made.exit_code == 0
    assert "checked" in made.output
    checked = run("restore", backups, "--check", "--data", data)
    assert "every file is sound" in checked.output
    assert "shop.db" in checked.output
    restored = run("restore", backups, "--data", tmp_path / "new")
    assert "is restored. Start the bot" in restored.output
    sound = run("data", "check", "--data", tmp_path / "new")
    assert (sound.exit_code, "FAULT" in sound.output) == (0, False), sound.output


def test_what_is_wrong_is_said_in_a_sentence(data, backups, tmp_path):
    with pytest.raises(BackupError, match="--to, or set SHOPBOT_BACKUPS"):
        run("backup", "--data", data)
    with pytest.raises(BackupError, match="no backup"):
        run("restore", tmp_path / "nothing", "--data", tmp_path / "new")
    never = run("data", "check", "--data", data)
    assert never.exit_code == 1
    assert "FAULT backup: there never was one" in never.output


def test_room_of_deleted_rows_is_found_and_given_back(data, backups):
    shop = Shop.open(data)
    for _ in range(300):
        shop.inbox.report("x" * 20_000, "")
    shop.db.execute("DELETE FROM malformed_updates")
    shop.close()
    run("backup", "--data", data, "--to", backups)
    assert "unused: shopbot data compact" in run("data", "check", "--data", data).output
    before = (data / "shop.db").stat().st_size
    assert "shop.db: " in run("data", "compact", "--data", data).output
    assert (data / "shop.db").stat().st_size < before / 4


def test_damage_and_missing_files_are_found(data, backups):
    run("backup", "--data", data, "--to", backups)
    (data / "visitors.key").write_text("no key")
    shop = Shop.open(data)
    shop.db.execute(
        "INSERT INTO cases (user_id, chat_id, language, reason, state, opened_at) VALUES (7, 7, '', '', 'closed', '')"
    )
    shop.db.execute(
        "INSERT INTO case_files (user_id, case_id, name, media, title, size, at) VALUES (7, 1, 'a', '', '', 1, '')"
    )
    shop.close()
    found = run("data", "check", "--data", data)
    assert found.exit_code == 1
    assert "FAULT visitors.key" in found.output
    assert "FAULT case_files: 1 of 1 files" in found.output


def test_the_night_makes_a_backup_and_ends_old_ones_and_copies(data, backups):
    settings = Settings(_env_file=None, data=data, backups=backups)
    with ConsoleStore.open(data) as store:
        said = [STEPS["backup"](settings, store)]
        assert STEPS["backup"](Settings(_env_file=None, data=data), store) == ("no-backup", {})
    assert [code for code, _ in said] == ["backup"]
    (made,) = sets_in(backups)
    old = made.with_name("shopbot-20250101T000000Z")
    shutil.copytree(made, old)
    aside = data / "replaced-20250101T000000Z"
    aside.mkdir()
    assert end_copies(settings, now()) == 2
    assert not old.exists()
    assert not aside.exists()
    assert made.exists()


def test_backups_that_cannot_be_reached_hold_up_no_erasure(data, tmp_path, caplog):
    (tmp_path / "file").write_text("no folder")
    mirror_erasures(data, tmp_path / "file" / "backups")
    assert "not up to date" in caplog.text
    mirror_erasures(data, None)
    assert erased.listed(tmp_path / "file") == set()
