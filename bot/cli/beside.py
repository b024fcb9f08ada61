"""The staff console as a process beside the bot: `shopbot run` starts one when it has no token, and ends it.

It holds the other end of the console's standard input: where the bot is killed, that closes, and the console ends too.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress

from bot.settings import Settings

_PATIENCE_S = 5.0


async def start_console(settings: Settings) -> asyncio.subprocess.Process:
    """A console on the same data folder; it prints its own address, or why there is none."""
    command = [sys.executable, "-m", "bot", "console", "--beside", "--port", str(settings.console_port)]
    command += ["--data", str(settings.data)]
    return await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE)


async def end_console(console: asyncio.subprocess.Process) -> None:
    """Ends it in good order, or at once where it does not follow."""
    if console.returncode is not None:
        return
    with suppress(ProcessLookupError):
        console.terminate()
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await console.wait()
    except TimeoutError:
        console.kill()
        await console.wait()


def end_with_parent() -> None:
    """In the console: ends this process when whoever started it is gone."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True, name="parent").start()
