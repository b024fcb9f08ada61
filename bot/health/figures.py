"""The figures of a running bot, for Prometheus: one registry for each process, counted where things happen.

    figures.UPDATES.labels(type="message", outcome="answered").inc()

Names and labels are few and fixed; no label ever names a chat, a shopper or their words. `/metrics` serves them, and
docs/operations.md says what each one means (a test holds the two together).
"""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
)

REGISTRY = CollectorRegistry(auto_describe=True)
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

_ANSWER_S = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 15, 30, 60, 300)
_STAGE_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_SHARES = tuple(tenth / 10 for tenth in range(1, 11))

BUILD = Info("shopbot_build", "The program, and the models and the index that it serves with", registry=REGISTRY)

# --- updates ----------------------------------------------------------------------------------------

UPDATES = Counter("bot_updates", "Updates by kind and by what became of them", ["type", "outcome"], registry=REGISTRY)
UPDATE_SECONDS = Histogram(
    "bot_update_seconds", "From arrival to the last message accepted", buckets=_ANSWER_S, registry=REGISTRY
)
IN_FLIGHT = Gauge("bot_inflight", "Shoppers being served", registry=REGISTRY)
WAITING = Gauge("bot_waiting", "Updates that nobody works on yet", registry=REGISTRY)
OLDEST_WAITING = Gauge("bot_oldest_waiting_seconds", "Age of the oldest of these", registry=REGISTRY)

# --- Telegram ---------------------------------------------------------------------------------------

POLL_CONFLICTS = Counter("bot_poll_conflicts", "Polls refused since another process polls", registry=REGISTRY)
POLL_ERRORS = Counter("bot_poll_errors", "Polls that failed, by what failed", ["kind"], registry=REGISTRY)
LAST_CONTACT = Gauge(
    "bot_last_contact_timestamp_seconds", "When updates were last fetched, or a webhook was served", registry=REGISTRY
)
WEBHOOK_REQUESTS = Counter(
    "bot_webhook_requests", "Requests to the webhook's address by the status they got", ["status"], registry=REGISTRY
)
WEBHOOK_PENDING = Gauge("bot_webhook_pending", "Updates that wait at Telegram for the webhook", registry=REGISTRY)
WEBHOOK_ERRORS = Counter("bot_webhook_errors", "Deliveries that Telegram said have failed", registry=REGISTRY)
API_REQUESTS = Counter(
    "bot_api_requests", "Requests to Telegram by method and answer", ["method", "code"], registry=REGISTRY
)
API_SECONDS = Histogram(
    "bot_api_seconds", "How long Telegram took to answer, long polls left out", buckets=_STAGE_S, registry=REGISTRY
)
RETRY_AFTER = Counter("bot_retry_after_seconds", "Seconds of pause that Telegram asked for", registry=REGISTRY)

# --- turns ------------------------------------------------------------------------------------------

TURNS = Counter("turns", "Turns recorded, by language", ["language"], registry=REGISTRY)
TURN_STAGE = Histogram(
    "turn_stage_seconds", "How long each stage of a turn took", ["stage"], buckets=_STAGE_S, registry=REGISTRY
)
INTENTS = Counter("intent", "What messages and buttons were taken for", ["intent"], registry=REGISTRY)
CONFIDENCE = Histogram(
    "intent_confidence", "How sure the model was of a message in words", buckets=_SHARES, registry=REGISTRY
)
FALLBACKS = Counter("fallback", "Turns in which the shopper was not understood", registry=REGISTRY)
DEGRADED = Counter(
    "turns_degraded", "Turns given with less than the whole machine, by what was missing", ["part"], registry=REGISTRY
)
FEEDBACK = Counter("feedback", "Reactions to shown products", ["rating"], registry=REGISTRY)
LLM_PAGES = Counter("llm_pages", "Pages put before the writer, by what came of it", ["outcome"], registry=REGISTRY)
LLM_TOKENS = Counter("llm_tokens", "Tokens that the writer spent", registry=REGISTRY)

# --- parts ------------------------------------------------------------------------------------------

WORKER_CALLS = Gauge("worker_calls", "Calls that wait for a part or are under way in it", ["worker"], registry=REGISTRY)
WORKER_SECONDS = Histogram(
    "worker_seconds", "How long a part took for a call", ["worker"], buckets=_STAGE_S, registry=REGISTRY
)
WORKER_HUNG = Counter(
    "worker_hung", "Calls that never came back, so that their thread was given up", ["worker"], registry=REGISTRY
)
HUNG_THREADS = Gauge("bot_hung_threads", "Threads that were given up and still hang", registry=REGISTRY)
WORKER_FAILURES = Counter("worker_failures", "Calls that a part failed at", ["worker"], registry=REGISTRY)
DB_BUSY = Counter("db_busy", "Calls given up since another process held the database's lock", registry=REGISTRY)
DB_REFUSED = Counter(
    "db_refused",
    "Calls that the database could not take, by why (full, unwritable, damaged)",
    ["kind"],
    registry=REGISTRY,
)
LOOP_LAG = Gauge("bot_loop_lag_seconds", "How late the event loop was at its last heartbeat", registry=REGISTRY)

# --- the shop ---------------------------------------------------------------------------------------

CHECK_OK = Gauge("health_check_ok", "1 where a check of /readyz is well, 0 where not", ["check"], registry=REGISTRY)
ALERT_FIRING = Gauge("alert_firing", "1 where an alert holds", ["alert"], registry=REGISTRY)
BACKUP_AGE = Gauge("backup_age_seconds", "Age of the newest verified backup; -1: there is none", registry=REGISTRY)
FEED_AGE = Gauge("feed_age_seconds", "Age of the feed that synced least recently; -1: no feed", registry=REGISTRY)
DISK_FREE = Gauge("disk_free_bytes", "Free space where the data folder lies", registry=REGISTRY)
CLOCK_LEAP = Gauge("bot_clock_leap", "1 where the clock has leapt, so that nothing is removed by it", registry=REGISTRY)
REVIEW_QUEUE = Gauge("review_queue_size", "Messages that wait for a reviewer", registry=REGISTRY)
CASES_WAITING = Gauge("cases_waiting", "Shoppers who wait for a person of the shop", registry=REGISTRY)

# --- flow -------------------------------------------------------------------------------------------

PACED_SECONDS = Counter("bot_paced_seconds", "Waits for a place in the flow to Telegram, added up", registry=REGISTRY)
HELD_BACK = Counter("bot_held_back", "Typing, drafts and ticks left out for want of room", ["kind"], registry=REGISTRY)
TOLD_BUSY = Counter("bot_told_busy", "Shoppers told that the bot is busy", ["how"], registry=REGISTRY)
OVERLOAD_LEVEL = Gauge(
    "bot_overload_level", "0 calm to 4 busy: what is left out (docs/operations.md)", registry=REGISTRY
)
WAIT_SECONDS = Gauge("bot_wait_seconds", "How long a message that comes now would wait", registry=REGISTRY)
