"""The parts of a match, and the one score over them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.fusion import SHIPPED, BadFusionError, Fusion, fused, script_of
from recommender.letters import Titles
from recommender.matching import PARTS, match_parts

TITLES = ["copper pipe 0p75 0p75in", "door bell", "wooden door"]


def parts(text, weights, titles=TITLES, bm25=None):
    n = len(titles)
    places = np.array([[2 * (word in title.split()) for word in weights] for title in titles], dtype=np.uint8)
    places = places.reshape(n, len(weights))
    vectors = np.eye(n, 384, dtype=np.float32)
    found = match_parts(
        *(text, weights, places, Titles.of(titles), np.zeros(n) if bm25 is None else np.array(bm25)),
        vectors,
        np.eye(1, 384)[0],
    )
    return {part: found[:, at] for at, part in enumerate(PARTS)}


def test_coverage_is_the_share_of_what_the_words_say():
    found = parts("wooden door", {"wooden": 3.0, "door": 1.0})
    assert found["coverage"] == pytest.approx([0.0, 0.25, 1.0])


def test_two_words_written_as_one_count_like_the_two():
    weights = {"door": 1.0, "bell": 2.0, "doorbell": 4.0}
    assert parts("door bell", weights, ["doorbell", "door bell"])["coverage"] == pytest.approx([1.0, 1.0])


def test_sizes_have_a_part_of_their_own():
    assert parts("3/4 pipe", {"0p75": 2.0, "pipe": 1.0})["quantities"] == pytest.approx([1.0, 0.0, 0.0])


def test_letters_forgive_a_slip():
    found = parts("woden door", {"woden": 1.0, "door": 1.0})
    assert found["letters"][2] > found["letters"][1] > found["letters"][0]


def test_meaning_is_the_cosine_and_words_are_a_share_of_the_best():
    found = parts("pipe", {"pipe": 1.0}, bm25=[4.0, 2.0, 0.0])
    assert found["meaning"] == pytest.approx([1.0, 0.0, 0.0])
    assert found["words"] == pytest.approx([1.0, 0.5, 0.0])


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=5))
def test_every_part_lies_between_0_and_1(text, titles):
    found = parts(text, dict.fromkeys(text.split(), 1.0), titles)
    assert all(((values >= 0) & (values <= 1 + 1e-6)).all() for values in found.values())


@pytest.mark.parametrize("text", ["red dress", "红色连衣裙"])
def test_the_halves_of_a_full_match_sum_to_one(text):
    words, meaning = fused(np.ones((2, len(PARTS))), SHIPPED.of(script_of(text)))
    assert words + meaning == pytest.approx([1.0, 1.0])


def test_fitted_weights_are_read_and_the_other_language_keeps_the_shipped_ones():
    fusion = Fusion.read({"weights": {"en": {"words": 3, "meaning": 1}}}, 2)
    assert dict(zip(PARTS, fusion.of("en"), strict=True))["words"] == 0.75
    assert fusion.of("zh") == pytest.approx(SHIPPED.of("zh"))


@pytest.mark.parametrize("row", [{"words": -1}, {"words": 0}, {"guess": 1}, {"words": "much"}, {"words": float("nan")}])
def test_weights_that_cannot_be_are_refused_with_their_version(row):
    with pytest.raises(BadFusionError, match="version 7"):
        Fusion.read({"weights": {"en": row}}, 7)
