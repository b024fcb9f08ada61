"""Keeps Python's collector of cycles from looking at what stays.

    hold_back()                                     # before the imports
    keeping = asyncio.create_task(keep(ready))

A full collection stops every thread for as long as it looks at all there is: half a second where models, a catalogue
and an index are in memory, which a shopper in that moment waits for. So what is there when the bot is ready is left
out (`gc.freeze`), and once more what its first minute brings; what is left then takes some milliseconds.
"""

from __future__ import annotations

import asyncio
import gc

_FIRST_MINUTE_S, _DAY_S = 60.0, 86_400.0


def hold_back() -> None:
    """Nothing is collected until the bot is ready: among what imports make, and what stays, that costs a tenth of a
    start.
    """
    gc.disable()


async def keep(ready: asyncio.Event, first: float = _FIRST_MINUTE_S, day: float = _DAY_S) -> None:
    """Runs until cancelled. Once a day all is looked at after all, for parts that were replaced leave cycles behind.

    Args:
        ready: set when the bot is.
        first, day: seconds until the second time, and between two looks at everything.
    """
    await ready.wait()
    gc.freeze()
    gc.enable()
    await asyncio.sleep(first)
    gc.collect()
    gc.freeze()
    while True:
        await asyncio.sleep(day)
        gc.unfreeze()
        gc.collect()
        gc.freeze()
