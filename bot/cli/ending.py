"""The end of a bot's process, also where it comes at an odd moment: exit code 0, in time, nothing lost.

What Telegram was told to forget is in the inbox, and what is not recorded as done is worked at the next start. So a
part that does not end in time may be left: to lose patience costs nothing but its own work.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from typing import Any

_log = logging.getLogger(__name__)


async def within(seconds: float, work: asyncio.Task[Any]) -> None:
    """Waits for `work` to end; after `seconds` the process ends without it."""
    await asyncio.wait({work}, timeout=seconds)
    if work.done():
        return
    _log.warning("Not everything ended within %.0f s; what is not done is taken up at the next start.", seconds)
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)
