"""sendMessage, sendChatAction and sendMessageDraft."""

from __future__ import annotations

from typing import Any

from bot.simulator.arguments import Arguments
from bot.simulator.errors import bad_request
from bot.simulator.formatting import formatted
from bot.simulator.methods.outgoing import (
    MAX_TEXT,
    link_preview,
    send,
    text_of,
    with_entities,
    writable_chat,
)
from bot.simulator.store import Store

ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
        "cancel",
    }
)


def send_message(store: Store, arguments: Arguments) -> dict[str, Any]:
    """A text message; the chat is looked up before the text is read, as on Telegram."""
    writable_chat(store, arguments)
    text, entities = text_of(arguments)
    return send(store, arguments, {**with_entities("text", text, entities), **link_preview(arguments)})


def send_chat_action(store: Store, arguments: Arguments) -> bool:
    """ "typing" and its kind, seen for five seconds or until a message comes."""
    action = arguments.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    person = writable_chat(store, arguments)
    store.tell("action", person.id, action=action)
    return True


def send_message_draft(store: Store, arguments: Arguments) -> bool:
    """A bubble that grows for up to 30 seconds; no text means "Thinking...". Nothing is stored."""
    person = writable_chat(store, arguments)
    draft_id = arguments.integer("draft_id")
    if not draft_id:
        raise bad_request("draft_id must be non-zero")
    text, entities = formatted(
        arguments.text("text"),
        arguments.text("parse_mode"),
        arguments.json("entities", "can't parse entities JSON object") or [],
        limit=MAX_TEXT,
        empty="",
        too_long="message is too long",
    )
    store.tell("draft", person.id, draft_id=draft_id, text=text, entities=entities)
    return True


METHODS = {
    "sendMessage": send_message,
    "sendChatAction": send_chat_action,
    "sendMessageDraft": send_message_draft,
}
