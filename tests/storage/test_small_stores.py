"""Tastes, sent messages, uploaded files and shoppers."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.records import Taste

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class LostPowerError(Exception):
    pass


@settings(max_examples=20)
@given(data=st.data(), size=st.integers(1, 5))
def test_a_taste_keeps_every_bit(shop, data, size):
    numbers = st.floats(allow_nan=False)
    precision = tuple(data.draw(st.lists(numbers, min_size=size * (size + 1) // 2, max_size=size * (size + 1) // 2)))
    moment = tuple(data.draw(st.lists(numbers, min_size=size, max_size=size)))
    taste = Taste(7, tuple(f"f{n}" for n in range(size)), precision, moment, version=3, updated_at=AT, pages=4, prior=2)
    shop.tastes.put(taste)
    assert shop.tastes.get(7) == taste
    assert all(
        math.copysign(1, kept) == math.copysign(1, given)
        for kept, given in zip(shop.tastes.get(7).precision, precision, strict=True)
    )


def test_the_last_taste_counts_and_newcomers_have_none(shop):
    shop.tastes.put(Taste(7, ("a",), (1.0,), (0.5,)))
    shop.tastes.put(Taste(7, ("a",), (2.0,), (0.7,), version=1))
    assert shop.tastes.get(7) == Taste(7, ("a",), (2.0,), (0.7,), version=1)
    assert shop.tastes.get(8) is None


def test_a_taste_of_the_wrong_size_is_refused(shop):
    with pytest.raises(ValueError, match="3 precisions"):
        shop.tastes.put(Taste(7, ("a", "b"), (1.0,), (0.5, 0.5)))


def test_sent_messages_are_found_by_update_and_by_turn(shop):
    shop.sent.record(5, 0, 70, 900, "header", 1)
    shop.sent.record(5, 1, 70, 901, "card", 1)
    shop.sent.record(6, 0, 70, 902, "text")
    assert shop.sent.of(5) == {0: 900, 1: 901}
    assert shop.sent.of_turn(1) == {0: (900, "header"), 1: (901, "card")}
    assert shop.sent.of(6) == {0: 902}
    assert shop.sent.of(99) == shop.sent.of_turn(99) == {}


def test_a_later_update_takes_a_messages_place_in_its_turn(shop):
    shop.sent.record(5, 0, 70, 900, "header", 1)
    shop.sent.record(5, 1, 70, 901, "card", 1)
    shop.sent.record(6, 1, 70, 950, "card", 1)
    assert shop.sent.of_turn(1) == {0: (900, "header"), 1: (950, "card")}


def test_a_message_recorded_again_is_one_message(shop):
    shop.sent.record(5, 0, 70, 900, "header", 1)
    shop.sent.record(5, 0, 70, 910, "header", 1)
    assert shop.sent.of(5) == {0: 910}


def test_an_uploaded_file_is_remembered_by_its_latest_id(shop):
    assert shop.files.get("dress.png") is None
    shop.files.put("dress.png", "A1")
    shop.files.put("dress.png", "A2")
    assert shop.files.get("dress.png") == "A2"


def test_a_shopper_is_new_once(shop):
    assert shop.shoppers.see(7, "zh-hans", AT) is True
    assert shop.shoppers.see(7, "en", AT + timedelta(days=1)) is False
    shopper = shop.shoppers.get(7)
    assert (shopper.telegram_language, shopper.first_seen, shopper.last_seen) == ("en", AT, AT + timedelta(days=1))
    assert shop.shoppers.get(8) is None


def test_languages_are_chosen_and_left_open_again(shop):
    shop.shoppers.see(7, "en", AT)
    assert shop.shoppers.language(7) is None
    shop.shoppers.set_language(7, "zh")
    assert shop.shoppers.language(7) == "zh"
    shop.shoppers.set_language(7, None)
    assert shop.shoppers.language(7) is None


def test_who_writes_has_not_blocked_the_bot(shop):
    shop.shoppers.set_blocked(7)
    assert shop.shoppers.blocked(7)
    shop.shoppers.see(7, "en", AT)
    assert not shop.shoppers.blocked(7)
    assert not shop.shoppers.blocked(8)


def test_the_link_that_led_here_is_kept(shop):
    assert shop.shoppers.start_payload(7) == ""
    shop.shoppers.set_start_payload(7, "p_123")
    assert shop.shoppers.start_payload(7) == "p_123"


def test_one_commit_for_many_stores(shop):
    with pytest.raises(LostPowerError), shop.atomic():
        shop.shoppers.see(7, "en", AT)
        shop.files.put("a", "b")
        raise LostPowerError
    assert shop.shoppers.get(7) is None
    assert shop.files.get("a") is None
