"""What the review page shows of a message: words and numbers ready for the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bot.console.likeness import alike_so_far
from bot.console.messages import Said, talk
from bot.console.review_form import model_reading
from bot.console.visit import Visit
from bot.reply import Line
from storage.console.labels import Label, Lane, Reading, SlotSpan, Verdict
from storage.console.queue import WHYS, Task, Why
from storage.records import Intent, SlotName

SHORT_LIST = 9
SLOT_KEYS = {
    SlotName.CATEGORY: "c",
    SlotName.BRAND: "b",
    SlotName.COLOR: "k",
    SlotName.MATERIAL: "m",
    SlotName.SIZE: "s",
    SlotName.AUDIENCE: "a",
    SlotName.OCCASION: "o",
    SlotName.FEATURE: "f",
    SlotName.PRICE: "p",
    SlotName.ITEM_REF: "i",
    SlotName.QUANTITY: "q",
    SlotName.ORDER_ID: "r",
}
"""The letter that marks a slot of each kind."""
_SPARE_ROWS, _MOST_ALSO = 3, 3
# What the model is corrected to most often fills the short list where its own guesses leave room.
_COMMON = (Intent.SEARCH, Intent.REFINE, Intent.ASK_PRODUCT, Intent.MORE, Intent.ADD_TO_CART, Intent.OUT_OF_SCOPE)


@dataclass(frozen=True, slots=True)
class Choice:
    """An intent in the short list; `chance` is the model's, None where it was not among its three."""

    intent: Intent
    chance: float | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the message: a slot, or plain text between."""

    text: str
    slot: SlotSpan | None = None


def message_facts(
    visit: Visit, said: Said, task: Task | None, query: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """All that review.html needs for a message; `task` is None where nobody has it in hand, `query` what the queue is
    narrowed to.
    """
    store, desk = visit.desk.store, visit.desk
    blind = task is not None and task.lane is Lane.OPINION
    label = None if blind else store.labels.get(said.turn_id)
    reading = _starting(said, label)
    text = visit.masked(said.text, said.conversation_id)
    entry = store.queue.entry(said.turn_id)
    same = alike_so_far(desk, said.text)
    return {
        "said": said,
        "task": task,
        "text": text,
        "pieces": pieces(text, reading.slots),
        "reading": reading,
        "model": model_reading(said.read),
        "model_json": as_json(model_reading(said.read)),
        "label": label,
        "version": store.labels.version(said.turn_id),
        "choices": short_list(said, reading),
        "intents": by_name(visit),
        "slot_keys": SLOT_KEYS,
        "spare_rows": _SPARE_ROWS,
        "most_also": max(_MOST_ALSO, len(reading.also) + 1),
        "bubbles": [
            (bubble, visit.masked(bubble.text, said.conversation_id))
            for bubble in talk(desk.shop, desk.wording, said, visit.language)
        ],
        "whys": [] if blind else [_why(visit, why) for why in (entry.reasons if entry else ())],
        "sampled": bool(entry and entry.sampled) and not blind,
        "events": [] if blind else store.labels.events(said.turn_id)[-6:],
        "pair": None if blind else store.opinions.pair(said.turn_id),
        "same": None if same is None else len({*same} - {said.turn_id}),
        "holder": _other_holder(visit, said.turn_id),
        **beside_facts(visit, said.conversation_id, said.turn_id),
        **empty_facts(visit, query),
    }


def empty_facts(visit: Visit, query: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    """How much is open, how much was done today, and what the queue is narrowed to."""
    now, queue = visit.desk.clock(), visit.desk.store.queue
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "open": queue.open(visit.staff.name),
        "done": queue.done(visit.staff.name, midnight),
        "asked": dict(query),
        "reasons": WHYS,
    }


def beside_facts(visit: Visit, conversation_id: int, turn_id: int | None) -> dict[str, Any]:
    """Notes and tags of a conversation, and of the turn that is looked at."""
    notes = visit.desk.store.notes
    return {
        "conversation_id": conversation_id,
        "turn_id": turn_id,
        "notes": notes.notes(conversation_id) if conversation_id else [],
        "tags": notes.tags(conversation_id) if conversation_id else [],
        "known_tags": notes.known_tags(),
    }


def pieces(text: str, slots: Sequence[SlotSpan]) -> list[Piece]:
    """The text cut at its slots, nothing left out."""
    found, at = [], 0
    for span in slots:
        if span.start > at:
            found.append(Piece(text[at : span.start]))
        found.append(Piece(text[span.start : span.end], span))
        at = span.end
    return [*found, Piece(text[at:])] if at < len(text) else found


def short_list(said: Said, reading: Reading) -> list[Choice]:
    """The model's three guesses first, then what the label says, then what is common."""
    chances = dict(said.read.top)
    wanted = [*chances, said.read.intent, *([reading.intent] if reading.intent else []), *reading.also, *_COMMON]
    kept = list(dict.fromkeys(wanted))
    kept += [intent for intent in Intent if intent not in kept]
    return [Choice(intent, chances.get(intent)) for intent in kept[:SHORT_LIST]]


def by_name(visit: Visit) -> list[tuple[Intent, str]]:
    """All intents with their names, in the order of the reader's language."""
    named = [(intent, visit.say(Line(f"console-intent-{dashed(intent)}"))) for intent in Intent]
    return sorted(named, key=lambda pair: pair[1]) if visit.language == "en" else named


def dashed(name: Intent | SlotName) -> str:
    """As message ids spell it."""
    return name.value.replace("_", "-")


def as_json(reading: Reading) -> dict[str, Any]:
    """A reading for the page's script."""
    return {
        "intent": reading.intent.value if reading.intent else "",
        "also": [intent.value for intent in reading.also],
        "slots": [[span.name.value, span.start, span.end, span.negated] for span in reading.slots],
    }


def _starting(said: Said, label: Label | None) -> Reading:
    """What the form holds at first: the label, else what the model read."""
    if label and label.verdict in (Verdict.CORRECT, Verdict.WRONG):
        return label.reading
    return model_reading(said.read)


def _why(visit: Visit, why: Why) -> str:
    code, about = why
    if code in ("twin", "shadow"):
        about = visit.say(Line(f"console-intent-{str(about).replace('_', '-')}"))
    elif isinstance(about, float) and about <= 1:
        about = round(about * 100)
    return visit.say(Line(f"console-why-{code}", {"about": about}))


def _other_holder(visit: Visit, turn_id: int) -> str:
    holder = visit.desk.store.queue.holder(turn_id, visit.desk.clock())
    return "" if holder == visit.staff.name else holder
