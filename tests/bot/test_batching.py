"""Shoppers who write at the same time, and a model that takes its time: real threads, no clock."""

import asyncio
import threading

import pytest

from bot.batching import Together
from bot.workers import Worker
from nlu.rules import RulesUnderstander
from storage.records import Context, Intent
from storage.terms import base_vocabulary

pytestmark = pytest.mark.asyncio


class Slow:
    """The rules behind a gate, which notes what was read with what. "boom" cannot be read."""

    def __init__(self):
        self.gate, self.entered, self.batches = threading.Event(), threading.Event(), []
        self._rules = RulesUnderstander(base_vocabulary())

    def understand(self, text, context=None):
        self._note([text])
        return self._read(text, context)

    def understand_many(self, messages):
        self._note([text for text, _ in messages])
        return [self._read(text, context) for text, context in messages]

    def _note(self, texts):
        self.batches.append(texts)
        self.entered.set()
        assert self.gate.wait(20)

    def _read(self, text, context):
        if text == "boom":
            raise ValueError("boom cannot be read")
        return self._rules.understand(text, context)


@pytest.fixture
def slow():
    return Slow()


@pytest.fixture
def worker(slow):
    worker = Worker("slow", lambda: slow)
    yield worker
    slow.gate.set()
    worker.close()


async def busy(together, slow, text="hello"):
    """A first message that keeps the model busy until the gate opens."""
    first = asyncio.create_task(together.understand(text, Context()))
    await asyncio.to_thread(slow.entered.wait, 20)
    return first


def asking(together, *texts):
    return [asyncio.create_task(together.understand(text, Context())) for text in texts]


async def test_what_waits_while_the_model_reads_is_read_together(worker, slow):
    together = Together(worker)
    first = await busy(together, slow)
    others = asking(together, "a red dress", "thanks", "我要退货")
    await asyncio.sleep(0)
    slow.gate.set()
    found = await asyncio.gather(first, *others)
    assert slow.batches == [["hello"], ["a red dress", "thanks", "我要退货"]]
    assert [one.text for one in found] == ["hello", "a red dress", "thanks", "我要退货"]
    assert found[2].intent is Intent.THANKS


async def test_a_message_that_finds_the_model_idle_is_read_at_once_and_alone(worker, slow):
    slow.gate.set()
    together = Together(worker)
    for text in ("hello", "thanks"):
        assert (await together.understand(text, Context())).text == text
    assert slow.batches == [["hello"], ["thanks"]]


async def test_the_context_of_each_message_stays_with_it(worker, slow):
    together = Together(worker)
    first = await busy(together, slow)
    asked = asyncio.create_task(together.understand("50", Context("budget")))
    unasked = asyncio.create_task(together.understand("50", Context()))
    await asyncio.sleep(0)
    slow.gate.set()
    await first
    assert (await asked).price.max == 50
    assert (await unasked).price is None


async def test_what_cannot_be_read_fails_alone(worker, slow):
    together = Together(worker)
    first = await busy(together, slow)
    others = asking(together, "a red dress", "boom", "thanks")
    await asyncio.sleep(0)
    slow.gate.set()
    found = await asyncio.gather(first, *others, return_exceptions=True)
    assert [getattr(one, "text", None) for one in found] == ["hello", "a red dress", None, "thanks"]
    assert str(found[2]) == "boom cannot be read"
    assert (await together.understand("hello again", Context())).text == "hello again"


async def test_a_shopper_who_gave_up_is_not_read(worker, slow):
    together = Together(worker)
    first = await busy(together, slow)
    gone, stays = asking(together, "a red dress", "thanks")
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    slow.gate.set()
    assert (await stays).text == "thanks"
    await first
    assert slow.batches == [["hello"], ["thanks"]]
    assert gone.cancelled()


async def test_one_who_gives_up_while_being_read_takes_nobody_along(worker, slow):
    together = Together(worker)
    first = await busy(together, slow)
    second = asyncio.create_task(together.understand("thanks", Context()))
    await asyncio.sleep(0)
    first.cancel()
    slow.gate.set()
    assert (await second).text == "thanks"


async def test_a_flood_is_read_in_parts(worker, slow):
    together = Together(worker, most=4)
    first = await busy(together, slow)
    others = asking(together, *(f"message {number}" for number in range(10)))
    await asyncio.sleep(0)
    slow.gate.set()
    found = await asyncio.gather(first, *others)
    assert [len(batch) for batch in slow.batches] == [1, 4, 4, 2]
    assert [one.text for one in found[1:]] == [f"message {number}" for number in range(10)]


async def test_without_a_model_everyone_hears_so():
    def build():
        raise OSError("no model here")

    worker = Worker("missing", build)
    together = Together(worker)
    found = await asyncio.gather(*asking(together, "hello", "thanks", "bye"), return_exceptions=True)
    assert [str(error) for error in found] == ["no model here"] * 3
    worker.close()


async def test_many_shoppers_each_get_their_own_answer():
    worker = Worker("rules", lambda: RulesUnderstander(base_vocabulary()))
    together = Together(worker)
    texts = [f"a red dress under ${price}" for price in range(10, 210)]
    found = await asyncio.gather(*asking(together, *texts))
    assert [int(one.price.max) for one in found] == list(range(10, 210))
    worker.close()
