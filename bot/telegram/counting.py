"""Every request to Telegram is counted where it is made: by method and by what was answered."""

from __future__ import annotations

from time import perf_counter

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from bot.health import figures
from bot.telegram.flow import AnsweredError, HeldBackError
from bot.telegram.refusals import PostponedError

# The more special first: what is too large is a network error by its class.
_CODES: tuple[tuple[type[Exception], str], ...] = (
    (HeldBackError, "held back"),
    (AnsweredError, "answered before"),
    (PostponedError, "postponed"),
    (TelegramRetryAfter, "429"),
    (TelegramEntityTooLarge, "413"),
    (TelegramBadRequest, "400"),
    (TelegramUnauthorizedError, "401"),
    (TelegramForbiddenError, "403"),
    (TelegramNotFound, "404"),
    (TelegramConflictError, "409"),
    (TelegramServerError, "5xx"),
    (TelegramNetworkError, "network"),
    (ClientDecodeError, "unreadable"),
    (TelegramAPIError, "other"),
)
_LONG_POLL = "getUpdates"


class CountRequests(BaseRequestMiddleware):
    """Outermost of a bot's session, so that what others decide about a request is in the count."""

    async def __call__(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        name, began, code = method.__api_method__, perf_counter(), "aborted"
        try:
            answer = await make_request(bot, method)
            code = "200"
        except Exception as error:
            code = code_of(error)
            if isinstance(error, TelegramRetryAfter):
                figures.RETRY_AFTER.inc(max(0, error.retry_after))
            raise
        finally:
            figures.API_REQUESTS.labels(method=name, code=code).inc()
            if name != _LONG_POLL:
                figures.API_SECONDS.observe(perf_counter() - began)
        return answer


def code_of(error: Exception) -> str:
    """How a failed request is counted: Telegram's code, or what came in the place of an answer."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), "other")
