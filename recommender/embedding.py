"""Texts to vectors, once: only what the database does not hold yet goes through the encoder."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from tqdm import tqdm

from recommender.ports import EmbeddingTexts, Encode, VectorStore
from recommender.snapshot import Snapshot

_BATCH = 128  # texts of one commit: an interrupted embedding goes on where it stopped
_SHOWN_FROM = 200  # a progress bar for fewer would only flicker
Text = tuple[str, str, str]


def followed(
    snapshot: Snapshot,
    catalogue: EmbeddingTexts,
    vectors: VectorStore,
    encode: Encode | None,
    *,
    progress: bool = False,
) -> tuple[Snapshot, int]:
    """The catalogue's vectors as they are now, and how many texts had to be embedded for them.

    The same snapshot comes back where no text has changed. Without `encode` nothing is embedded: what has no vector
    yet is left out.
    """
    hashes = catalogue.text_hashes()
    if hashes == dict(zip(snapshot.ids, snapshot.hashes, strict=True)):
        return snapshot, 0
    missing = list[Text]()
    if encode:  # texts are read where they are needed, which mostly is nowhere
        unread = ((id, "", text_hash) for id, text_hash in hashes.items())
        lacking = [id for id, _, _ in vectors.missing(snapshot.encoder, unread)]
        missing = list(catalogue.embedding_texts(lacking)) if lacking else []
        _embed(missing, vectors, encode, snapshot.encoder, progress=progress)
    ids, matrix = vectors.load(snapshot.encoder)
    kept = [row for row, id in enumerate(ids) if id in hashes]
    if len(kept) < len(ids):  # added between the two reads: the next refresh will have them
        ids, matrix = [ids[row] for row in kept], matrix[kept]
    numbers = dict(zip(*catalogue.numbered(), strict=True))
    numbered = np.fromiter((numbers.get(id, -1) for id in ids), dtype=np.int64, count=len(ids))
    return Snapshot(snapshot.encoder, tuple(ids), tuple(hashes[id] for id in ids), matrix, numbered), len(missing)


def _embed(texts: list[Text], vectors: VectorStore, encode: Encode, encoder: str, *, progress: bool) -> None:
    """Embeds and stores. Texts of like length ride together, so that little is spent on padding."""
    by_length = sorted(texts, key=lambda row: len(row[1]))
    silent = not progress or len(texts) < _SHOWN_FROM
    with tqdm(total=len(texts), desc="Embedding", unit="text", disable=silent) as bar:
        for batch in _batches(by_length):
            ids, words, hashes = zip(*batch, strict=True)
            vectors.put(encoder, ids, hashes, encode(words))
            bar.update(len(batch))


def _batches(rows: list[Text]) -> Iterator[list[Text]]:
    remaining = iter(rows)
    while batch := list(itertools.islice(remaining, _BATCH)):
        yield batch
