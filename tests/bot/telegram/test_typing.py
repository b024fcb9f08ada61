"""When a shopper sees "typing…": at once for a message, and for a tap only where the answer takes a while."""

import asyncio

import pytest

from bot.telegram.door import build_bot
from bot.telegram.typing_action import typing

ACTION = {"en": "Cheaper", "zh": "更便宜"}


async def until(ask):
    async with asyncio.timeout(20):
        while not await ask():
            await asyncio.sleep(0.02)


async def shown(house, chat):
    return [call for call in await house.api.simulator.calls(chat_id=chat.id) if call.method == "sendChatAction"]


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_tap_that_takes_a_while_shows_it(house, language):
    async with house.open(), await house.join(language=language) as ann:
        await ann.says("dress", expect=4)
        before = len(await shown(house, ann))
        gate = house.assistant.gates["cheaper"] = asyncio.Event()
        tap = asyncio.create_task(ann.taps(ACTION[language], expect=1))

        async def typing_again():
            return len(await shown(house, ann)) > before

        await until(typing_again)
        gate.set()
        assert (await tap).new


async def test_what_is_done_before_its_time_shows_nothing(house):
    async with house.open(), await house.join() as ann:
        bot = build_bot(house.api.token, house.api.url)
        try:
            async with typing(bot, ann.id, after=30):
                pass
            async with typing(bot, ann.id):
                await until(lambda: shown(house, ann))
            assert len(await shown(house, ann)) == 1
        finally:
            await bot.session.close()
