"""One request to Telegram, made patiently.

Short troubles are waited out here (a 429 of a few seconds, whose pause the flow keeps; a dropped connection, a 5xx).
Long ones raise `PostponedError`: the update goes back into its queue, so that a chat under flood control holds nobody
else's place.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TypeVar

from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramEntityTooLarge,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import TelegramMethod

from bot.telegram.backoff import Backoff
from bot.telegram.refusals import PostponedError, UnreachableError, is_unreachable

T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a send is tried in place, in seconds, before its update is postponed."""

    attempts: int = 4
    first_pause: float = 0.5
    longest_wait: float = 5.0
    postpone: float = 15.0
    request_timeout: int = 30


class Sender:
    """Requests that answer, or that a shopper should see: none is left out. The bot carries a `Flow`."""

    def __init__(self, bot: Bot, patience: Patience | None = None) -> None:
        self.bot = bot
        self._patience = patience or Patience()
        self._accepted = 0
        self._accepted_before = -1  # at the last failure

    async def call(self, method: TelegramMethod[T]) -> T:
        """Makes the request.

        Raises:
            UnreachableError: the chat cannot be written to.
            PostponedError: Telegram asks for a long pause, or stays unreachable.
            TelegramAPIError: any other refusal, for the caller to judge.
        """
        backoff = Backoff(first=self._patience.first_pause, cap=self._patience.longest_wait)
        for left in reversed(range(self._patience.attempts)):
            try:
                accepted = await self.bot(method, request_timeout=self._patience.request_timeout)
                self._accepted += 1
                return accepted
            except TelegramRetryAfter as flood:
                _log.warning("Telegram asks for a pause of %s s in one chat", flood.retry_after)
            except TelegramEntityTooLarge:
                raise
            except (TelegramNetworkError, TelegramServerError, ClientDecodeError) as trouble:
                _log.warning("%s failed, %d tries left: %s", method.__api_method__, left, type(trouble).__name__)
                if left:
                    await asyncio.sleep(backoff.pause())
            except TelegramAPIError as refusal:
                if is_unreachable(refusal):
                    raise UnreachableError(refusal.message) from refusal
                raise
        raise PostponedError(
            self._patience.postpone, f"{method.__api_method__} failed repeatedly", outage=self._nothing_is_accepted()
        )

    def _nothing_is_accepted(self) -> bool:
        """Whether Telegram has taken nothing at all since the last failure: then it is no fault of this message."""
        outage = self._accepted == self._accepted_before
        self._accepted_before = self._accepted
        return outage
