"""What in the shop looks like a photo, by a CLIP model of the shop's own (SHOPBOT_CLIP_MODEL).

    look = Look(settings.clip_model, settings.data, hanging)
    await look.open()
    alike = await look.alike(photo)        # ids, the most alike first; None where it could not look

The model and the vectors of the product pictures live in a thread of their own (made there by bot/upkeep/looking.py).
The photo is compared and let go of: what stays of it is the list of products.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.sense.picture import PictureError, as_seen, opened
from bot.threads.hanging import Hanging
from bot.workers import Worker
from nlu.artifact import ModelBroken, ModelMissing
from nlu.look import LookEncoder, load_look_encoder
from storage.looks import Known
from storage.records import Product
from storage.shop import Shop

MOST = 200
"""Products that are kept as alike: enough for the limits that are said afterwards to leave some."""
LEAST = 0.75
"""Cosine from which two pictures show things that look alike. By what is published of CLIP, photos of one thing have
about 0.9, and any two pictures about 0.5, for its vectors fill a narrow cone: this lies above the middle between them.
"""
_PATIENCE_S = 10.0
_log = logging.getLogger(__name__)


class Sight:
    """The part in the thread: the model, a connection, and the vectors as they were last read."""

    def __init__(self, encode: LookEncoder, shop: Shop, least: float = LEAST) -> None:
        self._encode, self._shop, self._least = encode, shop, least
        self._learned = 0
        self._read: tuple[int, int] | None = None
        self._ids: list[str] = []
        self._vectors: NDArray[np.float32] = np.zeros((0, 0), dtype=np.float32)

    @classmethod
    def open(cls, model: Path, data: Path) -> Sight:
        """Raises ModelMissing or ModelBroken."""
        return cls(load_look_encoder(model), Shop.open(data))

    def alike(self, content: bytes) -> tuple[str, ...] | None:
        """Products that look like the photo, the most alike first; None where no product is known by look. Raises
        PictureError.
        """
        self._follow()
        if not self._ids:
            return None
        likeness = self._vectors @ self._encode(opened(content, as_seen))
        best = np.argsort(-likeness, kind="stable")[:MOST]
        return tuple(self._ids[row] for row in best if likeness[row] >= self._least)

    def due(self, now: datetime, limit: int) -> list[Product]:
        """Products whose picture is to be looked at."""
        ids = self._shop.looks.due(self._encode.version, now, limit)
        found = self._shop.catalogue.get(ids)
        return [found[id] for id in ids if id in found]

    def learn(self, product: Product, content: bytes, now: datetime) -> None:
        """Looks at a product's picture; one that cannot be read is noted as such."""
        try:
            vector = self._encode(opened(content, as_seen))
        except ValueError as error:
            _log.info("The picture of product %s cannot be looked at: %s", product.id, error)
            vector = None
        self._shop.looks.put(self._encode.version, product.id, product.image_url, vector, now)
        self._learned += 1

    def give_up(self, product: Product, now: datetime) -> None:
        """Notes that the picture cannot be had now."""
        self._shop.looks.put(self._encode.version, product.id, product.image_url, None, now)
        self._learned += 1

    def tidy(self) -> Known:
        """Forgets what is gone; how far it has come."""
        self._learned += self._shop.looks.tidy()
        return self._shop.looks.counted(self._encode.version)

    def close(self) -> None:
        self._shop.close()

    def _follow(self) -> None:
        """Reads the vectors anew where pictures were learned, or products came, changed or went."""
        now = (self._learned, self._shop.catalogue.revision())
        if now != self._read:
            self._ids, self._vectors = self._shop.looks.load(self._encode.version)
            self._read = now


class Look:
    """Asks that thread, with patience. Not `able` where no model is configured, or it cannot be loaded.

    Args:
        model: folder of the CLIP model; None: photos go by their colours.
        data: the data folder.
        hanging: gives up a thread that hangs.
        open_sight: makes the part, in its thread.
        patience: seconds that a photo is waited for.
    """

    def __init__(
        self,
        model: Path | None = None,
        data: Path = Path(),
        hanging: Hanging | None = None,
        open_sight: Callable[[Path, Path], Sight] = Sight.open,
        patience: float = _PATIENCE_S,
    ) -> None:
        self._model, self._data, self._hanging = model, data, hanging
        self._open_sight, self._patience = open_sight, patience
        self._worker: Worker[Sight] | None = None

    @property
    def able(self) -> bool:
        return self._worker is not None

    async def open(self) -> bool:
        """Loads the model; whether it can be used. A broken one is told in the log, and photos go by their colours."""
        if self._model is None:
            return False
        model = self._model
        worker = Worker("look", lambda: self._open_sight(model, self._data))
        try:
            await worker.ready()
        except (ModelMissing, ModelBroken) as error:
            _log.error("%s Photos are searched for by their colours alone.", error)
        except Exception:
            _log.exception("The CLIP model could not be loaded; photos are searched for by their colours alone")
        else:
            self._worker = worker
            if self._hanging:  # only now: loading takes as long as it takes
                worker.heed(self._hanging)
            return True
        await asyncio.to_thread(worker.close)
        return False

    async def alike(self, content: bytes) -> tuple[str, ...] | None:
        """Products that look like the photo, the most alike first; None where that cannot be said."""
        if self._worker is None or not content:
            return None
        try:
            async with asyncio.timeout(self._patience):
                return await self._worker.run(lambda sight: sight.alike(content))
        except PictureError:
            return None  # told by who looks for its colours
        except Exception:
            _log.exception("A photo could not be looked at; it is searched for by its colours alone")
            return None

    async def due(self, limit: int) -> Sequence[Product]:
        """Products whose picture is to be looked at."""
        assert self._worker, "asked only where it is able"
        return await self._worker.run(lambda sight: sight.due(datetime.now(UTC), limit))

    async def learn(self, product: Product, content: bytes) -> None:
        """Looks at a product's picture; an empty one could not be had. One that it fails at is tried later."""
        assert self._worker, "asked only where it is able"
        now = datetime.now(UTC)
        if content:
            try:
                return await self._worker.run(lambda sight: sight.learn(product, content, now))
            except Exception:
                _log.exception("The picture of product %s could not be looked at", product.id)
        return await self._worker.run(lambda sight: sight.give_up(product, now))

    async def tidy(self) -> Known:
        """Forgets products that are gone; how far it has come."""
        assert self._worker, "asked only where it is able"
        return await self._worker.run(lambda sight: sight.tidy())

    async def close(self) -> None:
        """Ends the thread."""
        if self._worker:
            await asyncio.to_thread(self._worker.close)
            self._worker = None
