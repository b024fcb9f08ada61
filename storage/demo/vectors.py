"""Embeddings of the demo shop, shipped so that a first run need not spend a minute on them.

They are a cache and nothing more: each row holds for one encoder version and one text, and where either has changed it
is left out and embedded like any other product. `python -m bot.cli.demo_vectors` makes the file anew.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storage.catalogue import Catalogue
from storage.vectors import Vectors

FILE = Path(__file__).parent / "data" / "vectors.npz"


def load_shipped(catalogue: Catalogue, vectors: Vectors, version: str, file: Path = FILE) -> int:
    """Stores the shipped vectors that hold for this encoder and these texts; how many those were."""
    if not file.is_file():
        return 0
    with np.load(file, allow_pickle=False) as shipped:
        if str(shipped["version"]) != version:
            return 0
        ids, hashes, matrix = shipped["ids"].tolist(), shipped["hashes"].tolist(), shipped["matrix"]
    wanted = {id: text_hash for id, _, text_hash in catalogue.embedding_texts()}
    rows = [row for row, id in enumerate(ids) if wanted.get(id) == hashes[row]]
    if rows:
        unit = matrix[rows].astype(np.float32)
        unit /= np.linalg.norm(unit, axis=1, keepdims=True)
        vectors.put(version, [ids[row] for row in rows], [hashes[row] for row in rows], unit)
    return len(rows)


def save_shipped(
    version: str, ids: list[str], hashes: list[str], matrix: NDArray[np.floating], file: Path = FILE
) -> None:
    """Writes the file: (n, 384) unit rows as float16."""
    np.savez_compressed(
        file, version=np.array(version), ids=np.array(ids), hashes=np.array(hashes), matrix=matrix.astype(np.float16)
    )
