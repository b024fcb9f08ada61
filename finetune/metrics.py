"""Figures by which an understander is judged: pure functions of what was meant and what was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nlu.tags import Span


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1, each 0..1, with the number of true cases."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Judged:
    """One message: what was meant beside what was read.

    `second` is the next likeliest intent and `margin` by how much the first leads, 0..1; `outlier` rises with how far
    outside every intent the message seems.
    """

    intent: str
    read: str
    confidence: float
    also: tuple[str, ...] = ()
    read_also: tuple[str, ...] = ()
    spans: tuple[Span, ...] | None = None
    read_spans: tuple[Span, ...] = ()
    second: str = ""
    margin: float = 1.0
    outlier: float = 0.0


def score(true_positive: int, false_positive: int, false_negative: int) -> Score:
    """The three figures; 0 where there is nothing to divide by."""
    precision = true_positive / (true_positive + false_positive) if true_positive + false_positive else 0.0
    recall = true_positive / (true_positive + false_negative) if true_positive + false_negative else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Score(precision, recall, f1, true_positive + false_negative)


def accuracy(judged: Sequence[Judged]) -> float:
    """Share of messages whose intent was read right."""
    return sum(j.intent == j.read for j in judged) / len(judged) if judged else 0.0


def per_intent(judged: Sequence[Judged]) -> dict[str, Score]:
    """A score for each intent that was meant at least once."""
    right = Counter(j.intent for j in judged if j.intent == j.read)
    meant, read = Counter(j.intent for j in judged), Counter(j.read for j in judged)
    return {name: score(right[name], read[name] - right[name], meant[name] - right[name]) for name in sorted(meant)}


def macro_f1(judged: Sequence[Judged]) -> float:
    """Mean F1 over the intents that were meant, each counting the same."""
    scores = per_intent(judged)
    return sum(s.f1 for s in scores.values()) / len(scores) if scores else 0.0


def slots(judged: Sequence[Judged], *, with_negation: bool = True) -> dict[str, Score]:
    """Exact spans with the right name (and negation), by slot name and in "all"; messages without slot labels
    left out."""
    counts: dict[str, Counter[str]] = {"all": Counter()}
    for j in judged:
        if j.spans is None:
            continue
        meant = {_key(span, with_negation) for span in j.spans}
        read = {_key(span, with_negation) for span in j.read_spans}
        for kind, keys in (("tp", meant & read), ("fp", read - meant), ("fn", meant - read)):
            for key in keys:
                counts["all"][kind] += 1
                counts.setdefault(key[0], Counter())[kind] += 1
    return {name: score(c["tp"], c["fp"], c["fn"]) for name, c in sorted(counts.items())}


def slot_counts(judged: Judged) -> tuple[int, int, int]:
    """Spans of one message that are right, too many and missed; nothing where its slots are not labelled."""
    if judged.spans is None:
        return 0, 0, 0
    meant, read = ({_key(span, True) for span in spans} for spans in (judged.spans, judged.read_spans))
    return len(meant & read), len(read - meant), len(meant - read)


def _key(span: Span, with_negation: bool) -> tuple[str, int, int, bool]:
    return str(span.name), span.start, span.end, span.negated and with_negation


def further(judged: Sequence[Judged]) -> Score:
    """How well further requests are found, whatever their order."""
    counts: Counter[str] = Counter()
    for j in judged:
        meant, read = set(j.also), set(j.read_also)
        counts["tp"] += len(meant & read)
        counts["fp"] += len(read - meant)
        counts["fn"] += len(meant - read)
    return score(counts["tp"], counts["fp"], counts["fn"])


def calibration_error(judged: Sequence[Judged], bins: int = 15) -> float:
    """Expected calibration error (Guo et al. 2017, arXiv 1706.04599): mean gap of confidence and accuracy
    over equal bins."""
    if not judged:
        return 0.0
    total = 0.0
    for low in range(bins):
        inside = [j for j in judged if low / bins < j.confidence <= (low + 1) / bins]
        if inside:
            total += abs(sum(j.confidence - (j.intent == j.read) for j in inside))
    return total / len(judged)


def confusions(judged: Sequence[Judged], count: int | None = 12) -> list[tuple[str, str, int]]:
    """The commonest mistakes, all of them where `count` is None: meant, read, how often."""
    wrong = Counter((j.intent, j.read) for j in judged if j.intent != j.read)
    return [(meant, read, times) for (meant, read), times in wrong.most_common(count)]
