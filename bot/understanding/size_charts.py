"""Sizes of other countries in a shop that lists none of them: "size 9 US", "a UK 10 dress", 美码9码.

The charts (`size_charts.tsv`) are published ones: EU sizes of shoes by US and UK sizes, for women and for men, after
whatbehind.com/shoe-size-chart-for-us-uk-eu-conversion (men's US 6 and 6.5 by its steps); letters of women's clothing by
US sizes after the first table of sizechartly.com/womens-clothing-size-chart, by UK sizes as its table of countries has
them, four more. Children's shoes are after the size guide of the maker PLAE (US 9 to 4.5); letters of
men's shirts and jackets by US and UK sizes, which are inches around the chest, after the men's table of
sizechartly.com/shirt-conversion-size-chart, a chest on a border being the larger. What men wear on the waist has other
numbers and no chart. Makers differ, and no standard binds them: what a size was taken for is always said.

Whose feet they are decides; where nobody said it, those of women and of men are looked for, and both are named.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, reduce
from pathlib import Path

from bot.reply import Line
from nlu.fold import fold
from storage.records import Need, Slot, SlotName, Understanding, Vocabulary, Wish

_REGIONS = {"us": "US", "american": "US", "uk": "UK", "british": "UK", "美": "US", "英": "UK"}
_WHO = r"(?:(?:men|women|ladies|mens|womens)(?:'?s)? )?"
_NUMBER = r"\d{1,2}(?:\.5)?"
_FOREIGN = re.compile(
    rf"(?<![a-z])(?:(?:sizes? )?(?P<a>us|uk|american|british)[ -]?{_WHO}(?:shoe |dress )?(?:sizes? ?)?(?P<b>{_NUMBER})"
    rf"|sizes? ?(?P<c>{_NUMBER}) ?(?:in |, ?)?(?P<d>us|uk|american|british)(?![a-z]))"
    r"(?! ?(?:[ap]m|of|more|pieces|items|options)\b)(?!\.?\d|%)码?"
    rf"|(?P<e>[美英])国?码的?(?P<f>{_NUMBER})(?!\.?\d)[码号]?|(?<![\d.])(?P<g>{_NUMBER})[码号]?的?(?P<h>[美英])国?码"
)
# "9 US" without "size" only in capitals: "tell us 9 of them" is none.
_CAPITALS = re.compile(rf"(?<![\w.$])(?P<a>{_NUMBER}) ?(?P<b>US|UK)(?![A-Za-z])")
_UNSURE = frozenset(
    {SlotName.SIZE, SlotName.QUANTITY, SlotName.ITEM_REF, SlotName.PRICE, SlotName.BRAND, SlotName.FEATURE}
)
_ADULTS = ("women", "men")
_ON_THE_WAIST = frozenset({"trousers", "jeans", "shorts", "leggings", "underwear"})


@dataclass(frozen=True, slots=True)
class _Size:
    start: int
    end: int
    region: str
    number: str


def with_regions(said: Understanding) -> Understanding:
    """The message with its sizes of another country as such, whatever their words were read as."""
    slots, price, quantity, refs = said.slots, said.price, said.quantity, said.item_refs
    for size in _sizes(said.text):
        gone = {s.name for s in slots if s.name in _UNSURE and s.start < size.end and s.end > size.start}
        slots = tuple(s for s in slots if not (s.name in _UNSURE and s.start < size.end and s.end > size.start))
        text = said.text[size.start : size.end]
        slots = tuple(_bare_person(s) if s.start < size.end and s.end > size.start else s for s in slots)
        slots = (*slots, Slot(SlotName.SIZE, text, f"{size.region} {size.number}", size.start, size.end))
        price = None if SlotName.PRICE in gone else price
        quantity = None if SlotName.QUANTITY in gone else quantity
        refs = () if SlotName.ITEM_REF in gone else refs
    return replace(said, slots=slots, price=price, quantity=quantity, item_refs=refs)


def _bare_person(slot: Slot) -> Slot:
    """ "US womens 8" is no name for whom it is for."""
    return replace(slot, text=slot.value) if slot.name is SlotName.AUDIENCE else slot


def in_listed_sizes(need: Need, text: str, vocabulary: Vocabulary) -> Need:
    """The need with each size of another country that `text` bears on as the shop lists it; as it was said where no
    chart has it.
    """
    sizes = _borne_on(need, text, vocabulary)
    kept = tuple(wish for wish in need.wishes if not (wish.name is SlotName.SIZE and wish.text in sizes))
    found = [wish for size in sizes for wish in _listed(size, need, vocabulary)]
    return replace(need, wishes=(*kept, *found)) if sizes else need


def size_lines(need: Need, said: Understanding, vocabulary: Vocabulary) -> tuple[Line, ...]:
    """What this message's sizes of another country were taken for, and for whom; that there is no chart for one."""
    if not _kind(need, vocabulary):
        return ()
    return tuple(_line(size, need, vocabulary) for size in _borne_on(need, said.text, vocabulary))


def _borne_on(need: Need, text: str, vocabulary: Vocabulary) -> list[str]:
    """The sizes of another country, in their words, that a message names, or says whom or what kind of thing they are
    for.
    """
    sizes = dict.fromkeys(wish.text for wish in need.wishes if _region_of(wish, vocabulary))
    fresh = {wish.name for wish in need.wishes if wish.text and wish.text in text}
    return [size for size in sizes if size in text or fresh & {SlotName.AUDIENCE, SlotName.CATEGORY}]


def _line(text: str, need: Need, vocabulary: Vocabulary) -> Line:
    kind, sizes = _kind(need, vocabulary), _by_audience(text, need, vocabulary)
    if not sizes:
        return Line("size-no-chart", {"said": text})
    parts = [
        Line("size-for", {"size": reduce(_or, map(_bare, values)), "kind": audience})
        for audience, values in sizes.items()
    ]
    return Line(f"size-taken-{kind}", {"said": text, "sizes": reduce(_or, parts)})


def _or(one: Line, other: Line) -> Line:
    return Line("either", {"one": one, "other": other})


def _listed(text: str, need: Need, vocabulary: Vocabulary) -> list[Wish]:
    found = _by_audience(text, need, vocabulary).values()
    size = next(iter(_sizes(text)))
    values = dict.fromkeys(value for values in found for value in values) or {f"{size.region} {size.number}": None}
    return [Wish(SlotName.SIZE, value, text) for value in values]


def _by_audience(text: str, need: Need, vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """The sizes of this shop that a size is, by whom it is for."""
    size, kind = next(iter(_sizes(text))), _kind(need, vocabulary)
    worn = _lineage(need, vocabulary)
    wished = {wish.value for wish in need.wishes if wish.name is SlotName.AUDIENCE and not wish.negated}
    charted = {
        audience: _charts().get((kind, size.region, audience, Decimal(size.number)), "")
        for audience in ((*_ADULTS, "kids") if wished else _ADULTS)
        if (not wished or audience in wished) and not (audience == "men" and worn & _ON_THE_WAIST)
    }
    found = {audience: _nearest(value, vocabulary) for audience, value in charted.items() if value}
    return {audience: values for audience, values in found.items() if values}


def _nearest(value: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """A size as the shop writes it; of a half one that it does not list, its two neighbours."""
    near = [value]
    if value.endswith(".5") and not _written(value, vocabulary):
        near = [value.removesuffix(".5"), str(int(Decimal(value)) + 1)]
    return tuple(form for each in near if (form := _written(each, vocabulary)))


def _written(value: str, vocabulary: Vocabulary) -> str:
    forms = (value, f"EU {value}")
    return next((form for form in forms if (SlotName.SIZE, form) in vocabulary.by_value), "")


def _region_of(wish: Wish, vocabulary: Vocabulary) -> str:
    """The country of a wished size; empty where it says none, or the shop itself lists it so."""
    if wish.name is not SlotName.SIZE or wish.negated or not wish.text:
        return ""
    size = next(iter(_sizes(wish.text)), None)
    if size is None or (SlotName.SIZE, f"{size.region} {size.number}") in vocabulary.by_value:
        return ""
    return size.region


def _kind(need: Need, vocabulary: Vocabulary) -> str:
    """Which charts are for what is looked for; empty where none is."""
    lineage = _lineage(need, vocabulary)
    return next((kind for kind in ("shoes", "fashion") if kind in lineage), "")


def _lineage(need: Need, vocabulary: Vocabulary) -> set[str]:
    """The kinds of thing that are looked for, with the wider ones that they belong to."""
    wished = [wish.value for wish in need.wishes if wish.name is SlotName.CATEGORY and not wish.negated]
    return {kind for value in wished for kind in vocabulary.lineage(SlotName.CATEGORY, value)}


def _bare(value: str) -> Line:
    return Line("chip-value", {"value": value.removeprefix("EU ")})


def _sizes(text: str) -> Iterator[_Size]:
    for found in _FOREIGN.finditer(fold(text)):
        groups = [group for group in found.groups() if group]
        number = next(group for group in groups if group[0].isdecimal())
        region = next(group for group in groups if not group[0].isdecimal())
        yield _Size(*found.span(), _REGIONS[region], number)
    for found in _CAPITALS.finditer(text):
        if not any(
            found.start() < other.end() and found.end() > other.start() for other in _FOREIGN.finditer(fold(text))
        ):
            yield _Size(*found.span(), found["b"], found["a"])


@cache
def _charts() -> Mapping[tuple[str, str, str, Decimal], str]:
    with Path(__file__).with_name("size_charts.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["kind"], row["region"], row["audience"], Decimal(row["size"])): row["listed"] for row in rows}
