"""How long each stage of a turn took, for the transcript and the benchmark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Milliseconds by stage; a stage entered twice adds up."""

    def __init__(self) -> None:
        self._laps: dict[str, float] = {}

    @contextmanager
    def lap(self, stage: str) -> Iterator[None]:
        """Measures the block under it."""
        began = perf_counter()
        try:
            yield
        finally:
            self.add({stage: (perf_counter() - began) * 1000})

    def add(self, laps: Mapping[str, float]) -> None:
        """Takes over what another watch measured."""
        for stage, milliseconds in laps.items():
            self._laps[stage] = self._laps.get(stage, 0.0) + milliseconds

    @property
    def laps(self) -> dict[str, float]:
        """Milliseconds by stage, to the hundredth."""
        return {stage: round(milliseconds, 2) for stage, milliseconds in self._laps.items()}
