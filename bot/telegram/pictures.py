"""The picture of a product, in the form that Telegram takes: an address, a file to upload, or none.

Demo pictures are drawn by the program; a shop's own are addresses that Telegram fetches, or files inside the data
folder. A picture that cannot be had is no error: the card is then sent as text.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aiogram.types import BufferedInputFile, InputFile

from storage.records import Product

_UPLOAD_LIMIT = 10 * 1024 * 1024
_log = logging.getLogger(__name__)

Drawn = Callable[[Product], bytes]


@dataclass(frozen=True, slots=True)
class Pictures:
    """Where pictures come from.

    Args:
        folder: the data folder; a relative `image_url` is a file inside it, and nothing outside is ever read.
        draw: bytes of a demo product's picture (`image_url` "demo:...").
    """

    folder: Path
    draw: Drawn

    def key(self, product: Product) -> str:
        """Names the picture, to find an upload made before; "" where the product has none."""
        url = product.image_url.strip()
        if not url or url.startswith(("demo:", "http://", "https://")):
            return url
        path = self._inside(url)
        return f"file:{path}:{path.stat().st_mtime_ns}" if path else ""

    def key_of(self, bot_id: int, product: Product) -> str:
        """Its name among the uploads of one bot: file ids are a bot's own."""
        name = self.key(product)
        return f"{bot_id}:{name}" if name else ""

    async def media(self, product: Product) -> str | InputFile | None:
        """What to hand to Telegram; None where there is no picture or it cannot be read."""
        url = product.image_url.strip()
        if url.startswith(("http://", "https://")):
            return url
        try:
            data = await asyncio.to_thread(self._bytes, product)
        except Exception:
            # Whatever a file or a drawing does, the shopper still gets the card.
            _log.exception("No picture for product %s", product.id)
            return None
        return BufferedInputFile(data, filename="picture") if data else None

    def _bytes(self, product: Product) -> bytes:
        if product.image_url.startswith("demo:"):
            return self.draw(product)
        path = self._inside(product.image_url.strip())
        if path is None or path.stat().st_size > _UPLOAD_LIMIT:
            return b""
        return path.read_bytes()

    def _inside(self, name: str) -> Path | None:
        root = self.folder.resolve()
        try:
            path = (root / name.removeprefix("file://")).resolve()
            return path if path.is_relative_to(root) and path.is_file() else None
        except (OSError, ValueError):
            return None
