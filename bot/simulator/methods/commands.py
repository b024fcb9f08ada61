"""Command menus: setMyCommands, getMyCommands, deleteMyCommands, by scope and language."""

from __future__ import annotations

import re

from bot.simulator.arguments import Arguments
from bot.simulator.errors import bad_request
from bot.simulator.profile import Command
from bot.simulator.store import Store

MAX_COMMANDS = 100
_NAME = re.compile(r"/?[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_SCOPES = frozenset(
    {"default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat", "chat_administrators"}
)


def set_my_commands(store: Store, arguments: Arguments) -> bool:
    """The menu for one scope and language, in the place of the last one."""
    given = arguments.json("commands", "can't parse commands JSON array")
    if not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    if len(given) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = [_command(command) for command in given]
    scope, chat_id = _scope(arguments)
    store.profile.set_commands(scope, chat_id, language_of(arguments), commands)
    store.tell("commands", 0)
    return True


def get_my_commands(store: Store, arguments: Arguments) -> list[Command]:
    """Exactly what was set for this scope and language: no fall-back to others."""
    scope, chat_id = _scope(arguments)
    return store.profile.commands(scope, chat_id, language_of(arguments))


def delete_my_commands(store: Store, arguments: Arguments) -> bool:
    """Takes the menu of one scope and language away."""
    scope, chat_id = _scope(arguments)
    store.profile.delete_commands(scope, chat_id, language_of(arguments))
    store.tell("commands", 0)
    return True


def language_of(arguments: Arguments) -> str:
    """`language_code`, two letters or none."""
    language = arguments.text("language_code")
    if language and not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def _scope(arguments: Arguments) -> tuple[str, int]:
    given = arguments.json("scope", "can't parse BotCommandScope JSON object") or {"type": "default"}
    if not isinstance(given, dict) or given.get("type") not in _SCOPES:
        raise bad_request("unsupported type specified")
    return given["type"], Arguments(given).integer("chat_id")


def _command(given: object) -> Command:
    if not isinstance(given, dict):
        raise bad_request("expected an Object")
    name, description = str(given.get("command", "")), str(given.get("description", ""))
    if not _NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name.removeprefix("/"), "description": description}


METHODS = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
}
