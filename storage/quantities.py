"""Numbers with their units in one spelling: 3/4-inch, 0.75in and 3/4" are one word, 500毫升 and 500ml another.

A number gives a word of its own, and a second one with the unit: "3/4 in." is "0p75" and "0p75in", so that a search
without the unit still finds it. Numbers with a cross between them give their pairs, too: "2 in. x 4 in." and "2x4" are
"2x4". The units are in `units.tsv`; a unit that is a single letter counts only right behind its number.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

_NUMBER = (
    r"\d{1,4}[ -]+\d{1,3}/\d{1,3}|\d{1,3}/\d{1,3}|\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?|\d{1,12}(?:\.\d{1,6})?|\.\d{1,6}"
)
_CROSS = re.compile(r"\s*(?:[x×*]|by)\s*")
_FRACTIONS = re.compile("([¼½¾⅐-⅞])")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with or without its unit: where it stands in the folded text, and the words it gives."""

    start: int
    end: int
    words: tuple[str, ...]


def spaced_fractions(text: str) -> str:
    """1½ as "1 ½": folding would make eleven halves of it."""
    return text if text.isascii() else _FRACTIONS.sub(r" \1", text)


def quantities(text: str) -> Iterator[Quantity]:
    """The quantities of a folded text, left to right. A Chinese unit stays outside: it is a word as well."""
    before, end = "", 0
    for match in _QUANTITY.finditer(text):
        number = _normal(match["number"])
        if number is None:
            continue
        unit = next((match[name] for name in _UNIT_GROUPS if match[name]), "")
        words = [number, number + _UNITS[_plain(unit)]] if unit else [number]
        start = match.start()
        if before and _CROSS.fullmatch(text, end, start):
            words.append(f"{before}x{number}")
            start = end
        before, end = number, match.end()
        yield Quantity(start, match.start("chinese") if match["chinese"] else end, tuple(words))


def _normal(number: str) -> str | None:
    """1-1/2, 1 1/2 and 1.50 as "1p5"; None for a fraction of nothing."""
    try:
        value = sum(map(Fraction, number.replace(",", "").replace("-", " ").split()))
    except ZeroDivisionError:
        return None
    return f"{float(value):.4f}".rstrip("0").rstrip(".").replace(".", "p")


def _plain(unit: str) -> str:
    return re.sub(r"[ .]", "", unit)


def _read_units() -> tuple[dict[str, str], dict[str, list[str]]]:
    """Every form with its unit, and the forms by how they may follow a number, the longest first."""
    units: dict[str, str] = {}
    groups: dict[str, list[str]] = {"chinese": [], "phrase": [], "word": [], "letter": [], "mark": []}
    with (Path(__file__).parent / "units.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            for form in filter(None, (*row["en"].split("|"), *row["zh"].split("|"))):
                units[_plain(form)] = row["unit"]
                groups[_kind(form)].append(form)
    return units, {kind: sorted(forms, key=len, reverse=True) for kind, forms in groups.items()}


def _kind(form: str) -> str:
    if not form.isascii() and form.isalpha():
        return "chinese"
    if " " in form:
        return "phrase"
    return ("letter" if len(form) == 1 else "word") if form.isalpha() else "mark"


def _pattern(groups: dict[str, list[str]]) -> re.Pattern[str]:
    def any_of(kind: str) -> str:
        return "|".join(re.escape(form).replace(r"\ ", r"\.?\ ?") for form in groups[kind])

    ends = r"(?:(?=x\d)|(?![^\W_]))"
    unit = "|".join(
        (
            rf"[ -]*(?P<phrase>{any_of('phrase')}){ends}\.?",
            rf"[ -]*(?P<word>{any_of('word')}){ends}(?![ -]1(?![\d/]))\.?",  # 3-in-1 has no inches
            rf"(?P<letter>{any_of('letter')}){ends}",
            rf"(?P<mark>{any_of('mark')}){ends}",
            rf"[ ]?(?P<chinese>{any_of('chinese')})",
        )
    )
    # Not inside a word (lf50, es-50), but right behind the cross of 2x4; not before one (4k, 5-piece, 555-1234).
    begins = r"(?:(?<![a-z0-9])(?<![a-z0-9][.'-])|(?<=\dx)|(?<=[^a-z]x)|(?<=^x)|(?<=\d(?:in|ft|mm|cm)x))"
    alone = r"(?=x\d)|(?![a-z0-9])(?!\.\d)(?![-'’][a-z0-9])"
    return re.compile(rf"{begins}(?P<number>{_NUMBER})(?:{unit}|{alone})")


_UNITS, _GROUPS = _read_units()
_UNIT_GROUPS = tuple(_GROUPS)
_QUANTITY = _pattern(_GROUPS)
