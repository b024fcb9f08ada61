"""One bot to a data folder; whoever only asks about it is never in a bot's way."""

import os
import subprocess
import sys
import threading

import pytest

from bot.lock import FolderBusyError, FolderLock, is_owned

HOLD = "import sys; from pathlib import Path; from bot.lock import FolderLock; FolderLock(Path(sys.argv[1])).acquire();"


def test_a_second_bot_is_told_who_owns_the_folder(tmp_path):
    with FolderLock(tmp_path):
        assert is_owned(tmp_path)
        with pytest.raises(FolderBusyError, match=rf"process {os.getpid()}\): stop it"):
            FolderLock(tmp_path, patience=0.0).acquire()
    assert not is_owned(tmp_path)


def test_a_killed_bot_leaves_no_lock(tmp_path):
    program = [sys.executable, "-c", HOLD + "print('held', flush=True); sys.stdin.read()", str(tmp_path)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as bot:
        assert bot.stdout.readline() == b"held\n"
        assert is_owned(tmp_path)
        bot.kill()
        bot.wait()
        assert not is_owned(tmp_path)


def test_asking_leaves_no_trace(tmp_path):
    assert not is_owned(tmp_path)
    assert list(tmp_path.iterdir()) == []
    with FolderLock(tmp_path):
        pass
    before = (tmp_path / "bot.lock").read_text()
    assert not is_owned(tmp_path)
    assert (tmp_path / "bot.lock").read_text() == before


def test_a_bot_starts_beside_commands_that_keep_asking(tmp_path):
    (tmp_path / "bot.lock").write_text("")
    stop = threading.Event()

    def ask():
        while not stop.is_set():
            is_owned(tmp_path)
            stop.wait(0.001)

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for thread in asking:
        thread.start()
    try:
        for _ in range(20):
            with FolderLock(tmp_path):
                pass
    finally:
        stop.set()
        for thread in asking:
            thread.join()
