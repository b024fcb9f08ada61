"""How figures of search grow with the catalogue, drawn: both axes in powers of ten, a line for each thing measured.

python tests/bench/scale.py --sizes real 55000 1000000 --plot docs/growth.svg
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_WIDE, _HIGH, _LEFT, _TOP, _SPACE = 300, 220, 46, 34, 150
_COLORS = ("#1f6feb", "#d1242f", "#1a7f37", "#8250df", "#bf8700", "#0a7ea4", "#57606a", "#bc4c00")


@dataclass(frozen=True)
class Panel:
    """One drawing: `lines` by name hold (articles, value) points, articles and values above 0."""

    title: str
    lines: Mapping[str, Sequence[tuple[float, float]]]


def draw(panels: Sequence[Panel], path: Path) -> None:
    """The panels side by side in one SVG file."""
    wide, high = len(panels) * (_WIDE + _LEFT + _SPACE), _HIGH + 2 * _TOP
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" font-family="sans-serif">'
    body = [part for at, panel in enumerate(panels) for part in _parts(panel, at * (_WIDE + _LEFT + _SPACE) + _LEFT)]
    frame = f'<rect width="{wide}" height="{high}" fill="white"/>'
    path.write_text("\n".join([head, frame, *body, "</svg>"]) + "\n", encoding="utf-8")


def _parts(panel: Panel, left: float) -> list[str]:
    """A panel with its grid, a line for each power of ten, and its lines with their names beside their ends."""
    points = [point for line in panel.lines.values() for point in line]
    (low_x, high_x), (low_y, high_y) = (_powers([point[axis] for point in points]) for axis in (0, 1))

    def x(value: float) -> float:
        return left + _WIDE * (math.log10(value) - low_x) / (high_x - low_x)

    def y(value: float) -> float:
        return _TOP + _HIGH * (1 - (math.log10(value) - low_y) / (high_y - low_y))

    found = [f'<text x="{left}" y="{_TOP - 12}" font-size="13">{panel.title}</text>']
    for power in range(low_x, high_x + 1):
        at = x(10**power)
        found.append(f'<line x1="{at:.0f}" y1="{_TOP}" x2="{at:.0f}" y2="{_TOP + _HIGH}" stroke="#ddd"/>')
        found.append(f'<text x="{at - 10:.0f}" y="{_TOP + _HIGH + 15}" font-size="10">{10**power:,}</text>')
    for power in range(low_y, high_y + 1):
        at = y(10.0**power)
        found.append(f'<line x1="{left}" y1="{at:.0f}" x2="{left + _WIDE}" y2="{at:.0f}" stroke="#ddd"/>')
        found.append(f'<text x="{left - 42}" y="{at + 4:.0f}" font-size="10">{10.0**power:g}</text>')
    ends = _apart([y(line[-1][1]) for line in panel.lines.values()])
    for (name, line), color, end in zip(panel.lines.items(), _COLORS * 9, ends, strict=False):
        path = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in line)
        found.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="1.6"/>')
        found += [f'<circle cx="{x(size):.1f}" cy="{y(value):.1f}" r="2.4" fill="{color}"/>' for size, value in line]
        told = f"{name}: {float(f'{line[-1][1]:.3g}'):,g}"
        found.append(f'<text x="{left + _WIDE + 6}" y="{end:.1f}" font-size="10" fill="{color}">{told}</text>')
    return found


def _powers(values: Sequence[float]) -> tuple[int, int]:
    """The powers of ten that values lie between, two at least."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _apart(heights: Sequence[float]) -> list[float]:
    """Heights of names, moved down where two would be written over each other."""
    found = list(heights)
    order = sorted(range(len(found)), key=found.__getitem__)
    for above, below in itertools.pairwise(order):
        found[below] = max(found[below], found[above] + 12)
    return found
