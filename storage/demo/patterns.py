"""Stripes, flowers, plaids and many colours: what fills a silhouette where the article is not plain."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random

from PIL import Image, ImageDraw

from storage.records import Product

RGB = tuple[int, int, int]
_MANY: tuple[RGB, ...] = ((232, 112, 96), (240, 190, 84), (92, 168, 150), (86, 134, 196), (150, 112, 178))


def mix(a: tuple[int, ...], b: tuple[int, ...], share: float) -> RGB:
    """Colour `a` with `share` (0..1) of colour `b`."""
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a[:3], b[:3], strict=True))
    return red, green, blue


def pattern_of(product: Product, main: RGB, second: RGB, size: int) -> Image.Image | None:
    """A tile as large as the drawing, or None where the article is of one plain colour."""
    features = product.attributes.get("features", "").split(", ")
    if "multicolor" in product.colors:
        return _bands(size)
    if "striped" in features:
        return _stripes(main, second, size)
    if "plaid" in features:
        return _plaid(main, second, size)
    if "floral" in features:
        return _flowers(main, second, size, product.id)
    return None


def _stripes(main: RGB, second: RGB, size: int) -> Image.Image:
    tile = Image.new("RGB", (size, size), main)
    pencil = ImageDraw.Draw(tile)
    step = size // 18
    for y in range(0, size, step):
        pencil.rectangle((0, y, size, y + step * 0.42), fill=second)
    return tile


def _plaid(main: RGB, second: RGB, size: int) -> Image.Image:
    tile = Image.new("RGB", (size, size), main)
    pencil = ImageDraw.Draw(tile, "RGBA")
    step = size // 11
    for at in range(0, size, step):
        for low, high, color in ((0, 0.4, (*mix(main, (0, 0, 0), 0.35), 130)), (0.62, 0.68, (*second, 220))):
            pencil.rectangle((at + low * step, 0, at + high * step, size), fill=color)
            pencil.rectangle((0, at + low * step, size, at + high * step), fill=color)
    return tile


def _flowers(main: RGB, second: RGB, size: int, seed: str) -> Image.Image:
    tile = Image.new("RGB", (size, size), main)
    pencil = ImageDraw.Draw(tile)
    rng = Random(seed)
    petals = (second, mix(second, (255, 240, 220), 0.5))
    step = size / 15
    for row in range(16):
        for column in range(16):
            x = (column + 0.5 * (row % 2) + rng.uniform(-0.2, 0.2)) * step
            y = (row + rng.uniform(-0.2, 0.2)) * step
            _flower(pencil, x, y, step * rng.uniform(0.15, 0.24), rng.choice(petals), mix(main, (250, 205, 90), 0.8))
    return tile


def _flower(pencil: ImageDraw.ImageDraw, x: float, y: float, r: float, petal: RGB, heart: RGB) -> None:
    for i in range(5):
        a, b = x + r * cos(2 * pi * i / 5), y + r * sin(2 * pi * i / 5)
        pencil.ellipse((a - r * 0.7, b - r * 0.7, a + r * 0.7, b + r * 0.7), fill=petal)
    pencil.ellipse((x - r * 0.5, y - r * 0.5, x + r * 0.5, y + r * 0.5), fill=heart)


def _bands(size: int) -> Image.Image:
    tile = Image.new("RGB", (size, size))
    pencil = ImageDraw.Draw(tile)
    step = size // 12
    for i in range(-12, 24):
        x = i * step
        pencil.polygon(((x, 0), (x + step, 0), (x + step - size // 2, size), (x - size // 2, size)), fill=_MANY[i % 5])
    return tile
