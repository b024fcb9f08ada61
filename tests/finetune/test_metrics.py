import pytest

from finetune.metrics import (
    Judged,
    accuracy,
    calibration_error,
    confusions,
    further,
    macro_f1,
    per_intent,
    score,
    slots,
)
from nlu.tags import Span
from storage.records import SlotName

RED = Span(SlotName.COLOR, 0, 3)
NOT_RED = Span(SlotName.COLOR, 0, 3, negated=True)
DRESS = Span(SlotName.CATEGORY, 4, 9)


def test_accuracy_and_macro_f1_by_hand():
    judged = [Judged("a", "a", 1), Judged("a", "a", 1), Judged("a", "b", 1), Judged("b", "b", 1)]
    assert accuracy(judged) == 0.75
    assert per_intent(judged)["a"].f1 == pytest.approx(0.8)
    assert macro_f1(judged) == pytest.approx((0.8 + 2 / 3) / 2)
    assert confusions(judged) == [("a", "b", 1)]


def test_slots_count_exact_spans_and_negation_where_asked():
    judged = [
        Judged("a", "a", 1, spans=(RED, DRESS), read_spans=(NOT_RED, DRESS)),
        Judged("a", "a", 1, spans=None, read_spans=(RED,)),
    ]
    assert slots(judged)["all"].f1 == pytest.approx(0.5)
    assert slots(judged)["category"].f1 == 1
    assert slots(judged, with_negation=False)["all"].f1 == 1


def test_further_requests_are_sets():
    judged = [Judged("a", "a", 1, also=("b", "c"), read_also=("c", "d")), Judged("a", "a", 1)]
    assert further(judged) == score(1, 1, 1)


def test_calibration_error_is_the_gap_between_confidence_and_truth():
    honest = [Judged("a", "a" if at < 8 else "b", 0.8) for at in range(10)]
    boastful = [Judged("a", "a" if at < 5 else "b", 0.9) for at in range(10)]
    assert calibration_error(honest) == pytest.approx(0)
    assert calibration_error(boastful) == pytest.approx(0.4)


def test_nothing_to_judge_is_zero_not_an_error():
    assert (accuracy([]), macro_f1([]), calibration_error([]), slots([])["all"].f1) == (0, 0, 0, 0)
