"""Long work that a page begins: a command of its own, which goes on when the page, or the console, is gone.

    jobs.start(data, "learn", ["learn", "--share", "0.1"], by="Ann")
    jobs.is_running(data, "learn"), jobs.last_words(data, "learn")

A job holds a lock on a file of its own for as long as it lives, so there is one of each kind at a time, and whoever
asks is told the truth after a kill or a restart.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO

from bot.learn.locks import is_held, taken
from bot.learn.record import FOLDER

_JOBS = "jobs"
_TAIL = 2000


class JobBusyError(Exception):
    """This work is being done already."""


def start(data: Path, name: str, arguments: Sequence[str]) -> None:
    """Begins `shopbot ARGUMENTS --data DATA` beside. Raises JobBusyError, or OSError."""
    with _lock(data, name) as held, _path(data, name, "log").open("wb") as log:
        if held is None:
            raise JobBusyError(f"{name} is going on already.")
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments, "--data", str(data)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[held.fileno()],  # the lock lives as long as the job
        )
    Thread(target=process.wait, daemon=True, name=f"job-{name}").start()  # so that no zombie is left


def is_running(data: Path, name: str) -> bool:
    """Whether it is being done."""
    return is_held(_path(data, name, "lock"))


def last_words(data: Path, name: str) -> str:
    """The last line that the newest job of this kind said; empty where there was none."""
    with suppress(OSError):
        text = _path(data, name, "log").read_bytes()[-_TAIL:].decode(errors="replace")
        lines = [line.strip() for line in text.replace("\r", "\n").splitlines() if line.strip()]
        return lines[-1] if lines else ""
    return ""


@contextmanager
def _lock(data: Path, name: str) -> Iterator[IO[bytes] | None]:
    """The lock of a kind of job, held; None where a job holds it."""
    path = _path(data, name, "lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        yield file if taken(file) else None


def _path(data: Path, name: str, kind: str) -> Path:
    return data / FOLDER / _JOBS / f"{name}.{kind}"
