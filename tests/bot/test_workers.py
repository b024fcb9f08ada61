"""Parts in threads of their own: calls in their order, and threads that hang. Real threads, real hangs."""

import asyncio
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.overload import yields
from bot.threads.hanging import MOST, Hanging
from bot.threads.lane import HungError
from bot.workers import Worker

pytestmark = pytest.mark.asyncio

ROOT = Path(__file__).parent.parent.parent


class Part:
    """Notes what is done with it."""

    made = 0

    def __init__(self):
        Part.made += 1
        self.number, self.closed, self.thread, self.counted = Part.made, False, threading.current_thread(), 0

    def inherit(self, other):
        self.counted = other.counted

    def close(self):
        assert threading.current_thread() is self.thread
        self.closed = True


@pytest.fixture
def never():
    """Set only when the test is over."""
    never = threading.Event()
    yield never
    never.set()


def guarded(build=Part, hung_after=0.2, renewed=lambda: None):
    worker, hanging = Worker("part", build), Hanging(hung_after, renewed)
    worker.heed(hanging)
    return worker, hanging


async def until(true):
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


async def test_work_that_yields_waits_for_the_others_and_has_one_call_in_four():
    """Eight calls of a newcomer stand before eight of somebody whose talk goes on."""
    worker, done = Worker("part", Part), []
    await worker.ready()
    gate, opened = threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold(_):
        loop.call_soon_threadsafe(opened.set)
        gate.wait(20)

    held = asyncio.create_task(worker.run(hold))
    await opened.wait()
    calls = []
    for whose in (True, False):
        yields.set(whose)
        calls += [asyncio.create_task(worker.run(lambda _, w=whose: done.append(w))) for _ in range(8)]
        await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(held, *calls)
    worker.close()
    assert len(done) == 16
    assert done.index(False) <= 1, "who talks goes first, whoever stood before"
    assert done[:10].count(True) in (2, 3), "and a newcomer is not starved"


async def test_a_call_that_never_comes_back_is_given_up_and_the_others_go_on(never):
    renewed = []
    worker, hanging = guarded(renewed=lambda: renewed.append(1))
    first = await worker.ready()
    first.counted = 7
    hung = asyncio.create_task(worker.run(lambda part: never.wait()))
    waiting = [asyncio.create_task(worker.run(lambda part, n=n: (n, part))) for n in range(3)]
    gone = asyncio.create_task(worker.run(lambda part: pytest.fail("nobody waits for this")))
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(HungError, match="part did not come back"):
        await hung
    answers = await asyncio.gather(*waiting)
    second = answers[0][1]
    assert answers == [(n, second) for n in range(3)]
    assert second is not first
    assert second.counted == 7
    assert second.thread is not first.thread
    assert hanging.parts == ("part",)
    await until(lambda: renewed)
    assert not hanging.too_many.is_set()
    never.set()
    await until(lambda: not hanging.parts)
    assert first.closed, "what came back after all frees what it holds"
    await asyncio.to_thread(worker.close)
    assert second.closed


async def test_who_waits_without_patience_is_noticed_as_well(never):
    """Nobody gives up, and nobody else asks: the worker looks by itself."""
    worker, _ = guarded()
    with pytest.raises(TimeoutError):
        await worker.run(lambda part: never.wait())
    assert await worker.run(lambda part: part.counted) == 0
    await asyncio.to_thread(worker.close)


async def test_many_short_calls_are_no_hang():
    worker, hanging = guarded(hung_after=0.05)
    first = await worker.ready()
    async with asyncio.timeout(20):
        for _ in range(150):
            assert await worker.run(lambda part: part) is first
            await asyncio.sleep(0.001)
    assert hanging.parts == ()
    await asyncio.to_thread(worker.close)


async def test_too_many_that_hang_are_not_borne(never):
    worker, hanging = guarded()
    for number in range(1, MOST + 1):
        with pytest.raises(HungError):
            await worker.run(lambda part: never.wait())
        assert hanging.too_many.is_set() == (number == MOST)
    assert hanging.why == f"{MOST} threads hang (part)"
    assert await worker.run(lambda part: part.counted) == 0, "answers go on until the process ends"
    await asyncio.to_thread(worker.close)


async def test_a_part_that_cannot_be_built_anew_is_not_borne(never):
    builds = iter([Part, lambda: 1 / 0])
    worker, hanging = guarded(lambda: next(builds)())
    with pytest.raises(HungError):
        await worker.run(lambda part: never.wait())
    with pytest.raises(ZeroDivisionError):
        await worker.run(lambda part: part)
    async with asyncio.timeout(20):
        await hanging.too_many.wait()
    assert hanging.why == "The part part hung and cannot be built anew (division by zero)"
    await asyncio.to_thread(worker.close)


async def test_a_hang_after_a_replacement_is_replaced_by_its_like(never):
    worker, _ = guarded(lambda: "shipped")
    await worker.replace(lambda: "promoted")
    with pytest.raises(HungError):
        await worker.run(lambda part: never.wait())
    assert await worker.run(lambda part: part) == "promoted"
    await asyncio.to_thread(worker.close)


async def test_closing_does_not_wait_for_what_hangs(never):
    worker, _ = guarded()
    hung = asyncio.create_task(worker.run(lambda part: never.wait()))
    await asyncio.sleep(0.05)
    async with asyncio.timeout(20):
        await asyncio.to_thread(worker.close)
    with pytest.raises(RuntimeError, match="closed"):
        await worker.run(lambda part: part)
    hung.cancel()


_PROCESS = """
import asyncio, threading
from bot.threads.hanging import Hanging
from bot.workers import Worker

async def main():
    worker, hanging = Worker("part", object), Hanging(0.1)
    worker.heed(hanging)
    asking = [asyncio.create_task(worker.run(lambda part: threading.Event().wait())) for _ in range(4)]
    await hanging.too_many.wait()
    await asyncio.to_thread(worker.close)
    raise SystemExit(hanging.why)

asyncio.run(main())
"""


async def test_a_process_whose_threads_hang_ends_all_the_same():
    command = [sys.executable, "-c", _PROCESS]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert done.returncode == 1
    assert "3 threads hang (part)" in done.stderr.splitlines()
