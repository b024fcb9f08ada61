"""What the review queue is narrowed to by its address: a reason why messages are in it, and a language.

A narrowed queue serves the lane of worth alone. The blind sample is served whole or not at all: a part of it that
somebody chose would no longer be a random one.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.console.pages import link
from storage.console.queue import WHYS, Only
from storage.conversations import LANGUAGES

NAMES = ("why", "language")


def asked_queue(query: Mapping[str, str]) -> tuple[Only, dict[str, str]]:
    """What is asked for, and the part of the address that says so; what is no reason or language is left out."""
    only = Only(
        why=query.get("why", "") if query.get("why", "") in WHYS else "",
        language=query.get("language", "") if query.get("language", "") in LANGUAGES else "",
    )
    return only, {name: value for name in NAMES if (value := getattr(only, name))}


def queue_path(query: Mapping[str, str]) -> str:
    """The address of the queue narrowed in that way."""
    return link("/review", asked_queue(query)[1])
