"""What Telegram's refusals mean, read from their exact texts (tdlib/telegram-bot-api)."""

from __future__ import annotations

from aiogram.exceptions import TelegramAPIError, TelegramForbiddenError

_CHAT_GONE = ("chat not found", "peer_id_invalid", "user_deactivated", "user is deactivated", "have no rights to send")
_MESSAGE_GONE = (
    "message to edit not found",
    "message to delete not found",
    "message can't be edited",
    "message can't be deleted",
    "message_id_invalid",
    "there is no media in the message to edit",
    "there is no text in the message to edit",
)


class UnreachableError(Exception):
    """This shopper cannot be written to: blocked the bot, deleted the account, or the chat is gone."""


class PostponedError(Exception):
    """The work cannot be done now. The update is to be worked again after `seconds`.

    `outage`: nothing else would fare better, so it is tried for as long as it takes. `paced`: nothing failed, its place
    is only later, so it does not count among the tries.
    """

    def __init__(self, seconds: float, why: str, *, outage: bool = False, paced: bool = False) -> None:
        super().__init__(f"Postponed by {seconds:.0f} s: {why}")
        self.seconds, self.outage, self.paced = seconds, outage, paced


def is_unreachable(error: TelegramAPIError) -> bool:
    """No message will reach this chat."""
    return isinstance(error, TelegramForbiddenError) or _says(error, *_CHAT_GONE)


def is_unmodified(error: TelegramAPIError) -> bool:
    """An edit that changes nothing: all is well."""
    return _says(error, "message is not modified")


def is_unparsable(error: TelegramAPIError) -> bool:
    """The markup does not parse."""
    return _says(error, "can't parse entities")


def is_message_gone(error: TelegramAPIError) -> bool:
    """The message to edit or delete is not there any more, or no longer ours to change."""
    return _says(error, *_MESSAGE_GONE)


def _says(error: TelegramAPIError, *texts: str) -> bool:
    message = error.message.casefold()
    return any(text in message for text in texts)
