"""A bot in a process of its own that says what its threads have cost so far: run by the benchmarks.

    python -m tests.support.watched_bot DATA TOKEN BASE     # each line on stdin is answered by a line of JSON

"loop" is the event loop, the others are named for the part that lives in them; "native" is what libraries' own threads
and those that have ended took. Seconds of processor time.
"""

import asyncio
import json
import logging
import sys
import threading
import time
from pathlib import Path

from bot.running import RunningBot
from bot.settings import load_settings
from bot.signals import stop_on_signals
from bot.threads.garbage import hold_back, keep


def processor_seconds():
    spent = {"process": time.process_time()}
    for thread in threading.enumerate():
        name = "loop" if thread is threading.main_thread() else thread.name.rsplit("_", 1)[0]
        try:
            took = time.clock_gettime(time.pthread_getcpuclockid(thread.ident))
        except OSError:
            continue
        spent[name] = spent.get(name, 0.0) + took
    spent["native"] = spent["process"] - sum(took for name, took in spent.items() if name != "process")
    return spent


def _answer():
    if sys.stdin.readline():
        print(json.dumps(processor_seconds()), flush=True)


async def _main(folder, token, base):
    bot = RunningBot(load_settings(data=Path(folder)), token, base, progress=False)
    asyncio.get_running_loop().add_reader(sys.stdin, _answer)
    stop, ready = asyncio.Event(), asyncio.Event()
    stop_on_signals(stop)
    hold_back()
    work = asyncio.create_task(bot.run(ready))
    keeping = asyncio.create_task(keep(ready))
    await asyncio.wait({work, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
    keeping.cancel()
    bot.stop()
    await work


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    asyncio.run(_main(*sys.argv[1:]))
