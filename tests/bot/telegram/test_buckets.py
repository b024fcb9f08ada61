"""Token buckets and levels of overload: what holds whatever happens when."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.overload import Level, Overload
from bot.telegram.buckets import Bucket

GAPS = st.lists(st.floats(0, 3), min_size=1, max_size=60)
RATES = st.floats(0.1, 20)
BURSTS = st.integers(1, 10)


def _places(bucket, gaps):
    """When each of those who ask, `gaps` after one another, is let through."""
    now, places = 0.0, []
    for gap in gaps:
        now += gap
        places.append((now, now + bucket.take(now)))
    return places


@given(RATES, BURSTS, GAPS)
def test_no_stretch_of_time_has_more_than_the_burst_and_the_rate(rate, burst, gaps):
    let_through = [at for _, at in _places(Bucket(rate, burst), gaps)]
    for first in range(len(let_through)):
        for last in range(first, len(let_through)):
            seconds = let_through[last] - let_through[first]
            assert last - first + 1 <= burst + rate * seconds + 1e-6


@given(RATES, BURSTS, GAPS)
def test_places_are_given_in_order_and_never_before_they_are_asked_for(rate, burst, gaps):
    places = _places(Bucket(rate, burst), gaps)
    assert all(at >= asked for asked, at in places)
    assert [at for _, at in places] == sorted(at for _, at in places)


@given(RATES, BURSTS, st.lists(st.tuples(st.floats(0, 3), st.integers(1, 12)), min_size=1, max_size=30))
def test_an_album_counts_as_many_as_it_has_pictures(rate, burst, asked):
    """One larger than the burst goes out alone, after a rest, and is paid for in full."""
    bucket, now, let_through = Bucket(rate, burst), 0.0, []
    for gap, places in asked:
        now += gap
        let_through.append((now + bucket.take(now, places), places))
    for first in range(len(let_through)):
        for last in range(first, len(let_through)):
            seconds = let_through[last][0] - let_through[first][0]
            allowed = burst + rate * seconds
            counted = [min(places, burst) if at == last else places for at, (_, places) in enumerate(let_through)]
            assert sum(counted[first : last + 1]) <= allowed + 1e-6


@given(RATES, BURSTS, GAPS, st.floats(0.5, 100))
def test_a_pause_is_kept_to_its_end_and_then_it_is_one_at_a_time(rate, burst, gaps, pause):
    bucket = Bucket(rate, burst)
    bucket.pause(0.0, pause)
    let_through = [at for _, at in _places(bucket, [0.0] * len(gaps))]
    assert let_through[0] == pytest.approx(pause)
    for before, after in pairwise(let_through):
        assert after - before == pytest.approx(1 / rate)


@example(1, [1.4623014697427021, 1.4623014697427021, 1.124861852925196, 1.124861852925196])
@given(st.integers(1, 60), GAPS)
def test_no_minute_has_more_than_a_group_allows(most, gaps):
    let_through = [at for _, at in _places(Bucket.per_minute(most), gaps)]
    minute = 60 - 1e-6  # sums of floats end a hair before
    assert max(sum(start <= at < start + minute for at in let_through) for start in let_through) <= most


def test_what_waits_is_not_taken_and_what_is_spare_is():
    bucket = Bucket(1.0, 2)
    assert [bucket.spare(0.0) for _ in range(3)] == [True, True, False]
    assert bucket.wait(0.5) == pytest.approx(0.5)
    assert bucket.spare(1.0)
    assert not bucket.rested(2.0)
    assert bucket.rested(3.0)


@pytest.mark.parametrize(("rate", "burst"), [(0, 5), (-1, 5), (1, 0)])
def test_a_bucket_that_lets_nothing_through_is_refused(rate, burst):
    with pytest.raises(ValueError, match="above 0"):
        Bucket(rate, burst)


# --- overload ---------------------------------------------------------------------------------------

WAITS = st.lists(st.tuples(st.floats(0.01, 4), st.floats(0, 20)), max_size=60)
STARTS = {Level.CALM: 0, Level.NO_WRITER: 1, Level.NO_EXTRAS: 2, Level.NO_AFTERWARDS: 4, Level.BUSY: 8}


@given(WAITS)
def test_the_level_rises_at_once_and_falls_by_single_steps_after_calm(measured):
    overload, now, low_since = Overload(8.0), 0.0, None
    for gap, wait in measured:
        now, before = now + gap, overload.level
        level = overload.observe(now, wait)
        assert level >= max(each for each, start in STARTS.items() if wait >= start)
        low_since = (low_since if low_since is not None else now) if wait < STARTS[before] / 2 else None
        if level < before:
            assert level == before - 1
            assert low_since is not None
            assert now - low_since >= 5.0


@given(st.floats(1, 20), st.lists(st.floats(0.01, 4), min_size=1, max_size=40))
def test_a_wait_that_stays_the_same_moves_the_level_once(wait, gaps):
    changes, now = [], 0.0
    overload = Overload(8.0, changes.append)
    for gap in gaps:
        now += gap
        overload.observe(now, wait)
    assert len(changes) == 1


def test_between_half_and_whole_nothing_changes():
    overload = Overload(8.0)
    assert overload.observe(0.0, 8.0) is Level.BUSY
    for second in range(1, 60):
        assert overload.observe(float(second), 4.0 + second % 4) is Level.BUSY


def test_each_spell_begins_with_the_first_wait_after_calm():
    overload, now = Overload(8.0), 0.0
    for wait, spell in ((9.0, 1), (3.0, 1), (0.0, 1), (3.0, 2), (0.0, 2), (9.0, 3)):
        for _ in range(30 if wait == 0.0 else 1):
            now += 1.0
            overload.observe(now, wait)
        assert overload.spell == spell
