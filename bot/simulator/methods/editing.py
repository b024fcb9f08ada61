"""Editing and deleting messages. An edit that changes nothing is refused, as on Telegram."""

from __future__ import annotations

from typing import Any

from bot.simulator.arguments import Arguments
from bot.simulator.chats import Message, Person
from bot.simulator.errors import NOT_MODIFIED, bad_request
from bot.simulator.keyboards import inline_keyboard
from bot.simulator.methods.outgoing import caption_of, chat_of, link_preview, text_of, with_entities
from bot.simulator.methods.photos import photo_content
from bot.simulator.store import Store

DELETABLE_SECONDS = 48 * 3600
MAX_DELETED = 100
CONTENT = (
    "text",
    "entities",
    "caption",
    "caption_entities",
    "photo",
    "link_preview_options",
    "has_media_spoiler",
    "show_caption_above_media",
)


def edit_message_text(store: Store, arguments: Arguments) -> Message:
    """Another text; only of a message that is one."""
    person, message = _editable(store, arguments)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    text, entities = text_of(arguments)
    content = {**with_entities("text", text, entities), **link_preview(arguments)}
    return _edit(store, person, message, content, inline_keyboard(arguments))


def edit_message_caption(store: Store, arguments: Arguments) -> Message:
    """Another caption under the same photo."""
    person, message = _editable(store, arguments)
    if "photo" not in message:
        raise bad_request("there is no caption in the message to edit")
    content = {"photo": message["photo"], **caption_of(arguments)}
    return _edit(store, person, message, content, inline_keyboard(arguments))


def edit_message_media(store: Store, arguments: Arguments) -> Message:
    """Another photo and caption; a text message becomes a photo message."""
    person, message = _editable(store, arguments)
    media = arguments.json("media", "can't parse media JSON object")
    if media is None:
        raise bad_request("there is no media in the request")
    return _edit(store, person, message, photo_content(store, arguments, media), inline_keyboard(arguments))


def edit_message_reply_markup(store: Store, arguments: Arguments) -> Message:
    """Another keyboard under the same content."""
    person, message = _editable(store, arguments)
    content = {name: message[name] for name in CONTENT if name in message}
    return _edit(store, person, message, content, inline_keyboard(arguments))


def delete_message(store: Store, arguments: Arguments) -> bool:
    """Deletes a message of the last 48 hours, the bot's or the shopper's."""
    person = chat_of(store, arguments)
    message = store.chats.message(person.id, arguments.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if store.clock.now() - message["date"] > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted")
    _delete(store, person, message["message_id"])
    return True


def delete_messages(store: Store, arguments: Arguments) -> bool:
    """Deletes those that are there; unknown ones are passed over."""
    person = chat_of(store, arguments)
    wanted = arguments.json("message_ids", "can't parse message identifiers JSON array")
    if not isinstance(wanted, list) or not wanted:
        raise bad_request("message identifiers are not specified")
    if len(wanted) > MAX_DELETED:
        raise bad_request("too many message identifiers specified")
    for message_id in wanted:
        if isinstance(message_id, int) and store.chats.message(person.id, message_id) is not None:
            _delete(store, person, message_id)
    return True


def _delete(store: Store, person: Person, message_id: int) -> None:
    store.chats.delete(person.id, message_id)
    store.tell("deleted", person.id, message_id=message_id)


def _editable(store: Store, arguments: Arguments) -> tuple[Person, Message]:
    if arguments.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    person = chat_of(store, arguments)
    message_id = arguments.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = store.chats.message(person.id, message_id)
    if message is None:
        raise bad_request("message to edit not found")
    if not message["from"]["is_bot"]:
        raise bad_request("message can't be edited")
    return person, message


def _edit(
    store: Store, person: Person, message: Message, content: dict[str, Any], keyboard: dict[str, Any] | None
) -> Message:
    """Stores the message with new content; a keyboard that is not given is removed, as on Telegram."""
    kept = {name: value for name, value in message.items() if name not in (*CONTENT, "reply_markup", "edit_date")}
    edited = {**kept, **content, **({"reply_markup": keyboard} if keyboard else {})}
    if edited == {name: value for name, value in message.items() if name != "edit_date"}:
        raise bad_request(NOT_MODIFIED)
    edited["edit_date"] = int(store.clock.now())
    store.chats.replace(person.id, edited)
    store.tell("edited", person.id, message=edited)
    return edited


METHODS = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
