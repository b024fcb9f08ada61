"""What a file is, by what it holds; its name and what its sender says of it are not asked.

Only kinds that a browser shows or saves without running anything are taken: pictures, PDF, MP4, voice and music.
"""

from __future__ import annotations

import io
import warnings

PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp")
SENDABLE = ("image/jpeg", "image/png")
"""Pictures that Telegram takes as such from the shop."""
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "video/mp4": "mp4",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
}
_BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
)
_MOST_PIXELS = 50_000_000
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")


def media_of(content: bytes) -> str:
    """The media type, one of EXTENSIONS; "" for what is none of them, or a picture that cannot be read."""
    media = next((media for start, media in _BEGINNINGS if content.startswith(start)), "")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        media = "image/webp"
    if content[4:8] == b"ftyp":
        media = "video/mp4"
    return media if media not in PICTURES or _readable(content) else ""


def _readable(content: bytes) -> bool:
    """Whether a picture is whole and of a size that a page can show."""
    from PIL import Image

    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            warnings.simplefilter("ignore")
            width, height = image.size
            image.verify()
    except Exception:  # whatever a decoder thinks of bytes from anybody
        return False
    return 0 < width * height <= _MOST_PIXELS
