"""sendPhoto and sendMediaGroup, and the reading of a photo wherever a call may carry one."""

from __future__ import annotations

import random
from typing import Any

from bot.simulator.arguments import Arguments
from bot.simulator.errors import bad_request
from bot.simulator.files import photo_sizes
from bot.simulator.methods.outgoing import caption_of, send, writable_chat
from bot.simulator.store import Store

MAX_ALBUM = 10


def photo_of(store: Store, arguments: Arguments, name: str) -> list[dict[str, Any]]:
    """The `photo` list for an upload, a file id or an http address given as argument `name`."""
    upload = arguments.upload(name)
    if upload is not None:
        return photo_sizes(store.files.add_photo(upload.content))
    given = arguments.text(name).strip()
    if not given or given.startswith("attach://"):
        raise bad_request("there is no photo in the request")
    if given.startswith(("http://", "https://")):
        return photo_sizes(store.files.add_address(given))
    found = store.files.find(given)
    if found is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    stored, _ = found
    if stored.kind != "photo":
        raise bad_request(f"can't use file of type {stored.kind.title()} as Photo")
    return photo_sizes(stored)


def send_photo(store: Store, arguments: Arguments) -> dict[str, Any]:
    """A photo with an optional caption."""
    writable_chat(store, arguments)
    return send(store, arguments, {"photo": photo_of(store, arguments, "photo"), **_captioned(arguments)})


def send_media_group(store: Store, arguments: Arguments) -> list[dict[str, Any]]:
    """An album of 2 to 10 photos; albums carry no keyboard."""
    writable_chat(store, arguments)
    media = arguments.json("media", "can't parse media JSON object")
    if not isinstance(media, list) or not media:
        raise bad_request("expected an Array of InputMedia")
    if len(media) > MAX_ALBUM:
        raise bad_request("too many messages to send as an album")
    group = str(random.randint(10**16, 10**17 - 1))
    return [
        send(store, _without_keyboard(arguments), {**photo_content(store, arguments, item), "media_group_id": group})
        for item in media
    ]


def photo_content(store: Store, arguments: Arguments, media: Any) -> dict[str, Any]:
    """Photo and caption of an InputMediaPhoto."""
    if not isinstance(media, dict) or media.get("type") != "photo":
        raise bad_request("can't parse InputMedia: only media of type photo are served here")
    inner = Arguments(media, arguments.uploads)
    return {"photo": photo_of(store, inner, "media"), **_captioned(inner)}


def _captioned(arguments: Arguments) -> dict[str, Any]:
    content = caption_of(arguments)
    if arguments.flag("has_spoiler"):
        content["has_media_spoiler"] = True
    if content.get("caption") and arguments.flag("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return content


def _without_keyboard(arguments: Arguments) -> Arguments:
    values = {name: value for name, value in arguments.values.items() if name != "reply_markup"}
    return Arguments(values, arguments.uploads)


METHODS = {"sendPhoto": send_photo, "sendMediaGroup": send_media_group}
