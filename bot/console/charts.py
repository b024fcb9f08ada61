"""Charts as shapes: where bars and lines stand, worked out here, drawn by a template's macro as SVG.

Without styles of their own: classes give the colours, in light and dark. Each chart stands beside its table, has a
title and a description, and says the value of every mark in a tooltip.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 8, 10, 24
_LABELS = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle of series `series`, with what its tooltip says."""

    x: float
    y: float
    width: float
    height: float
    series: int
    says: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid, or a word under the axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that the macro draws. `legend` names the series, where there is more than one."""

    title: str
    description: str
    bars: tuple[Bar, ...]
    across: tuple[Tick, ...]
    below: tuple[Tick, ...]
    legend: tuple[str, ...] = ()
    width: int = WIDTH
    height: int = HEIGHT


def columns(
    title: str,
    description: str,
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[float]]],
    say: Callable[[float], str],
) -> Chart:
    """Columns over labels, the series stacked on one another. `say` writes a value."""
    sums = [sum(values[at] for _, values in series) for at in range(len(labels))]
    top = nice(max(sums, default=0))
    step = (WIDTH - _LEFT - _RIGHT) / max(len(labels), 1)
    bars = []
    for at, label in enumerate(labels):
        base = 0.0
        for number, (name, values) in enumerate(series):
            if values[at] > 0:
                says = f"{label} · {name} {say(values[at])}" if len(series) > 1 else f"{label} · {say(values[at])}"
                y, height = _place(base + values[at], top), _place(base, top) - _place(base + values[at], top)
                x = _LEFT + at * step + step * 0.1
                bars.append(Bar(_fine(x), _fine(y), _fine(step * 0.8), _fine(height), number, says))
                base += values[at]
    across = tuple(Tick(_fine(_place(top * part / 4, top)), say(top * part / 4)) for part in range(5))
    every = max(math.ceil(len(labels) / _LABELS), 1)
    below = tuple(Tick(_fine(_LEFT + (at + 0.5) * step), label) for at, label in enumerate(labels) if at % every == 0)
    legend = tuple(name for name, _ in series) if len(series) > 1 else ()
    return Chart(title, description, tuple(bars), across, below, legend)


def nice(value: float) -> float:
    """The end of an axis that holds this value, four whole steps of 1, 2, 3 or 5 times a power of ten."""
    step = max(value / 4, 1.0)
    power = 10 ** math.floor(math.log10(step))
    return float(4 * next(times * power for times in (1, 2, 3, 5, 10) if times * power >= step))


def _place(value: float, top: float) -> float:
    return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - value / top)


def _fine(value: float) -> float:
    return round(value, 1)
