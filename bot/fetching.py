"""Where a synced feed comes from: a local file that is watched, or an address that is asked again."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlparse

LARGEST = 512 * 1024 * 1024
_TIMEOUT_S = 60.0
_WATCH_S = 1.0


class FetchError(Exception):
    """The feed cannot be had now; the message says why."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A feed on disk; `changed` is false when it is the one read last time."""

    path: Path
    changed: bool


class Source:
    """A feed by name; remembers what it read last, so that an unchanged feed costs nothing."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._remote = urlparse(name).scheme in ("http", "https")
        self._stamp: tuple[object, ...] = ()

    @contextmanager
    def fetch(self) -> Iterator[Fetched]:
        """The feed as a file. Raises FetchError; a round that fails is read again next time."""
        if not self._remote:
            stamp = self._file_stamp()
            yield Fetched(Path(self.name), stamp != self._stamp)
            self._stamp = stamp
            return
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / (Path(urlparse(self.name).path).name or "feed")
            stamp = self._download(path)
            yield Fetched(path, bool(stamp) and stamp != self._stamp)
            self._stamp = stamp or self._stamp

    def wait(self, pace: float) -> None:
        """Sleeps for `pace` seconds, or until the local file changes."""
        ends = time.monotonic() + pace
        while time.monotonic() < ends:
            time.sleep(min(_WATCH_S, pace))
            if not self._remote and self._quiet_stamp() not in ((), self._stamp):
                return

    def _quiet_stamp(self) -> tuple[object, ...]:
        try:
            return self._file_stamp()
        except FetchError:
            return ()

    def _file_stamp(self) -> tuple[object, ...]:
        try:
            found = Path(self.name).stat()
        except OSError as error:
            raise FetchError(f"{self.name}: {error.strerror}.") from error
        return (found.st_mtime_ns, found.st_size, found.st_ino)

    def _download(self, path: Path) -> tuple[object, ...]:
        """Stores the body; returns its validators, or () when the server says it has not changed."""
        headers = {"User-Agent": "shopbot"}
        if self._stamp and self._stamp[0]:
            headers["If-None-Match"] = str(self._stamp[0])
        request = urllib.request.Request(self.name, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer, path.open("wb") as file:
                shutil.copyfileobj(_Bounded(answer), file)
                return (
                    answer.headers.get("ETag"),
                    answer.headers.get("Last-Modified"),
                    path.stat().st_size,
                    time.time(),
                )
        except urllib.error.HTTPError as error:
            if error.code == 304:
                return ()
            raise FetchError(f"{self.name} answered {error.code} {error.reason}.") from error
        except (urllib.error.URLError, OSError, ValueError) as error:
            raise FetchError(f"{self.name} cannot be fetched: {getattr(error, 'reason', error)}.") from error


class _Bounded:
    """A reader that stops a feed larger than 512 MB."""

    def __init__(self, answer: object) -> None:
        self._answer, self._left = answer, LARGEST

    def read(self, size: int = -1) -> bytes:
        piece: bytes = self._answer.read(size)  # type: ignore[attr-defined]
        self._left -= len(piece)
        if self._left < 0:
            raise FetchError("The feed is larger than 512 MB.")
        return piece


def duration(text: str) -> float:
    """Seconds of "30s", "15m", "2h" or "1d". Raises FetchError for anything else or under a second."""
    found = re.fullmatch(r"\s*(\d{1,6})\s*([smhd]?)\s*", text.casefold())
    seconds = int(found.group(1)) * {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}[found.group(2)] if found else 0
    if seconds < 1:
        raise FetchError(f"--every {text!r} is no pace: write 30s, 15m or 2h.")
    return float(seconds)
