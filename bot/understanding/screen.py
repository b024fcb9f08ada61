"""What a message is read against, as the model is told of it: in the talk, and by staff and training afterwards."""

from __future__ import annotations

from bot.understanding.clarifying import is_question
from bot.understanding.doubt import ASKED
from storage.records import Context, Intent, Need, SlotName, Understanding

SCREEN = "screen"
"""What an errand "asks" ("cart/screen") while it only shows something: its own words are told apart by itself."""


def context_for(asked: str | None, shown: int) -> Context:
    """The question about the message itself is answered by a button; one beside a page leaves the shopper free to go
    on, so its answers are told from other messages afterwards (clarifying.py), and nothing is read into "next".
    """
    asked = (asked or "").rpartition("/")[2] or None  # what an errand asks: "cart/size"
    return Context(asked=None if asked in (ASKED, SCREEN) or is_question(asked) else asked, shown=shown)


def asks_first(need: Need, said: Understanding) -> bool:
    """Whether an errand waits for an answer; one that only shows the cart lets what else is looked for follow: "add
    that, now the sleeping bags".
    """
    if not need.asked or not need.asked.endswith(f"/{SCREEN}"):
        return bool(need.asked)
    return not (Intent.SEARCH in {said.intent, *said.also} and said.values(SlotName.CATEGORY))
