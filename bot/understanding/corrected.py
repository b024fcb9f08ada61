"""What a message takes back of itself: "shoes, no wait, a backpack", "forget kettles, a toaster", 不对，要包; what it
names only to say that it is there already: "not black, because I have a black one". Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.cues import cue
from storage.records import Slot, SlotName, Understanding

_BRIEFLY = 60  # letters between what is taken back and the words that do it


def corrected(said: Understanding) -> Understanding:
    """The message without what it takes back; itself where it takes nothing back."""
    gone = [*_replaced(said), *_given_up(said), *_there_already(said)]
    if not gone:
        return said
    letters = list(said.text)
    for start, end in (*((slot.start, slot.end) for slot in gone), *_turns(said)):
        letters[start:end] = " " * (end - start)
    kept = tuple(slot for slot in said.slots if slot not in gone)
    return replace(said, text="".join(letters), slots=kept)


def _replaced(said: Understanding) -> Iterable[Slot]:
    """What stands before "no wait", of a sort that stands behind it, too."""
    for turn in cue("taken-back").finditer(said.text):
        after = {slot.name for slot in said.slots if slot.start >= turn.end() and not slot.negated}
        before = [slot for slot in said.slots if turn.start() - _BRIEFLY <= slot.start < turn.start()]
        yield from (slot for slot in before if slot.name in after and slot.name is not SlotName.ITEM_REF)


def _given_up(said: Understanding) -> Iterable[Slot]:
    """ "Kettles" of "forget kettles, a toaster": another kind is named instead."""
    kinds = [slot for slot in said.slots if slot.name is SlotName.CATEGORY and not slot.negated]
    given_up = [slot for slot in kinds if cue("given-up").search(said.text[: slot.start].rstrip())]
    return given_up if len(given_up) < len(kinds) else ()


def _there_already(said: Understanding) -> Iterable[Slot]:
    """What is named only as a reason, beside a wish."""
    for reason in cue("have-already").finditer(said.text):
        inside = [slot for slot in said.slots if reason.start() <= slot.start and slot.end <= reason.end()]
        if len(inside) < len(said.slots):
            yield from inside


def _turns(said: Understanding) -> Iterable[tuple[int, int]]:
    """Where the words stand that take something back: they name nothing."""
    for name in ("taken-back", "have-already"):
        yield from (found.span() for found in cue(name).finditer(said.text))
