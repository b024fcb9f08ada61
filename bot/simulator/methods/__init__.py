"""The methods of the Bot API that this server knows, one file per group.

Each is a plain function of the store and the arguments; its result is what the call answers, an ApiError what it
is refused with. `getUpdates` waits and therefore lives in `polling.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.simulator.arguments import Arguments
from bot.simulator.methods import (
    callbacks,
    commands,
    documents,
    editing,
    files,
    identity,
    inline,
    payments,
    photos,
    rich,
    sending,
    webhook,
)
from bot.simulator.store import Store

Method = Callable[[Store, Arguments], Any]

_GROUPS: tuple[Mapping[str, Method], ...] = (
    identity.METHODS,
    webhook.METHODS,
    sending.METHODS,
    photos.METHODS,
    rich.METHODS,
    documents.METHODS,
    inline.METHODS,
    editing.METHODS,
    callbacks.METHODS,
    files.METHODS,
    commands.METHODS,
    payments.METHODS,
)
METHODS: dict[str, Method] = {name.lower(): method for group in _GROUPS for name, method in group.items()}
NAMES: dict[str, str] = {name.lower(): name for group in _GROUPS for name in group}
