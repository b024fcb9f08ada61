"""The training data that the grammars give and the hand-written challenge set, as written to disk."""

import json
from collections import Counter

import pytest

from finetune.examples import read_examples
from finetune.generate import DATA, LANGUAGES, folded, generate
from storage.records import Intent

SIZE = 600
SETS = ("train", "dev", "dev.written", "test", "challenge")
LEAST = {"train": 6, "dev": 1, "dev.written": 5, "test": 0, "challenge": 8}
JUDGED = ("dev", "dev.written", "test")
LEAST_OF_CHALLENGE = {"search": 35, "refine": 30, "ask_product": 20, "out_of_scope": 25}
LONGEST = 500


def inside_a_word(text, at):
    """Whether a border at `at` would cut an English word or a number in two."""
    return 0 < at < len(text) and all(c.isascii() and c.isalnum() for c in text[at - 1 : at + 1])


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    generate(folder, SIZE, seed=7)
    return folder


@pytest.fixture(scope="module", params=["fresh", "shipped"])
def folder(request):
    """A small set of today's grammars, and the files that the shipped model learnt from."""
    return DATA if request.param == "shipped" else request.getfixturevalue("fresh")


@pytest.fixture(scope="module")
def sets(folder):
    return {name: read_examples([folder / f"{name}.jsonl"]) for name in SETS}


@pytest.mark.long
@pytest.mark.parametrize("name", SETS)
def test_every_line_is_a_labelled_message(sets, name):
    for example in sets[name]:
        text = example.text
        assert text == text.strip() and 0 < len(text) < LONGEST, example
        assert {example.intent, *example.also} <= set(Intent), example
        assert example.intent not in example.also, example
        assert example.language in LANGUAGES and example.source, example
        assert example.spans is not None and 0 <= example.context.shown <= 10, example


@pytest.mark.parametrize("name", SETS)
def test_spans_follow_each_other_and_cover_whole_words(sets, name):
    for example in sets[name]:
        end = 0
        for span in example.spans or ():
            words = example.text[span.start : span.end]
            assert end <= span.start < span.end <= len(example.text), example
            assert words == words.strip(), example
            if example.language == "en":
                cut = [at for at in (span.start, span.end) if inside_a_word(example.text, at)]
                assert not cut, (example.text, words)
            end = span.end


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_is_there(sets, name, language):
    count = Counter(e.intent for e in sets[name] if e.language == language)
    assert {intent: n for intent in Intent if (n := count[intent]) < LEAST[name]} == {}


@pytest.mark.parametrize("name", JUDGED)
def test_what_is_judged_on_holds_no_phrasing_and_no_message_of_train(sets, name):
    train, dev = sets["train"], sets[name]
    assert not {e.source for e in train} & {e.source for e in dev}
    assert not {folded(e.text) for e in train} & {folded(e.text) for e in dev}


def test_no_message_is_said_twice_in_the_same_situation(sets):
    said = Counter((folded(e.text), e.language, e.context.asked) for name in SETS for e in sets[name])
    assert [message for message, times in said.items() if times > 1] == []


def test_no_challenge_message_is_learnt_from(sets):
    learnt = {folded(e.text) for name in ("train", *JUDGED) for e in sets[name]}
    assert [e.text for e in sets["challenge"] if folded(e.text) in learnt] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_challenge_set_is_large_enough_to_judge_by(sets, language):
    count = Counter(e.intent for e in sets["challenge"] if e.language == language)
    assert sum(count.values()) >= 300
    assert {intent: count[intent] for intent, least in LEAST_OF_CHALLENGE.items() if count[intent] < least} == {}


def test_the_challenge_set_is_shipped_as_it_is_written(fresh):
    assert (fresh / "challenge.jsonl").read_bytes() == (DATA / "challenge.jsonl").read_bytes()


@pytest.mark.long
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(fresh, tmp_path):
    generate(tmp_path / "again", SIZE, seed=7)
    generate(tmp_path / "other", SIZE, seed=8)
    for name in SETS:
        assert (tmp_path / "again" / f"{name}.jsonl").read_bytes() == (fresh / f"{name}.jsonl").read_bytes()
    assert (tmp_path / "other" / "train.jsonl").read_bytes() != (fresh / "train.jsonl").read_bytes()


def test_labels_that_say_nothing_are_left_out(fresh):
    rows = [json.loads(line) for line in (fresh / "train.jsonl").read_text(encoding="utf-8").splitlines()]
    assert all(row.get("also", ["-"]) and row.get("context", {"-"}) for row in rows)
    assert {"text", "intent", "lang", "slots", "source"} <= set(rows[0])
