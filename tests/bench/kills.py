"""Fifty kills under load, and the books afterwards."""

import time
from pathlib import Path

from tests.bench.start import ensure_stocked
from tests.support.kills import kill_often


async def measure(stocked: Path, scratch: Path, arguments):
    folder = await ensure_stocked(stocked, scratch / "kills")
    began = time.perf_counter()
    books = await kill_often(folder, arguments.kills, seed=23)
    return {
        "kills": books.kills,
        "updates": books.updates,
        "updates lost (unfinished or unanswered)": books.unfinished + len(books.unanswered),
        "messages repeated (killed between acceptance and record)": books.repeated,
        "button effects applied twice": books.doubled_effects,
        "tastes that differ from their log": books.unbalanced_tastes,
        "database": books.integrity,
        "minutes": round((time.perf_counter() - began) / 60, 1),
    }
