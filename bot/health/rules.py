"""The alerts that there are, with their thresholds: a table.

Each has its words in `bot/locales/*/alerts.ftl` and its section in docs/operations.md (tests hold all three together);
what its level is, is said in bot/health/readings.py. Levels that are shares are 0..1.
"""

from __future__ import annotations

from bot.health.alerts import HOUR, Rule

MINUTE = 60.0

RULES = (
    # seconds since updates came from Telegram; a long poll takes 30
    Rule("poll-stalled", fires_at=120, clears_at=60, calms=30, repeat=HOUR / 2, urgent=True),
    # polls refused within five minutes since somebody else polls
    Rule("poll-conflict", fires_at=2, clears_at=1, repeat=HOUR / 2, urgent=True),
    # deliveries that Telegram could not make, by its own account
    Rule("webhook-failing", fires_at=1, clears_at=1, holds=MINUTE, calms=5 * MINUTE, repeat=HOUR / 2, urgent=True),
    # 1: the check of /readyz fails
    Rule("database-write", fires_at=1, clears_at=1, holds=30, repeat=HOUR / 2, urgent=True),
    # the space that there should be over that which is free
    Rule("disk-low", fires_at=1, clears_at=0.8, repeat=HOUR, urgent=True),
    # resident memory over its limit
    Rule("memory-high", fires_at=0.9, clears_at=0.8, holds=MINUTE, urgent=True),
    # seconds that the oldest update has waited
    Rule("backlog", fires_at=60, clears_at=15, holds=30, repeat=HOUR / 2, urgent=True),
    # share of updates that failed
    Rule("errors", fires_at=0.05, clears_at=0.01, holds=30, calms=5 * MINUTE, repeat=HOUR, urgent=True),
    # share of requests to Telegram that were refused or failed
    Rule("telegram-refuses", fires_at=0.1, clears_at=0.02, holds=30, calms=5 * MINUTE),
    # share of turns that the rules read in the model's place
    Rule("model-on-rules", fires_at=0.2, clears_at=0.05, holds=30, calms=5 * MINUTE, urgent=True),
    # 1: the check of /readyz fails
    Rule("index-failing", fires_at=1, clears_at=1, holds=30, repeat=HOUR, urgent=True),
    # threads that were given up and still hang
    Rule("thread-hung", fires_at=1, clears_at=1, repeat=12 * HOUR),
    # share of pages that the writer left to the templates since it failed
    Rule("writer-failing", fires_at=0.5, clears_at=0.2, holds=30, calms=5 * MINUTE),
    # feeds that have not synced for too long
    Rule("feed-stale", fires_at=1, clears_at=1, calms=0, repeat=12 * HOUR),
    # age of the newest backup over what it may be
    Rule("backup-old", fires_at=1, clears_at=1, calms=0, repeat=12 * HOUR),
    # 1: the clock has leapt, so that nothing is removed by it
    Rule("clock-leap", fires_at=1, clears_at=1, repeat=12 * HOUR),
    # the longest that a shopper has waited for a person, over the shop's patience
    Rule("case-waiting", fires_at=3, clears_at=1, calms=0, repeat=HOUR),
    # messages that wait for a reviewer
    Rule("review-queue", fires_at=1000, clears_at=700, holds=HOUR, repeat=24 * HOUR),
)
BY_NAME = {rule.name: rule for rule in RULES}
