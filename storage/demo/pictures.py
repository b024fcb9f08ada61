"""Pictures of the demo shop's articles, drawn on the spot so that the repository holds none.

A silhouette (`shapes.py`) is filled with the article's own colours and pattern at twice the size, reduced for
smooth edges, given volume by light and a soft shadow, and set on a pale backdrop. Further pictures ("demo:ID/detail",
"demo:ID/turned") show a part of it from near, and the article turned to its other side before another backdrop.

    python -m storage.demo.pictures demo-dress-0002 dress.jpg
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from functools import cache, lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps, ImageStat

from storage.demo.catalogue import DETAIL, TURNED, demo_products
from storage.demo.patterns import RGB, mix, pattern_of
from storage.demo.shapes import Piece, Point, shape_of, shapes
from storage.demo.tables import rows
from storage.records import Product

_OVERSAMPLE = 2
_MARGIN = 0.09  # of the picture, kept free on every side
_BACKDROPS: tuple[RGB, ...] = (
    (236, 228, 217),
    (222, 229, 234),
    (236, 224, 224),
    (222, 231, 222),
    (228, 226, 238),
    (233, 231, 226),
)
_UNPAINTED = ("mint", "pink", "teal", "lavender", "cream", "coral", "blue", "olive")  # for what has no colour
_PALE = 215.0  # luminance above which an article needs a darker backdrop
_KEPT = 256  # pictures, of some 25 KB each
_CORNERS = ((50, 45), (50, 25), (50, 70), (28, 50), (72, 50))  # where a detail may have its middle, in hundredths


@dataclass(frozen=True, slots=True)
class _Motif:
    """An article, equal to another of which the same picture would be drawn."""

    id: str
    category: str
    colors: tuple[str, ...]
    attributes: frozenset[tuple[str, str]]
    view: str
    product: Product = field(compare=False)


def picture(product: Product, size: int = 640) -> bytes:
    """A JPEG, `size` pixels square; what has no silhouette of its own is drawn as a wrapped box. Those drawn last are
    kept: drawing takes a page of the console, with its many small ones, most of its time.
    """
    attributes = frozenset(product.attributes.items())
    view = product.image_url.partition("/")[2]
    return _drawn(_Motif(product.id, product.category, product.colors, attributes, view, product), size)


@lru_cache(maxsize=_KEPT)
def _drawn(motif: _Motif, size: int) -> bytes:
    product, near = motif.product, motif.view == DETAIL
    turned = motif.view == TURNED
    main, second = _colors(product)
    art = _art(product, main, second, size * 3 // 2 if near else size)
    if turned:
        art = ImageOps.mirror(art)
    backdrop = _backdrop_color(product, main, turned)
    scene = _backdrop(art.width, backdrop)
    scene.paste(mix(backdrop, (20, 16, 30), 0.75), mask=_shadow(art.getchannel("A")))
    scene.paste(_lit(art), mask=art.getchannel("A"))
    if near:
        scene = scene.crop(_fullest(art.getchannel("A"), size))
    buffer = BytesIO()
    scene.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def _fullest(mask: Image.Image, size: int) -> tuple[int, int, int, int]:
    """The square of that size, among some, in which there is most of the article."""
    corners = [(x * mask.width // 100 - size // 2, y * mask.width // 100 - size // 2) for x, y in _CORNERS]
    within = [(min(max(x, 0), mask.width - size), min(max(y, 0), mask.width - size)) for x, y in corners]
    boxes = [(x, y, x + size, y + size) for x, y in within]
    return max(boxes, key=lambda box: ImageStat.Stat(mask.crop(box)).sum[0])


def _kind(product: Product) -> str:
    return f"{product.attributes.get('kind', '')}, {product.attributes.get('features', '')}"


def _colors(product: Product) -> tuple[RGB, RGB]:
    palette = _palette("palette", "color")
    names = [name for name in product.colors if name in palette]
    if not names:
        names = ["coral", "teal"] if product.colors else [_UNPAINTED[_pick(product, 0, len(_UNPAINTED))], "white"]
    main = palette[names[0]]
    contrast = (255, 255, 255) if _luminance(main) < 150 else (70, 66, 70)
    return main, palette[names[1]] if len(names) > 1 else mix(main, contrast, 0.5)


def _pick(product: Product, byte: int, choices: int) -> int:
    """The same choice for the same article in every run."""
    return sha256(product.id.encode()).digest()[byte] % choices


def _art(product: Product, main: RGB, second: RGB, size: int) -> Image.Image:
    """The article alone, RGBA, with smooth edges."""
    large = size * _OVERSAMPLE
    art = Image.new("RGBA", (large, large), (*main, 0))
    pencil = ImageDraw.Draw(art)
    tones = _tones(main, second)
    fill = pattern_of(product, main, second, large)
    for piece in _silhouette(product):
        points = [_place(x, y, large) for x, y in piece.points]
        color = (*tones[piece.tone], 255)
        if piece.width:
            _stroke(pencil, points, piece.width * large * (1 - 2 * _MARGIN) / 100, color)
        elif fill is not None and piece.tone == "main":
            stencil = Image.new("L", art.size)
            ImageDraw.Draw(stencil).polygon(points, fill=255)
            art.paste(fill, mask=stencil)
        else:
            pencil.polygon(points, fill=color)
    return art.reduce(_OVERSAMPLE)


def _silhouette(product: Product) -> tuple[Piece, ...]:
    return shapes()[shape_of(product.category, _kind(product))]


def _place(x: float, y: float, large: int) -> Point:
    scale = large * (1 - 2 * _MARGIN) / 100
    return large * _MARGIN + x * scale, large * _MARGIN + y * scale


def _stroke(pencil: ImageDraw.ImageDraw, points: list[Point], width: float, color: tuple[int, ...]) -> None:
    """A line with round ends and joints."""
    pencil.line(points, fill=color, width=max(1, round(width)), joint="curve")
    r = width / 2
    for x, y in (points[0], points[-1]):
        pencil.ellipse((x - r, y - r, x + r, y + r), fill=color)


def _tones(main: RGB, second: RGB) -> dict[str, RGB]:
    white, black = (255, 255, 255), (22, 20, 26)
    own = {
        "main": main,
        "second": second,
        "light": mix(main, white, 0.32),
        "dark": mix(main, black, 0.2),
        "deep": mix(main, black, 0.48),
    }
    return _palette("tones", "tone") | own


@cache
def _palette(table: str, key: str) -> dict[str, RGB]:
    def rgb(text: str) -> RGB:
        return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)

    return {row[key]: rgb(row["hex"]) for row in rows(table)}


def _luminance(color: RGB) -> float:
    return 0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2]


def _backdrop_color(product: Product, main: RGB, other: bool) -> RGB:
    place = _pick(product, 1, len(_BACKDROPS)) + (3 if other else 0)
    color = mix(_BACKDROPS[place % len(_BACKDROPS)], main, 0.05)
    return mix(color, (118, 124, 138), 0.3) if _luminance(main) > _PALE else color


def _backdrop(size: int, color: RGB) -> Image.Image:
    """A wall lit from above and a floor that catches a little of it."""
    lit = Image.new("RGB", (size, size), mix(color, (255, 255, 255), 0.55))
    dim = Image.new("RGB", (size, size), mix(color, (60, 56, 70), 0.12))
    return Image.composite(lit, dim, _glow(size))


@cache
def _glow(size: int) -> Image.Image:
    glow = ImageChops.invert(Image.radial_gradient("L")).resize((int(size * 1.5), int(size * 1.5)))
    left, top = int(size * 0.25), int(size * 0.2)
    glow = glow.crop((left, top, left + size, top + size))
    floor = Image.new("L", (size, size), 0)
    ImageDraw.Draw(floor).rectangle((0, int(size * 0.8), size, size), fill=26)
    return ImageChops.subtract(glow, floor.filter(ImageFilter.GaussianBlur(size / 40)))


def _shadow(mask: Image.Image) -> Image.Image:
    """Soft, below and to the right; worked out small, since nothing in it is sharp."""
    size = mask.width
    small = mask.reduce(4)
    near = ImageChops.offset(small, size // 160, size // 90).filter(ImageFilter.GaussianBlur(size / 130))
    far = ImageChops.offset(small, size // 60, size // 40).filter(ImageFilter.GaussianBlur(size / 55))
    both = ImageChops.add(near.point(lambda v: v * 0.34), far.point(lambda v: v * 0.26))
    return both.resize(mask.size, Image.Resampling.BILINEAR)


def _lit(art: Image.Image) -> Image.Image:
    """Light from the upper left, and edges that turn away from it."""
    size = art.width
    mask = art.getchannel("A")
    small = mask.reduce(4)
    round_off = small.filter(ImageFilter.GaussianBlur(size / 60)).resize(mask.size, Image.Resampling.BILINEAR)
    edges = round_off.point(lambda v: 196 + min(59, int(max(0, v - 90) * 0.5)))
    shade = ImageChops.multiply(edges, _light(size))
    lit = ImageChops.multiply(art.convert("RGB"), Image.merge("RGB", (shade, shade, shade)))
    shine = ImageChops.multiply(_shine(size), mask)
    return ImageChops.screen(lit, Image.merge("RGB", (shine, shine, shine)))


@cache
def _light(size: int) -> Image.Image:
    down = Image.linear_gradient("L").resize((size, size))
    across = down.rotate(90)
    return ImageChops.add(down, across, scale=2).point(lambda v: 255 - int(v * 0.15))


@cache
def _shine(size: int) -> Image.Image:
    glow = ImageChops.invert(Image.radial_gradient("L")).resize((size, size))
    return ImageChops.offset(glow, -size // 6, -size // 5).point(lambda v: max(0, v - 120) // 4)


if __name__ == "__main__":
    found = next((p for p in demo_products() if p.id == sys.argv[1]), None)
    if found is None:
        sys.exit(f"No article of the demo shop is called {sys.argv[1]}; ids look like demo-dress-0002.")
    Path(sys.argv[2]).write_bytes(picture(found))
