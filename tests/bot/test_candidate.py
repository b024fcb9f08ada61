"""An understander on trial: whom it serves, what it reads in the shadow, and that its faults cost nobody an answer."""

import asyncio
import logging

import pytest

from bot.candidate import Readers, serves
from bot.workers import Worker
from finetune import shelf
from nlu.promoted import Candidate, Pointer, write_pointer
from nlu.rules import RulesUnderstander
from storage.records import Context, Intent, Turn
from storage.shop import Shop
from storage.terms import base_vocabulary
from tests.support.models import shipped, warmer
from tests.support.stage import Stage, copy_stocked
from tests.support.talk import START

SHARE = 0.5
VERSION = "understander-0badcafe"


class Model:
    """The rules under another name; "boom" cannot be read."""

    def __init__(self, version, intent=None):
        self.version, self._rules, self._intent = version, RulesUnderstander(base_vocabulary()), intent

    def understand(self, text, context=None):
        from dataclasses import replace

        if text == "boom":
            raise ValueError("boom cannot be read")
        read = replace(self._rules.understand(text, context), model=self.version)
        return replace(read, intent=self._intent) if self._intent else read

    def understand_many(self, messages):
        return [self.understand(*message) for message in messages]

    def adopt(self, vocabulary):
        self._rules.adopt(vocabulary)


def test_a_share_of_the_shoppers_always_the_same_and_only_more_by_raising_it():
    small, large = ({user for user in range(4000) if serves(VERSION, share, user)} for share in (0.1, 0.3))
    assert small < large
    assert 320 < len(small) < 480
    assert {user for user in range(4000) if serves("understander-00000001", 0.1, user)} != small
    assert not any(serves(VERSION, 0.0, user) for user in range(100))
    assert all(serves(VERSION, 1.0, user) for user in range(100))


@pytest.fixture
def serving():
    worker = Worker("serving", lambda: Model("old"))
    yield worker
    worker.close()


@pytest.fixture
def database(tmp_path):
    worker = Worker("database", lambda: Shop.open(tmp_path))
    yield worker
    worker.close()


@pytest.fixture
def readers(serving, database):
    return Readers(serving, database)


def served_and_not():
    served = next(user for user in range(100) if serves(VERSION, SHARE, user))
    return served, next(user for user in range(100) if not serves(VERSION, SHARE, user))


async def begin(readers, terms, **model):
    await readers.begin(terms, Worker("candidate", lambda: Model(terms.version, **model)))


@pytest.mark.parametrize("text", ["a red dress", "红色连衣裙"])
async def test_each_shopper_is_read_by_their_own(readers, text):
    served, other = served_and_not()
    await begin(readers, Candidate(VERSION, SHARE))
    assert (await readers.understand(served, text, Context())).model == VERSION
    assert (await readers.understand(other, text, Context())).model == "old"
    assert (await readers.reader(VERSION)).version == VERSION
    readers.change(Candidate(VERSION, 0.0))
    assert (await readers.understand(served, text, Context())).model == "old"
    await readers.end()
    assert readers.terms is None
    assert (await readers.reader(VERSION)).version == "old"


async def test_a_candidate_that_fails_or_dies_costs_no_answer(readers, serving, caplog):
    served, _ = served_and_not()
    await begin(readers, Candidate(VERSION, 1.0))
    good = Model("old")
    await serving.replace(
        lambda: type(
            "Old", (), {"version": "old", "understand": lambda _, *said: good.understand("thanks", *said[1:])}
        )()
    )
    assert (await readers.understand(served, "boom", Context())).model == "old"
    assert "the one in service does" in caplog.text
    await readers.end()


async def test_the_shadow_reads_afterwards_and_only_keeps_what_it_read(readers, database):
    await begin(readers, Candidate(VERSION, 0.0, shadow=True), intent=Intent.DISLIKE)
    turn = await database.run(lambda shop: shop.transcripts.begin(Turn(1, 5, 5, "a red dress", START)))
    said = await readers.understand(5, turn.text, Context())
    readers.second(turn, said, Context())
    await readers.settle()
    [second] = await database.run(lambda shop: shop.second_readings.of(turn.id))
    assert (said.intent, second.intent, second.model) == (Intent.SEARCH, Intent.DISLIKE, VERSION)
    boom = await database.run(lambda shop: shop.transcripts.begin(Turn(2, 5, 5, "boom", START)))
    readers.second(boom, said, Context())
    await readers.settle()
    assert await database.run(lambda shop: shop.second_readings.of(boom.id)) == []
    await readers.end()


@pytest.mark.long
async def test_a_running_bot_takes_up_a_trial_and_ends_it_without_a_restart(
    stocked_folder, tmp_path, derived_models, caplog
):
    caplog.set_level(logging.INFO, logger="bot")
    folder = copy_stocked(stocked_folder, tmp_path / "data")
    cache = folder / "models"
    new = warmer(tmp_path / "run", derived_models, cache)
    shelf.place(cache, tmp_path / "run", new.version, {"previous": "shipped"})

    def trial(**terms):
        candidate = Candidate(new.version, **terms) if terms else None
        write_pointer(cache, Pointer("shipped", "", "2026-11-20T10:00:00+00:00", candidate=candidate))

    async def until(holds):
        async with asyncio.timeout(60):
            while not holds(stage.bot.house.readers.terms):
                await asyncio.sleep(0.05)

    trial(share=0.0, shadow=True)
    async with Stage(folder) as stage, await stage.shopper("Ann", "zh") as ann:
        readers = stage.bot.house.readers

        async def model_of_next_turn(text):
            await ann.says(text, expect=1)
            return stage.turn_of(ann)

        await until(lambda terms: terms and terms.shadow)
        turn = await model_of_next_turn("谢谢")
        assert turn.versions["understander"] == shipped().version
        await readers.settle()
        with stage.shop() as shop:
            assert [second.model for second in shop.second_readings.of(turn.turn.id)] == [new.version]
            [line] = shop.second_readings.agreement(new.version)
            assert (line.language, line.turns, line.same) == ("zh", 1, 1)
        trial(share=1.0)
        await until(lambda terms: terms and terms.share == 1.0)
        assert (await model_of_next_turn("thanks")).versions["understander"] == new.version
        trial()
        await until(lambda terms: terms is None)
        assert (await model_of_next_turn("谢谢")).versions["understander"] == shipped().version
        trial(share=1.0)
        (shelf_file := cache / "understander" / new.version / "meta.json").write_text("{", encoding="utf-8")
        async with asyncio.timeout(60):
            while "cannot be tried" not in caplog.text:
                await asyncio.sleep(0.05)
        assert (await model_of_next_turn("thanks")).versions["understander"] == shipped().version
        assert shelf_file.is_file()
