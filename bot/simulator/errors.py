"""The refusals of the Bot API, word for word.

Bots tell errors apart by their text, so the texts are those of tdlib/telegram-bot-api: after "Bad Request: " the
first letter is lowered, codes such as BUTTON_DATA_INVALID stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
WEBHOOK_SET = "terminated by setWebhook request"


class ApiError(Exception):
    """A call that is answered with `ok: false`; `code` is the HTTP status as well."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Told:
    """A result with the sentence that the Bot API puts beside it."""

    result: Any
    description: str


def bad_request(reason: str) -> ApiError:
    """400; `reason` is put after "Bad Request: "."""
    return ApiError(400, f"Bad Request: {reason}")


def unauthorized(reason: str = "") -> ApiError:
    """401: a token that is not the bot's (no reason) or not a token at all."""
    return ApiError(401, f"Unauthorized: {reason}" if reason else "Unauthorized")


def forbidden(reason: str) -> ApiError:
    """403; `reason` is put after "Forbidden: "."""
    return ApiError(403, f"Forbidden: {reason}")


def too_many_requests(seconds: int) -> ApiError:
    """429, to be tried again after `seconds`."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def method_not_found() -> ApiError:
    """404 for a method that this server does not know."""
    return ApiError(404, "Not Found: method not found")


def conflict(reason: str) -> ApiError:
    """409; `reason` is put after "Conflict: "."""
    return ApiError(409, f"Conflict: {reason}")
