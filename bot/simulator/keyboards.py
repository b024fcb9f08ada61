"""Checks reply markups as Telegram's servers do and finds buttons in the inline keyboards of messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.simulator.arguments import Arguments
from bot.simulator.errors import bad_request

Button = dict[str, Any]
MAX_BUTTONS = 100
MAX_DATA_BYTES = 64
_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "copy_text",
    "pay",
)


def inline_keyboard(arguments: Arguments) -> dict[str, Any] | None:
    """The inline keyboard of a call, None when it has none. Reply keyboards are checked and not kept."""
    markup = arguments.json("reply_markup", "can't parse reply keyboard markup JSON object")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be of type Array')
    kept = [[_checked(button) for button in row] for row in rows if row]
    if sum(map(len, kept)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def buttons(message: dict[str, Any]) -> Iterator[Button]:
    """The inline buttons under a message, row by row."""
    for row in message.get("reply_markup", {}).get("inline_keyboard", []):
        yield from row


def _checked(button: Any) -> Button:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    kept = {name: value for name, value in button.items() if value not in (None, "")}
    if "text" not in kept:
        raise bad_request("inline keyboard button text must be non-empty")
    if not any(action in kept for action in _ACTIONS):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(str(kept.get("callback_data", "")).encode()) > MAX_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    link = kept.get("url")
    if link is not None and not str(link).startswith(("http://", "https://", "tg://")):
        raise bad_request(f"inline keyboard button URL '{link}' is invalid: Wrong HTTP URL")
    return kept
