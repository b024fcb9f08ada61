"""The colours of the thing on a photo, in the words of the catalogue: measured, not guessed.

    colors_of(jpeg_bytes)        # ("red",)

The rim of the picture is taken for its background and what looks like it is left out; the rest is compared with a
palette in CIELAB, where distance is about what an eye sees. A picture whose thing cannot be told from its background
has no colour here, and the bot says so.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.sense.picture import opened

_TABLE = Path(__file__).parent / "palette.tsv"
_SIDE = 96  # pixels that are looked at, each way
_RIM = 6
_LIKE_RIM = 8.0  # CIELAB distance up to which a pixel belongs to the background
_LEAST = 0.04  # share of the picture that a thing must fill
_SHARE = 0.2  # share of the thing from which a colour is named
_MOST = 2
_WEIGHTS = np.array([0.6, 1.0, 1.0])  # light and shade change how bright a colour is, less which one it is
Floats = NDArray[np.float64]


def colors_of(content: bytes) -> tuple[str, ...]:
    """One or two normal forms, the largest first; none where the thing does not stand out. Raises PictureError."""
    pixels = _lab(_opened(content))
    rim = np.concatenate([pixels[:_RIM].reshape(-1, 3), pixels[-_RIM:].reshape(-1, 3), pixels[:, :_RIM].reshape(-1, 3)])
    inner = pixels[_RIM:-_RIM, _RIM:-_RIM].reshape(-1, 3)
    thing = inner[np.linalg.norm(inner - np.median(rim, axis=0), axis=1) > _LIKE_RIM]
    if len(thing) < _LEAST * len(inner):
        return ()
    names, palette = _palette()
    nearest = np.argmin(np.linalg.norm((thing[:, None, :] - palette[None, :, :]) * _WEIGHTS, axis=2), axis=1)
    counts = np.bincount(nearest, minlength=len(names))
    order = [int(at) for at in np.argsort(-counts, kind="stable")[:_MOST]]
    return tuple(names[at] for at in order if counts[at] >= _SHARE * len(thing))


def _opened(content: bytes) -> Floats:
    """The picture, small, as sRGB in 0..1."""
    small = opened(content, lambda image: image.convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.BILINEAR))
    return np.asarray(small, dtype=np.float64) / 255.0


def _lab(rgb: Floats) -> Floats:
    """sRGB (..., 3) in 0..1 to CIELAB under D65."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ matrix.T / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    lab: Floats = np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)
    return lab


@cache
def _palette() -> tuple[list[str], Floats]:
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        rows: list[dict[str, Any]] = list(csv.DictReader(lines, delimiter="\t"))
    rgb = [[int(row["hex"][at : at + 2], 16) / 255 for at in (1, 3, 5)] for row in rows]
    return [row["color"] for row in rows], _lab(np.array(rgb, dtype=np.float64))
