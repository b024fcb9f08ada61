"""Turns, triage and raw updates: the pure parts of working off the inbox."""

import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.telegram.backoff import Backoff
from bot.telegram.queues import FairQueues
from bot.telegram.triage import MESSAGES_WAITING, TAPS_WAITING, Waiting, triage
from bot.telegram.updates import MalformedUpdateError, body_of, read_update, said_at, user_of
from storage.records import Update

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@given(st.lists(st.tuples(st.integers(1, 4), st.integers()), max_size=40))
def test_each_shoppers_order_is_kept_and_nothing_is_lost(items):
    queues = FairQueues()
    for user, item in items:
        queues.put(user, item)
    served = _serve(queues)
    for user in {user for user, _ in items}:
        assert [item for who, item in served if who == user] == [item for who, item in items if who == user]


def test_one_item_of_everybody_comes_before_anybodys_second():
    queues = FairQueues()
    for number in range(100):
        queues.put(1, number)
    queues.put(2, "two")
    queues.put(3, "three")
    assert [user for user, _ in _serve(queues)][:3] == [1, 2, 3]


def test_who_is_being_served_or_held_is_passed_over():
    queues = FairQueues()
    queues.put(1, "a")
    queues.put(1, "b")
    assert queues.next() == 1
    queues.put(1, "c")
    assert queues.next() is None
    queues.back(1)
    assert queues.next() == 1


def test_who_is_preferred_has_three_turns_of_four_and_the_others_go_on():
    queues = FairQueues(prefers=lambda user: user < 100)
    for user in (*range(100, 106), *range(1, 10)):
        queues.put(user, "x")
    assert [queues.next() for _ in range(12)] == [1, 2, 3, 100, 4, 5, 6, 101, 7, 8, 9, 102]
    assert queues.next(others=False) is None
    assert [queues.next() for _ in range(4)] == [103, 104, 105, None]


def test_old_messages_are_answered_once():
    waiting = [_message(n, minutes=60) for n in range(1, 4)] + [_message(4, minutes=0)]
    plan = triage(waiting, NOW)
    assert [(item.update.update_id, item.lead) for item in plan.kept] == [(3, ("stale-apology",)), (4, ())]
    assert [outcome for _, outcome in plan.passed] == ["stale", "stale"]


def test_a_message_of_ten_minutes_is_not_old():
    assert triage([_message(1, minutes=10), _message(2, minutes=10)], NOW).passed == ()


def test_of_too_many_messages_the_newest_is_answered():
    waiting = [_message(n) for n in range(1, MESSAGES_WAITING + 2)]
    plan = triage(waiting, NOW)
    assert [(item.update.update_id, item.lead) for item in plan.kept] == [(MESSAGES_WAITING + 1, ("flood-notice",))]
    assert {outcome for _, outcome in plan.passed} == {"flooded"}
    assert triage(waiting[1:], NOW).passed == ()


def test_taps_keep_their_place_among_messages():
    waiting = [_tap(1), *(_message(n) for n in range(2, 9)), _tap(9)]
    assert [item.update.update_id for item in triage(waiting, NOW).kept] == [1, 8, 9]
    taps = [_tap(n) for n in range(1, TAPS_WAITING + 3)]
    assert len(triage(taps, NOW).kept) == TAPS_WAITING


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 30)), max_size=40))
@example([(False, 0)] * 5 + [(False, 11)])
def test_triage_drops_nothing_in_silence(kinds):
    waiting = [_tap(n) if tap else _message(n, minutes=minutes) for n, (tap, minutes) in enumerate(kinds, 1)]
    plan = triage(waiting, NOW)
    ids = [item.update.update_id for item in plan.kept] + [item.update.update_id for item, _ in plan.passed]
    assert sorted(ids) == [item.update.update_id for item in waiting]
    again = triage(plan.kept, NOW)
    assert (again.kept, again.passed) == (plan.kept, ())


@pytest.mark.parametrize(
    "raw", [None, 5, "text", [], {}, {"update_id": "7"}, {"update_id": True}, {"update_id": 2**63}]
)
def test_what_is_no_update_is_malformed(raw):
    with pytest.raises(MalformedUpdateError):
        read_update(raw, NOW)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_with_a_number_can_be_kept(body):
    update = read_update({"update_id": 7, "message": body}, NOW)
    assert json.loads(update.body) == {"update_id": 7, "message": body}
    update.body.encode("ascii")
    said_at({"update_id": 7, "message": body})


@pytest.mark.parametrize(
    ("raw", "user"),
    [
        ({"update_id": 1, "message": {"from": {"id": 5}, "chat": {"id": 9}}}, 5),
        ({"update_id": 1, "channel_post": {"chat": {"id": -9}}}, -9),
        ({"update_id": 1, "poll": {"id": "1"}}, 0),
        ({"update_id": 1, "message": {"from": {"id": "5"}}}, 0),
        ({"update_id": 1}, 0),
    ],
)
def test_whose_update_it_is(raw, user):
    assert user_of(raw) == user


def test_lone_surrogates_can_be_stored():
    assert body_of({"text": "\ud800"}) == '{"text":"\\ud800"}'


def test_pauses_double_up_to_the_cap_with_jitter():
    backoff = Backoff(first=1.0, cap=8.0, draw=random.Random(1))
    pauses = [backoff.pause() for _ in range(6)]
    assert all(top / 2 <= pause <= top for pause, top in zip(pauses, [1, 2, 4, 8, 8, 8], strict=True))
    backoff.reset()
    assert backoff.pause() <= 1.0


def _serve(queues):
    served = []
    while (user := queues.next()) is not None:
        first, *rest = queues.of(user)
        queues.replace(user, rest)
        served.append((user, first))
        queues.back(user)
    return served


def _message(number, minutes=0):
    date = int((NOW - timedelta(minutes=minutes)).timestamp())
    return _waiting({"update_id": number, "message": {"date": date, "text": "x", "from": {"id": 1}}})


def _tap(number):
    return _waiting({"update_id": number, "callback_query": {"id": "1", "from": {"id": 1}}})


def _waiting(raw):
    return Waiting(Update(raw["update_id"], 1, json.dumps(raw), NOW), raw)
