"""How long a start takes until the first answer: the very first one (demo shop, index, models) and the next."""

import asyncio
import time
from pathlib import Path

from bot.simulator.server import LocalBotApi
from bot.simulator.shopper import Shopper
from tests.support.kills import BotProcess
from tests.support.stage import copy_stocked


async def measure(stocked: Path, scratch: Path, arguments):
    first, peak_first = await first_answer(stocked)
    seconds, peaks = [], []
    for _ in range(3):
        later, peak = await first_answer(stocked)
        seconds.append(later)
        peaks.append(peak)
    return {
        "first start to first answer (s)": round(first, 1),
        "next start to first answer (s, median of 3)": round(sorted(seconds)[1], 1),
        "memory after first start (MB)": peak_first,
        "memory after next start (MB)": max(peaks),
    }


async def ensure_stocked(stocked: Path, target: Path) -> Path:
    """A folder with the demo shop, copied from one that is made once a run."""
    if not (stocked / "models").is_dir():
        await first_answer(stocked)
    return copy_stocked(stocked, target)


async def first_answer(folder: Path) -> tuple[float, int]:
    """Seconds from starting the process to the first answer on the shopper's screen, and its memory then."""
    folder.mkdir(parents=True, exist_ok=True)
    async with LocalBotApi(folder) as api:
        bot = BotProcess(folder, api)
        began = time.perf_counter()
        await bot.start()
        async with await Shopper.join(api.url, "Early", "en", patience=300) as shopper:
            await shopper.writes("a red dress under $60")
            while not await api.simulator.calls("sendMessage", shopper.id):
                if bot.ended:
                    raise RuntimeError((folder / "bot.log").read_text(encoding="utf-8")[-2000:])
                await asyncio.sleep(0.02)
            took = time.perf_counter() - began
            await shopper.hears(1)
        peak = resident_mb(bot.pid)
        await bot.stop()
    return took, peak


def resident_mb(pid: int) -> int:
    """Peak resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024
