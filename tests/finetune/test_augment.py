from random import Random

from finetune.augment import Substitutions, augmented, with_typos
from finetune.examples import Example
from nlu.tags import Span
from storage.records import SlotName

RED = Example("show me a red dress", "search", "en", (Span(SlotName.COLOR, 10, 13), Span(SlotName.CATEGORY, 14, 19)))
NAVY = Example("navy, please", "refine", "en", (Span(SlotName.COLOR, 0, 4),))
CHINESE = Example("我要红色的连衣裙，谢谢", "search", "zh", (Span(SlotName.COLOR, 2, 4), Span(SlotName.CATEGORY, 5, 8)))


def said(example):
    return [example.text[span.start : span.end] for span in example.spans]


def test_slips_change_the_text_and_the_spans_move_along():
    for example in (RED, CHINESE):
        for seed in range(20):
            typed = with_typos(example, Random(seed))
            assert typed.intent == "search"
            assert [span.name for span in typed.spans] == [span.name for span in example.spans]
            assert all(words and words == words.strip() for words in said(typed))
    assert len({with_typos(RED, Random(seed)).text for seed in range(20)}) > 5


def test_a_slot_takes_a_value_that_stands_elsewhere():
    exchange = Substitutions([RED, NAVY])
    found = {exchange(RED, Random(seed)).text for seed in range(20)}
    assert found == {"show me a red dress", "show me a navy dress"}
    navy = next(new for seed in range(20) if (new := exchange(RED, Random(seed))).text != RED.text)
    assert said(navy) == ["navy", "dress"]


def test_a_word_without_slots_takes_a_neighbour():
    bare = Example("Where is the luggage", "lost")
    found = {Substitutions([bare])(bare, Random(seed)).text for seed in range(30)} - {bare.text}
    assert found
    assert all(text.split()[2] == "the" for text in found)
    assert all(Substitutions([bare])(bare, Random(seed)).spans is None for seed in range(3))


def test_so_many_are_added_and_the_same_seed_adds_the_same():
    rows = [RED, NAVY, CHINESE] * 10
    found = augmented(rows, 0.5, 0.5, 3)
    assert 10 <= len(found) <= 30
    assert augmented(rows, 0.5, 0.5, 3) == found != augmented(rows, 0.5, 0.5, 4)
    assert augmented(rows, 0.0, 0.0, 3) == []
    assert {example.source for example in found} == {"typo", "substitution"}
