"""What goes wrong between Telegram and us, in a sentence for the operator and in a word for the figures."""

from __future__ import annotations

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from storage.database import meaning


class TokenRefusedError(Exception):
    """Telegram does not know the token."""


def refused_token(trouble: Exception) -> TokenRefusedError | None:
    """The end of a start, where the trouble is that the token is none of Telegram's."""
    if not isinstance(trouble, TelegramUnauthorizedError | TelegramNotFound):
        return None
    return TokenRefusedError("Telegram refused the token: check TELEGRAM_BOT_TOKEN against what @BotFather shows.")


def is_webhook_set(trouble: Exception) -> bool:
    """A poll was refused since updates go to a webhook."""
    return isinstance(trouble, TelegramConflictError) and "webhook" in trouble.message.casefold()


def is_hung(trouble: Exception) -> bool:
    """No answer came in time: the connection may be dead though nobody closed it."""
    if isinstance(trouble, TelegramNetworkError):
        return "timeout" in trouble.message.casefold()
    return isinstance(trouble, TimeoutError)


def kind(trouble: Exception) -> str:
    """conflict, token, hung, network, server, refused, unreadable or storage."""
    match trouble:
        case TelegramConflictError():
            return "conflict"
        case TelegramUnauthorizedError() | TelegramNotFound():
            return "token"
        case TelegramNetworkError() | TimeoutError():
            return "hung" if is_hung(trouble) else "network"
        case TelegramServerError():
            return "server"
        case TelegramAPIError():
            return "refused"
        case ClientDecodeError():
            return "unreadable"
        case _:
            return "storage"


def sentence(trouble: Exception) -> str:
    """What went wrong, and what to do, in a sentence or two."""
    match trouble:
        case TelegramConflictError() if is_webhook_set(trouble):
            return "A webhook is set for this bot by another process, and each update goes to only one; stop the other."
        case TelegramConflictError():
            return "Another process polls this bot, and each update goes to only one of them; stop the other."
        case TelegramUnauthorizedError():
            return "Telegram no longer accepts the token; it was revoked."
        case TelegramNetworkError() | TimeoutError() if is_hung(trouble):
            return "Telegram did not answer in time; the connection is made anew."
        case TelegramNetworkError():
            return f"Telegram cannot be reached ({trouble.message})."
        case TelegramAPIError():
            return f"Telegram answered with an error ({trouble.message})."
        case ClientDecodeError():
            return "Telegram's answer could not be read."
        case _:
            return f"The updates could not be stored: {meaning(trouble) or f'{type(trouble).__name__}: {trouble}'}"
