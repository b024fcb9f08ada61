"""Makes known how product pictures look, while the bot runs: what is new, what has another picture, what failed a day
ago. One picture after another, behind the photos of shoppers, and not while shoppers wait.

Pictures of the web are fetched like feeds (bot/downloading.py), from public addresses alone; nothing of them is kept
but their vectors.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

from bot.downloading import FetchError, Patience, download
from bot.overload import Level, Overload, yields
from bot.sense.look import Look
from bot.sense.picture import MAX_BYTES
from bot.shop_pictures import ShopPictures
from storage.records import Product

EVERY_S = 60.0
ROUND = 50
_PATIENCE = Patience(piece=10.0, whole=30.0)
_BUSY_S = 2.0
_log = logging.getLogger(__name__)
Fetch = Callable[[str, Path], object]


def fetch_picture(url: str, path: Path) -> object:
    """Stores a picture of the web. Raises FetchError."""
    return download(url, path, patience=_PATIENCE, largest=MAX_BYTES)


class Looking:
    """`run()` follows the shop's pictures until it is cancelled; it ends at once where no model can be used.

    Args:
        every: seconds between two looks at what is due.
        fetch: stores what lies at an address, or raises FetchError.
    """

    def __init__(
        self,
        look: Look,
        pictures: ShopPictures,
        overload: Overload,
        every: float = EVERY_S,
        fetch: Fetch = fetch_picture,
    ) -> None:
        self._look, self._pictures, self._overload = look, pictures, overload
        self._every, self._fetch = every, fetch

    async def run(self) -> None:
        if not await self._look.open():
            return
        yields.set(True)
        while True:
            try:
                if await self.round():
                    continue
            except Exception:
                _log.exception("Product pictures could not be looked at; it is tried again in a while")
            await asyncio.sleep(self._every)

    async def round(self) -> int:
        """Looks at some of what is due; how many pictures that were. Where none is left, forgets what is gone."""
        due = await self._look.due(ROUND)
        for product in due:
            while self._overload.level > Level.CALM:
                await asyncio.sleep(_BUSY_S)
            await self._look.learn(product, await asyncio.to_thread(self._picture, product))
        known = await self._look.tidy()
        if due:
            _log.info("%d of %d pictures are known by look", known.known, known.pictures)
        return len(due)

    def _picture(self, product: Product) -> bytes:
        """The product's first picture; empty where it cannot be had."""
        try:
            address = self._pictures.address(product)
            return self._fetched(address) if address else self._pictures.own(product)
        except FetchError as error:
            _log.info("The picture of product %s is not to be had: %s", product.id, error)
        except Exception:  # whatever a file or a drawing does, the others are looked at
            _log.exception("No picture of product %s", product.id)
        return b""

    def _fetched(self, address: str) -> bytes:
        with tempfile.TemporaryDirectory(prefix="picture-") as folder:
            path = Path(folder) / "picture"
            self._fetch(address, path)
            return path.read_bytes()
