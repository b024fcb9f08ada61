"""Silhouettes as data: `data/shapes.tsv` lists, back to front, what each kind of article is drawn from.

Coordinates run 0..100 over the picture, y downwards. A row is a `path` (M, L, C and Z as in SVG, absolute), a
`half` (a path down the left side, closed with its mirror image), an `oval` (centre, radii, turn in degrees), a
`box` (x, y, width, height, corner radius) or a `line` (width, then a path). A trailing `+` draws the mirror image too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import cos, pi, radians, sin

from storage.demo.tables import rows

Point = tuple[float, float]
_CURVE = 36  # straight pieces per cubic curve: smooth at 640 px, also under a thick line
_ROUND = 56  # corners of an oval


@dataclass(frozen=True, slots=True)
class Piece:
    """A filled polygon, or a polyline of `width` > 0, in one tone of the picture."""

    tone: str
    points: tuple[Point, ...]
    width: float = 0.0


@cache
def shapes() -> dict[str, tuple[Piece, ...]]:
    """Every silhouette by name, back to front, fitted to the frame; read once."""
    found: dict[str, list[Piece]] = {}
    for row in rows("shapes"):
        found.setdefault(row["shape"], []).extend(_pieces(row["kind"], row["tone"], row["d"]))
    return {name: _fitted(pieces) for name, pieces in found.items()}


@cache
def shape_names() -> tuple[tuple[str, str, str], ...]:
    """Category, word and shape, first match wins; an empty word always matches."""
    return tuple((row["category"], row["word"], row["shape"]) for row in rows("pictures"))


def shape_of(category: str, kind: str) -> str:
    """The silhouette for an article of this category whose kind or features hold the word."""
    fitting = (shape for value, word, shape in shape_names() if value == category and word in kind)
    return next(fitting, "gift box")


def _fitted(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Centred, and as large as the frame allows; small things grow by half at most."""
    xs, ys = zip(*(point for piece in pieces for point in piece.points), strict=True)
    x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    scale = min(1.5, 88 / max(max(xs) - min(xs), max(ys) - min(ys)))

    def fit(piece: Piece) -> Piece:
        points = tuple((50 + (a - x) * scale, 50 + (b - y) * scale) for a, b in piece.points)
        return Piece(piece.tone, points, piece.width * scale)

    return tuple(map(fit, pieces))


def _pieces(kind: str, tone: str, d: str) -> Iterator[Piece]:
    base = kind.rstrip("+")
    width = 0.0
    if base == "line":
        first, d = d.split(" ", 1)
        width = float(first)
    points = _points(base, d)
    yield Piece(tone, points, width)
    if kind.endswith("+"):
        yield Piece(tone, _mirror(points), width)


def _points(kind: str, d: str) -> tuple[Point, ...]:
    if kind == "oval":
        return _oval(*map(float, d.split()))
    if kind == "box":
        return _box(*map(float, d.split()))
    points = _path(d)
    return points + _mirror(points)[::-1] if kind == "half" else points


def _mirror(points: tuple[Point, ...]) -> tuple[Point, ...]:
    return tuple((100 - x, y) for x, y in points)


def _oval(x: float, y: float, rx: float, ry: float, turn: float = 0.0) -> tuple[Point, ...]:
    c, s = cos(radians(turn)), sin(radians(turn))
    ring = ((rx * cos(2 * pi * i / _ROUND), ry * sin(2 * pi * i / _ROUND)) for i in range(_ROUND))
    return tuple((x + u * c - v * s, y + u * s + v * c) for u, v in ring)


def _box(x: float, y: float, w: float, h: float, r: float) -> tuple[Point, ...]:
    r = min(r, w / 2, h / 2)
    corners = ((x + r, y + r, 180), (x + w - r, y + r, 270), (x + w - r, y + h - r, 0), (x + r, y + h - r, 90))
    return tuple(
        (cx + r * cos(radians(start + step)), cy + r * sin(radians(start + step)))
        for cx, cy, start in corners
        for step in range(0, 91, 15)
    )


def _path(d: str) -> tuple[Point, ...]:
    """A path as points; cubic curves are cut into straight pieces."""
    points: list[Point] = []
    for command, text in re.findall(r"([MLCZ])([^MLCZ]*)", d):
        numbers = [float(n) for n in text.split()]
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command == "C":
            for i in range(0, len(pairs), 3):
                points += _curve(points[-1], *pairs[i : i + 3])
        else:
            points += pairs
    return tuple(points)


def _curve(a: Point, b: Point, c: Point, d: Point) -> list[Point]:
    def at(t: float) -> Point:
        u = 1 - t
        k = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
        x, y = (sum(w * p[axis] for w, p in zip(k, (a, b, c, d), strict=True)) for axis in (0, 1))
        return (x, y)

    return [at(i / _CURVE) for i in range(1, _CURVE + 1)]
