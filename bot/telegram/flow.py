"""What goes out to Telegram, and when: a middleware under every request that the bot makes.

Telegram states limits (a message a second to a chat, twenty a minute to a group, thirty a second in all for what
nobody asked for) and tolerates more: short bursts, and answers beyond the thirty. What it tolerates is used until it
objects with a 429; then bursts of that chat are shorter, and where several chats were meant the stated limit is kept,
for ten minutes (`strict` keeps it from the start). A pause that Telegram asks for is kept to the end, and nothing that
only decorates is sent meanwhile.

    bot.session.middleware(Flow(Pace()))

Messages and edits that answer wait for their place, an album for as many as it has pictures; typing, drafts and ticks
are left out where they would have to; a tap is answered at once, and once.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import AiogramError, TelegramRetryAfter
from aiogram.methods import Response, SendMediaGroup, TelegramMethod

from bot.health import figures
from bot.overload import Level, Overload
from bot.telegram.buckets import Bucket
from bot.telegram.objections import Objection, Objections
from bot.telegram.refusals import PostponedError
from bot.telegram.turnstile import Turnstile

T = TypeVar("T")
_EXTRAS = {"sendChatAction": "typing", "sendMessageDraft": "draft", "sendRichMessageDraft": "draft"}
_TICK = "editMessageReplyMarkup"
_CHANGES = ("editMessage", "deleteMessage")
_LEAST_BURST = 4.0  # a page: its header and three cards
_HEAD_ROOM = 0.8
_KEPT_S = 600.0
_CHATS = 20_000
_TAPS = 5_000

_unasked: ContextVar[bool] = ContextVar("unasked", default=False)


class HeldBackError(AiogramError):
    """An extra was left out: there was no room for it."""


class AnsweredError(AiogramError):
    """This tap was answered before."""


@contextmanager
def unasked() -> Iterator[None]:
    """What is sent within was not asked for just now: it keeps to the limit for notifications."""
    token = _unasked.set(True)
    try:
        yield
    finally:
        _unasked.reset(token)


@dataclass(frozen=True, slots=True)
class Pace:
    """The limits. `longest_wait` in seconds: for more a message gives its place to others."""

    chat_per_second: float = 1.0
    chat_burst: int = 20
    group_per_minute: int = 20
    all_per_second: float = 30.0
    strict: bool = False
    longest_wait: float = 5.0


class _Chat:
    """The buckets of one chat: messages, changes of messages, extras."""

    def __init__(self, pace: Pace, group: bool) -> None:
        def bucket() -> Bucket:
            if group:
                return Bucket.per_minute(pace.group_per_minute)
            return Bucket(pace.chat_per_second, pace.chat_burst)

        self.messages, self.changes = bucket(), bucket()
        self.extras = {"typing": Bucket(0.5, 3), "draft": Bucket(2.0, 4), "tick": self.changes}
        self._buckets = (self.messages, self.changes, *self.extras.values())
        self._bursts = [bucket.burst for bucket in self._buckets]
        self.remembered_until = float("inf")

    def pause(self, now: float, seconds: float) -> None:
        """Telegram objected: the pause is for everything, and bursts are shorter for a while."""
        self.remembered_until = now + seconds + _KEPT_S
        for bucket in self._buckets:
            bucket.burst = max(min(bucket.burst, _LEAST_BURST), bucket.burst / 2)
            bucket.pause(now, seconds)

    def excuse(self) -> None:
        """The objection was meant for all: what is asked for is kept, and bursts are what they were."""
        for bucket, burst in zip(self._buckets, self._bursts, strict=True):
            bucket.ease(burst)

    def kept_to_the_limit(self, now: float) -> bool:
        """Whether it sent no more than Telegram takes from every chat."""
        return self.messages.spent(now) <= _LEAST_BURST

    def rested(self, now: float) -> bool:
        return all(bucket.rested(now) for bucket in self._buckets)


class Flow(BaseRequestMiddleware):
    """The buckets of all chats.

    Args:
        overload: says when extras are left out everywhere.
        paused: told when a request begins to wait for its place, so that others can be worked meanwhile.
    """

    def __init__(
        self, pace: Pace | None = None, overload: Overload | None = None, paused: Callable[[], None] = lambda: None
    ) -> None:
        self._pace, self._overload, self.paused = pace or Pace(), overload or Overload(), paused
        self._chats: OrderedDict[int, _Chat] = OrderedDict()
        self._answered: OrderedDict[str, None] = OrderedDict()
        self._objections = Objections()
        self._unasked = Turnstile(self._for_all(), "notifications")
        self._all = Turnstile(self._for_all(), "all chats")
        self._all_kept_until = float("inf") if self._pace.strict else float("-inf")
        self.sleeping = 0
        """Requests that wait for their place just now."""

    async def __call__(
        self, make_request: NextRequestMiddlewareType[T], bot: Bot, method: TelegramMethod[T]
    ) -> Response[T]:
        if method.__api_method__ == "answerCallbackQuery":
            self._once(str(getattr(method, "callback_query_id", "")))
        chat_id = getattr(method, "chat_id", None)
        if not isinstance(chat_id, int):
            return await make_request(bot, method)
        await self._admit(chat_id, method.__api_method__, _places(method))
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter as flood:
            self._objected(chat_id, flood.retry_after)
            raise

    # --- the way in ---------------------------------------------------------------------------------

    async def _admit(self, chat_id: int, name: str, places: int) -> None:
        """Returns when it may be sent. Raises HeldBackError for an extra, PostponedError for what would wait long."""
        chat, now = self._chat(chat_id), _now()
        extra = _EXTRAS.get(name) or ("tick" if name == _TICK else "")
        if extra:
            if not self._room_for(chat, extra, now):
                figures.HELD_BACK.labels(kind=extra).inc()
                raise HeldBackError(f"no room for {extra}")
            return
        if name.startswith(_CHANGES):
            await self._wait(chat.changes, "this chat's changes")
            return
        if not name.startswith("send"):
            return
        await self._wait(chat.messages, "this chat", places)
        try:
            for _ in range(places):
                await self._wait_for_all()
        except PostponedError:
            chat.messages.give_back(places)
            raise

    async def _wait_for_all(self) -> None:
        if _unasked.get():
            await self._through(self._unasked)
        if _now() < self._all_kept_until:
            await self._through(self._all)

    async def _wait(self, bucket: Bucket, whose: str, places: int = 1) -> None:
        now = _now()
        seconds = bucket.wait(now, places)
        if seconds > self._pace.longest_wait:
            raise PostponedError(seconds, f"flood control of {whose}", paced=True)
        bucket.take(now, places)
        if seconds:
            await self._until(asyncio.sleep(seconds))

    async def _through(self, turnstile: Turnstile) -> None:
        if place := turnstile.enter(self._pace.longest_wait):
            await self._until(place)

    async def _until(self, place: Awaitable[None]) -> None:
        """Waits for a place; meanwhile others are worked."""
        began = _now()
        self.sleeping += 1
        try:
            self.paused()
            await place
        finally:
            self.sleeping -= 1
            figures.PACED_SECONDS.inc(_now() - began)

    def _room_for(self, chat: _Chat, extra: str, now: float) -> bool:
        if self._overload.level >= Level.NO_EXTRAS or chat.messages.wait(now):
            return False
        if now < self._all_kept_until and not self._all.free(now):
            return False
        return chat.extras[extra].spare(now)

    def _once(self, query_id: str) -> None:
        if query_id in self._answered:
            raise AnsweredError("answered before")
        self._answered[query_id] = None
        if len(self._answered) > _TAPS:
            self._answered.popitem(last=False)

    # --- what Telegram objects to -------------------------------------------------------------------

    def _objected(self, chat_id: int, seconds: float) -> None:
        now, chat = _now(), self._chat(chat_id)
        objection = Objection(now, chat_id, now + seconds, modest=chat.kept_to_the_limit(now))
        chat.pause(now, seconds)
        if not (for_all := self._objections.heard(objection)):
            return
        if not self._pace.strict:
            self._all_kept_until = now + _KEPT_S
        self._all.pause(now, for_all.until - now)
        for excused in for_all.excused:
            self._chat(excused).excuse()

    # --- buckets ------------------------------------------------------------------------------------

    def _for_all(self) -> Bucket:
        """With head-room: burst and rate together stay within the limit in any second."""
        limit = self._pace.all_per_second
        return Bucket(limit * _HEAD_ROOM, max(1.0, limit * (1 - _HEAD_ROOM)))

    def _chat(self, chat_id: int) -> _Chat:
        chat = self._chats.get(chat_id)
        if chat is None or _now() > chat.remembered_until:
            self._forget()
            chat = self._chats[chat_id] = _Chat(self._pace, group=chat_id < 0)
        self._chats.move_to_end(chat_id)
        return chat

    def _forget(self) -> None:
        """Those that rested longest go first; one whose pause is kept stays, however many there are."""
        now = _now()
        while len(self._chats) >= _CHATS and next(iter(self._chats.values())).rested(now):
            self._chats.popitem(last=False)


def _places(method: TelegramMethod[T]) -> int:
    """Telegram counts each picture of an album as a message."""
    return len(method.media) if isinstance(method, SendMediaGroup) else 1


def _now() -> float:
    return asyncio.get_running_loop().time()
