"""How much the figures grew lately: what shares and counts of alerts are made of."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry

from bot.health import figures

# Refusals that are a shopper's doing: the bot was blocked, a message is gone or as it was.
_SHOPPERS_DOING = frozenset({"200", "400", "403", "aborted"})
# What never went to Telegram.
_OUR_DOING = frozenset({"held back", "answered before", "postponed"})
_WRITER_FAILED = frozenset({"failed", "timeout", "resting", "unready"})
_LONG_POLL = "getUpdates"
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`, both counts of a window."""

    part: float
    whole: float

    def level(self, least: float) -> float:
        """0..1; 0 where the part is less than `least`, which proves nothing."""
        return self.part / self.whole if self.part >= least and self.whole else 0.0


class Windows:
    """Looks at the registry now and then (`look`), and knows how much was added within the last seconds.

    Args:
        longest: seconds of the longest window that will be asked for.
    """

    def __init__(self, longest: float, registry: CollectorRegistry = figures.REGISTRY) -> None:
        self._longest, self._registry = longest, registry
        self._seen: deque[tuple[float, dict[str, float]]] = deque()

    def look(self, now: float) -> None:
        """Takes the sums as they are at `now`, seconds of a clock that never goes back."""
        self._seen.append((now, self._sums()))
        while len(self._seen) > 1 and self._seen[1][0] <= now - self._longest:
            self._seen.popleft()

    def added(self, name: str, seconds: float) -> float:
        """How much a sum grew within the last `seconds`, or since the first look where that was later."""
        if not self._seen:
            return 0.0
        now, sums = self._seen[-1]
        before = next(old for at, old in self._seen if at >= now - seconds)
        return sums[name] - before[name]

    def now(self, name: str) -> float:
        """A sum as it was at the last look."""
        return self._seen[-1][1][name] if self._seen else 0.0

    def share(self, part: str, whole: str, seconds: float) -> Share:
        return Share(self.added(part, seconds), self.added(whole, seconds))

    def _sums(self) -> dict[str, float]:
        samples: dict[str, list[tuple[Labels, float]]] = {}
        for metric in self._registry.collect():
            for sample in metric.samples:
                samples.setdefault(sample.name, []).append((sample.labels, sample.value))

        def total(name: str, chosen: Callable[[Labels], bool] = lambda _: True) -> float:
            return sum(value for labels, value in samples.get(name, ()) if chosen(labels))

        def asked(labels: Labels) -> bool:
            return labels["method"] != _LONG_POLL and labels["code"] not in _OUR_DOING

        return {
            "updates": total("bot_updates_total"),
            "failed updates": total("bot_updates_total", lambda labels: labels["outcome"] == "failed"),
            "requests": total("bot_api_requests_total", asked),
            "refused requests": total(
                "bot_api_requests_total", lambda labels: asked(labels) and labels["code"] not in _SHOPPERS_DOING
            ),
            "webhook errors": total("bot_webhook_errors_total"),
            "webhook pending": total("bot_webhook_pending"),
            "conflicts": total("bot_poll_conflicts_total"),
            "turns": total("turns_total"),
            "turns by rules": total("turns_degraded_total", lambda labels: labels["part"] == "model"),
            "pages": total("llm_pages_total"),
            "failed pages": total("llm_pages_total", lambda labels: labels["outcome"] in _WRITER_FAILED),
        }
