"""A crowd answered at once, against a server's limit for all chats: on a clock that jumps, since it is minutes."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import SendMessage
from aiogram.types import Chat, Message

from bot.overload import yields
from bot.simulator.flood import Flood
from bot.telegram.flow import Flow, Pace
from bot.telegram.refusals import PostponedError
from bot.telegram.sender import Sender
from tests.support.fast_clock import run

PAGE = 4  # a header and three cards
TRAVEL_S = 0.05


class Server(BaseSession):
    """What the local Bot API says under flood control, without its sockets."""

    def __init__(self, flood: Flood) -> None:
        super().__init__()
        self.flood, self.accepted, self.opens = flood, [], 0.0

    async def make_request(self, bot, method, timeout=None):
        await asyncio.sleep(TRAVEL_S)
        now = asyncio.get_running_loop().time()
        if seconds := self.flood.pause(method.__api_method__, method.chat_id, now):
            self.opens = now + seconds
            raise TelegramRetryAfter(method=method, message="Too Many Requests", retry_after=seconds)
        self.accepted.append((now, method.chat_id))
        return Message(message_id=len(self.accepted), date=0, chat=Chat(id=method.chat_id, type="private"))

    async def close(self) -> None: ...

    async def stream_content(self, *args, **kwargs) -> AsyncGenerator[bytes]:
        yield b""


async def answered(server, chats, pages=1, pace=None):
    """Sends every chat its pages, all chats at once; when the last message was accepted."""
    bot = Bot("1:token", session=server)
    bot.session.middleware(Flow(pace or Pace()))
    sender = Sender(bot)
    await asyncio.gather(*[_pages(sender, chat, pages * PAGE) for chat in chats])
    return server.accepted[-1][0]


async def _in_a_crowd(server, seconds):
    """How long each message of a talk that goes on took, a message in two seconds, beside a crowd that wants pages."""
    bot = Bot("1:token", session=server)
    bot.session.middleware(Flow(Pace(strict=True)))
    sender, clock, waits = Sender(bot), asyncio.get_running_loop().time, []
    yields.set(True)
    crowd = [asyncio.create_task(_pages(sender, chat, seconds * 30)) for chat in range(1, 61)]
    yields.set(False)
    for _ in range(seconds // 2):
        await asyncio.sleep(2)
        asked = clock()
        await _pages(sender, 100, 1)
        waits.append(clock() - asked)
    for task in crowd:
        task.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    return waits


async def _pages(sender, chat, messages):
    for number in range(messages):
        while True:
            try:
                await sender.call(SendMessage(chat_id=chat, text=str(number)))
                break
            except PostponedError as postponed:
                await asyncio.sleep(postponed.seconds)


@pytest.mark.parametrize("crowd", [30, 60])
def test_after_a_refusal_meant_for_all_a_crowd_is_answered_as_fast_as_the_server_takes(crowd):
    server = Server(Flood())
    last = run(answered(server, range(1, crowd + 1)))
    assert len(server.accepted) == crowd * PAGE
    assert server.flood.refused <= crowd, "nobody is refused twice"
    assert last - server.opens <= crowd * PAGE / 24 + 2, "as the stated limit, with its head-room, allows"


def test_chats_that_each_send_too_much_learn_it_though_they_are_refused_together():
    server = Server(Flood(all_per_second=1_000))
    run(answered(server, range(1, 7), pages=6))
    assert len(server.accepted) == 6 * 6 * PAGE
    assert server.flood.refused <= 6 * 2, "twice each at most: then bursts are as short as the server's"


def test_a_place_in_a_chat_is_not_lost_while_all_have_to_wait():
    """Whoever comes back from a pause for all goes on at once, not at a message a second."""
    server = Server(Flood(chat_per_second=1, chat_burst=5))
    run(answered(server, range(1, 31)))
    times = {}
    for at, chat in server.accepted:
        if at > server.opens:
            times.setdefault(chat, []).append(at)
    spans = sorted(max(each) - min(each) for each in times.values())
    assert spans[len(spans) // 2] < PAGE * 30 / 24, "a page takes as long as its share of the limit for all"


def test_a_talk_that_goes_on_does_not_wait_behind_a_crowd_for_the_limit_of_all():
    server = Server(Flood())
    waits = run(_in_a_crowd(server, 60))
    assert len(server.accepted) > 60 * 20, "the crowd gets all that is left of the limit"
    assert max(waits) < TRAVEL_S + 3 / 24, "the next place, or the one after"
