import numpy as np
import pytest

from nlu.outliers import SCORES, outlier_scores

LABELS = ("search", "out_of_scope", "thanks")
LOGITS = np.array([[9, 0, 0], [0.2, 0.1, 0], [0, 9, 0]], dtype=np.float32)


@pytest.mark.parametrize("kind", ["class", *SCORES])
def test_every_score_rises_from_a_clear_message_to_a_strange_one(kind):
    scores = outlier_scores(kind, LOGITS, LABELS)
    assert scores.shape == (3,)
    assert scores[0] < scores[1]
    assert scores[0] < scores[2]


def test_scores_by_hand():
    logits = np.log(np.array([[0.7, 0.2, 0.1]], dtype=np.float32))
    assert outlier_scores("class", logits, LABELS)[0] == pytest.approx(0.2)
    assert outlier_scores("energy", logits, LABELS)[0] == pytest.approx(-np.log(0.8))
    assert outlier_scores("logit", logits, LABELS)[0] == pytest.approx(-np.log(0.7))
    assert outlier_scores("softmax", logits, LABELS)[0] == pytest.approx(1 - 0.7 / 0.8)


def test_without_the_class_the_largest_probability_is_asked():
    labels = ("EMI", "COD", "RETURN")
    np.testing.assert_array_equal(outlier_scores("class", LOGITS, labels), outlier_scores("softmax", LOGITS, labels))


def test_huge_scores_overflow_nothing():
    huge = np.array([[1e4, -1e4, 1e4]], dtype=np.float32)
    assert all(np.isfinite(outlier_scores(kind, huge, LABELS)).all() for kind in ("class", *SCORES))
