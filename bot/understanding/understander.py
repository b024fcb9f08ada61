"""Whatever can read a message: the LoRA model and its plain twin both are one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from storage.records import Context, Understanding, Vocabulary


class Understander(Protocol):
    """Text to Understanding."""

    @property
    def version(self) -> str: ...

    def understand(self, text: str, context: Context = ...) -> Understanding: ...

    def understand_many(self, messages: Sequence[tuple[str, Context]]) -> list[Understanding]: ...

    def adopt(self, vocabulary: Vocabulary) -> None:
        """Reads with these words from now on."""
        ...
