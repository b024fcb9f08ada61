"""The dense index: Chroma, derived from the vectors in the database, and never in the way of an answer.

    index = open_index(data / "index", shop.catalogue, shop.vectors, encoder, encoder.version, progress=True)

SQLite is the truth. Texts without a vector are embedded first; from then on every question has its exact answer from
memory. Beside that, in a thread, the Chroma folder of the last run is checked (by a process that may crash in its
place, unless it is just as it was left in good order) and opened, or a new one is built, checked and switched to, and
old ones are removed. What changes while the bot runs is searched exactly until enough has gathered for a new folder.
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from recommender.chroma_folder import BrokenIndexError, ChromaFolder, build, check, finished_version
from recommender.config import IndexConfig
from recommender.embedding import followed
from recommender.exact import ExactIndex
from recommender.leaving import as_left
from recommender.ownership import FolderLock
from recommender.ports import (
    Allowed,
    Coarsen,
    EmbeddingTexts,
    Encode,
    Flags,
    Numbers,
    Scores,
    Vectors,
    VectorStore,
)
from recommender.served import Served
from recommender.snapshot import Snapshot, empty_snapshot

log = logging.getLogger(__name__)
_POINTER = "current"
_SPARE = 32


def open_index(
    folder: Path,
    catalogue: EmbeddingTexts,
    vectors: VectorStore,
    encode: Encode,
    encoder: str,
    *,
    embed: bool = True,
    progress: bool = False,
    config: IndexConfig | None = None,
    coarsen: Coarsen | None = None,
) -> ChromaIndex | ExactIndex:
    """The index of a data folder: Chroma for the process that gets the folder's lock, the exact twin for every other.

    Args:
        folder: `<data>/index`.
        catalogue, vectors: of the calling thread's connection, which may write.
        encode, encoder: the texts-to-vectors callable and its version.
        embed: whether texts without a vector are embedded now; otherwise `refresh` does it, in whatever thread, and
            until then they are found by their words alone.
        progress: a bar on stderr while many texts are embedded.
        config: when Chroma answers, and when it is built anew.
        coarsen: makes exact search among many products quicker; what it finds is the same without.
    """
    lock = FolderLock(folder)
    if not lock.take():
        return ExactIndex(catalogue, vectors, encode, encoder, embed=False)
    try:
        return ChromaIndex(
            *(folder, lock, catalogue, vectors, encode, encoder, config or IndexConfig(), coarsen),
            embed=embed,
            progress=progress,
        )
    except BaseException:
        lock.release()
        raise


class ChromaIndex:
    """Nearest products by cosine. Build it with `open_index`; `close` gives the folder back.

    Cosines are always exact: Chroma only says which rows to look at.
    """

    def __init__(
        self,
        root: Path,
        lock: FolderLock,
        catalogue: EmbeddingTexts,
        vectors: VectorStore,
        encode: Encode,
        encoder: str,
        config: IndexConfig,
        coarsen: Coarsen | None = None,
        *,
        embed: bool = True,
        progress: bool = False,
    ) -> None:
        self._root, self._lock, self._config = root, lock, config
        self._vectors, self._encode, self._encoder = vectors, encode, encoder
        self._coarsen = coarsen
        self._served = Served(empty_snapshot(encoder))
        self._settling: threading.Thread | None = None
        self._swap = threading.Lock()
        self._closed = False
        if embed:
            self.refresh(catalogue, progress=progress)
        else:
            self._served = Served(followed(empty_snapshot(encoder), catalogue, vectors, None)[0])

    @property
    def version(self) -> str:
        return self._served.snapshot.version

    @property
    def snapshot(self) -> Snapshot:
        """Every vector as it is now: what exact search goes by."""
        return self._served.snapshot

    @property
    def approximate(self) -> bool:
        """Whether Chroma answers; exact search does until its folder has been checked or built."""
        return self._served.folder is not None

    def __len__(self) -> int:
        return len(self._served.snapshot)

    # --- asking -------------------------------------------------------------------------------------

    def query(self, vector: Vectors, allowed: Allowed, limit: int) -> list[tuple[str, float]]:
        """The `limit` nearest allowed products, with cosines; exact wherever Chroma would find too few."""
        served = self._served
        flags = served.snapshot.allowed_rows(allowed)
        looked_at = limit if flags is None else self._looked_at(flags, limit)
        if served.folder is None or limit <= 0 or looked_at == 0:
            return served.snapshot.nearest_rows(vector, flags, limit)
        try:
            found = served.nearest(vector, flags, looked_at, limit)
        except BrokenIndexError as error:
            self._give_up(served, error)
            found = []
        return found if len(found) == limit else served.snapshot.nearest_rows(vector, flags, limit)

    def near(self, vector: Vectors, flags: Flags, limit: int) -> tuple[Numbers, Scores]:
        """The same by number. Where Chroma does not answer, no list of ids is made on the way."""
        served = self._served
        if served.folder is None or int(np.count_nonzero(flags)) <= self._config.exact_up_to:
            return served.snapshot.near(vector, flags, limit)
        found = self.query(vector, flags, limit)
        rows = served.snapshot.rows
        known = [(served.snapshot.numbers[rows[id]], cosine) for id, cosine in found if id in rows]
        return np.array([n for n, _ in known], dtype=np.int64), np.array([cosine for _, cosine in known])

    def vectors(self, ids: Sequence[str]) -> Vectors:
        return self._served.snapshot.vectors(ids)

    def vectors_of(self, numbers: Numbers) -> Vectors:
        return self._served.snapshot.vectors_of(numbers)

    def _looked_at(self, flags: Flags, limit: int) -> int:
        """How many Chroma must bring for `limit` allowed ones; 0 where exact search over the allowed is the better way.

        Half as many again as would do if the allowed lay evenly among the near.
        """
        config, allowed = self._config, int(np.count_nonzero(flags))
        needed = int(1.5 * limit * len(flags) / max(allowed, 1)) + _SPARE
        return 0 if allowed <= config.exact_up_to or needed > config.looked_at else needed

    # --- keeping current ----------------------------------------------------------------------------

    def refresh(self, catalogue: EmbeddingTexts, vectors: VectorStore | None = None, *, progress: bool = False) -> int:
        """Brings the index up to the catalogue; how many texts were embedded.

        May be called from another thread than the one that asks, with that thread's `catalogue` and `vectors`.
        """
        store, now = vectors or self._vectors, self._served.snapshot
        snapshot, embedded = followed(now, catalogue, store, self._encode, progress=progress)
        if snapshot is not now:
            with self._swap:
                self._served = self._served.moved_to(snapshot)
        if self._coarsen:  # only now: until it is ready every vector is compared
            snapshot.prepare(self._coarsen, now)
        self._settle_beside()
        return embedded

    def settle(self, timeout: float | None = None) -> bool:
        """Waits until the Chroma folder of the present snapshot answers or has been given up; true when it answers."""
        thread = self._settling
        if thread is not None:
            thread.join(timeout)
        return self.approximate

    def close(self) -> None:
        """Waits for work under way and gives the folder back."""
        self._closed = True
        self.settle()
        with self._swap:
            if self._served.folder is not None:
                self._served.folder.close()
            self._served = Served(self._served.snapshot)
        self._lock.release()

    def _settle_beside(self) -> None:
        """Starts the thread that checks, builds and switches, unless one is at it or nothing is to be done."""
        with self._swap:
            if self._closed or not self._outgrown() or (self._settling and self._settling.is_alive()):
                return
            thread = threading.Thread(target=self._settle, name="index", daemon=True)
            thread.start()
            self._settling = thread  # only now: who waits for it may do so without the lock

    def _outgrown(self) -> bool:
        served = self._served
        config = self._config
        return served.folder is None or served.drift > max(config.drift, config.drift_share * len(served.snapshot))

    def _settle(self) -> None:
        while not self._closed and self._outgrown():
            snapshot = self._served.snapshot
            try:
                folder = ChromaFolder.open(self._checked(snapshot) or self._built(snapshot))
            except (BrokenIndexError, OSError) as error:
                log.warning("Searching exactly, without the index: %s", error)
                return
            self._switch(folder, snapshot)

    def _checked(self, snapshot: Snapshot) -> Path | None:
        """The folder of the last run, if it is of this snapshot and sound."""
        path = self._pointed_at()
        if path is None or finished_version(path) != snapshot.version:
            return None
        if as_left(path):
            return path
        try:
            check(path)
        except BrokenIndexError as error:
            log.warning("The index is built anew: %s", error)
            return None
        return path

    def _built(self, snapshot: Snapshot) -> Path:
        path = build(self._root, snapshot)
        log.info("Built an index of %d products", len(snapshot))
        return path

    def _switch(self, folder: ChromaFolder, base: Snapshot) -> None:
        _point(self._root, folder.path)
        with self._swap:
            old = self._served.folder
            self._served = Served(self._served.snapshot, folder, base).moved_to(self._served.snapshot)
        if old is not None:
            old.close()
        for path in self._root.iterdir():
            if path.is_dir() and path != folder.path:
                shutil.rmtree(path, ignore_errors=True)

    def _pointed_at(self) -> Path | None:
        try:
            name = (self._root / _POINTER).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        path = self._root / name
        return path if name and path.parent == self._root and path.is_dir() else None

    def _give_up(self, served: Served, error: BrokenIndexError) -> None:
        """Chroma failed in mid-flight: exact from here on, until the next refresh builds a new folder."""
        log.error("Searching exactly from now on: %s", error)
        with self._swap:
            if self._served.folder is served.folder:  # else it was closed under this question, for a newer one
                self._served = Served(self._served.snapshot)
                (self._root / _POINTER).unlink(missing_ok=True)


def _point(root: Path, path: Path) -> None:
    """Names the folder in use: written beside and renamed, so that a kill leaves the old name or the new one."""
    beside = root / f"{_POINTER}.new"
    with beside.open("w", encoding="utf-8") as file:
        file.write(path.name)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(root / _POINTER)
