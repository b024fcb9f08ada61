"""Where a command writes: the database itself, or the bot that runs on it and alone may write.

class CatalogueDesk(Desk): ...
with CatalogueDesk(settings.data) as desk: ...
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

from bot.desks.control import ControlClient
from bot.lock import is_owned
from storage.shop import Shop


class Desk:
    """Use as a context manager; inside, either `_bot` or `_shop` is there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shop: Shop | None = None
        self._bot: ControlClient | None = None

    def __enter__(self) -> Self:
        if is_owned(self._folder):
            self._bot = ControlClient(self._folder)
        else:
            self._shop = Shop.open(self._folder)
        return self

    def __exit__(self, *_: object) -> None:
        if self._shop:
            self._shop.close()
