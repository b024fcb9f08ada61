"""What a reviewer decides about a message, and taking it back: label, queue and second opinion move in one commit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.console.messages import Said
from bot.console.review_form import model_reading
from storage.console.database import ConsoleStore
from storage.console.labels import Act, Label, LabelEvent, Lane, Reading, StaleLabel, TurnGone, Verdict
from storage.database import immediate


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who decides, when, and the share (0..1) of labels that are given to another reviewer too."""

    name: str
    now: datetime
    second_opinions: float = 0.0


def label_of(said: Said, reading: Reading, lane: Lane, by: str) -> Label:
    """A reading as a label; whether the model was right is told by comparing, not by asking."""
    verdict = Verdict.CORRECT if reading == model_reading(said.read) else Verdict.WRONG
    return Label(said.turn_id, verdict, reading.intent, reading.also, reading.slots, by, lane=lane)


def unlearned(said: Said, verdict: Verdict, lane: Lane, by: str) -> Label:
    """A label that teaches nothing: discarded, or put off."""
    return Label(said.turn_id, verdict, by=by, lane=lane)


def decide(store: ConsoleStore, label: Label, version: int, who: Reviewer, batch: int = 0) -> None:
    """Keep a reviewer's decision. Raises StaleLabel, TurnGone, or LookupError for an opinion nobody waits for."""
    with immediate(store.db):
        if label.lane is Lane.OPINION:
            _second(store, label, who)
            return
        store.labels.put(label, version, batch=batch)
        if label.verdict is Verdict.LATER:
            store.queue.put_off(label.turn_id, who.now)
            return
        store.queue.close(label.turn_id, label.lane)
        if label.lane in (Lane.WORTH, Lane.SAMPLE):
            store.opinions.ask(label, who.second_opinions)


def resolve(store: ConsoleStore, label: Label, version: int, who: Reviewer) -> None:
    """Two reviewers disagreed: this is what holds. Raises what `put` raises."""
    with immediate(store.db):
        held = store.labels.get(label.turn_id)
        store.labels.put(replace(label, lane=held.lane if held else label.lane), version, act=Act.RESOLVE)
        store.opinions.resolve(label.turn_id, who.name, who.now)


def undo(store: ConsoleStore, who: Reviewer) -> tuple[list[int], int]:
    """Take back what this reviewer did last: the turns that are as before, and how many somebody else changed since."""
    undone, refused = list[int](), 0
    with immediate(store.db):
        first = 0
        for event in store.labels.undoable(who.name):
            try:
                _undo(store, event, who, first)
            except (StaleLabel, TurnGone):
                refused += 1
                continue
            undone.append(event.turn_id)
            first = first or store.labels.last_event(who.name)
    return undone, refused


def _second(store: ConsoleStore, label: Label, who: Reviewer) -> None:
    if label.verdict is Verdict.LATER:
        store.opinions.put_off(label.turn_id, who.now)
        store.queue.put_off(label.turn_id, who.now)
        return
    store.opinions.give(label)
    store.queue.close(label.turn_id, Lane.OPINION)


def _undo(store: ConsoleStore, event: LabelEvent, who: Reviewer, batch: int) -> None:
    turn, lane = event.turn_id, event.after.lane if event.after else Lane.DIRECT
    if event.act is Act.OPINION:
        store.opinions.take_back(turn)
        store.labels.note_undone(event, who.name)
        store.queue.claim(turn, Lane.OPINION, who.name, who.now)
        return
    version = event.after.version if event.after else 0
    if event.act is Act.RESOLVE:
        store.opinions.unresolve(turn)
    if event.before is None:
        store.labels.take_back(turn, who.name, version, undoes=event.id, batch=batch)
        store.opinions.withdraw(turn)
    else:
        restored = replace(event.before, by=who.name, version=0)
        store.labels.put(restored, version, act=Act.UNDO, batch=batch, undoes=event.id)
    if event.before is None or event.before.verdict is Verdict.LATER:
        store.queue.reopen(turn, who.name, lane, who.now)
