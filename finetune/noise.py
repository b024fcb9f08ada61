"""Messages as people type them: slips of the keyboard, shortened words, politeness, lost punctuation.

Every change keeps the labelled spans exact (`Utterance.replaced`), so noise costs no labels.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from opencc import OpenCC

from finetune.grammar import Utterance
from storage.records import Intent, Language

Step = Callable[[Utterance, Random], Utterance]

_NEIGHBOURS = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wqweertyuioaasdfghjkzxcvbn", strict=True))
_BARE = frozenset(
    {Intent.GREET, Intent.THANKS, Intent.GOODBYE, Intent.CONFIRM, Intent.DENY, Intent.OUT_OF_SCOPE}
    | {Intent.LIKE, Intent.DISLIKE, Intent.HUMAN, Intent.HELP, Intent.MORE}
)
_TO_TRADITIONAL = OpenCC("s2t")


class Noise:
    """The habits of typing in one language, with word lists from a folder (see `short.txt` and `frame.txt` there)."""

    def __init__(self, folder: Path, language: Language) -> None:
        self._short = [_pair(line) for line in _lines(folder / "short.txt")]
        self._before = [line[1:] for line in _lines(folder / "frame.txt") if line.startswith("<")]
        self._after = [line[1:] for line in _lines(folder / "frame.txt") if line.startswith(">")]
        self._steps = self._chinese() if language == "zh" else self._english()

    def __call__(self, utterance: Utterance, intent: Intent, rng: Random) -> Utterance:
        """The message as somebody might type it; often as it is."""
        return self.typed(utterance if intent in _BARE else self._framed(utterance, rng), rng)

    def typed(self, utterance: Utterance, rng: Random) -> Utterance:
        """The same words as somebody might type them; often as they are."""
        for chance, step in self._steps:
            if rng.random() < chance:
                utterance = step(utterance, rng)
        return utterance

    def _english(self) -> Sequence[tuple[float, Step]]:
        return (
            (0.12, self._shortened),
            (0.10, _slip),
            (0.04, _slip),
            (0.25, _without("'")),
            (0.50, _without(".!?", at_end=True)),
            (0.15, _without(",")),
            (0.55, _cased(str.lower)),
            (0.25, _capitalised),
            (0.01, _cased(str.upper)),
        )

    def _chinese(self) -> Sequence[tuple[float, Step]]:
        return (
            (0.12, self._shortened),
            (0.50, _without("。！？!?", at_end=True)),
            (0.20, _commas_to_blanks),
            (0.20, _without("，")),
            (0.06, _traditional),
            (0.04, _full_width),
            (0.02, _dropped_character),
        )

    def _framed(self, utterance: Utterance, rng: Random) -> Utterance:
        if self._before and rng.random() < 0.07:
            utterance = _inserted(utterance, 0, rng.choice(self._before))
        if self._after and rng.random() < 0.05:
            utterance = _inserted(utterance, len(utterance.text), rng.choice(self._after))
        return utterance

    def _shortened(self, utterance: Utterance, rng: Random) -> Utterance:
        for long, short in rng.sample(self._short, len(self._short)):
            at = utterance.text.casefold().find(long)
            if at >= 0 and _stands_alone(utterance.text, at, len(long)):
                return utterance.replaced(at, at + len(long), short)
        return utterance


def _inserted(utterance: Utterance, at: int, words: str) -> Utterance:
    """Words beside the spans, never inside one (an empty stretch touches a span's edge without joining it)."""
    return utterance.replaced(at, at, words)


def _stands_alone(text: str, at: int, length: int) -> bool:
    around = text[max(at - 1, 0) : at] + text[at + length : at + length + 1]
    return not any(c.isascii() and (c.isalnum() or c == "'") for c in around) or not text[at].isascii()


def _slip(utterance: Utterance, rng: Random) -> Utterance:
    """One wrong key in a word of four letters or more: swapped, lost, doubled or hit beside."""
    words = [found for found in re.finditer(r"[A-Za-z]{4,}", utterance.text)]
    if not words:
        return utterance
    word = rng.choice(words)
    at = rng.randrange(word.start() + 1, word.end() - 1)
    one, two = utterance.text[at], utterance.text[at : at + 2]
    kind = rng.randrange(4)
    if kind == 0:
        return utterance.replaced(at, at + 2, two[::-1])
    return utterance.replaced(at, at + 1, ("", one * 2, _NEIGHBOURS.get(one, one))[kind - 1])


def _without(marks: str, at_end: bool = False) -> Step:
    pattern = re.compile(f"[{re.escape(marks)}]+" + ("$" if at_end else ""))

    def step(utterance: Utterance, _rng: Random) -> Utterance:
        if not pattern.sub("", utterance.text).strip():
            return utterance
        for found in reversed(list(pattern.finditer(utterance.text))):
            if not _joins(found, utterance):
                utterance = utterance.replaced(found.start(), found.end(), "")
        return utterance

    return step


def _joins(mark: re.Match[str], utterance: Utterance) -> bool:
    """Whether the mark holds a number together (1,299) or keeps a span from the letters behind it (it's)."""
    behind = utterance.text[mark.end() : mark.end() + 1]
    if mark.group() == ",":
        return behind.isdigit()
    return behind.isalnum() and any(span.end == mark.start() for span in utterance.spans)


def _cased(change: Callable[[str], str]) -> Step:
    def step(utterance: Utterance, _rng: Random) -> Utterance:
        changed = change(utterance.text)
        return Utterance(changed, utterance.spans) if len(changed) == len(utterance.text) else utterance

    return step


def _capitalised(utterance: Utterance, _rng: Random) -> Utterance:
    return Utterance(utterance.text[:1].upper() + utterance.text[1:], utterance.spans)


def _commas_to_blanks(utterance: Utterance, _rng: Random) -> Utterance:
    return Utterance(utterance.text.replace("，", " "), utterance.spans)


def _traditional(utterance: Utterance, _rng: Random) -> Utterance:
    text = _TO_TRADITIONAL.convert(utterance.text)
    return Utterance(text, utterance.spans) if len(text) == len(utterance.text) else utterance


def _full_width(utterance: Utterance, _rng: Random) -> Utterance:
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isdigit() else c for c in utterance.text)
    return Utterance(wide, utterance.spans)


def _dropped_character(utterance: Utterance, rng: Random) -> Utterance:
    """One Chinese character lost, but none of a short span: half of a word would still be labelled as all of it."""
    kept = {at for span in utterance.spans if span.end - span.start < 4 for at in range(span.start, span.end)}
    droppable = [at for at, c in enumerate(utterance.text) if "\u4e00" <= c <= "\u9fff" and at not in kept]
    if len(utterance.text) < 6 or not droppable:
        return utterance
    at = rng.choice(droppable)
    return utterance.replaced(at, at + 1, "")


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _pair(line: str) -> tuple[str, str]:
    long, _, short = line.partition("=")
    return long, short
