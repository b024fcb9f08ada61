"""What of a pile of waiting messages is answered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.telegram.triage import Waiting, triage
from storage.records import Update

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def waiting(number, *, minutes_ago=0, attempts=0):
    at = NOW - timedelta(minutes=minutes_ago)
    raw = {"update_id": number, "message": {"message_id": number, "date": int(at.timestamp()), "text": "hello"}}
    return Waiting(Update(number, 1, "", at, attempts), raw)


def kept(result):
    return [item.update.update_id for item in result.kept]


def test_of_too_many_at_once_the_newest_is_answered_with_a_notice():
    found = triage([waiting(n) for n in range(1, 9)], NOW)
    assert kept(found) == [8]
    assert found.kept[0].lead == ("flood-notice",)
    assert {outcome for _, outcome in found.passed} == {"flooded"}


def test_what_a_killed_process_had_begun_is_worked_to_its_end():
    pile = [waiting(1, attempts=1), *(waiting(n) for n in range(2, 10))]
    assert kept(triage(pile, NOW)) == [1, 9]


def test_old_messages_get_one_apology():
    found = triage([waiting(1, minutes_ago=30), waiting(2, minutes_ago=20), waiting(3)], NOW)
    assert kept(found) == [2, 3]
    assert found.kept[0].lead == ("stale-apology",)


def test_what_was_begun_before_an_outage_is_worked_to_its_end():
    pile = [replace(waiting(1, minutes_ago=60), postponed=3), waiting(2, minutes_ago=50), waiting(3, minutes_ago=40)]
    assert kept(triage(pile, NOW)) == [1, 3]


@pytest.mark.parametrize("days", [1, 366])
def test_a_clock_that_is_ahead_apologises_and_answers(days):
    found = triage([waiting(1), waiting(2)], NOW + timedelta(days=days))
    assert kept(found) == [2]
    assert found.kept[0].lead == ("stale-apology",)


@pytest.mark.parametrize("hours", [1, 24 * 366])
def test_a_clock_that_is_behind_passes_nothing_over(hours):
    found = triage([waiting(1), waiting(2)], NOW - timedelta(hours=hours))
    assert kept(found) == [1, 2]
    assert [item.lead for item in found.kept] == [(), ()]
