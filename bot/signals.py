"""SIGTERM, SIGINT and a terminal that closes (SIGHUP) end the bot in good order, from the first moment on."""

from __future__ import annotations

import asyncio
import os
import signal
from types import FrameType


def leave_at_sigterm() -> None:
    """While nothing runs yet, SIGTERM ends the process with code 0 at once; `stop_on_signals` takes over."""
    signal.signal(signal.SIGTERM, _leave)


def _leave(number: int, frame: FrameType | None) -> None:
    os._exit(0)  # not by an exception, which would come out of whatever is being imported


def stop_on_signals(stop: asyncio.Event) -> None:
    """Sets `stop` at the first signal; call it inside the running loop."""
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(name, stop.set)
