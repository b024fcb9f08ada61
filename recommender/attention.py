"""How much a card counts that was shown and got no reaction: position bias, and pages that nobody judged.

A reaction counts in full. A card passed over counts by the chance that it was looked at. On a page with a reaction at
place j, what stands above was looked at (the cascade of Craswell et al., "An experimental comparison of click
position-bias models", WSDM 2008), what stands below by the chance of reading on. On a page without any reaction the
chances are those of the places (position-based model, Richardson et al., WWW 2007), times the chance that the page was
judged at all. A silent card must not count less than that chance: where the weight of a card depends on its reaction,
the mean that is learned is no longer the mean reward, and the noise no longer the noise (it was tried: a tenth of the
weight doubled the regret).

`recommender/reading.py` estimates the chances from a log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Attention:
    """Chances, 0..1.

    Args:
        places: that the card at place 1, 2, ... of a judged page is looked at; the last one holds for all below.
        judged: that a page without a reaction was judged at all.
    """

    places: tuple[float, ...] = (1.0, 0.85, 0.7, 0.6, 0.5)
    judged: float = 0.7

    def __post_init__(self) -> None:
        chances = (*self.places, self.judged)
        if not self.places or any(not 0.0 <= chance <= 1.0 for chance in chances):
            raise ValueError("Attention needs chances between 0 and 1, one place at least.")

    def passed_over(self, place: int, reacted: int) -> float:
        """The weight of a card without a reaction at `place`; `reacted` is the lowest place with one, 0 for none."""
        if not reacted:
            return self.judged * self._looked(place)
        if place <= reacted:
            return 1.0
        here = self._looked(reacted)
        return min(self._looked(place) / here, 1.0) if here > 0 else 0.0

    def _looked(self, place: int) -> float:
        return self.places[min(max(place, 1), len(self.places)) - 1]

    def as_json(self) -> dict[str, Any]:
        return {"places": list(self.places), "judged": self.judged}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Attention:
        """What `as_json` gave. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(tuple(map(float, body["places"])), float(body["judged"]))
