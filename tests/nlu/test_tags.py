from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nlu.tags import TAGS, Span, best_tags, spans_of, tags_of
from nlu.tokens import load_tokenizer
from storage.records import SlotName


def offsets_of(text):
    return [tuple(o) for o in load_tokenizer("我要红色的连衣裙不").encode(text, add_special_tokens=False).offsets]


def round_trip(text, spans):
    offsets = offsets_of(text)
    tags, negated = tags_of(spans, offsets)
    return spans_of(tags, [float(n) for n in negated], offsets, text)


def test_spans_survive_tagging():
    text = "a red dress, not polyester"
    spans = [
        Span(SlotName.COLOR, 2, 5),
        Span(SlotName.CATEGORY, 6, 11),
        Span(SlotName.MATERIAL, 17, 26, negated=True),
    ]
    assert round_trip(text, spans) == spans


def test_chinese_spans_survive_tagging():
    text = "我要红色的连衣裙"
    spans = [Span(SlotName.COLOR, 2, 4), Span(SlotName.CATEGORY, 5, 8)]
    assert round_trip(text, spans) == spans


def test_neighbours_of_one_kind_stay_apart():
    text = "红色黑色"
    offsets = [(0, 1), (1, 2), (2, 3), (3, 4)]
    spans = [Span(SlotName.COLOR, 0, 2), Span(SlotName.COLOR, 2, 4)]
    tags, negated = tags_of(spans, offsets)
    assert spans_of(tags, [float(n) for n in negated], offsets, text) == spans


def test_a_word_cut_into_pieces_is_taken_whole():
    text = "polyester"
    tag = TAGS.index("B-material")
    assert spans_of([tag, 0], [0.0, 0.0], [(0, 4), (4, 9)], text) == [Span(SlotName.MATERIAL, 0, 9)]


def test_of_overlapping_spans_the_first_holds():
    offsets = offsets_of("running shoes")
    tags, _ = tags_of([Span(SlotName.CATEGORY, 0, 13), Span(SlotName.FEATURE, 0, 7)], offsets)
    assert [TAGS[tag] for tag in tags] == ["B-category", "I-category"]


@given(st.integers(0, 2**32 - 1), st.integers(1, 20))
def test_the_best_sequence_is_lawful_and_no_lawful_change_of_one_tag_beats_it(seed, length):
    scores = np.random.default_rng(seed).normal(size=(length, len(TAGS))).astype(np.float32)
    path = best_tags(scores)

    def lawful(tags):
        return all(
            TAGS[tag][0] != "I" or (at > 0 and TAGS[tags[at - 1]][2:] == TAGS[tag][2:]) for at, tag in enumerate(tags)
        )

    def worth(tags):
        return sum(scores[at, tag] for at, tag in enumerate(tags))

    assert lawful(path)
    for at in range(length):
        for tag in range(len(TAGS)):
            other = [*path[:at], tag, *path[at + 1 :]]
            assert not lawful(other) or worth(other) <= worth(path) + 1e-3


@given(st.data())
def test_any_tagging_gives_spans_inside_the_text_that_do_not_overlap(data):
    text = data.draw(st.text(alphabet="ab 1红色,", max_size=20))
    offsets = offsets_of(text)
    size = len(offsets)
    tags = data.draw(st.lists(st.integers(0, len(TAGS) - 1), min_size=size, max_size=size))
    spans = spans_of(tags, [0.0] * size, offsets, text)
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
