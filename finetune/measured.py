"""What two understanders read in the same messages, kept with a promotion: by language, by intent, what is taken for
what, and which messages changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from finetune.differences import changes
from finetune.examples import Example
from finetune.gate import compare
from finetune.metrics import Judged, confusions, per_intent

_CONFUSIONS, _CHANGES = 12, 20


class Measured(NamedTuple):
    """Messages and what each understander reads in them, side by side."""

    examples: Sequence[Example]
    candidate: Sequence[Judged]
    current: Sequence[Judged]


def plain(measured: Measured) -> dict[str, Any]:
    """For JSON: `figures` as the gate has them, `intents` (messages, and F1 before and after, over all languages and in
    each), `confusions` before and after, and `changes`: how many went from right to wrong and back, with the first of
    them.
    """
    moved = changes(measured.examples, measured.current, measured.candidate)
    return {
        "figures": compare(*measured).figures,
        "intents": {language: _by_intent(_of(measured, language)) for language in _languages(measured)},
        "confusions": {
            "before": confusions(measured.current, _CONFUSIONS),
            "after": confusions(measured.candidate, _CONFUSIONS),
        },
        "changes": {name: {"count": len(rows), "first": rows[:_CHANGES]} for name, rows in moved.items()},
    }


def _languages(measured: Measured) -> list[str]:
    return ["all", *sorted({example.language for example in measured.examples})]


def _of(measured: Measured, language: str) -> Measured:
    rows = [at for at, example in enumerate(measured.examples) if language in ("all", example.language)]
    examples, candidate, current = measured
    return Measured([examples[at] for at in rows], [candidate[at] for at in rows], [current[at] for at in rows])


def _by_intent(measured: Measured) -> dict[str, dict[str, float]]:
    before, after = per_intent(measured.current), per_intent(measured.candidate)
    return {
        name: {"messages": score.support, "before": score.f1, "after": after[name].f1} for name, score in before.items()
    }
