"""A recorded turn in figures and in the log line of its update."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from prometheus_client import Histogram

from bot.health import figures
from bot.health.work import note
from storage.records import Language, Understanding

_WORDLESS = ("", "button", "command")


def count_turn(
    language: Language,
    said: Understanding | None,
    missing: tuple[str, ...],
    fallback: bool,
    laps: Mapping[str, float],
) -> None:
    """Counts a turn.

    Args:
        said: what it was taken for; None where nothing was said in words that the bot reads.
        missing: the parts that did not do theirs: "model", "index", "writer"; "time" where the shopper had to wait.
        fallback: whether the shopper was not understood.
        laps: milliseconds by stage.
    """
    figures.TURNS.labels(language=language).inc()
    if said is not None:
        figures.INTENTS.labels(intent=said.intent.value).inc()
        if said.model not in _WORDLESS and not said.degraded:
            figures.CONFIDENCE.observe(said.confidence)
    for part in missing:
        figures.DEGRADED.labels(part=part).inc()
    if fallback:
        figures.FALLBACKS.inc()
    for stage, milliseconds in laps.items():
        _stage(stage).observe(milliseconds / 1000)
    note(
        intent=said.intent.value if said else None,
        confidence=round(said.confidence, 3) if said else None,
        degraded=list(missing),
        stages=dict(laps),
    )


def count_stage(stage: str, seconds: float) -> None:
    """A stage of a turn that ended after it was recorded."""
    _stage(stage).observe(seconds)


def count_writing(outcome: str, tokens: int) -> None:
    """A page that was put before the writer, and what that cost."""
    figures.LLM_PAGES.labels(outcome=outcome).inc()
    figures.LLM_TOKENS.inc(tokens)


@cache
def _stage(stage: str) -> Histogram:
    """Stages are few, and to look one up costs as much as to count it."""
    return figures.TURN_STAGE.labels(stage=stage)
