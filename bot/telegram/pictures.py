"""The picture of a product, in the form that Telegram takes: an address, a file to upload, or none.

Demo pictures are drawn by the program; a shop's own are addresses that Telegram fetches, or files inside the data
folder. A picture that cannot be had is no error: the card is then sent as text.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from aiogram.types import BufferedInputFile, InputFile

from bot.shop_pictures import ShopPictures
from storage.records import Product

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pictures(ShopPictures):
    """Pictures as this door hands them on."""

    def key(self, product: Product) -> str:
        """Names the picture, to find an upload made before; "" where the product has none."""
        url = product.image_url.strip()
        if not url or url.startswith("demo:") or self.address(product):
            return url
        path = self.inside(url)
        return f"file:{path}:{path.stat().st_mtime_ns}" if path else ""

    def key_of(self, bot_id: int, product: Product) -> str:
        """Its name among the uploads of one bot: file ids are a bot's own."""
        name = self.key(product)
        return f"{bot_id}:{name}" if name else ""

    async def media(self, product: Product) -> str | InputFile | None:
        """What to hand to Telegram; None where there is no picture or it cannot be read."""
        if url := self.address(product):
            return url
        try:
            data = await asyncio.to_thread(self.own, product)
        except Exception:
            # Whatever a file or a drawing does, the shopper still gets the card.
            _log.exception("No picture for product %s", product.id)
            return None
        return BufferedInputFile(data, filename="picture") if data else None
