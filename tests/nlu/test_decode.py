import numpy as np
import pytest

from nlu.decode import Calibration, Decoder, Logits, sigmoid, softmax
from nlu.reading import Words
from nlu.tags import TAGS, Span
from storage.records import SlotName

LABELS = ("search", "refine", "thanks")


def logits(intent, also=(-9, -9, -9), tags=(), negated=()):
    table = np.full((len(tags), len(TAGS)), -5, dtype=np.float32)
    for at, tag in enumerate(tags):
        table[at, TAGS.index(tag)] = 5
    return Logits(*(np.asarray(x, dtype=np.float32) for x in (intent, also, table, negated)))


def test_labels_come_likeliest_first_and_sum_to_one():
    reading = Decoder(LABELS, Calibration())(logits([1, 3, 2]), Words([], []), "")
    assert [label for label, _ in reading.top] == ["refine", "thanks", "search"]
    assert sum(chance for _, chance in reading.top) == pytest.approx(1)
    assert reading.confidence == reading.top[0][1]


def test_a_higher_temperature_is_less_sure_of_the_same_intent():
    cool = Decoder(LABELS, Calibration(temperature=0.5))(logits([1, 3, 2]), Words([], []), "")
    warm = Decoder(LABELS, Calibration(temperature=2))(logits([1, 3, 2]), Words([], []), "")
    assert cool.intent == warm.intent
    assert cool.confidence > warm.confidence


def test_further_requests_pass_the_threshold_and_leave_out_the_first():
    reading = Decoder(LABELS, Calibration(also=0.6))(logits([3, 1, 0], also=(4, 2, -2)), Words([], []), "")
    assert reading.intent == "search"
    assert reading.also == ("refine",)


def test_spans_are_read_from_the_tokens_of_the_message_alone():
    text = "not red"
    numbers = logits([1, 0, 0], tags=["O", "O", "B-color", "O", "B-size"], negated=[0, 0, 4, 0, 0])
    reading = Decoder(LABELS)(numbers, Words([1, 2], [(0, 3), (4, 7)]), text)
    assert reading.spans == (Span(SlotName.COLOR, 4, 7, negated=True),)


def test_extreme_scores_overflow_nothing():
    assert softmax(np.array([1e4, -1e4], dtype=np.float32)).tolist() == [1, 0]
    assert sigmoid(np.array([1e4, -1e4], dtype=np.float32)).tolist() == pytest.approx([1, 0])
