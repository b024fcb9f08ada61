"""Signals end the bot in good order."""

import asyncio
import os
import signal

import pytest

from bot.signals import stop_on_signals


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
async def test_a_signal_ends_it_in_good_order(name):
    """SIGHUP is what comes when the terminal of a bot is closed."""
    stop = asyncio.Event()
    stop_on_signals(stop)
    try:
        os.kill(os.getpid(), signal.Signals[name])
        await asyncio.wait_for(stop.wait(), 5)
    finally:
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().remove_signal_handler(each)
