"""The gate, on readings made up for the purpose."""

from dataclasses import replace

import pytest

from finetune.examples import Example
from finetune.gate import compare, mcnemar
from finetune.metrics import Judged
from nlu.tags import Span
from storage.records import SlotName

SPAN = (Span(SlotName.COLOR, 0, 3),)


def messages(intent, language, count):
    return [Example("red", intent, language, SPAN) for _ in range(count)]


def readings(examples, right=None, read="deny", confidence=0.9):
    """The first `right` of the messages are read right (None: all)."""
    count = len(examples) if right is None else right
    return [
        Judged(e.intent, e.intent if at < count else read, confidence, spans=e.spans, read_spans=SPAN)
        for at, e in enumerate(examples)
    ]


def test_the_same_readings_pass():
    examples = [*messages("search", "en", 30), *messages("search", "zh", 30)]
    verdict = compare(examples, readings(examples, 50), readings(examples, 50))
    assert verdict.passed
    assert verdict.figures["candidate"] == verdict.figures["current"]
    assert verdict.figures["candidate"]["zh"]["accuracy"] == pytest.approx(20 / 30)


def test_a_language_that_falls_is_named_and_three_tenths_of_a_point_are_free():
    english, chinese = messages("search", "en", 1000), messages("search", "zh", 1000)
    current = readings(english) + readings(chinese)
    free = compare(english + chinese, readings(english) + readings(chinese, 997), current)
    assert free.passed
    refused = compare(english + chinese, readings(english) + readings(chinese, 996), current)
    assert [reason.split(":")[0] for reason in refused.reasons] == ["Chinese"]
    assert "100.0% to 99.6%" in refused.reasons[0]


def test_slots_that_are_lost_are_named():
    examples = messages("search", "en", 10)
    candidate = [replace(j, read_spans=()) for j in readings(examples)]
    [reason] = compare(examples, candidate, readings(examples)).reasons
    assert reason.startswith("English: slot F1 falls from 100.0% to 0.0%")


def test_an_intent_that_falls_is_refused_even_where_others_rise():
    returns = messages("return_refund", "en", 15) + messages("return_refund", "zh", 15)
    others = messages("search", "en", 400) + messages("search", "zh", 400)
    candidate = readings(returns, 20) + readings(others)
    current = readings(returns) + readings(others, 785)
    [reason] = compare(returns + others, candidate, current).reasons
    assert reason.startswith("Intent return_refund: All languages 20 of 30 right, 30 before (-33.3 points, p = 0.002)")


def test_an_intent_that_falls_in_one_language_is_refused():
    english, chinese = messages("save", "en", 30), messages("save", "zh", 30)
    candidate, current = readings(english) + readings(chinese, 22), readings(english, 10) + readings(chinese)
    reasons = compare(english + chinese, candidate, current).reasons
    assert any(reason.startswith("Intent save: Chinese 22 of 30 right, 30 before") for reason in reasons)
    assert not any("English" in reason for reason in reasons)


@pytest.mark.parametrize(("count", "lost"), [(19, 19), (100, 3), (100, 4)])
def test_few_messages_small_losses_and_chance_are_no_reason(count, lost):
    filler = messages("search", "en", 2000)
    examples = messages("greet", "en", count)
    candidate = readings(examples, count - lost) + readings(filler)
    current = readings(examples) + readings(filler, 1980)
    assert compare(examples + filler, candidate, current).passed


def test_a_confidence_that_no_longer_says_the_truth_is_refused():
    examples = messages("search", "en", 100)
    [reason] = compare(examples, readings(examples, confidence=0.85), readings(examples, confidence=0.95)).reasons
    assert reason.startswith("Confidence: the calibration error rises from 0.050 to 0.150")
    assert compare(examples, readings(examples, confidence=0.93), readings(examples, confidence=0.95)).passed


def test_mcnemar_is_the_exact_two_sided_test():
    # binomial test of 2 in 12 at one half: 2 * (1 + 12 + 66) / 4096
    assert mcnemar(10, 2) == mcnemar(2, 10) == pytest.approx(2 * 79 / 4096)
    assert mcnemar(0, 0) == mcnemar(5, 5) == 1.0
    assert mcnemar(0, 5) == pytest.approx(0.0625)
