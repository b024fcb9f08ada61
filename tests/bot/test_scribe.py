"""The writer within its limits: what is late, dear, busy or broken leaves the word to the templates and says so."""

import asyncio
from datetime import date

import pytest

from bot.scribe import Allowance, Scribe
from bot.workers import Worker
from recommender.writer.contract import Sentence, Usage, WriterError
from storage.shop import Shop
from tests.recommender.writer.conftest import page_of

DAY = date(2026, 11, 27)
TRUE = {"en": "This red dress costs $39.90.", "zh": "这款红色连衣裙售价39.90美元。"}
FALSE = {"en": "This red dress ships free.", "zh": "这款红色连衣裙包邮。"}


class ScriptedWriter:
    """Says what it is told to; an exception in the script is raised, a number is a pause in seconds."""

    version = "scripted"

    def __init__(self, *script):
        self.script, self.calls, self.prepared = script, 0, 0

    def prepare(self):
        self.prepared += 1

    def cost(self, page):
        return 1_000

    def write(self, page):
        self.calls += 1
        return ScriptedCall(self.script)


class ScriptedCall:
    def __init__(self, script):
        self._script, self.usage = script, Usage(700, counted=True)

    async def __aiter__(self):
        for act in self._script:
            if isinstance(act, Exception):
                raise act
            if isinstance(act, float):
                await asyncio.sleep(act)
            else:
                yield act


@pytest.fixture
async def database(tmp_path):
    worker = Worker("database", lambda: Shop.open(tmp_path))
    yield worker
    await asyncio.to_thread(worker.close)


@pytest.fixture(params=["en", "zh"])
def page(request):
    return page_of(request.param)


async def scribe_with(writer, database, **limits):
    scribe = Scribe(writer, database, Allowance(**limits), today=lambda: DAY)
    await scribe.prepare()
    return scribe


async def spent(database, user=1):
    return (await database.run(lambda shop: shop.spending.of(DAY, user))).tokens


async def test_only_what_passes_is_kept_and_shown(database, page):
    writer = ScriptedWriter(
        *(Sentence(0, FALSE[page.language]), Sentence(1, TRUE[page.language]), Sentence(2, "x"), Sentence(3, "x"))
    )
    scribe, shown = await scribe_with(writer, database), []
    account = await scribe.write(1, page, lambda sentences: shown.append(list(sentences)))
    assert account.sentences == {1: TRUE[page.language]}
    assert shown == [[TRUE[page.language]]]
    assert account.versions == {"writer": "scripted", "writing": "written: accepted 1, rejected 3, tokens 700"}
    assert not account.degraded
    assert await spent(database) == 700


async def test_what_was_written_in_time_stays_when_the_time_is_over(database, page):
    writer = ScriptedWriter(Sentence(1, TRUE[page.language]), 30.0, Sentence(2, TRUE[page.language]))
    account = await (await scribe_with(writer, database, timeout=1.0)).write(1, page)
    assert (account.outcome, set(account.sentences), account.degraded) == ("timeout", {1}, True)
    assert await spent(database) == 700


@pytest.mark.parametrize("trouble", [WriterError("It failed."), ValueError("a bug")])
async def test_a_writer_that_fails_never_fails_the_turn(database, page, trouble):
    account = await (await scribe_with(ScriptedWriter(trouble), database)).write(1, page)
    assert (account.outcome, dict(account.sentences), account.degraded) == ("failed", {}, True)


async def test_after_failures_in_a_row_it_rests_and_then_tries_again(database, page):
    writer = ScriptedWriter(WriterError("It failed."))
    scribe = await scribe_with(writer, database, failures=2, rest=1.5)
    outcomes = [(await scribe.write(1, page)).outcome for _ in range(4)]
    assert outcomes == ["failed", "failed", "resting", "resting"]
    assert writer.calls == 2
    await asyncio.sleep(1.6)
    writer.script = (Sentence(1, TRUE[page.language]),)
    assert (await scribe.write(1, page)).outcome == "partial"
    writer.script = (WriterError("It failed."),)
    assert [(await scribe.write(1, page)).outcome for _ in range(2)] == ["failed", "failed"]


async def test_money_stops_a_shopper_and_the_day(database, page):
    scribe = await scribe_with(ScriptedWriter(), database, shopper_tokens=1_700, day_tokens=3_500)
    outcomes = [(await scribe.write(user, page)).outcome for user in (1, 1, 1, 2, 2, 3, 3)]
    assert [outcome == "spent" for outcome in outcomes] == [False, False, True, False, False, True, True]


async def test_no_more_at_once_than_there_are_places(database, page):
    writer = ScriptedWriter(0.1)
    scribe = await scribe_with(writer, database, at_once=2)
    accounts = await asyncio.gather(*(scribe.write(user, page) for user in range(5)))
    assert sorted(account.outcome for account in accounts) == ["busy"] * 3 + ["partial"] * 2


async def test_a_writer_that_is_not_loaded_yet_is_not_waited_for(database, page):
    scribe = Scribe(ScriptedWriter(), database, Allowance(), today=lambda: DAY)
    assert (await scribe.write(1, page)).outcome == "unready"


async def test_a_writer_that_cannot_be_loaded_is_reported_once_and_left_alone(database, page, caplog):
    writer = ScriptedWriter()
    writer.prepare = lambda: (_ for _ in ()).throw(WriterError("The writer cannot be set up."))
    scribe = await scribe_with(writer, database)
    assert (await scribe.write(1, page)).outcome == "unready"
    assert "The writer cannot be set up. The templates speak." in caplog.text


async def test_a_turn_that_is_cancelled_is_settled_all_the_same(database, page):
    writer = ScriptedWriter(30.0)
    scribe = await scribe_with(writer, database)
    turn = asyncio.create_task(scribe.write(1, page))
    while not writer.calls:
        await asyncio.sleep(0.01)
    turn.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turn
    assert await spent(database) == 700
