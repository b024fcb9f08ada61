"""The collector of cycles and what stays: left out when the bot is ready, looked at once a day."""

import subprocess
import sys

# In a process of its own, for the collector is everybody's: the suite has frozen its own imports already.
_SCRIPT = """
import asyncio, gc, weakref
from bot.threads.garbage import hold_back, keep
from tests.support.fast_clock import run

class Part:
    def __init__(self):
        self.itself = self

async def life():
    hold_back()
    assert not gc.isenabled()
    replaced = Part()
    gone = weakref.ref(replaced)
    ready = asyncio.Event()
    keeping = asyncio.create_task(keep(ready, first=60, day=3600))
    await asyncio.sleep(1)
    assert not gc.isenabled()
    ready.set()
    await asyncio.sleep(1)
    assert gc.isenabled() and gc.get_freeze_count() > 0
    later = [Part() for _ in range(1000)]
    frozen = gc.get_freeze_count()
    await asyncio.sleep(90)
    assert gc.get_freeze_count() >= frozen + 1000, "what the first minute brought is left out, too"
    del replaced
    gc.collect()
    assert gone() is not None, "what is left out is not looked at"
    await asyncio.sleep(3600)
    assert gone() is None, "once a day it is"
    keeping.cancel()

run(life())
print("kept")
"""


def test_what_stays_is_left_out_and_looked_at_once_a_day():
    done = subprocess.run([sys.executable, "-c", _SCRIPT], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "kept", done.stderr
