"""May this understander take the place of that one? Not worse on the frozen set, by intent and language, or a reason.

Pure: two readings of the same messages go in, a verdict with its figures and sentences comes out. What is compared:

- intent accuracy and slot F1 of each language: at most 0.3 points lower;
- each intent with 20 examples or more, over all languages and in each: not lower by more than 3 points where an exact
  McNemar test (McNemar 1947) of the same messages says with p < 0.05 that this is no chance;
- expected calibration error: at most 0.03 higher.

Where there are reviewed messages of the shop's own, the intents of each language must not be fewer by more than chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import comb
from typing import Any

from finetune.examples import Example
from finetune.metrics import Judged, accuracy, calibration_error, slots

SLACK = 0.003
"""How much lower accuracy and slot F1 of a language may be, 0..1."""
INTENT_SLACK = 0.03
ENOUGH = 20
"""Intents with fewer examples are not judged by themselves."""
CHANCE = 0.05
ECE_SLACK = 0.03
_TINY = 1e-9  # 0.853 - 0.003 is not quite 0.850
_LANGUAGES = {"en": "English", "zh": "Chinese", "all": "All languages"}
Pairs = Sequence[tuple[Example, Judged, Judged]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reasons`: why not, one sentence each, none where the candidate passes. `figures`: of "candidate" and "current",
    by language and in "all", each 0..1.
    """

    reasons: tuple[str, ...]
    figures: dict[str, dict[str, dict[str, float]]]

    @property
    def passed(self) -> bool:
        """Whether the candidate may serve."""
        return not self.reasons


def compare(examples: Sequence[Example], candidate: Sequence[Judged], current: Sequence[Judged]) -> Verdict:
    """The verdict on `candidate`; the three sequences are of the same messages in the same order."""
    pairs = list(zip(examples, candidate, current, strict=True))
    parts = {name: _of(pairs, name) for name in [*sorted({e.language for e in examples}), "all"]}
    figures = {
        "candidate": {name: _figures([new for _, new, _ in part]) for name, part in parts.items()},
        "current": {name: _figures([old for _, _, old in part]) for name, part in parts.items()},
    }
    reasons = [*_language_reasons(figures), *_intent_reasons(pairs), *_calibration_reasons(figures)]
    return Verdict(tuple(reasons), figures)


def reviewed_reasons(
    examples: Sequence[Example], candidate: Sequence[Judged], current: Sequence[Judged]
) -> Iterator[str]:
    """Why not, by reviewed messages of the shop's own: a language of which more intents are lost than by chance. They
    are too few for more.
    """
    pairs = list(zip(examples, candidate, current, strict=True))
    for language in sorted({example.language for example in examples}):
        part = _of(pairs, language)
        lost = sum(old.read == e.intent != new.read for e, new, old in part)
        won = sum(new.read == e.intent != old.read for e, new, old in part)
        if lost > won and (chance := mcnemar(lost, won)) < CHANCE:
            yield f"{_called(language)}, reviewed messages: {lost} intents lost and {won} won (p = {chance:.2g})."


def mcnemar(lost: int, won: int) -> float:
    """The chance of so uneven a split, either way, of messages that only one of two readers has right."""
    both = lost + won
    tail = sum(comb(both, count) for count in range(min(lost, won) + 1))
    return min(1.0, float(2 * tail / 2**both))


def _of(pairs: Pairs, language: str) -> Pairs:
    return [pair for pair in pairs if language in ("all", pair[0].language)]


def _figures(judged: Sequence[Judged]) -> dict[str, float]:
    return {
        "messages": len(judged),
        "accuracy": accuracy(judged),
        "slot_f1": slots(judged)["all"].f1,
        "ece": calibration_error(judged),
    }


def _language_reasons(figures: dict[str, dict[str, dict[str, float]]]) -> Iterator[str]:
    for language, new in figures["candidate"].items():
        old = figures["current"][language]
        for name, called in (("accuracy", "intent accuracy"), ("slot_f1", "slot F1")):
            if language != "all" and old[name] - new[name] > SLACK + _TINY:
                yield (
                    f"{_called(language)}: {called} falls from {old[name]:.1%} to {new[name]:.1%} "
                    f"(at most {100 * SLACK:.1f} points are allowed)."
                )


def _intent_reasons(pairs: Pairs) -> Iterator[str]:
    for intent in sorted({example.intent for example, _, _ in pairs}):
        meant = [pair for pair in pairs if pair[0].intent == intent]
        languages = sorted({example.language for example, _, _ in meant})
        scopes = languages if len(languages) == 1 else ["all", *languages]
        worse = [part for part in (_worse(_of(meant, scope), scope) for scope in scopes) if part]
        if worse:
            yield f"Intent {intent}: {'; '.join(worse)}."


def _worse(pairs: Pairs, scope: str) -> str:
    """What is lost in these messages of one intent, in words; empty where nothing is."""
    lost = sum(old.read == e.intent != new.read for e, new, old in pairs)
    won = sum(new.read == e.intent != old.read for e, new, old in pairs)
    chance = mcnemar(lost, won)
    if len(pairs) < ENOUGH or lost - won <= INTENT_SLACK * len(pairs) + _TINY or chance >= CHANCE:
        return ""
    before = sum(old.read == e.intent for e, _, old in pairs)
    return (
        f"{_called(scope)} {before + won - lost} of {len(pairs)} right, {before} before "
        f"({100 * (won - lost) / len(pairs):+.1f} points, p = {chance:.2g})"
    )


def _calibration_reasons(figures: dict[str, dict[str, dict[str, float]]]) -> Iterator[str]:
    new, old = (figures[who]["all"]["ece"] for who in ("candidate", "current"))
    if new - old > ECE_SLACK + _TINY:
        yield (
            f"Confidence: the calibration error rises from {old:.3f} to {new:.3f} (at most {ECE_SLACK:.2f} is allowed)."
        )


def _called(language: str) -> str:
    return _LANGUAGES.get(language, language)


def table(figures: dict[str, Any]) -> str:
    """The figures side by side, for a person."""
    lines = [f"{'':<12}{'messages':>9}{'accuracy':>19}{'slot F1':>19}{'ECE':>19}"]
    for language, new in figures["candidate"].items():
        old = figures["current"][language]
        cells = (f"{old[name]:.3f} -> {new[name]:.3f}" for name in ("accuracy", "slot_f1", "ece"))
        lines.append(f"{language:<12}{new['messages']:>9}" + "".join(f"{cell:>19}" for cell in cells))
    return "\n".join(lines)
