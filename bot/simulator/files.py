"""Files that were sent: stored once by content, named by file ids that stay valid for ever.

A photo is shown in several sizes, as Telegram does; the small ones are made when somebody downloads them. The
file id is `<prefix><unique id><size letter>`, so the same picture sent twice keeps its unique id.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw, UnidentifiedImageError
from sqlite_utils import Database

from bot.simulator.errors import bad_request

MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_SIDES = 10_000  # width + height
SIZES = {"s": 90, "m": 320, "x": 800, "y": 1280}
PREFIX = {"photo": "AgACAgQAAx", "sticker": "CAACAgQAAx", "voice": "AwACAgQAAx", "document": "BQACAgQAAx"}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as stored; `url` is set instead of `content` when the bot sent an address."""

    unique_id: str
    path: str
    kind: str
    content_type: str
    width: int
    height: int
    url: str
    content: bytes


class Files:
    """Reads and writes files; the caller opens the transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, kind: str, content: bytes, content_type: str, extension: str) -> StoredFile:
        """Stores content that is not a picture to be checked (voice, stickers)."""
        return self._store(kind, content, content_type, extension, (0, 0), "")

    def add_photo(self, content: bytes) -> StoredFile:
        """Checks and stores a picture; refuses what Telegram's servers refuse."""
        if len(content) > MAX_PHOTO_BYTES:
            raise bad_request(
                f"file of size {len(content)} bytes is too big for a photo; the maximum size is {MAX_PHOTO_BYTES} bytes"
            )
        if not content:
            raise bad_request("file must be non-empty")
        width, height, kind = _measure(content)
        if width + height > MAX_SIDES or max(width, height) > 20 * min(width, height):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        return self._store("photo", content, f"image/{kind}", kind, (width, height), "")

    def add_address(self, url: str) -> StoredFile:
        """A photo that the bot named by its http address; nothing is fetched, a stand-in is drawn."""
        return self._store("photo", _drawing(url), "image/jpeg", "jpeg", (640, 480), url)

    def find(self, file_id: str) -> tuple[StoredFile, str] | None:
        """The file and the size letter that a file id names."""
        for kind, prefix in PREFIX.items():
            if file_id.startswith(prefix):
                unique_id, size = file_id[len(prefix) : -1], file_id[-1]
                stored = self._one("unique_id", unique_id)
                if stored is not None and stored.kind == kind:
                    return stored, size
        return None

    def download(self, path: str) -> tuple[bytes, str] | None:
        """Content and type of what getFile called `path`."""
        folder, _, name = path.partition("/")
        stem, _, extension = name.partition(".")
        size = stem[-1:] if stem[-2:-1] == "_" and stem[-1:] in SIZES else ""
        stored = self._one("path", f"{folder}/{stem[:-2] if size else stem}.{extension}")
        if stored is None:
            return None
        if size and max(stored.width, stored.height) > SIZES[size]:
            return _shrunk(stored.content, SIZES[size]), "image/jpeg"
        return stored.content, stored.content_type

    def show(self, file_id: str) -> tuple[bytes, str] | None:
        """Content and type by file id."""
        found = self.find(file_id)
        return None if found is None else self.download(file_path(*found))

    def _store(
        self, kind: str, content: bytes, content_type: str, extension: str, size: tuple[int, int], url: str
    ) -> StoredFile:
        unique_id = "AQAD" + hashlib.sha256(kind.encode() + url.encode() + content).hexdigest()[:12]
        number = next(iter(self._database.query("SELECT count(*) AS n FROM files")))["n"]
        self._database.table("files").insert(
            {
                "unique_id": unique_id,
                "path": f"{kind}s/file_{number}.{extension}",
                "kind": kind,
                "content_type": content_type,
                "width": size[0],
                "height": size[1],
                "url": url,
                "content": content,
            },
            ignore=True,
        )
        stored = self._one("unique_id", unique_id)
        assert stored is not None
        return stored

    def _one(self, column: str, value: str) -> StoredFile | None:
        row = next(iter(self._database.query(f"SELECT * FROM files WHERE {column} = ?", [value])), None)
        return None if row is None else StoredFile(**row)


def file_id(stored: StoredFile, size: str = "y") -> str:
    """The id by which the bot may send the file again."""
    return f"{PREFIX[stored.kind]}{stored.unique_id}{size}"


def file_path(stored: StoredFile, size: str) -> str:
    """The path that getFile answers for one size of the file."""
    if stored.kind != "photo":
        return stored.path
    stem, _, extension = stored.path.rpartition(".")
    return f"{stem}_{size}.{extension}"


def photo_sizes(stored: StoredFile) -> list[dict[str, Any]]:
    """The `photo` list of a message: smallest first, the last is the picture itself."""
    longest = max(stored.width, stored.height)
    letters = [letter for letter, side in SIZES.items() if side < longest]
    letters.append("y" if len(letters) == len(SIZES) else list(SIZES)[len(letters)])
    return [_photo_size(stored, letter, longest) for letter in dict.fromkeys(letters)]


def _photo_size(stored: StoredFile, letter: str, longest: int) -> dict[str, Any]:
    scale = min(1.0, SIZES[letter] / longest)
    whole: Mapping[str, Any] = {"file_size": len(stored.content)} if scale == 1.0 else {}
    return {
        "file_id": file_id(stored, letter),
        "file_unique_id": stored.unique_id + letter,
        "width": max(1, round(stored.width * scale)),
        "height": max(1, round(stored.height * scale)),
        **whole,
    }


def _measure(content: bytes) -> tuple[int, int, str]:
    try:
        with Image.open(io.BytesIO(content)) as image:
            return image.width, image.height, (image.format or "jpeg").lower()
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error


def _shrunk(content: bytes, side: int) -> bytes:
    with Image.open(io.BytesIO(content)) as image:
        small = image.convert("RGB")
        small.thumbnail((side, side))
        out = io.BytesIO()
        small.save(out, "JPEG", quality=85)
        return out.getvalue()


def _drawing(caption: str) -> bytes:
    """A grey picture with a line of text, for what this server has no picture of."""
    image = Image.new("RGB", (640, 480), "#dfe5ec")
    pen = ImageDraw.Draw(image)
    pen.rectangle((24, 24, 616, 456), outline="#aab6c3", width=3)
    pen.text((320, 240), caption[:80], fill="#5b6b7c", anchor="mm")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def placeholder_photo() -> bytes:
    """The picture that a shopper "takes" when none is given."""
    return _drawing("a photo from the shopper")
