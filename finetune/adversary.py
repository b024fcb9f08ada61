"""Adversarial training on the embeddings: every batch is learned a second time with its word embeddings pushed where
the loss grows fastest (Miyato et al. 2017, arXiv 1605.07725, called FGM).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import Tensor, nn


class Adversary:
    """Watches the output of an embedding table, and moves it. `size` is the length of the push for a whole message, in
    units of the embeddings' own mean length.
    """

    def __init__(self, table: nn.Module, size: float) -> None:
        self._size = size
        self._seen: Tensor | None = None
        self._push: Tensor | None = None
        self._watching = False
        if size:
            table.register_forward_hook(self._hook)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """The embeddings of the forward pass within are kept, with their gradient."""
        self._watching = True
        try:
            yield
        finally:
            self._watching = False

    @contextmanager
    def pushing(self) -> Iterator[None]:
        """The forward pass within reads the embeddings seen before, pushed; after their backward pass."""
        seen = self._seen
        if seen is None or seen.grad is None:
            raise RuntimeError("nothing was watched that could be pushed")
        length = seen.grad.norm(dim=(1, 2), keepdim=True).clamp(min=1e-12)
        self._push = self._size * seen.detach().norm(dim=-1).mean() * seen.grad / length
        self._seen = None
        try:
            yield
        finally:
            self._push = None

    def _hook(self, _table: nn.Module, _inputs: object, output: Tensor) -> Tensor:
        if self._push is not None:
            return output + self._push
        if self._watching:
            self._seen = output.detach().requires_grad_(True)
            return self._seen
        return output
