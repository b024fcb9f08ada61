from finetune.examples import Example
from finetune.slices import length_of, origin_of, slices_of
from nlu.tags import Span
from storage.records import Context, SlotName

EXAMPLES = [
    Example("not red", "refine", "en", (Span(SlotName.COLOR, 4, 7, negated=True),), source="written/casual/en/3"),
    Example("找一条 linen 裙子", "search", "zh", (), ("more",), Context(None, 3), "zh/search/ab12cd34"),
    Example("yes", "confirm", "en", None, context=Context("confirm", 0), source="written/typos/en/9"),
]


def test_each_message_falls_in_one_slice_of_a_kind():
    found = slices_of(EXAMPLES)
    assert set(found) == {"length", "origin", "typing", "context", "negation", "script", "requests"}
    for kind, parts in found.items():
        times = sum(flags.astype(int) for flags in parts.values())
        assert times.max() == 1, kind
    assert found["context"]["a question asked"].tolist() == [False, False, True]
    assert found["script"]["Chinese with Latin words"].tolist() == [False, True, False]
    assert found["requests"]["several"].tolist() == [False, True, False]
    assert found["typing"]["typos"].tolist() == [False, False, True]


def test_messages_without_slot_labels_say_nothing_of_negation():
    negation = slices_of(EXAMPLES)["negation"]
    assert negation["something negated"].tolist() == [True, False, False]
    assert negation["nothing negated"].tolist() == [False, True, False]


def test_a_kind_in_which_all_are_alike_is_left_out():
    assert "requests" not in slices_of([EXAMPLES[0], EXAMPLES[2]])


def test_origins():
    names = [origin_of(example) for example in EXAMPLES]
    assert names == ["written/casual", "grammar", "written/typos"]
    assert origin_of(Example("a", "b", source="challenge/en/6")) == "challenge"
    assert origin_of(Example("a", "b")) == "unknown"


def test_lengths_count_two_chinese_characters_as_a_word():
    assert length_of(Example("我要红色的连衣裙子", "search")) == length_of(
        Example("show me red dresses please", "search")
    )
    assert length_of(Example("连衣裙", "search")) == "0 to 3 words"
    assert length_of(Example("word " * 9, "search")) == "9 words and more"
