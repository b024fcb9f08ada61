"""Does a long talk cost more a turn than a short one?

    python -m tests.bench.walk --walks 20

Walks of 3 and of 20 turns by turns, the same kinds of turn in both (a search, then changes, pages, questions), each by
a new shopper; the ratio is that of the medians of a turn's time: of the last three turns of the long walk to the three
of the short one, and of all turns.
"""

import argparse
import asyncio
import itertools
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.settings import Settings
from bot.wiring import open_house
from storage.records import Turn

_KINDS = {
    "en": (
        "show me backpacks",
        "more",
        "in blue",
        "is the second one waterproof?",
        "any colour is fine",
        "compare them",
    ),
    "zh": ("看看双肩包", "换一批", "要蓝色的", "第二个防水吗", "颜色无所谓", "这几个对比一下"),
}
_SHORT, _LONG = 3, 20
_numbers = itertools.count(random.SystemRandom().randrange(10**6, 10**12))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.walk", description=__doc__.split("\n\n")[0])
    parser.add_argument("--walks", type=int, default=20, help="of each length")
    parser.add_argument("--data", type=Path, help="a stocked data folder (default: a new one)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shopbot-walk-") as folder:
        asyncio.run(_measure(arguments.data or Path(folder), arguments.walks))


async def _measure(folder: Path, walks: int) -> None:
    house = await open_house(Settings(_env_file=None, data=folder), progress=False)
    await house.warm()
    short, long, last = [], [], []
    for number in range(walks + 1):
        language = "en" if number % 2 else "zh"
        times = await _walk(house, language, _LONG, number)
        # As many turns of each kind: the long walk's last three are of the kinds of a short walk.
        beside = await _walk(house, language, _SHORT, number + _LONG - _SHORT)
        if number:  # the first warms up
            long += times
            last += times[-_SHORT:]
            short += beside
    middle = statistics.median(short)
    print(f"a turn: {middle * 1000:.0f} ms in walks of {_SHORT}, {statistics.median(long) * 1000:.0f} ms in {_LONG}")
    ratios = [statistics.median(times) / middle for times in (long, last)]
    print(f"ratio of medians: all turns {ratios[0]:.2f}, last three {ratios[1]:.2f}")
    await house.close()


async def _walk(house, language: str, turns: int, first: int) -> list[float]:
    """Seconds of each turn. A walk begins with a search; which kinds follow goes round from `first`."""
    user, times = next(_numbers), []
    await _say(house, user, language, _KINDS[language][0])
    for at in range(turns):
        begun = time.perf_counter()
        await _say(house, user, language, _KINDS[language][(first + at) % len(_KINDS[language])])
        times.append(time.perf_counter() - begun)
    return times


async def _say(house, user: int, language: str, text: str) -> None:
    await house.assistant.answer(Turn(next(_numbers), user, user, text, datetime.now(UTC), language))


if __name__ == "__main__":
    main()
