"""The picture of a product that this machine has itself: drawn by the program, or a file inside the data folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from storage.records import Product

Drawn = Callable[[Product], bytes]
_LARGEST = 10 * 1024 * 1024
_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class ShopPictures:
    """Where pictures come from.

    Args:
        folder: the data folder; a relative `image_url` is a file inside it, and nothing outside is ever read.
        draw: bytes of a demo product's picture (`image_url` "demo:...").
    """

    folder: Path
    draw: Drawn

    @staticmethod
    def address(product: Product) -> str:
        """Where the web has the picture; "" where it is to be had here, or there is none."""
        url = product.image_url.strip()
        return url if url.startswith(_WEB) else ""

    def own(self, product: Product) -> bytes:
        """The picture, empty where it is not to be had here. Raises whatever a drawing or a file does."""
        if product.image_url.startswith("demo:"):
            return self.draw(product)
        path = self.inside(product.image_url.strip())
        if path is None or path.stat().st_size > _LARGEST:
            return b""
        return path.read_bytes()

    def inside(self, name: str) -> Path | None:
        """The file of this name in the data folder, None where there is none."""
        root = self.folder.resolve()
        try:
            path = (root / name.removeprefix("file://")).resolve()
            return path if path.is_relative_to(root) and path.is_file() else None
        except (OSError, ValueError):
            return None
