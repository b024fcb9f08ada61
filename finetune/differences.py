"""Two or more readers of the same messages: how far each lies from the first, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from finetune.examples import Example
from finetune.figures import DRAWS, HEADLINES, Numbers, Table, bootstrap, headline, interval, ones
from finetune.gate import mcnemar
from finetune.metrics import Judged
from nlu.outliers import OUTSIDE

_ALL = "all"


def side_by_side(
    examples: Sequence[Example], readers: dict[str, list[Judged]], outside: str = OUTSIDE
) -> dict[str, Any]:
    """The figures of each reader and what parts the others from the first, for "all" and for each language.

    Under each: `messages`; `readers`, the headline figures of each; `differences`, for each later reader what
    `difference` says. `changes` lists the messages whose intent went from right to wrong or back.
    """
    found: dict[str, Any] = {"languages": {}, "changes": {}}
    first, *others = readers
    for language in (_ALL, *sorted({example.language for example in examples})):
        rows = [at for at, e in enumerate(examples) if language in (_ALL, e.language)]
        part = {name: [judged[at] for at in rows] for name, judged in readers.items()}
        found["languages"][language] = {
            "messages": len(rows),
            "readers": {name: headline(judged, outside) for name, judged in part.items()},
            "differences": {name: difference(part[first], part[name], outside) for name in others},
        }
    found["changes"] = {name: changes(examples, readers[first], readers[name]) for name in others}
    return found


def difference(
    old: Sequence[Judged], new: Sequence[Judged], outside: str = OUTSIDE, draws: int = DRAWS
) -> dict[str, Any]:
    """`figures`: of each headline the difference new less old with its paired 95 % bootstrap interval; `intents`: F1 of
    each intent, old and new, likewise; `lost` and `won`: messages right before or after alone, `p` of the exact
    McNemar test (McNemar 1947) on them.
    """
    before, after = Table(old, outside), Table(new, outside)

    def gaps(weights: Numbers) -> dict[str, Numbers]:
        was, now = before.figures(weights), after.figures(weights)
        found = {name: now[name] - was[name] for name in HEADLINES}
        return found | {"intents": after.by_intent(weights) - before.by_intent(weights)}

    drawn, whole = bootstrap(gaps, len(before), draws), gaps(ones(len(before)))
    lost, won = int((before.right & ~after.right).sum()), int((after.right & ~before.right).sum())
    return {
        "figures": {name: _gap(float(whole[name][0]), drawn[name]) for name in HEADLINES},
        "intents": _by_intent(before, after, drawn["intents"]),
        "lost": lost,
        "won": won,
        "p": mcnemar(lost, won),
    }


def _gap(value: float, drawn: Numbers) -> dict[str, Any] | None:
    return None if np.isnan(value) else {"value": value, "interval": interval(drawn)}


def _by_intent(before: Table, after: Table, drawn: Numbers) -> dict[str, Any]:
    old, new = (table.by_intent(ones(len(table)))[0] for table in (before, after))
    return {
        name: {
            "messages": int(before.meant[:, at].sum()),
            "old": float(old[at]),
            "new": float(new[at]),
            "value": float(new[at] - old[at]),
            "interval": interval(drawn[:, at]),
        }
        for at, name in enumerate(before.intents)
    }


def changes(
    examples: Sequence[Example], old: Sequence[Judged], new: Sequence[Judged]
) -> dict[str, list[dict[str, Any]]]:
    """`lost` and `won`: the messages whose intent was right before alone, and after alone; the surest errors first."""
    found: dict[str, list[dict[str, Any]]] = {"lost": [], "won": []}
    for example, before, after in zip(examples, old, new, strict=True):
        was, now = before.read == example.intent, after.read == example.intent
        if was == now:
            continue
        wrong = after if was else before
        found["lost" if was else "won"].append(
            {
                "text": example.text,
                "lang": example.language,
                "source": example.source,
                "context": {"asked": example.context.asked, "shown": example.context.shown},
                "meant": example.intent,
                "read": wrong.read,
                "confidence": round(wrong.confidence, 4),
            }
        )
    return {name: sorted(rows, key=lambda row: -float(row["confidence"])) for name, rows in found.items()}


def is_clear(gap: dict[str, Any] | None) -> bool:
    """Whether the interval of a difference leaves out zero."""
    return bool(gap and gap["interval"] and (gap["interval"][0] > 0 or gap["interval"][1] < 0))
