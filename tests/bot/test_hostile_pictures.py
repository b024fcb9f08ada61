"""Pictures that are none, or that would unpack to more than a machine has: refused before they are decoded."""

import io
import struct
import zlib

import pytest
from PIL import Image

from bot.media import media_of
from bot.sense.colors import colors_of
from bot.sense.picture import PictureError


def png(width, height, body=b""):
    """A PNG of the size that its head says, with whatever in its body."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body or zlib.compress(b"")) + chunk(b"IEND", b"")
    )


def painted(kind):
    out = io.BytesIO()
    Image.new("RGB", (40, 40), (200, 30, 30)).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("width", "height"), [(60_000, 60_000), (2**31 - 1, 1), (1, 2**31 - 1), (9_000, 9_000), (0, 0)]
)
def test_a_picture_of_more_pixels_than_fit_is_refused_undecoded(width, height):
    bomb = png(width, height)
    assert len(bomb) < 100
    assert media_of(bomb) == ""
    with pytest.raises(PictureError):
        colors_of(bomb)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff" + b"\x00" * 500,
        painted("JPEG")[:200],
        png(40, 40, zlib.compress(b"x" * 10)),
        b"GIF89a" + b"\xff" * 100,
        b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\x00" * 50,
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>',
        b"<html><script>x()</script>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n",
        painted("BMP"),
        painted("TIFF"),
    ],
    ids=["empty", "png", "zeros", "cut", "short", "gif", "webp", "svg", "html", "eps", "bmp", "tiff"],
)
def test_what_is_no_picture_of_the_usual_kinds_is_refused(content):
    with pytest.raises(PictureError):
        colors_of(content)
    assert media_of(content) in ("", "image/jpeg", "image/png"), "what is cut off may still be shown as far as it goes"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_ordinary_pictures_are_taken(kind):
    content = painted(kind)
    assert media_of(content) == f"image/{kind.lower()}"
    assert colors_of(content) == (), "all of one colour: no thing stands out"
