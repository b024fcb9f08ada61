"""Who the bot is: getMe, names and descriptions, menu button, getChat, and the ends logOut and close."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bot.simulator.arguments import Arguments
from bot.simulator.errors import bad_request
from bot.simulator.methods.commands import language_of
from bot.simulator.methods.outgoing import chat_of
from bot.simulator.store import BOT_ID, Store

Method = Callable[[Store, Arguments], Any]


def get_me(store: Store, arguments: Arguments) -> dict[str, Any]:
    """The bot, with what it may do."""
    return {
        **store.bot(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def log_out(store: Store, arguments: Arguments) -> bool:
    """Answers as the cloud server would; this server has nobody to hand the bot to."""
    return True


def get_chat(store: Store, arguments: Arguments) -> dict[str, Any]:
    """A shopper's chat as `ChatFullInfo`."""
    if arguments.text("chat_id").strip() == str(BOT_ID):
        bot = store.bot()
        names = {"first_name": bot["first_name"], "username": bot["username"]}
        return {"id": BOT_ID, "type": "private", **names, **_FULL_INFO}
    return {**chat_of(store, arguments).chat(), **_FULL_INFO}


_FULL_INFO: dict[str, Any] = {
    "accent_color_id": 0,
    "max_reaction_count": 11,
    "accepted_gift_types": {
        "unlimited_gifts": False,
        "limited_gifts": False,
        "unique_gifts": False,
        "premium_subscription": False,
        "gifts_from_channels": False,
    },
}


def _setter(name: str, limit: int, refusal: str) -> Method:
    def method(store: Store, arguments: Arguments) -> bool:
        value = arguments.text(name)
        if len(value) > limit:
            raise bad_request(refusal)
        store.profile.set(name, language_of(arguments), value)
        return True

    return method


def _getter(name: str) -> Method:
    def method(store: Store, arguments: Arguments) -> dict[str, str]:
        found = store.profile.get(name, language_of(arguments))
        return {name: found or (store.bot()["first_name"] if name == "name" else "")}

    return method


def set_chat_menu_button(store: Store, arguments: Arguments) -> bool:
    """The button beside the message field, of one chat or of all."""
    button = arguments.json("menu_button", "can't parse MenuButton JSON object") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in {"default", "commands", "web_app"}:
        raise bad_request("unsupported type specified")
    store.profile.set("menu_button", str(arguments.integer("chat_id")), json.dumps(button))
    return True


def get_chat_menu_button(store: Store, arguments: Arguments) -> dict[str, Any]:
    """The menu button of a chat, else of all chats."""
    return store.profile.menu_button(arguments.integer("chat_id"))


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "logOut": log_out,
    "close": log_out,
    "getChat": get_chat,
    "setMyName": _setter("name", 64, "BOT_TITLE_INVALID"),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description", 512, "BOT_DESCRIPTION_INVALID"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description", 120, "BOT_SHORT_DESCRIPTION_INVALID"),
    "getMyShortDescription": _getter("short_description"),
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
