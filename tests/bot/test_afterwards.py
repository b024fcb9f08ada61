"""What a page's log gets once the answer is sent: in a quiet shop at once, in a busy one a little later."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.afterwards import Afterwards
from recommender.request import Request
from storage.records import Need, Stage

MANY = 53  # pages: three more than may wait for a quiet moment


@pytest.fixture
def never_quiet(house):
    return Afterwards(house.database, house.search, idle=3_600.0)


@pytest.fixture
async def page(house):
    request = Request(7, Need(), Stage.BROWSE, None, (), frozenset(), datetime.now(UTC), seed=5)
    return request, await house.search.run(lambda search: search.recommend(request))


async def works(afterwards, until):
    work = asyncio.create_task(afterwards.run())
    while afterwards.waiting > until:
        await asyncio.sleep(0.01)
    work.cancel()


async def test_a_shop_that_is_never_quiet_keeps_few_pages_waiting(never_quiet, page):
    for turn in range(MANY):
        never_quiet.remember(turn, *page)
    await works(never_quiet, until=50)
    assert never_quiet.waiting == 50


async def test_a_quiet_shop_keeps_none(house, page):
    afterwards = Afterwards(house.database, house.search)
    afterwards.remember(1, *page)
    await works(afterwards, until=0)


async def test_however_long_it_waits_no_more_than_so_many_are_held(never_quiet, page):
    for turn in range(501):
        never_quiet.remember(turn, *page)
    assert never_quiet.waiting == 500
