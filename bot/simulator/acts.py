"""What a shopper can do in a chat: write, send, edit, tap, block. Plain functions of the store.

Each puts into the bot's queue what Telegram would put there. What a person could not do (tap a button that is
not there, write to a bot they blocked) is an `ActError`.
"""

from __future__ import annotations

from typing import Any

from bot.simulator.chats import Message, Person
from bot.simulator.files import file_id, photo_sizes, placeholder_photo
from bot.simulator.formatting import detect
from bot.simulator.keyboards import Button, buttons
from bot.simulator.store import Store

MAX_TEXT = 4096  # Telegram's own apps cut longer texts into several messages
MAX_NAME = 64
MAX_INLINE = 256


class ActError(Exception):
    """Something a shopper cannot do; the text says why in one sentence."""


def join(store: Store, first_name: str, language_code: str, username: str = "") -> Person:
    """A new shopper; the bot cannot see them before they write."""
    name = " ".join(first_name.split())[:MAX_NAME]
    if not name:
        raise ActError("A shopper needs a name.")
    person = store.chats.add_person(name, language_code or "en", username, store.clock.now())
    store.tell("joined", person.id)
    return person


def say(store: Store, chat_id: int, text: str, *, reply_to: int = 0, whole: bool = False) -> list[Message]:
    """Writes a text; over 4096 characters it goes as several messages, unless `whole`."""
    stripped = text.strip()
    if not stripped:
        raise ActError("An empty message cannot be sent.")
    size = len(stripped) if whole else MAX_TEXT
    parts = [stripped[start : start + size] for start in range(0, len(stripped), size)]
    return [_post(store, chat_id, _text_content(part), reply_to=reply_to) for part in parts]


def send_photo(store: Store, chat_id: int, content: bytes, caption: str = "") -> Message:
    """Sends a picture; a drawn stand-in where `content` is empty."""
    stored = store.files.add_photo(content or placeholder_photo())
    captioned = {"caption": caption} if caption else {}
    return _post(store, chat_id, {"photo": photo_sizes(stored), **captioned})


def send_document(store: Store, chat_id: int, content: bytes, name: str, media: str, caption: str = "") -> Message:
    """Sends a file of any kind, as it is."""
    stem, _, extension = name.rpartition(".")
    stored = store.files.add("document", content, media, extension if stem and extension.isalnum() else "bin")
    document = {
        "file_name": name,
        "mime_type": media,
        "file_id": file_id(stored),
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.content),
    }
    captioned = {"caption": caption} if caption else {}
    return _post(store, chat_id, {"document": document, **captioned})


def send_sticker(store: Store, chat_id: int, emoji: str = "👍") -> Message:
    """Sends a sticker of one emoji."""
    stored = store.files.add("sticker", emoji.encode(), "image/webp", "webp")
    sticker = {
        "file_id": file_id(stored),
        "file_unique_id": stored.unique_id,
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": emoji,
        "set_name": "ShopStickers",
        "file_size": len(stored.content),
    }
    return _post(store, chat_id, {"sticker": sticker})


def send_voice(store: Store, chat_id: int, seconds: int = 3) -> Message:
    """Sends a voice message of some seconds."""
    stored = store.files.add("voice", b"OggS" + bytes([seconds % 256]), "audio/ogg", "oga")
    voice = {
        "duration": seconds,
        "mime_type": "audio/ogg",
        "file_id": file_id(stored),
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.content),
    }
    return _post(store, chat_id, {"voice": voice})


def edit(store: Store, chat_id: int, text: str, message_id: int = 0) -> Message:
    """Changes one of the shopper's own texts, the newest when none is named."""
    person = _able(store, chat_id)
    message = _own_text(store, chat_id, message_id)
    content = _text_content(text.strip())
    edited = {key: value for key, value in message.items() if key not in {"text", "entities"}}
    edited |= {**content, "edit_date": int(store.clock.now())}
    store.chats.replace(chat_id, edited)
    _queue(store, person.id, "edited_message", edited)
    store.tell("edited", chat_id, message=edited, mine=True)
    return edited


def tap(store: Store, chat_id: int, *, label: str = "", data: str = "", message_id: int = 0) -> dict[str, str]:
    """Taps an inline button found by its label or data; `{"query_id"}`, or `{"url"}` for a link."""
    person = _able(store, chat_id)
    message, button = _find_button(store, person, label, data, message_id)
    if button.get("pay"):
        return _pay(store, person, message)
    if "callback_data" not in button:
        return {"url": str(button.get("url", ""))}
    query_id = store.queries.add(chat_id, message["message_id"], store.clock.now())
    query = {
        "id": query_id,
        "from": person.user(),
        "message": message,
        "chat_instance": str(-(chat_id * 7919)),
        "data": button["callback_data"],
    }
    _queue(store, chat_id, "callback_query", query)
    store.tell("tapped", chat_id, query_id=query_id, message_id=message["message_id"])
    return {"query_id": query_id}


def ask_inline(store: Store, chat_id: int, text: str) -> dict[str, str]:
    """Writes "@bot text" into some other chat, without sending it; `{"query_id"}`."""
    person = _able(store, chat_id)
    query_id = store.queries.add(chat_id, 0, store.clock.now())
    query = {"id": query_id, "from": person.user(), "query": text[:MAX_INLINE], "offset": "", "chat_type": "group"}
    _queue(store, chat_id, "inline_query", query)
    return {"query_id": query_id}


def found_group(store: Store, title: str) -> int:
    """A group with the bot in it; its number, below 0 as those of groups are."""
    return store.chats.add_group(title, store.clock.now()).id


def say_in_group(store: Store, group_id: int, chat_id: int, text: str, reply_to: int = 0) -> Message:
    """A shopper writes into a group."""
    return _post(store, chat_id, _text_content(text), reply_to=reply_to, group_id=group_id)


def paid(store: Store, chat_id: int, message_id: int, query_id: str) -> Message:
    """The provider has taken the money: the shopper's chat says so, and the bot is told."""
    invoice = (store.chats.message(chat_id, message_id) or {}).get("invoice", {})
    payment = {
        "currency": invoice.get("currency", ""),
        "total_amount": invoice.get("total_amount", 0),
        "invoice_payload": store.invoices.payload(chat_id, message_id),
        "telegram_payment_charge_id": f"test-{query_id}",
        "provider_payment_charge_id": f"provider-{query_id}",
    }
    return _post(store, chat_id, {"successful_payment": payment})


def _pay(store: Store, person: Person, message: Message) -> dict[str, str]:
    """The pay button: the bot is asked before any money moves."""
    query_id = store.queries.add(person.id, message["message_id"], store.clock.now())
    query = {
        "id": query_id,
        "from": person.user(),
        "currency": message["invoice"]["currency"],
        "total_amount": message["invoice"]["total_amount"],
        "invoice_payload": store.invoices.payload(person.id, message["message_id"]),
    }
    _queue(store, person.id, "pre_checkout_query", query)
    store.tell("tapped", person.id, query_id=query_id, message_id=message["message_id"])
    return {"query_id": query_id}


def block(store: Store, chat_id: int, blocked: bool) -> Person:
    """Blocks or unblocks the bot; the bot is told by `my_chat_member`."""
    person = _known(store, chat_id)
    store.chats.set_blocked(chat_id, blocked)
    states = [{"status": "member", "user": store.bot()}, {"status": "kicked", "user": store.bot(), "until_date": 0}]
    changed = {
        "chat": person.chat(),
        "from": person.user(),
        "date": int(store.clock.now()),
        "old_chat_member": states[not blocked],
        "new_chat_member": states[blocked],
    }
    if person.blocked != blocked:
        _queue(store, chat_id, "my_chat_member", changed)
    store.tell("blocked", chat_id, blocked=blocked)
    return _known(store, chat_id)


def send(store: Store, chat_id: int, kind: str, content: dict[str, Any]) -> int:
    """Any update in this shopper's name; `content` goes over what every one has. Messages do not enter the chat."""
    person = _able(store, chat_id)
    common: dict[str, Any] = {"from": person.user()}
    if kind != "callback_query":
        common |= {"message_id": 1, "date": int(store.clock.now()), "chat": person.chat()}
    return _queue(store, chat_id, kind, {**common, **content})


def push(store: Store, kind: str, body: Any, *, chat_id: int | None = None) -> int:
    """Puts an update of any shape into the queue (that of a chat), well formed or not; returns its id."""
    update_id = store.updates.add(kind, body, chat_id=chat_id, at=store.clock.now())
    store.tell("update", 0)
    return update_id


def _post(store: Store, user_id: int, content: dict[str, Any], *, reply_to: int = 0, group_id: int = 0) -> Message:
    """A shopper's message, into the chat with the bot or into a group."""
    chat_id = group_id or user_id
    chat, person = _known(store, chat_id), _able(store, user_id)
    replied = store.chats.message(chat_id, reply_to) if reply_to else None
    message = {
        "from": person.user(),
        "chat": chat.chat(),
        "date": int(store.clock.now()),
        **({"reply_to_message": replied} if replied else {}),
        **content,
    }
    stored = store.chats.add(chat_id, message, from_bot=False)
    _queue(store, chat_id, "message", stored)
    store.tell("message", chat_id, message=stored, mine=True)
    return stored


def _queue(store: Store, chat_id: int, kind: str, body: Any) -> int:
    update_id = store.updates.add(kind, body, chat_id=chat_id, at=store.clock.now())
    if update_id and kind != "my_chat_member":
        store.chats.wrote(chat_id, update_id)
    store.tell("update", chat_id)
    return update_id


def _text_content(text: str) -> dict[str, Any]:
    entities = detect(text, [])
    return {"text": text, **({"entities": entities} if entities else {})}


def _known(store: Store, chat_id: int) -> Person:
    person = store.chats.person(chat_id)
    if person is None:
        raise ActError(f"There is no shopper {chat_id}.")
    return person


def _able(store: Store, chat_id: int) -> Person:
    person = _known(store, chat_id)
    if person.blocked:
        raise ActError(f"{person.first_name} has blocked the bot and must unblock it first.")
    return person


def _own_text(store: Store, chat_id: int, message_id: int) -> Message:
    for message in reversed(store.chats.history(chat_id)):
        own = not message["from"]["is_bot"] and "text" in message
        if own and message_id in (0, message["message_id"]):
            return message
    raise ActError("There is no message of one's own to edit.")


def _find_button(store: Store, person: Person, label: str, data: str, message_id: int) -> tuple[Message, Button]:
    """The newest button that fits; a label must be the whole text, or else a part of it."""
    shown = [
        (message, button)
        for message in reversed(store.chats.history(person.id))
        if message_id in (0, message["message_id"])
        for button in buttons(message)
    ]
    if data:
        fits = [pair for pair in shown if pair[1].get("callback_data") == data]
    else:
        wanted = label.strip().casefold()
        fits = [pair for pair in shown if pair[1]["text"].strip().casefold() == wanted]
        fits = fits or [pair for pair in shown if wanted and wanted in pair[1]["text"].casefold()]
    if not fits:
        seen = ", ".join(dict.fromkeys(f'"{button["text"]}"' for _, button in shown[:20])) or "none at all"
        raise ActError(f'{person.first_name} sees no button "{label or data}"; there are: {seen}.')
    return fits[0]
