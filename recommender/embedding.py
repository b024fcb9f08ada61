"""Texts to vectors, once: only what the database does not hold yet goes through the encoder."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from tqdm import tqdm

from recommender.ports import EmbeddingTexts, Encode, VectorStore
from recommender.snapshot import Snapshot

_BATCH = 128  # texts of one commit: an interrupted embedding goes on where it stopped
_SHOWN_FROM = 200  # a progress bar for fewer would only flicker


def embed_missing(
    catalogue: EmbeddingTexts, vectors: VectorStore, encode: Encode, encoder: str, *, progress: bool = False
) -> int:
    """Embeds and stores every text that has no vector of this encoder; how many there were.

    Short texts ride together, so that little is spent on padding.
    """
    missing = sorted(vectors.missing(encoder, catalogue.embedding_texts()), key=lambda row: len(row[1]))
    with tqdm(
        total=len(missing), desc="Embedding", unit="text", disable=not progress or len(missing) < _SHOWN_FROM
    ) as bar:
        for batch in _batches(missing):
            ids, texts, hashes = zip(*batch, strict=True)
            vectors.put(encoder, ids, hashes, encode(texts))
            bar.update(len(batch))
    return len(missing)


def read_snapshot(catalogue: EmbeddingTexts, vectors: VectorStore, encoder: str) -> Snapshot:
    """All stored vectors of this encoder whose texts are still the catalogue's."""
    hashes = {id: text_hash for id, _, text_hash in catalogue.embedding_texts()}
    ids, matrix = vectors.load(encoder)
    kept = [row for row, id in enumerate(ids) if id in hashes]
    if len(kept) < len(ids):  # withdrawn between the two reads
        ids, matrix = [ids[row] for row in kept], matrix[kept]
    return Snapshot(encoder, tuple(ids), tuple(hashes[id] for id in ids), matrix)


def _batches(rows: list[tuple[str, str, str]]) -> Iterator[list[tuple[str, str, str]]]:
    remaining = iter(rows)
    while batch := list(itertools.islice(remaining, _BATCH)):
        yield batch
