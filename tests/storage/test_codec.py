"""Records survive being written as text, to the last digit."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import codec
from storage.records import (
    Intent,
    Need,
    PriceRange,
    Reason,
    ReasonCode,
    Slot,
    SlotName,
    Stage,
    Understanding,
    Wish,
)

texts = st.text(max_size=20)
chances = st.floats(0, 1)
amounts = st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=10**9)
prices = st.none() | st.builds(PriceRange, amounts, amounts, st.sampled_from([None, "USD", "CNY"]))
languages = st.sampled_from(["en", "zh"])
wishes = st.lists(st.builds(Wish, st.sampled_from(SlotName), texts, texts, st.booleans()), max_size=4).map(tuple)
needs = st.builds(
    Need,
    query=texts,
    language=languages,
    wishes=wishes,
    price=prices,
    price_said=prices,
    like_product=texts,
    asked=st.none() | texts,
    since=st.none() | st.datetimes(datetime(2000, 1, 1), timezones=st.just(UTC)),
    looks=st.lists(texts, max_size=3).map(tuple),
)
slots = st.builds(Slot, st.sampled_from(SlotName), texts, texts, st.integers(0, 99), st.integers(0, 99), st.booleans())
intents = st.sampled_from(Intent)
understandings = st.builds(
    Understanding,
    text=texts,
    language=languages,
    intent=intents,
    confidence=chances,
    top=st.lists(st.tuples(intents, chances), max_size=3).map(tuple),
    stage=st.sampled_from(Stage),
    also=st.lists(intents, max_size=3).map(tuple),
    slots=st.lists(slots, max_size=4).map(tuple),
    price=prices,
    item_refs=st.lists(st.integers(-3, 9), max_size=3).map(tuple),
    quantity=st.none() | st.integers(0, 99),
    model=texts,
    degraded=st.booleans(),
)


@given(needs)
def test_a_need_comes_back_equal(need):
    assert codec.need_from_text(codec.need_to_text(need)) == need


@given(understandings)
def test_an_understanding_comes_back_equal(understanding):
    found = codec.understanding_from_text(codec.understanding_to_text(understanding))
    assert found == understanding
    assert isinstance(found.intent, Intent)


def test_decimals_keep_their_digits():
    need = Need(price=PriceRange(max=Decimal("60.00")))
    assert str(codec.need_from_text(codec.need_to_text(need)).price.max) == "60.00"


def test_reasons_keep_the_kinds_of_their_facts():
    facts = {"price": Decimal("39.90"), "brand": "云栖", "count": 812, "at": datetime(2026, 1, 1, tzinfo=UTC)}
    reasons = (Reason(ReasonCode.WITHIN_BUDGET, facts), Reason(ReasonCode.NEW))
    assert codec.reasons_from_text(codec.reasons_to_text(reasons)) == reasons


def test_a_record_of_another_version_can_be_read():
    written = json.loads(codec.need_to_text(Need(query="dress", asked="budget")))
    del written["asked"]
    written["mood"] = "festive"
    assert codec.need_from_text(json.dumps(written)) == Need(query="dress")


@given(st.dictionaries(texts, st.floats(allow_nan=False), max_size=5), st.lists(texts, max_size=3))
def test_numbers_come_back_bit_for_bit(values, others):
    names = [*values, *(name for name in dict.fromkeys(others) if name not in values)]
    assert codec.numbers_from_text(codec.numbers_to_text(values, names), names) == values


def test_what_is_no_plain_value_is_refused():
    with pytest.raises(TypeError, match="plain values"):
        codec.dumps({"thing": object()})
