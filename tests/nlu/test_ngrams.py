"""Turns of phrase that vote beside the network."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.artifact import Artifact, ModelBroken
from nlu.decode import Logits
from nlu.ngrams import Ngrams, ngrams_of, voted
from nlu.reading import Reader
from nlu.tokens import load_tokenizer
from storage.records import Context
from storage.terms import base_vocabulary
from tests.support.tiny import CHARACTERS

TERMS = ("w thanks", "w not red", "l red", "w 退", "b shown color red")
VOTES = np.array([[9, 0], [0, 90], [3, -3], [0, 40], [100, 0]], dtype=np.int8)


@pytest.fixture(scope="module")
def reader():
    return Reader(load_tokenizer(CHARACTERS), base_vocabulary())


@pytest.fixture
def ngrams():
    return Ngrams(TERMS, VOTES, 0.1, np.array([0.5, -0.5], dtype=np.float32))


def test_words_runs_of_them_letters_and_what_stands_beside():
    found = ngrams_of("not red", Context("color", 3))
    assert {"w not", "w red", "w not red", "l  re", "l red", "b shown color not red", "b shown color"} <= found
    assert ngrams_of("not red", Context()) - found == {
        *("b none  not", "b none  red", "b none  not red"),
        "b none ",
    }
    assert {"w 退", "w 退 货", "l 退货"} <= ngrams_of("退货", Context())


def test_each_kind_that_is_known_is_a_vector_of_length_one(ngrams, reader):
    def scores(text, *context):
        return ngrams(reader(text, Context(*context))) - np.array([0.5, -0.5])

    assert scores("thanks") == pytest.approx([0.9, 0])
    assert scores("我要退货") == pytest.approx([0, 4])
    assert scores("not red") == pytest.approx([0.3, 9 - 0.3])
    assert scores("not red", "color", 1) == pytest.approx([0.3 + 10, 9 - 0.3])  # three kinds, one of each
    assert scores("thanks not red") == pytest.approx([0.9 / 2**0.5 + 0.3, 9 / 2**0.5 - 0.3])


def test_they_count_by_the_language_of_the_message(ngrams, reader):
    shared = Ngrams(ngrams.terms, ngrams.weights, ngrams.scale, ngrams.bias, (0.5, 2.0))
    english, chinese = reader("thanks", Context()), reader("我要退货", Context())
    assert shared(english) == pytest.approx(0.5 * ngrams(english))
    assert shared(chinese) == pytest.approx(2 * ngrams(chinese))
    again = Ngrams.of(Artifact({"kind": "understander", "labels": ["yes", "no"]}, shared.tensors()))
    assert again(chinese) == pytest.approx(shared(chinese))


def test_what_is_unknown_gets_the_bias_alone(ngrams, reader):
    assert ngrams(reader("zzz", Context())).tolist() == [0.5, -0.5]


@given(st.text(max_size=600), st.sampled_from([None, "color", "count/size"]), st.integers(0, 12))
def test_any_text_has_scores(reader, ngrams, text, asked, shown):
    scores = ngrams(reader(text, Context(asked, shown)))
    assert scores.shape == (2,)
    assert np.isfinite(scores).all()


def test_an_artefact_holds_them_and_is_another_one_with_them(ngrams, reader):
    bare = Artifact({"kind": "understander", "labels": ["yes", "no"]}, {"heads.x": np.zeros(2, dtype=np.float16)})
    voting = Artifact(bare.meta, {**bare.tensors, **ngrams.tensors()})
    assert voting.version != bare.version
    assert Ngrams.of(bare) is None
    message = reader("not red, thanks", Context("color", 2))
    again = Ngrams.of(voting)
    assert again.terms == TERMS
    assert again(message).tolist() == ngrams(message).tolist()


def test_votes_for_other_labels_are_refused(ngrams):
    with pytest.raises(ModelBroken, match="other labels"):
        Ngrams.of(Artifact({"kind": "understander", "labels": ["yes", "no", "maybe"]}, ngrams.tensors()))


def test_they_are_added_to_the_intents_and_to_nothing_else(ngrams, reader):
    message = reader("thanks", Context())
    logits = Logits(*(np.ones(2, dtype=np.float32) for _ in range(4)))
    [both] = voted(ngrams, [message], [logits])
    assert both.intent == pytest.approx(logits.intent + ngrams(message))
    assert both.also is logits.also
    assert voted(None, [message], [logits]) == [logits]
