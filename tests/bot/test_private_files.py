"""What lies in the data folder is for the account that runs the bot, and for nobody else on the machine."""

import os
import socket
import stat
import subprocess
import sys

import pytest

from bot.private_files import close_to_others


def open_to_others(folder):
    paths = [folder, *folder.rglob("*")]
    return sorted(
        str(path.relative_to(folder)) for path in paths if path.lstat().st_mode & 0o077 and not path.is_symlink()
    )


@pytest.fixture(params=[0o000, 0o022], ids=["umask 000", "umask 022"])
def mask(request):
    """What the shell of whoever starts it allows."""
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.long
def test_a_command_makes_files_for_its_owner_alone(tmp_path, mask):
    feed = tmp_path / "feed.csv"
    feed.write_text("id,title,price\n1,Mug,5.00\n", encoding="utf-8")
    data = tmp_path / "data"
    subprocess.run(
        [sys.executable, "-m", "bot", "catalog", "import", str(feed), "--data", str(data)],
        check=True,
        capture_output=True,
    )
    assert (data / "shop.db").is_file()
    assert open_to_others(data) == []


def test_a_folder_from_before_is_closed_and_works_on(tmp_path, mask):
    data = tmp_path / "data"
    (data / "case_files").mkdir(parents=True)
    for name in ("shop.db", "case_files/aa", "visitors.key", "run.sh"):
        (data / name).write_bytes(b"x")
    (data / "run.sh").chmod(0o755)
    outside = tmp_path / "outside"
    outside.write_bytes(b"x")
    outside.chmod(0o644)
    (data / "link").symlink_to(outside)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(data / "bot.sock"))
        assert close_to_others(data) >= 5
    assert open_to_others(data) == []
    assert stat.S_IMODE((data / "run.sh").stat().st_mode) == 0o700
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644, "what a link points to is not ours"
    assert close_to_others(data) == 0
    assert (data / "shop.db").read_bytes() == b"x"


async def test_the_control_socket_opens_for_its_owner_alone(tmp_path):
    from bot.desks.control import ControlServer

    async def nothing(*_):
        return None

    server = ControlServer(tmp_path, nothing, nothing, nothing, nothing)
    await server.start()
    try:
        assert stat.S_IMODE((tmp_path / "bot.sock").stat().st_mode) == 0o600
    finally:
        await server.stop()
