"""One Chroma index in a folder of its own: written once, checked, then only read.

Nothing is ever updated in place: upserts of existing ids can wedge Chroma's compaction (chroma issue 7678) and
deleting a collection leaves its files behind (5259), so a new state is a new folder. The manifest is written last, so
a folder without one was never finished.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from recommender import canary, leaving
from recommender.ports import Vectors
from recommender.snapshot import Snapshot

_BATCH = 1_000
_SAMPLE = 24
_CANARY_S = 60.0
# Cosine, because the vectors are unit and the default is squared distance; ef_search well above what is asked for.
_CONFIGURATION: dict[str, Any] = {"hnsw": {"space": "cosine", "ef_search": 300}}


class BrokenIndexError(Exception):
    """The folder cannot be used; the message is one sentence. The remedy is always to build it anew."""


class ChromaFolder:
    """A finished index, open for questions in this process."""

    def __init__(self, path: Path, client: Any, collection: Any, count: int) -> None:
        self.path = path
        self._client, self._collection, self._count = client, collection, count

    @classmethod
    def open(cls, path: Path) -> ChromaFolder:
        """Opens a folder that the canary came back from. Raises BrokenIndexError."""
        leaving.forget(path)
        try:
            client = _client(path)
            collection = client.get_collection(canary.COLLECTION, embedding_function=None)
            return cls(path, client, collection, collection.count())
        except Exception as error:  # Chroma raises what its Rust core gives it, with no common base
            raise BrokenIndexError(f"{path.name} does not open: {error}") from error

    def nearest(self, vector: Vectors, limit: int) -> list[str]:
        """About the `limit` nearest ids, the best first. Raises BrokenIndexError when Chroma fails."""
        if not self._count or limit <= 0:
            return []
        try:
            found = self._collection.query(query_embeddings=[vector], n_results=min(limit, self._count), include=[])
        except Exception as error:
            raise BrokenIndexError(f"{self.path.name} does not answer: {error}") from error
        return list(found["ids"][0])

    def close(self) -> None:
        self._client.close()
        leaving.note(self.path)


def build(root: Path, snapshot: Snapshot) -> Path:
    """Writes a snapshot to a new folder under `root` and checks it. Raises BrokenIndexError and leaves nothing."""
    path = root / f"{_slug(snapshot.version)}-{secrets.token_hex(3)}"
    path.mkdir(parents=True)
    try:
        _write(path, snapshot)
        check(path)
    except Exception as error:
        shutil.rmtree(path, ignore_errors=True)
        raise BrokenIndexError(f"The index could not be built: {error}") from error
    return path


def check(path: Path) -> None:
    """Asks the folder a few questions in a process of its own. Raises BrokenIndexError unless all goes well."""
    command = [sys.executable, "-P", str(Path(canary.__file__)), str(path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_CANARY_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise BrokenIndexError(f"{path.name} did not answer within {_CANARY_S:.0f} s.") from error
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise BrokenIndexError(f"{path.name} failed its check: {last}")


def finished_version(path: Path) -> str | None:
    """The version of the snapshot that a folder holds; None where it was never finished."""
    try:
        found = json.loads((path / canary.MANIFEST).read_text(encoding="utf-8"))
        return str(found["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, snapshot: Snapshot) -> None:
    client = _client(path)
    try:
        collection = client.create_collection(canary.COLLECTION, embedding_function=None, configuration=_CONFIGURATION)
        for start in range(0, len(snapshot), _BATCH):
            stop = start + _BATCH
            collection.add(ids=list(snapshot.ids[start:stop]), embeddings=snapshot.matrix[start:stop])
    finally:
        client.close()
    rows = sorted({int(row) for row in np.linspace(0, len(snapshot) - 1, _SAMPLE)}) if len(snapshot) else []
    sample = [[snapshot.ids[row], snapshot.matrix[row].tolist()] for row in rows]
    manifest = {"version": snapshot.version, "count": len(snapshot), "sample": sample}
    (path / canary.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def _client(path: Path) -> Any:
    """Chroma takes most of a second to import, so it is imported when a folder is opened: beside the first answers."""
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(path), settings=Settings(anonymized_telemetry=False))


def _slug(version: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", version)[:100]
