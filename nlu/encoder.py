"""Texts to unit vectors, in either language, so that a Chinese wish finds an English title.

Text without Chinese characters goes through the untouched MiniLM and text with them through the bilingual
merge, so English vectors are exactly those of the base. Serving is ONNX Runtime and tokenizers: PyTorch is
not imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from nlu.fold import fold
from nlu.language import has_han
from nlu.session import open_session
from nlu.tokens import load_tokenizer, pad

_BATCH = 32
_MAX_CHARACTERS = 2_000
Vectors = NDArray[np.float32]


class Encoder:
    """`encoder(texts)` gives a (len(texts), 384) float32 matrix of unit rows, in the order of the texts."""

    def __init__(self, base: Path, bilingual: Path, characters: str, version: str, threads: int = 1) -> None:
        self.version = version
        self._base = _Tower(base, "", threads)
        self._bilingual = _Tower(bilingual, characters, threads)

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Any texts, in any mixture of languages; an empty list gives a (0, 384) matrix."""
        folded = [text[:_MAX_CHARACTERS] for text in texts]
        chinese = [has_han(text) for text in folded]
        vectors = np.zeros((len(texts), 384), dtype=np.float32)
        for tower, wanted in ((self._base, False), (self._bilingual, True)):
            rows = [row for row, has in enumerate(chinese) if has is wanted]
            if rows:
                vectors[rows] = tower([fold(folded[row]) if wanted else folded[row] for row in rows])
        return vectors


class _Tower:
    """One network with its tokenizer."""

    def __init__(self, path: Path, characters: str, threads: int) -> None:
        self._tokenizer = load_tokenizer(characters)
        self._session: InferenceSession = open_session(path, threads)

    def __call__(self, texts: Sequence[str]) -> Vectors:
        encodings = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda at: len(encodings[at].ids))
        vectors = np.empty((len(texts), 384), dtype=np.float32)
        for at in range(0, len(order), _BATCH):
            rows = order[at : at + _BATCH]
            batch = pad([encodings[row] for row in rows])
            inputs = {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask}
            vectors[rows] = self._session.run(None, inputs)[0]
        return vectors
