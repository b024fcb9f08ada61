"""Records as JSON text and back, with exact decimals and instants.

What plain JSON lacks is tagged: `{"$decimal": "39.00"}`, `{"$instant": "..."}`. Lists come back as tuples, as all
records hold them. Reading leaves out what it does not know and fills in what is missing, so that a record written by
another version of the program can still be read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from storage import instants
from storage.records import (
    Intent,
    Need,
    PriceRange,
    Reason,
    ReasonCode,
    Relaxation,
    Slate,
    Slot,
    SlotName,
    Stage,
    Understanding,
    Wish,
)


def dumps(value: object) -> str:
    """JSON text of plain values, decimals and instants. Raises TypeError for anything else."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_tagged)


def loads(text: str) -> Any:
    """What `dumps` wrote, lists as tuples."""
    return _untagged(json.loads(text))


def need_to_text(need: Need) -> str:
    """A need as JSON text."""
    found = {name: getattr(need, name) for name in Need.__slots__}
    found["wishes"] = [[wish.name.value, wish.value, wish.text, wish.negated] for wish in need.wishes]
    found["price"] = _price_to_json(need.price)
    found["price_said"] = _price_to_json(need.price_said)
    return dumps(found)


def need_from_text(text: str) -> Need:
    """The need that `need_to_text` wrote, in this or another version."""
    found = {name: value for name, value in loads(text).items() if name in Need.__slots__}
    found["wishes"] = tuple(Wish(SlotName(name), *rest) for name, *rest in found.get("wishes", ()))
    found["price"] = _price_from_json(found.get("price"))
    found["price_said"] = _price_from_json(found.get("price_said"))
    return Need(**found)


def understanding_to_text(understanding: Understanding) -> str:
    """An understanding as JSON text."""
    found = {name: getattr(understanding, name) for name in Understanding.__slots__}
    found["slots"] = [
        [slot.name.value, slot.text, slot.value, slot.start, slot.end, slot.negated] for slot in understanding.slots
    ]
    found["price"] = _price_to_json(understanding.price)
    return dumps(found)


def understanding_from_text(text: str) -> Understanding:
    """What `understanding_to_text` wrote. Raises KeyError or ValueError for anything else."""
    found = {name: value for name, value in loads(text).items() if name in Understanding.__slots__}
    found["intent"] = Intent(found["intent"])
    found["stage"] = Stage(found["stage"])
    found["top"] = tuple((Intent(intent), probability) for intent, probability in found["top"])
    found["also"] = tuple(map(Intent, found.get("also", ())))
    found["slots"] = tuple(Slot(SlotName(name), *rest) for name, *rest in found.get("slots", ()))
    found["price"] = _price_from_json(found.get("price"))
    return Understanding(**found)


def reasons_to_text(reasons: Sequence[Reason]) -> str:
    """Reasons with their facts, in their order."""
    return dumps([[reason.code.value, dict(reason.facts)] for reason in reasons])


def reasons_from_text(text: str) -> tuple[Reason, ...]:
    """What `reasons_to_text` wrote."""
    return tuple(Reason(ReasonCode(code), facts) for code, facts in loads(text))


def slate_to_text(slate: Slate, features: Sequence[str]) -> str:
    """All of a slate but its items; `features` names the numbers that each impression holds."""
    found = {name: getattr(slate, name) for name in Slate.__slots__ if name not in ("items", "timings", "question")}
    found["ways"] = [[_relaxation_to_json(change) for change in way] for way in slate.ways]
    return dumps(found | {"timings": dict(slate.timings), "features": list(features)})


def numbers_to_text(values: Mapping[str, float], names: Sequence[str]) -> str:
    """The named numbers in the order of `names`, without the names: these are kept once for each slate."""
    return json.dumps([values.get(name) for name in names], separators=(",", ":"))


def numbers_from_text(text: str, names: Sequence[str]) -> dict[str, float]:
    """What `numbers_to_text` wrote under the same `names`; those without a number are left out."""
    values = zip(names, json.loads(text), strict=True)
    return {name: value for name, value in values if value is not None}


def _price_to_json(price: PriceRange | None) -> list[Any] | None:
    return None if price is None else [price.min, price.max, price.currency]


def _price_from_json(found: Sequence[Any] | None) -> PriceRange | None:
    return None if found is None else PriceRange(*found)


def _relaxation_to_json(change: Relaxation) -> dict[str, Any]:
    return {
        "slot": change.slot.value,
        "wanted": list(change.wanted),
        "instead": list(change.instead),
        "price": _price_to_json(change.price),
        "rating": change.rating,
    }


def _tagged(value: object) -> object:
    match value:
        case Decimal():
            return {"$decimal": str(value)}
        case datetime():
            return {"$instant": instants.to_text(value)}
        case Mapping():
            return dict(value)
        case set() | frozenset():
            return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be stored as JSON: turn it into plain values first.")


def _untagged(value: Any) -> Any:
    match value:
        case {"$decimal": str(number)}:
            return Decimal(number)
        case {"$instant": str(instant)}:
            return instants.from_text(instant)
        case dict():
            return {name: _untagged(held) for name, held in value.items()}
        case list():
            return tuple(map(_untagged, value))
    return value
