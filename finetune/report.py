"""Everything that is known about one reader on one data set, as a JSON object: figures, slices, curves, errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from finetune.curves import confusion, outlier_bars, reliability, risk_coverage
from finetune.examples import Example
from finetune.figures import headline
from finetune.metrics import Judged, confusions, per_intent, slots
from finetune.slices import slices_of
from nlu.outliers import OUTSIDE
from nlu.tags import Span

_SLICE_DRAWS = 300


def report(examples: Sequence[Example], judged: Sequence[Judged], outside: str = OUTSIDE) -> dict[str, Any]:
    """All figures of one reader: headlines with intervals, by intent, by slot, by slice, curves, confusions.

    `examples` and `judged` run side by side; `outside` names the label of everything else.
    """
    return {
        **headline(judged, outside),
        "messages": len(judged),
        "intents": {name: asdict(score) for name, score in per_intent(judged).items()},
        "slots": {name: asdict(score) for name, score in slots(judged).items()},
        "slot_f1_without_negation": slots(judged, with_negation=False)["all"].f1,
        "confusions": confusions(judged),
        "confusion": confusion(judged),
        "slices": _slices(examples, judged, outside),
        "curves": {
            "reliability": reliability(judged),
            "risk_coverage": risk_coverage(judged),
            "outliers": outlier_bars(judged, outside),
        },
    }


def by_language(examples: Sequence[Example], judged: Sequence[Judged], outside: str = OUTSIDE) -> dict[str, Any]:
    """The report of "all" and of each language; "all" also lists the errors."""
    found = {"all": report(examples, judged, outside) | {"errors": errors(examples, judged)}}
    for language in sorted({example.language for example in examples}):
        rows = [at for at, example in enumerate(examples) if example.language == language]
        found[language] = report([examples[at] for at in rows], [judged[at] for at in rows], outside)
    return found


def errors(examples: Sequence[Example], judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Every message with something wrong: intents first and the surest of them on top, then further requests, slots."""
    found = []
    for example, j in zip(examples, judged, strict=True):
        slots_wrong = j.spans is not None and set(j.spans) != set(j.read_spans)
        also_wrong = set(j.also) != set(j.read_also)
        if j.intent == j.read and not slots_wrong and not also_wrong:
            continue
        found.append(
            {
                "text": example.text,
                "lang": example.language,
                "source": example.source,
                "context": {"asked": example.context.asked, "shown": example.context.shown},
                "wrong_intent": j.intent != j.read,
                "meant": j.intent,
                "read": j.read,
                "confidence": round(j.confidence, 4),
                "second": j.second,
                "also": list(j.also),
                "read_also": list(j.read_also),
                "slots": None if j.spans is None else [told(span, example.text) for span in j.spans],
                "read_slots": [told(span, example.text) for span in j.read_spans],
            }
        )
    return sorted(found, key=lambda row: (not row["wrong_intent"], -row["confidence"]))


def told(span: Span, text: str) -> dict[str, Any]:
    """A span with the words that it covers."""
    said = text[span.start : span.end]
    return {"name": str(span.name), "text": said, "start": span.start, "end": span.end, "negated": span.negated}


def _slices(examples: Sequence[Example], judged: Sequence[Judged], outside: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind, parts in slices_of(examples).items():
        found[kind] = {}
        for name, flags in parts.items():
            part = [j for j, inside in zip(judged, flags, strict=True) if inside]
            found[kind][name] = headline(part, outside, _SLICE_DRAWS) | {"messages": len(part)}
    return found
