"""Replies by which the bot admits that it did not understand, or that the matter is beyond it."""

from __future__ import annotations

import json

STUMBLES = frozenset({"unsure", "unsure-change", "say-otherwise", "not-my-business", "out-of-scope"})
"""Two of these in a row, and a person is offered."""

BEYOND = frozenset(
    {
        "policy-unknown",
        "sorry-to-hear",
        "orders-none",
        "order-not-yours",
        "order-code-wrong",
        "order-code-locked",
        "request-link",
        "request-too-late",
    }
)
"""What a person of the shop can do where the bot cannot: offered at once."""


def stumbled(reply_json: str) -> bool:
    """Whether a recorded reply (bot/reply_json.py) is such an admission."""
    lines = json.loads(reply_json).get("lines", ()) if reply_json else ()
    return any(line.get("$line") in STUMBLES for line in lines)
