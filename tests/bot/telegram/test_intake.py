"""Who goes first while much is going on: talks that were there before the crowd, and nobody who came with it."""

import asyncio

from bot.overload import Level, Overload
from bot.telegram.intake import Caps, Intake
from tests.support.fast_clock import run

REGULAR, FIRST_OF_THE_CROWD, LATER = 1, 2, 3


def test_who_comes_with_a_crowd_does_not_go_first_however_early():
    async def burst():
        intake = _calm()
        await _answered(intake, REGULAR, waiting=0)
        await asyncio.sleep(30)
        await _answered(intake, FIRST_OF_THE_CROWD, waiting=0)  # nobody knows of the crowd yet
        assert intake.measure(_now(), shoppers=100, longest=3.0) > Level.CALM
        await _answered(intake, LATER, waiting=100)
        await asyncio.sleep(15)
        assert [intake.prefers(user) for user in (REGULAR, FIRST_OF_THE_CROWD, LATER)] == [True, False, False]

    run(burst())


def test_once_the_crowd_is_gone_its_talks_are_as_good_as_any():
    async def after():
        intake = _calm()
        await _answered(intake, FIRST_OF_THE_CROWD, waiting=0)
        intake.measure(_now(), shoppers=100, longest=3.0)
        for _ in range(60):
            await asyncio.sleep(1)
            intake.measure(_now(), shoppers=0, longest=0.0)
        assert intake.overload.level is Level.CALM
        assert intake.prefers(FIRST_OF_THE_CROWD)

    run(after())


def test_who_comes_back_with_a_crowd_after_an_hour_came_with_it():
    async def back():
        intake = _calm()
        await _answered(intake, REGULAR, waiting=0)
        await asyncio.sleep(3600)
        await _answered(intake, REGULAR, waiting=0)
        intake.measure(_now(), shoppers=100, longest=3.0)
        await asyncio.sleep(15)
        assert not intake.prefers(REGULAR)

    run(back())


def test_who_goes_first_may_do_so_at_the_pace_of_a_person():
    async def hurry():
        intake = _calm()
        await _answered(intake, REGULAR, waiting=0)
        await asyncio.sleep(30)
        intake.measure(_now(), shoppers=0, longest=0.0)
        assert [intake.prefers(REGULAR) for _ in range(8)] == [True] * 6 + [False] * 2
        await asyncio.sleep(6)
        assert intake.prefers(REGULAR)

    run(hurry())


def _calm():
    return Intake(Caps(), Overload(), concurrency=8)


async def _answered(intake, user_id, waiting):
    intake.measure(_now(), shoppers=waiting, longest=0.0)
    await asyncio.sleep(0.1)
    intake.served(user_id, _now(), 0.1)


def _now():
    return asyncio.get_running_loop().time()
