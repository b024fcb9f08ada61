"""Whether updates come in: hung polls, other processes, silence, and what the service manager is told."""

import asyncio
import logging
import os
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.health import figures
from bot.health.notify import notify, show_life, watchdog_seconds
from bot.simulator.faults import Fault
from bot.simulator.shopper import texts
from bot.telegram.contact import Contact


def counted(counter, **labels):
    name = counter.describe()[0].name + "_total"
    return figures.REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.long
async def test_a_poll_that_hangs_is_ended_and_made_anew(house, caplog):
    """The server took the request and says nothing: no answer, no end of the connection."""
    house.habits = replace(house.habits, poll_timeout=1, poll_grace=0.0)
    house.api.simulator.faults.add(Fault("getUpdates", "slow", seconds=30.0))
    before = counted(figures.POLL_ERRORS, kind="hung")
    async with house.open() as door, await house.join() as ann:
        door.reception._backoff.first = 0.01
        assert texts(await ann.says("hello")) == ["hello"]
        assert door.contact.alive
    assert counted(figures.POLL_ERRORS, kind="hung") == before + 1
    assert "did not answer in time; the connection is made anew" in caplog.text


async def test_another_process_that_polls_is_counted_and_named(house, caplog):
    conflict = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    house.api.simulator.faults.add(Fault("getUpdates", "status", code=409, description=conflict, times=3))
    before = counted(figures.POLL_CONFLICTS)
    async with house.open() as door, await house.join() as ann:
        door.reception._backoff.first = door.reception._backoff.cap = 0.01
        assert texts(await ann.says("hello")) == ["hello"]
        assert door.contact.conflicts_within(minutes=5) == 3
    assert counted(figures.POLL_CONFLICTS) == before + 3
    assert caplog.text.count("Another process polls this bot") == 3


async def test_silence_is_named_once_and_so_is_its_end(house, caplog):
    house.habits = replace(house.habits, silence=0.3)
    house.api.simulator.faults.add(Fault("getUpdates", "status", code=502, times=4))
    with caplog.at_level(logging.WARNING, "bot.telegram.contact"):
        async with house.open() as door, await house.join() as ann:
            door.reception._backoff.first = door.reception._backoff.cap = 0.3
            assert texts(await ann.says("hello")) == ["hello"]
            await asyncio.sleep(0.4)
    said = [record.getMessage() for record in caplog.records if record.name == "bot.telegram.contact"]
    assert said[0].startswith("Telegram has not been heard for 0 s (last: never, since this start).")
    assert said[1] == "Telegram is heard again."


def test_a_door_is_alive_while_its_next_step_is_not_overdue():
    clock = [0.0]
    contact = Contact(
        now=lambda: datetime(2026, 11, 28, tzinfo=UTC) + timedelta(seconds=clock[0]), monotonic=lambda: clock[0]
    )
    contact.expect(300)  # Telegram asked for a pause of that length
    clock[0] = 320.0
    assert contact.alive and contact.silent_for == 320.0
    clock[0] = 331.0
    assert not contact.alive
    contact.expect(40)
    contact.succeeded()
    assert contact.alive and contact.silent_for == 0.0
    contact.conflicted()
    clock[0] += 120
    assert (contact.conflicts_within(minutes=1), contact.conflicts_within(minutes=3)) == (0, 1)


# --- the service manager ----------------------------------------------------------------------------


@pytest.fixture
def manager(tmp_path, monkeypatch):
    """The socket that systemd would listen on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(2)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield listening


def test_without_a_service_manager_nothing_is_told(monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not notify("READY=1")
    assert watchdog_seconds() is None


def test_a_service_manager_is_told(manager, monkeypatch, tmp_path):
    assert notify("READY=1", "STATUS=fine")
    assert manager.recv(100) == b"READY=1\nSTATUS=fine"
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    assert not notify("READY=1")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as abstract:
        abstract.bind(f"\0shopbot-test-{os.getpid()}")
        monkeypatch.setenv("NOTIFY_SOCKET", f"@shopbot-test-{os.getpid()}")
        assert notify("STOPPING=1") and abstract.recv(100) == b"STOPPING=1"


@pytest.mark.parametrize(
    ("microseconds", "pid", "seconds"),
    [("30000000", None, 30.0), ("30000000", "1", None), ("0", None, None), ("soon", None, None)],
)
def test_who_must_show_life_and_how_often(monkeypatch, microseconds, pid, seconds):
    monkeypatch.setenv("WATCHDOG_USEC", microseconds)
    if pid:
        monkeypatch.setenv("WATCHDOG_PID", pid)
    assert watchdog_seconds() == seconds


async def test_a_stuck_door_gives_no_sign_of_life(manager, monkeypatch, caplog):
    monkeypatch.setenv("WATCHDOG_USEC", "60000")
    manager.setblocking(False)
    alive = True
    living = asyncio.create_task(show_life(lambda: alive))
    await asyncio.sleep(0.05)
    assert manager.recv(100) == b"WATCHDOG=1"
    alive = False
    await asyncio.sleep(0.05)
    _emptied(manager)
    await asyncio.sleep(0.1)
    with pytest.raises(BlockingIOError):
        manager.recv(100)
    living.cancel()
    assert caplog.text.count("Updates no longer come in though the process runs") == 1


def _emptied(listening):
    try:
        while listening.recv(100):
            pass
    except BlockingIOError:
        pass
