"""The figures of a running bot, for Prometheus: one registry for each process, counted where things happen.

    figures.UPDATES.labels(type="message", outcome="answered").inc()

Names and labels are few and fixed; no label ever names a chat, a shopper or their words. `/metrics` serves them.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry(auto_describe=True)

UPDATES = Counter("bot_updates", "Updates by kind and by what became of them", ["type", "outcome"], registry=REGISTRY)
UPDATE_SECONDS = Histogram("bot_update_seconds", "From arrival to the last message accepted", registry=REGISTRY)
IN_FLIGHT = Gauge("bot_inflight", "Shoppers being served", registry=REGISTRY)
WAITING = Gauge("bot_waiting", "Updates that nobody works on yet", registry=REGISTRY)
POLL_CONFLICTS = Counter("bot_poll_conflicts", "Polls refused since another process polls", registry=REGISTRY)
POLL_ERRORS = Counter("bot_poll_errors", "Polls that failed, by what failed", ["kind"], registry=REGISTRY)
