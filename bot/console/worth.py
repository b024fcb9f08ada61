"""How much a look at a message is worth: what speaks for the model having misread it, each with its weight. Pure.

The weights order the queue and mean nothing else; the figures of how good the model is come from the blind sample.
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.console.queue import Why
from storage.records import Intent, Understanding

_MARGIN = 0.25  # readings further apart than this are no close call
_TWIN_SURE = 0.5  # from here on the rules' disagreement counts in full
_LOW = 0.5  # a reading less likely than this is a guess
_DISLIKED, _SHADOW, _ASKED_BACK, _FALLBACK, _CLOSE, _OUTSIDE, _GUESS, _TWIN = 0.9, 0.7, 0.6, 0.5, 0.6, 0.45, 0.4, 0.35


@dataclass(frozen=True, slots=True)
class Seen:
    """A message with all that was read into it and what came back.

    `disliked` counts thumbs-down on its cards; `twin` is the rules' reading in the same talk, `shadow` that of a model
    on trial; `asked_back`: the bot asked what was meant.
    """

    said: Understanding
    twin: Understanding | None = None
    shadow: Understanding | None = None
    disliked: int = 0
    degraded: bool = False
    asked_back: bool = False


def judged(seen: Seen) -> tuple[float, tuple[Why, ...]]:
    """What a look is worth, 0..1, and why, the weightiest reason first; nothing where nothing speaks for it."""
    found = sorted(_reasons(seen), key=lambda reason: -reason[0])
    missed = 1.0
    for weight, _ in found:
        missed *= 1 - weight
    return round(1 - missed, 6), tuple(why for _, why in found)


def _reasons(seen: Seen) -> list[tuple[float, Why]]:
    said, found = seen.said, list[tuple[float, Why]]()
    if seen.disliked:
        found.append((_DISLIKED, ("disliked", seen.disliked)))
    if seen.shadow and seen.shadow.intent is not said.intent:
        found.append((_SHADOW, ("shadow", seen.shadow.intent.value)))
    if seen.asked_back:
        found.append((_ASKED_BACK, ("asked-back", said.confidence)))
    if seen.degraded:
        found.append((_FALLBACK, ("fallback", said.confidence)))
    margin = margin_of(said)
    if margin < _MARGIN:
        found.append((_CLOSE * (1 - margin / _MARGIN), ("margin", round(margin, 4))))
    elif said.confidence < _LOW:
        found.append((_GUESS, ("guess", round(said.confidence, 4))))
    if said.intent is Intent.OUT_OF_SCOPE:
        found.append((_OUTSIDE, ("outside", round(said.confidence, 4))))
    if seen.twin and seen.twin.intent is not said.intent and seen.twin.intent not in said.also:
        found.append((_TWIN * min(seen.twin.confidence / _TWIN_SURE, 1.0), ("twin", seen.twin.intent.value)))
    return found


def margin_of(said: Understanding) -> float:
    """How far the two likeliest intents lie apart, 0..1."""
    chances = sorted((chance for _, chance in said.top), reverse=True)
    return chances[0] - chances[1] if len(chances) > 1 else 1.0
