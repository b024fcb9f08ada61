"""Files and folders appear whole or not at all, whatever happens in the middle."""

import resource
import signal
import subprocess
import sys

import pytest

from nlu.whole import sweep, write_folder, write_whole

KILLED = """
import os, signal, sys
from pathlib import Path
from nlu.whole import write_folder

class Files(dict):
    def items(self):
        yield "one", b"new"
        os.kill(os.getpid(), signal.SIGKILL)

write_folder(Path(sys.argv[1]), Files())
"""


@pytest.fixture
def full_disk():
    """No file may grow beyond ten thousand bytes."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, old[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, old)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_file_is_replaced_as_a_whole(tmp_path):
    write_whole(tmp_path / "deep" / "file", b"old")
    write_whole(tmp_path / "deep" / "file", b"new")
    assert contents(tmp_path / "deep") == {"file": b"new"}


def test_a_folder_is_replaced_as_a_whole(tmp_path):
    write_folder(tmp_path / "model", {"one": b"old", "gone": b""})
    write_folder(tmp_path / "model", {"one": b"new", "two": b"2"})
    assert contents(tmp_path / "model") == {"one": b"new", "two": b"2"}
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_a_full_disk_leaves_the_old_ones(tmp_path, full_disk):
    write_whole(tmp_path / "file", b"old")
    write_folder(tmp_path / "model", {"one": b"old"})
    with pytest.raises(OSError):
        write_whole(tmp_path / "file", b"x" * 20_000)
    with pytest.raises(OSError):
        write_folder(tmp_path / "model", {"one": b"new", "two": b"x" * 20_000})
    assert (tmp_path / "file").read_bytes() == b"old"
    assert contents(tmp_path / "model") == {"one": b"old"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "model"]


def test_a_kill_in_the_middle_leaves_the_old_folder_and_a_rest_that_is_swept(tmp_path):
    write_folder(tmp_path / "model", {"one": b"old"})
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "model")], timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert contents(tmp_path / "model") == {"one": b"old"}
    assert len(list(tmp_path.iterdir())) == 2
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
