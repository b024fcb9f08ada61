"""Raw updates as the inbox keeps them: read before aiogram parses anything, so that one odd update blocks nobody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from storage.records import Update

Raw = Mapping[str, Any]
SURROGATES = {code: None for code in range(0xD800, 0xE000)}


class MalformedUpdateError(ValueError):
    """What came is no update that can be kept by its number."""


def read_update(raw: object, received_at: datetime) -> Update:
    """The inbox row of a raw update. Raises `MalformedUpdateError` where it has no usable update_id."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    # SQLite keeps 64 bits; a bool is an int in Python and no number here.
    if not isinstance(raw, dict) or type(number) is not int or not 0 < number < 2**63:
        raise MalformedUpdateError("An update without a usable update_id was received.")
    return Update(number, user_of(raw), body_of(raw), received_at)


def body_of(raw: object) -> str:
    """ASCII JSON: lone surrogates survive as escapes, where SQLite could not store them."""
    return json.dumps(raw, separators=(",", ":"))


def raw_of(body: str) -> Raw:
    """The update that `body_of` kept, without lone surrogates: nothing of it that is echoed, not even the number of a
    query, may keep an answer from being sent.
    """
    raw: Raw = json.loads(body)
    return _encodable(raw) if "\\ud" in body else raw


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.translate(SURROGATES)
    if isinstance(value, list):
        return [_encodable(each) for each in value]
    if isinstance(value, dict):
        return {_encodable(name): _encodable(each) for name, each in value.items()}
    return value


def event_of(raw: Raw) -> tuple[str, Raw]:
    """The kind of an update ("message") and its object; ("", {}) where there is none."""
    for kind, event in raw.items():
        if kind != "update_id" and isinstance(event, dict):
            return kind, event
    return "", {}


def user_of(raw: Raw) -> int:
    """Who caused it: the sender, else the chat, else 0. Decides the queue that keeps updates in order."""
    _, event = event_of(raw)
    for who in (event.get("from"), event.get("user"), event.get("chat")):
        if isinstance(who, dict) and type(who.get("id")) is int and abs(who["id"]) < 2**63:
            return int(who["id"])
    return 0


def said_at(raw: Raw) -> datetime | None:
    """When a message was written (or edited); None for what is no message."""
    kind, event = event_of(raw)
    if kind not in ("message", "edited_message"):
        return None
    seconds = event.get("edit_date") or event.get("date")
    try:
        return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None
    except (OverflowError, OSError, ValueError):
        return None


def is_message(raw: Raw) -> bool:
    """True for something written or posted, False for buttons and membership."""
    return event_of(raw)[0] in ("message", "edited_message")


def tapped(raw: Raw) -> tuple[str, int, int] | None:
    """Which button a tap is on: its data, chat and message; None for what is no tap on a message of ours."""
    kind, event = event_of(raw)
    message = event.get("message")
    if kind != "callback_query" or not isinstance(message, dict) or not isinstance(message.get("chat"), dict):
        return None
    data, chat_id, message_id = event.get("data"), message["chat"].get("id"), message.get("message_id")
    if not isinstance(data, str) or not isinstance(chat_id, int) or not isinstance(message_id, int):
        return None
    return data, chat_id, message_id


def query_of(raw: Raw) -> str | None:
    """The id that a tap is answered by."""
    kind, event = event_of(raw)
    query_id = event.get("id")
    return query_id if kind == "callback_query" and isinstance(query_id, str) and query_id else None


def private_chat(raw: Raw) -> int | None:
    """The private chat that somebody wrote or tapped in; None for groups and all else."""
    kind, event = event_of(raw)
    if kind == "callback_query" and isinstance(event.get("message"), dict):
        event = event["message"]
    chat = event.get("chat") if kind in ("message", "edited_message", "callback_query") else None
    if not isinstance(chat, dict) or chat.get("type") != "private":
        return None
    return chat["id"] if type(chat.get("id")) is int else None


def words_of(raw: Raw) -> tuple[str, str | None]:
    """What was written, and the language of the writer's Telegram."""
    event = event_of(raw)[1]
    said, who = event.get("text") or event.get("caption"), event.get("from")
    code = who.get("language_code") if isinstance(who, dict) else None
    return said if isinstance(said, str) else "", code if isinstance(code, str) else None
