"""A year of a busy shop backed up beside turns that go on, restored, and held table by table against its source.

    python -m tests.bench backup                       a year of 50,000 turns, made for it
    python -m tests.bench backup --year /tmp/year      of a folder that tests.bench.year made: 1.5 million turns

Seconds of the processor stand beside those of the clock: on a machine that others use, too, only they say what the work
costs. A writer goes on meanwhile as a bot does, recording turns; how long its commits take is told with and without the
backup beside it.
"""

import asyncio
import hashlib
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from storage.backup.databases import DATABASES, still, tables_of
from storage.backup.restoring import check_set, restore
from storage.backup.taking import take
from storage.records import Need, Turn
from storage.shop import Shop
from tests.bench.year import make_year

SHOPPER = 4_000_000_000
_PAUSE_S = 0.05  # twenty turns in a second: the bot's steady rate on two cores


class Phases:
    """Seconds of the clock and of the processor by phase; called as a backup's progress is."""

    def __init__(self):
        self.took, self._now, self._since = {}, "", None

    def __call__(self, phase, *_):
        if phase != self._now:
            self.end()
            self._now, self._since = phase, (time.perf_counter(), time.process_time())

    def end(self):
        if self._since:
            clock, processor = self.took.get(self._now, (0.0, 0.0))
            began, used = self._since
            self.took[self._now] = clock + time.perf_counter() - began, processor + time.process_time() - used
        self._since = None

    def told(self):
        self.end()
        return ", ".join(f"{name} {clock:.0f} ({cpu:.0f})" for name, (clock, cpu) in self.took.items())


async def measure(_: Path, scratch: Path, arguments):
    return await asyncio.to_thread(_measure, scratch, arguments)


def _measure(scratch, arguments):
    data = arguments.year
    if data is None:
        data = scratch / "year"
        make_year(data, max(1, arguments.turns_of_year * 2 // 15), arguments.turns_of_year)
    found = {"folder": f"{sum(path.stat().st_size for path in data.glob('*.db')) / 1e6:,.0f} MB"}
    alone = _writing(data, seconds=20)
    phases, began, used = Phases(), time.perf_counter(), time.process_time()
    with _writer(data) as beside:
        taken = take(data, scratch / "backups", "bench", phases)
        phases.end()
        log = (data / "shop.db-wal").stat().st_size
    clock, cpu = time.perf_counter() - began, time.process_time() - used
    found["backup, s of the clock (of the processor)"] = f"{clock:.0f} ({cpu:.0f}): {phases.told()}"
    found["commit of a turn, ms: median, 95 %, longest, without a backup"] = _times(alone)
    found["commit of a turn, ms: median, 95 %, longest, beside it"] = _times(beside)
    found["write-ahead log after it, MB"] = round(log / 1e6)
    phases, began, used = Phases(), time.perf_counter(), time.process_time()
    restore(taken.folder, scratch / "restored", told=phases)
    phases.end()
    whole = clock + time.perf_counter() - began
    both = cpu + time.process_time() - used
    found["restore, s of the clock (of the processor)"] = f"{whole - clock:.0f} ({both - cpu:.0f}): {phases.told()}"
    found["both, s of the clock (of the processor)"] = f"{whole:.0f} ({both:.0f}); 120 are asked"
    unlike = _unlike(taken.folder, scratch / "restored")
    tables = sum(len(entry.tables) for entry in taken.manifest.databases.values())
    rows = sum(sum(entry.tables.values()) for entry in taken.manifest.databases.values())
    found["tables that differ after the restore"] = f"{len(unlike)} of {tables} ({rows:,} rows) {', '.join(unlike)}"
    phases = Phases()
    check_set(taken.folder, phases)
    found["restore --check, s"] = phases.told()
    return found


def _unlike(one, other):
    """Tables whose rows are not byte for byte the same."""
    return [
        f"{name}: {table}"
        for name in DATABASES
        if (one / name).is_file()
        for table, digest in _hashes(one / name).items()
        if _hashes_of(other / name, table) != digest
    ]


def _hashes(path):
    with still(path) as db:
        return {table: _hash(db, table) for table in tables_of(db)}


def _hashes_of(path, table):
    with still(path) as db:
        return _hash(db, table)


def _hash(db, table):
    digest = hashlib.sha256()
    for row in db.execute(f'SELECT * FROM "{table}"'):
        digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _writing(data, seconds):
    with _writer(data) as times:
        time.sleep(seconds)
    return times


@contextmanager
def _writer(data):
    """A process that records turns, as the bot does; its times are there when it has ended."""
    command = [sys.executable, "-m", "tests.bench.backup", str(data)]
    writing = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    writing.stdout.readline()
    times = []
    try:
        yield times
    finally:
        said, _ = writing.communicate("")
        times += [float(line) for line in said.split()]


def _times(times):
    percentiles = statistics.quantiles(times, n=20)
    return f"{statistics.median(times):.1f}, {percentiles[-1]:.1f}, {max(times):.0f} ({len(times)} turns)"


def write_turns(data):
    """Until standard input closes: milliseconds of each turn's two commits, a line each."""
    import select

    shop = Shop.open(data)
    number = int(time.time() * 1000)
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], _PAUSE_S)[0]:
        began = time.perf_counter()
        turn = shop.transcripts.begin(Turn(number, SHOPPER, SHOPPER, "a red dress", datetime.now(UTC)))
        shop.transcripts.finish(
            turn.id,
            understanding=None,
            need=Need(query="a red dress"),
            slate=None,
            reply='{"lines": []}' * 100,
            timings={},
            versions={},
            degraded=False,
        )
        print(1000 * (time.perf_counter() - began), flush=True)
        number += 1
    shop.close()


if __name__ == "__main__":
    write_turns(Path(sys.argv[1]))
