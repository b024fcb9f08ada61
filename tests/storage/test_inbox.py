"""The inbox: nothing is lost, nothing is worked on twice."""

from datetime import UTC, datetime

import pytest

from storage.records import Update
from storage.shop import Shop

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def update(update_id, body="{}", user_id=7):
    return Update(update_id, user_id, body, AT)


def test_a_batch_is_stored_once(shop):
    assert shop.inbox.add([update(5), update(6)]) == 2
    assert shop.inbox.add([update(6, body="again"), update(7)]) == 1
    assert shop.inbox.pending() == [update(5), update(6), update(7)]
    assert shop.inbox.waiting() == 3
    assert shop.inbox.add([]) == 0


def test_what_was_not_finished_is_there_after_a_restart(shop, tmp_path):
    shop.inbox.add([update(5), update(6), update(7)])
    assert shop.inbox.start(5) == 1
    shop.inbox.finish(5, "done")
    shop.inbox.start(6)
    assert shop.inbox.start(6) == 2
    shop.close()
    again = Shop.open(tmp_path)
    assert [(left.update_id, left.attempts) for left in again.inbox.pending()] == [(6, 2), (7, 0)]
    again.close()


def test_a_known_update_stays_finished_when_it_is_delivered_again(shop):
    shop.inbox.add([update(5)])
    shop.inbox.finish(5, "done")
    assert shop.inbox.add([update(5)]) == 0
    assert (shop.inbox.pending(), shop.inbox.waiting()) == ([], 0)


@pytest.mark.parametrize(
    ("outcome", "state"), [("done", "done"), ("apologised", "done"), ("failed: no model", "failed")]
)
def test_an_outcome_is_kept(shop, outcome, state):
    shop.inbox.add([update(5)])
    shop.inbox.finish(5, outcome)
    assert shop.db.execute("SELECT state, outcome FROM updates").fetchone() == (state, outcome)


def test_malformed_updates_are_kept_within_bounds(shop):
    shop.inbox.report("{" * 100_000, "not JSON")
    ((body, error),) = shop.inbox.malformed()
    assert (len(body), error) == (65536, "not JSON")
    with shop.atomic():
        for number in range(1005):
            shop.inbox.report(str(number), "bad")
    kept = shop.inbox.malformed()
    assert (len(kept), kept[-1]) == (1000, ("1004", "bad"))
