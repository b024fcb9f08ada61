"""What systemd is told of this process: that it is ready, that it is alive, that it ends (sd_notify(3)).

A unit of `Type=notify` names a socket in the environment; without one nothing is sent. With `WatchdogSec=` it restarts
the process when no sign of life comes in time.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Callable

READY, STOPPING, WATCHDOG = "READY=1", "STOPPING=1", "WATCHDOG=1"
_SIGNS = 3
"""Signs of life within the time that one is due in: a late one is no reason to die."""
log = logging.getLogger(__name__)


def notify(*lines: str) -> bool:
    """Tells the service manager; whether there is one that heard."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    if address.startswith("@"):  # an abstract socket, which begins with a zero
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as link:
            link.sendto("\n".join(lines).encode(), address)
    except OSError as error:
        log.warning("The service manager could not be told %s: %s", lines[0], error)
        return False
    return True


def watchdog_seconds() -> float | None:
    """How often the service manager wants a sign of life; None where it does not, or not from this process."""
    try:
        seconds = int(os.environ.get("WATCHDOG_USEC", "0")) / 1_000_000
        pid = int(os.environ.get("WATCHDOG_PID", os.getpid()))
    except ValueError:
        return None
    return seconds if seconds > 0 and pid == os.getpid() else None


async def show_life(alive: Callable[[], bool]) -> None:
    """Gives signs of life while the loop turns and `alive` says so; until cancelled."""
    due = watchdog_seconds()
    if due is None:
        return
    was_alive = True
    while True:
        is_alive = alive()
        if is_alive:
            notify(WATCHDOG)
        elif was_alive:
            log.error("Updates no longer come in though the process runs; the service manager will restart it.")
        was_alive = is_alive
        await asyncio.sleep(due / _SIGNS)
