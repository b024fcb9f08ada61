import random

import numpy as np
import pytest

from finetune.figures import HEADLINES, Table, bootstrap, headline, interval, ones
from finetune.metrics import Judged, accuracy, calibration_error, further, macro_f1, slots
from nlu.tags import Span
from storage.records import SlotName


def judged_at_random(count, seed=5):
    chance = random.Random(seed)
    names = ["search", "refine", "thanks", "out_of_scope"]

    def spans():
        return tuple(
            Span(chance.choice(list(SlotName)[:3]), at, at + 2) for at in range(0, 6, 2) if chance.random() < 0.5
        )

    return [
        Judged(
            meant := chance.choice(names),
            meant if chance.random() < 0.7 else chance.choice(names),
            chance.random(),
            ("more",) if chance.random() < 0.3 else (),
            ("more",) if chance.random() < 0.3 else (),
            spans() if chance.random() < 0.8 else None,
            spans(),
            outlier=chance.random() + (meant == "out_of_scope"),
        )
        for _ in range(count)
    ]


def test_the_figures_under_equal_weights_are_the_plain_ones():
    judged = judged_at_random(200)
    found = {name: value[0] for name, value in Table(judged).figures(ones(200)).items()}
    plain = {
        "accuracy": accuracy(judged),
        "macro_f1": macro_f1(judged),
        "slot_f1": slots(judged)["all"].f1,
        "also_f1": further(judged).f1,
        "ece": calibration_error(judged),
    }
    assert {name: found[name] for name in plain} == pytest.approx(plain)
    assert list(found) == list(HEADLINES)


def test_weights_are_repetitions():
    judged = judged_at_random(60)
    counts = np.random.default_rng(1).integers(0, 4, 60)
    repeated = [j for j, count in zip(judged, counts, strict=True) for _ in range(count)]
    weighted = Table(judged).figures(counts[None].astype(float))
    again = Table(repeated).figures(ones(len(repeated)))
    for name in HEADLINES:
        assert weighted[name][0] == pytest.approx(again[name][0]), name


def test_errors_at_a_confidence_above_nine_tenths():
    judged = [Judged("a", "b", 0.95), Judged("a", "a", 0.99), Judged("a", "b", 0.9), Judged("a", "a", 0.2)]
    found = headline(judged)
    assert (found["sure_wrong"], found["sure_wrong_of_all"]) == (0.5, 0.25)


def test_out_of_scope_is_judged_by_the_label_that_is_named():
    judged = [
        Judged("none", "none", 0.9, outlier=0.9),
        Judged("none", "a", 0.9, outlier=0.5),
        Judged("a", "a", 0.9, outlier=0.1),
        Judged("a", "none", 0.9, outlier=0.6),
    ]
    found = headline(judged, "none")
    assert (found["auroc"], found["outside_recall"], found["outside_precision"]) == (0.75, 0.5, 0.5)
    assert found["inside_accuracy"] == 0.5
    assert headline(judged)["auroc"] is None


def test_intervals_hold_the_figure_and_narrow_with_more_messages():
    few, many = headline(judged_at_random(50)), headline(judged_at_random(800))
    for found in (few, many):
        low, high = found["intervals"]["accuracy"]
        assert 0 <= low < found["accuracy"] < high <= 1
    width = [found["intervals"]["accuracy"][1] - found["intervals"]["accuracy"][0] for found in (few, many)]
    assert width[1] < width[0] / 2


def test_the_interval_of_a_share_is_near_the_binomial_one():
    judged = [Judged("a", "a" if at < 320 else "b", 0.5) for at in range(400)]
    low, high = headline(judged)["intervals"]["accuracy"]
    spread = 1.96 * (0.8 * 0.2 / 400) ** 0.5
    assert (low, high) == pytest.approx((0.8 - spread, 0.8 + spread), abs=0.008)


def test_draws_are_the_same_each_time_and_keep_the_size():
    def weighed(weights):
        return {"size": weights.sum(1), "first": weights[:, 0]}

    found = bootstrap(weighed, 30, draws=20)
    assert (found["size"] == 30).all()
    assert len(set(found["first"])) > 1
    np.testing.assert_array_equal(found["first"], bootstrap(weighed, 30, draws=20)["first"])


def test_many_messages_are_drawn_in_blocks():
    sizes = []

    def weighed(weights):
        sizes.append(weights.shape)
        return {"total": weights.sum(1)}

    assert len(bootstrap(weighed, 500_000, draws=12)["total"]) == 12
    assert sizes == [(8, 500_000), (4, 500_000)]


def test_without_messages_there_are_no_figures():
    assert headline([])["accuracy"] is None
    assert interval(np.array([np.nan])) is None
