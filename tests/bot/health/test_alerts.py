"""When the owner is told: thresholds, patience, quiet repeats, one "well again", and never too many messages."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.alerts import APART, HOUR, PER_HOUR, Notice, Rule, due, holds, lately, stepped, told
from bot.health.rules import RULES
from storage.health import AlertState, Health
from storage.shop import Shop

STEP = 10.0
DISK = Rule("disk", fires_at=1.0, clears_at=0.8, holds=30, calms=60, repeat=HOUR)
POLL = Rule("poll", fires_at=120, clears_at=60, repeat=HOUR / 2, urgent=True)


class Owner:
    """Takes steps through levels as the bot does, and keeps the notices that came, with their times."""

    def __init__(self, *rules):
        self.rules, self.now, self.states, self.messages, self.heard = rules, 1e9, {}, (), []

    def sees(self, steps=1, elapsed=STEP, reached=True, **levels):
        for _ in range(steps):
            self.now += elapsed
            self.states = stepped(self.rules, self.states, levels, elapsed, self.now)
            notice = due(self.rules, self.states, self.messages, self.now)
            if notice and reached:
                self.states = told(self.states, notice, self.now)
                self.messages = lately(self.messages, self.now)
                self.heard.append((self.now, notice))
        return [notice for _, notice in self.heard]


def test_an_alert_needs_its_level_for_its_time():
    owner = Owner(DISK)
    assert owner.sees(3, disk=1.2) == []
    assert owner.sees(1, disk=0.9) == []
    assert owner.sees(3, disk=1.2) == [], "the patience begins anew"
    assert owner.sees(1, disk=1.2) == [Notice(new=("disk",))]
    assert owner.sees(50, disk=1.2) == [Notice(new=("disk",))]


def test_between_the_two_thresholds_nothing_changes():
    owner = Owner(DISK)
    owner.sees(4, disk=1.2)
    assert len(owner.sees(100, disk=0.9)) == 1
    assert holds(owner.states["disk"])
    assert owner.sees(8, disk=0.5)[1:] == [Notice(well=("disk",))]
    assert owner.states["disk"] == AlertState("disk")
    assert len(owner.sees(100, disk=0.9)) == 2


def test_it_is_repeated_after_gaps_that_grow_to_a_day():
    owner = Owner(DISK)
    owner.sees(4000, elapsed=60, disk=2)
    times = [at for at, _ in owner.heard]
    gaps = [round((b - a) / HOUR) for a, b in pairwise(times)]
    assert gaps[:5] == [1, 3, 9, 24, 24]
    assert {notice for _, notice in owner.heard[1:]} == {Notice(still=("disk",))}


def test_what_comes_together_is_one_message_and_what_comes_soon_after_waits_a_minute():
    owner = Owner(DISK, POLL)
    owner.sees(3, disk=2, poll=0)
    assert owner.sees(1, disk=2, poll=130) == [Notice(new=("disk", "poll"))]
    other = Owner(DISK, POLL)
    other.sees(4, disk=2, poll=0)
    assert other.sees(5, disk=2, poll=130) == [Notice(new=("disk",))]
    assert other.sees(1, disk=2, poll=130)[1:] == [Notice(new=("poll",))]


def test_what_could_not_be_told_is_told_when_it_is_over():
    """Telegram itself was away: the owner hears how long."""
    owner = Owner(POLL)
    owner.sees(30, poll=500, reached=False)
    assert owner.sees(8, poll=0) == [Notice(well=("poll",))]


def test_ill_again_before_the_owner_heard_of_the_end_is_the_same_illness():
    owner = Owner(POLL)
    owner.sees(1, poll=500)
    owner.sees(8, poll=0, reached=False)
    owner.sees(1, poll=500)
    assert [notice for _, notice in owner.heard] == [Notice(new=("poll",))]
    assert owner.states["poll"].tellings == 1


def test_neither_a_night_off_nor_a_clock_that_jumps_counts():
    owner = Owner(DISK)
    owner.sees(1, disk=2)
    owner.sees(1, elapsed=12 * HOUR, disk=0.1)
    assert owner.sees(1, elapsed=12 * HOUR, disk=2) == []
    owner.sees(4, disk=2)
    owner.now -= 365 * 24 * HOUR
    assert len(owner.sees(5, disk=2)) == 1
    assert len(owner.sees(7, elapsed=600, disk=2)) == 2, "an hour of the new clock later"


def test_what_is_not_known_changes_nothing():
    owner = Owner(DISK)
    owner.sees(4, disk=2)
    before = owner.states
    owner.sees(20, disk=None)
    owner.sees(20)
    assert owner.states == before


def test_a_restart_repeats_nothing(tmp_path):
    owner = Owner(DISK, POLL)
    assert len(owner.sees(20, disk=2, poll=500)) == 2
    shop = Shop.open(tmp_path)
    shop.health.keep_alerts(owner.states.values(), owner.messages)
    shop.close()
    shop = Shop.open(tmp_path)
    owner.states, owner.messages = shop.health.alerts(), shop.health.messages()
    shop.close()
    assert len(owner.sees(100, disk=2, poll=500)) == 2
    assert owner.sees(8, disk=0, poll=0)[2:] == [Notice(well=("disk", "poll"))]


LEVELS = st.lists(st.tuples(st.sampled_from([0.0, 0.9, 1.5, None]), st.sampled_from([0.0, 90.0, 300.0])), max_size=120)


@given(LEVELS, st.lists(st.booleans(), min_size=1), st.sampled_from([5.0, 30.0, 600.0]))
def test_whatever_comes_the_owner_hears_in_order_and_not_too_much(levels, reached, elapsed):
    owner = Owner(DISK, POLL)
    for at, (disk, poll) in enumerate(levels):
        owner.sees(1, elapsed, reached[at % len(reached)], disk=disk, poll=poll)
    times = [at for at, _ in owner.heard]
    assert all(b - a >= APART for a, b in pairwise(times))
    assert all(sum(at - HOUR < other <= at for other in times) <= PER_HOUR for at in times)
    for name in ("disk", "poll"):
        told_of = False
        for _, notice in owner.heard:
            if name in notice.new:
                assert not told_of, "a second beginning without an end"
                told_of = True
            if name in notice.still:
                assert told_of
            if name in notice.well:
                told_of = False


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_can_fire_and_can_end(rule):
    owner = Owner(rule)
    owner.sees(2 + int(rule.holds / STEP), **{rule.name.replace("-", "_"): 0})
    owner.now += STEP
    for level, steps in ((rule.fires_at, rule.holds), (rule.clears_at / 2, max(rule.calms, APART))):
        for _ in range(int(steps / STEP) + 2):
            owner.now += STEP
            owner.states = stepped([rule], owner.states, {rule.name: level}, STEP, owner.now)
            if notice := due([rule], owner.states, owner.messages, owner.now):
                owner.states, owner.messages = told(owner.states, notice, owner.now), lately(owner.messages, owner.now)
                owner.heard.append((owner.now, notice))
    assert [notice for _, notice in owner.heard] == [Notice(new=(rule.name,)), Notice(well=(rule.name,))]


def test_a_sign_of_life_is_kept(tmp_path):
    shop = Shop.open(tmp_path)
    health, now = Health(shop.db), datetime(2026, 11, 28, tzinfo=UTC)
    assert health.last_beat("bot") is None
    health.beat("bot", now)
    assert health.last_beat("bot") == now
    shop.close()
