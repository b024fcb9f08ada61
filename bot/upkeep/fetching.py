"""Where a synced feed comes from: a local file that is watched, or an address that is asked again."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.downloading import FetchError, Patience, download

_WATCH_S = 1.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """A feed on disk; `changed` is false when it is the one read last time."""

    path: Path
    changed: bool


class Source:
    """A feed by name; remembers what it read last, so that an unchanged feed costs nothing.

    Args:
        own: hosts of the shop's own network that may be asked, "name" or "name:port".
        patience: how long an address may take.
    """

    def __init__(self, name: str, own: Collection[str] = (), patience: Patience | None = None) -> None:
        self.name = name
        self._own, self._patience = own, patience
        self._remote = re.match(r"https?:", name, re.IGNORECASE) is not None
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
            path = Path(folder) / "feed"
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
        """Stores the body; returns its stamp, or () when the server says that it has not changed."""
        known = str(self._stamp[0]) if self._stamp else ""
        stamp = download(self.name, path, own=self._own, known=known, patience=self._patience)
        return (stamp.tag, stamp.modified, stamp.size, stamp.at) if stamp else ()


def duration(text: str) -> float:
    """Seconds of "30s", "15m", "2h" or "1d". Raises FetchError for anything else or under a second."""
    found = re.fullmatch(r"\s*(\d{1,6})\s*([smhd]?)\s*", text.casefold())
    seconds = int(found.group(1)) * {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}[found.group(2)] if found else 0
    if seconds < 1:
        raise FetchError(f"--every {text!r} is no pace: write 30s, 15m or 2h.")
    return float(seconds)
