"""Words that want nothing more, and one that buys: "k thx", "I'll think about it", "that's all", "buy". Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.cues import cue
from bot.recall import Before
from bot.understanding.clarifying import certainly, guessed
from storage.records import Intent, Reaction, Understanding

_ENDS = " .,!?~。，！？、～"


def read_courtesy(said: Understanding, before: Before) -> Understanding | None:
    """The message as thanks or a polite no where that is all it says, or as buying what was spoken of last."""
    words = said.text.strip(_ENDS)
    if cue("bare-thanks").fullmatch(words):
        return certainly(replace(said, slots=(), item_refs=()), Intent.THANKS)
    if guessed(said) and cue("thinking-over").fullmatch(words):
        return certainly(replace(said, slots=(), item_refs=()), Intent.DENY)
    return _bought(said, before) if cue("bare-buy").fullmatch(words) else None


def _bought(said: Understanding, before: Before) -> Understanding | None:
    """ "Buy", of an item that was spoken of and is not in the cart yet; what is there is paid for."""
    carted = {event.product_id for event in before.events if event.reaction is Reaction.CART}
    if not before.in_focus or before.in_focus.product.id in carted or said.intent is not Intent.CHECKOUT:
        return None
    return certainly(replace(said, item_refs=(before.focus,)), Intent.ADD_TO_CART)
