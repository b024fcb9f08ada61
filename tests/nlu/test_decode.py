import numpy as np
import pytest

from nlu.decode import SURE, Calibration, Decoder, Logits, sigmoid, softmax
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


@pytest.mark.parametrize("sure", [SURE, 0.97, 1.0])
def test_what_may_not_be_called_sure_is_called_nine_in_ten(sure):
    modest, plain = Decoder(LABELS, Calibration(sure=sure)), Decoder(LABELS)
    for lead in np.linspace(0, 12, 49):
        numbers = logits([lead, 0, 0.5])
        said, raw = (decoder(numbers, Words([], []), "") for decoder in (modest, plain))
        assert [label for label, _ in said.top] == [label for label, _ in raw.top]
        assert sum(chance for _, chance in said.top) == pytest.approx(1, abs=1e-5)
        may = raw.confidence <= SURE or raw.confidence >= sure
        assert said.confidence == pytest.approx(raw.confidence if may else SURE)
        assert may or said.confidence <= SURE
        assert said.outlier == raw.outlier


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


def test_an_older_artefact_has_the_defaults_of_what_it_does_not_know():
    old = {"temperature": 0.9, "thresholds": {"also": 0.65}}
    assert Calibration.of(old) == Calibration(0.9, 0.65)
    fitted = Calibration(1.1, 0.5, 0.2, "energy", -3.5, 0.96)
    assert Calibration.of({"temperature": 1.1, "thresholds": fitted.thresholds()}) == fitted
    later = fitted.thresholds() | {"not yet thought of": 1}
    assert Calibration.of({"temperature": 1.1, "thresholds": later}) == fitted


def test_a_message_says_how_far_outside_it_lies_and_whether_that_is_too_far():
    labels = ("search", "out_of_scope")
    numbers = logits([2, 2], also=(-9, -9))
    assert not Decoder(labels, Calibration())(numbers, Words([], []), "").outside
    for limit, outside in ((0.4, True), (0.6, False)):
        reading = Decoder(labels, Calibration(outside=limit))(numbers, Words([], []), "")
        assert (reading.outlier, reading.outside, reading.margin) == (pytest.approx(0.5), outside, 0)


def test_the_score_of_the_class_follows_the_temperature():
    labels = ("search", "out_of_scope")
    numbers = logits([4, 0], also=(-9, -9))
    cool, warm = (Decoder(labels, Calibration(t))(numbers, Words([], []), "") for t in (1, 4))
    assert cool.outlier == pytest.approx(dict(cool.top)["out_of_scope"], rel=1e-5)
    assert warm.outlier == pytest.approx(dict(warm.top)["out_of_scope"], rel=1e-5)
