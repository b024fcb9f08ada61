"""Kills under load, in mid-turn and during starts and ends, and the books afterwards."""

import sys
import time
from pathlib import Path

from tests.bench.start import ensure_stocked
from tests.support.forked import ForkedBot
from tests.support.kills import MIXED, kill_often


async def measure(stocked: Path, scratch: Path, arguments):
    folder = await ensure_stocked(stocked, scratch / "kills")
    began = time.perf_counter()

    def told(kill):
        sys.stderr.write(f"\r{kill} of {arguments.kills} kills, {time.perf_counter() - began:.0f} s")

    books = await kill_often(
        folder, arguments.kills, seed=23, moments=MIXED, process=ForkedBot, pauses=(1.0, 5.0), told=told
    )
    moments = ", ".join(f"{moment} {count}" for moment, count in sorted(books.moments.items()))
    return {
        "kills": f"{books.kills} ({moments})",
        "updates": books.updates,
        "messages that never reached the inbox": books.lost,
        "updates lost (unfinished or unanswered)": books.unfinished + len(books.unanswered),
        "messages passed over, told with the answer to the last": books.passed,
        "updates that failed and were apologised for": books.failed,
        "taps that waited longer than Telegram keeps them (150 s)": books.expired,
        "messages repeated (killed between acceptance and record)": books.repeated,
        "messages repeated for another reason": books.unexplained,
        "button effects applied twice": books.doubled_effects,
        "tastes that differ from their log": books.unbalanced_tastes,
        "files and index folders left over": books.leftovers,
        "database": books.integrity,
        "minutes": round((time.perf_counter() - began) / 60, 1),
    }
