"""Checks on their own schedule, and the server that tells of them: late, broken, stale, and a loop that hangs."""

import asyncio
import json
import time
import urllib.error
import urllib.request

import pytest
from prometheus_client import CollectorRegistry, Counter

from bot.health.checks import STALE_AFTER, Check, Checks, Finding
from bot.health.machine import memory_limit_bytes, resident_bytes
from bot.health.server import HealthServer
from bot.health.windows import Windows


def check(name, look, **how):
    async def looked():
        return await look() if asyncio.iscoroutinefunction(look) else look()

    return Check(name, looked, **how)


def well():
    return Finding(True, "It is well.")


def broken():
    raise OSError("the disk is\ngone")


async def slow():
    await asyncio.sleep(30)


async def test_what_is_late_or_breaks_has_failed_and_says_how():
    checks = Checks([check("a", well), check("b", broken), check("c", slow, limit=0.05)])
    assert checks.report()["status"] == "unready", "nothing was looked at yet"
    assert checks.failing("a") is None
    for name in "abc":
        await checks.look(name)
    told = checks.report()["checks"]
    assert [told[name]["ok"] for name in "abc"] == [True, False, False]
    assert told["b"]["what"] == "OSError: the disk is gone"
    assert "No answer" in told["c"]["what"]
    assert all(told[name]["todo"] for name in "bc")


async def test_what_is_not_required_leaves_it_ready():
    checks = Checks([check("a", well), check("b", lambda: Finding(False, "Old."), required=False)])
    await checks.look("a")
    await checks.look("b")
    assert checks.report()["status"] == "degraded"


async def test_an_old_result_is_named_as_such():
    now = [0.0]
    checks = Checks([check("a", well, every=10, limit=5)], clock=lambda: now[0])
    await checks.look("a")
    now[0] = 10 * STALE_AFTER + 6
    report = checks.report()
    assert report["status"] == "unready"
    assert report["checks"]["a"]["stale"]
    assert report["checks"]["a"]["what"].startswith("Not looked at for 36 s.")


async def test_probes_cost_no_looks():
    looks = []
    checks = Checks([check("a", lambda: looks.append(1) or well(), every=30)])
    running = asyncio.create_task(checks.run())
    await asyncio.sleep(0.01)
    server = HealthServer("127.0.0.1", 0, lambda: 0.0, checks.report)
    server.start()
    answers = await asyncio.to_thread(lambda: [ask(server, "/readyz") for _ in range(50)])
    await asyncio.to_thread(server.stop)
    running.cancel()
    assert {status for status, _ in answers} == {200}
    assert len(looks) == 1


def ask(server, path):
    try:
        with urllib.request.urlopen(server.address + path, timeout=5) as got:
            return got.status, json.loads(got.read())
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read())


async def test_a_loop_that_hangs_is_told_while_it_hangs():
    """The probe asks from the very thread that the loop would need."""
    beat = [time.monotonic()]
    server = HealthServer("127.0.0.1", 0, lambda: time.monotonic() - beat[0], dict)
    server.start()
    assert ask(server, "/livez")[0] == 200
    beat[0] -= 16
    status, said = ask(server, "/livez")
    assert (status, said["ok"]) == (503, False)
    await asyncio.to_thread(server.stop)


def test_a_taken_port_gives_way_to_a_free_one_and_another_host_is_told():
    first = HealthServer("127.0.0.1", 0, lambda: 0.0, lambda: {"status": "starting", "checks": {}})
    first.start()
    port = int(first.address.rpartition(":")[2])
    second = HealthServer("127.0.0.1", port, lambda: 0.0, dict)
    second.start()
    assert second.address != first.address
    assert ask(first, "/readyz") == (503, {"status": "starting", "checks": {}})
    first.stop()
    second.stop()
    with pytest.raises(OSError):
        HealthServer("203.0.113.1", 0, lambda: 0.0, dict).start()


def test_windows_know_what_was_added_lately():
    registry = CollectorRegistry()
    updates = Counter("bot_updates", "x", ["type", "outcome"], registry=registry)
    windows = Windows(100, registry)
    assert windows.added("updates", 50) == 0
    for now in range(0, 301, 10):
        windows.look(now)
        updates.labels(type="message", outcome="failed" if now >= 200 else "answered").inc()
    windows.look(310)
    assert windows.added("updates", 50) == 5
    assert windows.added("failed updates", 100) == 10
    share = windows.share("failed updates", "updates", 100)
    assert share.level(least=3) == 1.0
    assert share.level(least=11) == 0.0


def test_the_machine_is_read():
    assert 10**6 < resident_bytes() < memory_limit_bytes()
    assert memory_limit_bytes(100) == 100 * 1024 * 1024
