"""What all sending and editing methods share: the chat, the formatted text, the message as it is stored."""

from __future__ import annotations

from typing import Any

from bot.simulator.arguments import Arguments
from bot.simulator.chats import Message, Person
from bot.simulator.entities import Entity
from bot.simulator.errors import bad_request, forbidden
from bot.simulator.formatting import formatted
from bot.simulator.keyboards import inline_keyboard
from bot.simulator.store import Store

MAX_TEXT = 4096
MAX_CAPTION = 1024


def chat_of(store: Store, arguments: Arguments) -> Person:
    """The private chat that `chat_id` names; only shoppers who wrote first can be found."""
    if not arguments.text("chat_id").strip():
        raise bad_request("chat_id is empty")
    person = store.chats.person(arguments.integer("chat_id"))
    if person is None or not person.reachable:
        raise bad_request("chat not found")
    return person


def writable_chat(store: Store, arguments: Arguments) -> Person:
    """The chat, when its shopper has not blocked the bot."""
    person = chat_of(store, arguments)
    if person.blocked:
        raise forbidden("bot was blocked by the user")
    return person


def text_of(arguments: Arguments) -> tuple[str, list[Entity]]:
    """The text of a message and its entities."""
    return formatted(
        arguments.text("text"),
        arguments.text("parse_mode"),
        _given_entities(arguments, "entities"),
        limit=MAX_TEXT,
        empty="message text is empty",
        too_long="message is too long",
    )


def caption_of(arguments: Arguments) -> dict[str, Any]:
    """`caption` and `caption_entities` as a message shows them; nothing for an empty caption."""
    caption, entities = formatted(
        arguments.text("caption"),
        arguments.text("parse_mode"),
        _given_entities(arguments, "caption_entities"),
        limit=MAX_CAPTION,
        empty="",
        too_long="message caption is too long",
    )
    return with_entities("caption", caption, entities) if caption else {}


def with_entities(name: str, text: str, entities: list[Entity]) -> dict[str, Any]:
    """`{name: text}` with its list of entities where there are some."""
    key = "entities" if name == "text" else "caption_entities"
    return {name: text, **({key: entities} if entities else {})}


def send(store: Store, arguments: Arguments, content: dict[str, Any]) -> Message:
    """Stores a new message of the bot; `content` is what it shows (text, photo, caption)."""
    person = writable_chat(store, arguments)
    message: Message = {
        "from": store.bot(),
        "chat": person.chat(),
        "date": int(store.clock.now()),
        **_replied(store, person.id, arguments),
        **content,
    }
    if arguments.flag("protect_content"):
        message["has_protected_content"] = True
    keyboard = inline_keyboard(arguments)
    if keyboard:
        message["reply_markup"] = keyboard
    stored = store.chats.add(person.id, message, from_bot=True)
    store.tell("message", person.id, message=stored)
    return stored


def link_preview(arguments: Arguments) -> dict[str, Any]:
    """`link_preview_options` as the message keeps them."""
    options = arguments.json("link_preview_options", "can't parse link preview options JSON object")
    return {"link_preview_options": options} if isinstance(options, dict) and options else {}


def _given_entities(arguments: Arguments, name: str) -> list[Entity]:
    given = arguments.json(name, "can't parse entities JSON object")
    if given is None or arguments.text("parse_mode"):
        return []
    if not isinstance(given, list) or not all(isinstance(entity, dict) for entity in given):
        raise bad_request("expected an Array of MessageEntity")
    return [{key: value for key, value in entity.items() if value is not None} for entity in given]


def _replied(store: Store, chat_id: int, arguments: Arguments) -> dict[str, Any]:
    given = arguments.json("reply_parameters", "can't parse reply parameters JSON object") or {}
    message_id = Arguments(given).integer("message_id") or arguments.integer("reply_to_message_id")
    if not message_id:
        return {}
    original = store.chats.message(chat_id, message_id)
    if original is None:
        allowed = given.get("allow_sending_without_reply") or arguments.flag("allow_sending_without_reply")
        if allowed:
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": {k: v for k, v in original.items() if k != "reply_to_message"}}
