"""A picture that somebody sent, or that a feed names, opened within bounds: it may be anything."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageOps

_FORMATS = (
    "JPEG",
    "PNG",
    "WEBP",
    "GIF",
)  # what Telegram sends; other decoders of Pillow are older, and one runs programs
MAX_BYTES, MAX_PIXELS = 20 * 1024 * 1024, 60_000_000
_LOOKED_AT = 512  # pixels of the longer side; CLIP models take 224 or 336
_WHITE = (255, 255, 255)


class PictureError(ValueError):
    """What cannot be read as a picture."""


def opened(content: bytes, made: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """What is made of the picture while it is open. Raises PictureError."""
    if len(content) > MAX_BYTES:
        raise PictureError("The picture is too large.")
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise PictureError("The picture has too many pixels.")
            return made(image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureError("This is no picture that can be read.") from error


def as_seen(image: Image.Image) -> Image.Image:
    """As an eye has it: small, upright, in colours, on white where it is transparent."""
    image.draft("RGB", (_LOOKED_AT, _LOOKED_AT))
    image.thumbnail((_LOOKED_AT, _LOOKED_AT))
    upright = ImageOps.exif_transpose(image)
    if not upright.has_transparency_data:
        return upright.convert("RGB")
    layer = upright.convert("RGBA")
    ground = Image.new("RGB", layer.size, _WHITE)
    ground.paste(layer, mask=layer.getchannel("A"))
    return ground
