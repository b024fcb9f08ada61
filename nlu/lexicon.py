"""The vocabulary compiled for finding its words in a message: one look-up per word, however many words it knows.

Forms are looked up by their first word (Latin letters) or first character (Chinese), the longest first. Short
and ambiguous forms ("clear", "down", 黑, 皮) count only in the surroundings that `phrases/guards.tsv` allows.
"""

from __future__ import annotations

import csv
import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from nlu.fold import fold
from nlu.sounds import sound_of
from storage.records import SlotName, Term, Vocabulary

_FOLDER = Path(__file__).parent / "phrases"
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
_ENDING = re.compile(r"$|[^\w]|[的吗呢吧有要啊呀和或跟]")
_PREFERRED = (
    SlotName.CATEGORY,
    SlotName.COLOR,
    SlotName.MATERIAL,
    SlotName.AUDIENCE,
    SlotName.OCCASION,
    SlotName.FEATURE,
    SlotName.SIZE,
    SlotName.PRICE,
    SlotName.BRAND,
)
_COMPILED: OrderedDict[int, tuple[Vocabulary, Lexicon]] = OrderedDict()
_KEPT = 4
_TYPO_LETTERS, _SOUND_LETTERS = 6, 5
_TYPO_SLOTS = (SlotName.CATEGORY, SlotName.COLOR, SlotName.MATERIAL, SlotName.BRAND)


@dataclass(frozen=True, slots=True)
class Match:
    """A form of the vocabulary found in a text: code points, end exclusive, and its normal form."""

    start: int
    end: int
    slot: SlotName
    value: str


@dataclass(frozen=True, slots=True)
class _Guard:
    """What must stand before and after a form for it to count."""

    before: re.Pattern[str]
    after: re.Pattern[str]

    def admits(self, folded: str, start: int, end: int) -> bool:
        return bool(self.before.search(folded, max(0, start - 24), start) and self.after.match(folded, end))


class Lexicon:
    """The forms of one vocabulary. Build it once: `lexicon_of(vocabulary)`."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._exact: dict[SlotName, dict[str, str]] = defaultdict(dict)
        for term in (*vocabulary.terms, *_price_terms()):
            for form in _forms(term):
                self._exact[term.slot].setdefault(form, term.value)
        self._by_first = self._index()
        self._typos = self._deletions()
        self.words = frozenset(
            word for forms in self._exact.values() for form in forms for word in re.findall(r"[a-z]{3,}", form)
        )

    def value_of(self, slot: SlotName, form: str) -> str | None:
        """The normal form of a folded surface form, or None."""
        return self._exact[slot].get(form) if slot in self._exact else None

    def forms(self, slot: SlotName) -> Mapping[str, str]:
        """Every folded surface form of a slot with its normal form."""
        return self._exact.get(slot, {})

    def matches(self, folded: str) -> list[Match]:
        """The vocabulary's words in a folded text, leftmost longest, never overlapping."""
        found: list[Match] = []
        at = 0
        for word in _WORD.finditer(folded):
            if word.start() < at:
                continue
            after_match = bool(found) and found[-1].end == word.start()
            match = self._longest(folded, word, after_match) or self._typo(folded, word)
            if match:
                found.append(match)
                at = match.end
        return found

    def sounding(self, word: str) -> str | None:
        """The only word of the shop that sounds as a long word does, or None."""
        alike = self._sounds.get(sound_of(word), ()) if len(word) >= _SOUND_LETTERS else ()
        return alike[0] if len(alike) == 1 else None

    @cached_property
    def _sounds(self) -> dict[str, list[str]]:
        sounds: dict[str, list[str]] = defaultdict(list)
        for word in self.words:
            if len(word) >= _SOUND_LETTERS:
                sounds[sound_of(word)].append(word)
        return dict(sounds)

    def spelled(self, word: str) -> str | None:
        """The word of the shop that a long word misses by one slip of the keyboard, or None."""
        return next((form for form, _, _ in self._near(word)), None)

    def corrected(self, slot: SlotName, word: str) -> str | None:
        """The normal form one slip of the keyboard away from a long word, or None."""
        return next((value for _, found, value in self._near(word) if found is slot), None)

    def _longest(self, folded: str, word: re.Match[str], after_match: bool) -> Match | None:
        for form, slot, value in self._by_first.get(word[0], ()):
            end = word.start() + len(form)
            if not folded.startswith(form, word.start()) or not _bordered(folded, end):
                continue
            if self._safe(folded, word.start(), end, form, slot, after_match):
                return Match(word.start(), end, slot, value)
        return None

    def _safe(self, folded: str, start: int, end: int, form: str, slot: SlotName, after_match: bool) -> bool:
        guard = _guards().get((slot, form))
        if guard is None:
            return True
        if guard.admits(folded, start, end):
            return True
        if len(form) > 1 or form.isascii():
            return False
        return (slot is SlotName.CATEGORY and after_match and _ends(folded, end)) or (
            slot in (SlotName.COLOR, SlotName.MATERIAL, SlotName.AUDIENCE) and self._thing_at(folded, end)
        )

    def _thing_at(self, folded: str, at: int) -> bool:
        """Whether a category is named right here: 红 counts in 红裙子."""
        word = _WORD.match(folded, at)
        return word is not None and any(
            slot is SlotName.CATEGORY and (len(form) > 1 or _ends(folded, at + 1)) and folded.startswith(form, at)
            for form, slot, _ in self._by_first.get(word[0], ())
        )

    def _index(self) -> dict[str, list[tuple[str, SlotName, str]]]:
        index: dict[str, list[tuple[str, SlotName, str]]] = defaultdict(list)
        for slot in _PREFERRED:
            for form, value in self._exact.get(slot, {}).items():
                first = _WORD.match(form)
                if first and not (slot is SlotName.SIZE and (form.isdecimal() or len(form) == 1)):
                    index[first[0]].append((form, slot, value))
        for forms in index.values():
            forms.sort(key=lambda entry: (-len(entry[0]), _PREFERRED.index(entry[1])))
        return dict(index)

    def _deletions(self) -> dict[str, list[tuple[str, SlotName, str]]]:
        """Every long single word under each of its spellings with one letter left out (SymSpell, W. Garbe 2012)."""
        deletions: dict[str, list[tuple[str, SlotName, str]]] = defaultdict(list)
        for slot in _TYPO_SLOTS:
            for form, value in self._exact.get(slot, {}).items():
                if len(form) >= _TYPO_LETTERS and form.isascii() and form.isalpha():
                    for spelling in shorter(form):
                        deletions[spelling].append((form, slot, value))
        return dict(deletions)

    def _near(self, word: str) -> Iterator[tuple[str, SlotName, str]]:
        if len(word) < _TYPO_LETTERS or not (word.isascii() and word.isalpha()) or word in _ordinary():
            return
        for spelling in shorter(word):
            for form, slot, value in self._typos.get(spelling, ()):
                if form[0] == word[0] and one_slip(form, word):
                    yield form, slot, value

    def _typo(self, folded: str, word: re.Match[str]) -> Match | None:
        near = next(self._near(word[0]), None)
        return Match(word.start(), word.end(), *near[1:]) if near else None


def lexicon_of(vocabulary: Vocabulary) -> Lexicon:
    """The compiled vocabulary; the last few are kept, so asking again costs nothing."""
    kept = _COMPILED.get(id(vocabulary))
    if kept is None or kept[0] is not vocabulary:
        kept = vocabulary, Lexicon(vocabulary)
        _COMPILED[id(vocabulary)] = kept
        while len(_COMPILED) > _KEPT:
            _COMPILED.popitem(last=False)
    return kept[1]


def _forms(term: Term) -> set[str]:
    forms = {fold(form).strip() for form in (term.value, *term.en, *term.zh)}
    if term.slot is SlotName.CATEGORY:
        forms |= {
            plural for form in forms if form.isascii() and form and not form.endswith("s") for plural in _plurals(form)
        }
    return {form for form in forms if form}


def _plurals(form: str) -> tuple[str, ...]:
    if form.endswith(("x", "ch", "sh")):
        return (f"{form}es",)
    return (f"{form[:-1]}ies",) if re.search("[^aeiou]y$", form) else (f"{form}s",)


def _bordered(folded: str, end: int) -> bool:
    """Whether a form that ends in a Latin letter ends a word there."""
    letter, after = folded[end - 1], folded[end : end + 1]
    return not (letter.isascii() and letter.isalnum() and after.isascii() and after.isalnum())


def _ends(folded: str, at: int) -> bool:
    return _ENDING.match(folded, at) is not None


def shorter(word: str) -> Iterator[str]:
    """The word, then each of its spellings with one letter after the first left out."""
    yield word
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]


def one_slip(one: str, other: str) -> bool:
    """Whether two words differ by one letter left out, added, changed, or two neighbours swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    head = 0
    while head < min(len(one), len(other)) and one[head] == other[head]:
        head += 1
    tail_one, tail_other = one[head:], other[head:]
    return (
        tail_one[1:] == tail_other[1:]
        or tail_one[1:] == tail_other
        or tail_one == tail_other[1:]
        or (tail_one[:2] == tail_other[:2][::-1] and tail_one[2:] == tail_other[2:])
    )


@cache
def _price_terms() -> tuple[Term, ...]:
    """Prices said without a number: "cheaper", "too expensive", 便宜点."""
    with (_FOLDER / "prices.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(
            Term(SlotName.PRICE, row["value"], "", tuple(row["en"].split("|")), tuple(row["zh"].split("|")))
            for row in rows
        )


@cache
def _guards() -> Mapping[tuple[SlotName, str], _Guard]:
    guards = {}
    with (_FOLDER / "guards.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            guard = _Guard(re.compile(f"(?:{row['before']})$"), re.compile(row["after"]))
            guards.update({(SlotName(row["slot"]), fold(form)): guard for form in row["forms"].split("|")})
    return guards


@cache
def _ordinary() -> frozenset[str]:
    """Long ordinary words that a slip would turn into a word of the shop."""
    return frozenset((_FOLDER / "ordinary.txt").read_text(encoding="utf-8").split())
