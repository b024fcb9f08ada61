"""The shop's words as they are now, shared by whoever labels, filters or reads them."""

from __future__ import annotations

from storage.records import Vocabulary
from storage.terms import base_vocabulary


class ShopWords:
    """Holds a vocabulary that is replaced as a whole when the catalogue changes."""

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        self.current = vocabulary or base_vocabulary()

    def __call__(self) -> Vocabulary:
        return self.current
