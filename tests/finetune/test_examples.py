import json

import pytest

from finetune.examples import BadExample, Example, labels_of, read_examples, split_files
from nlu.tags import Span
from storage.records import Context, Intent, SlotName


def write(path, *rows):
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_a_full_line_is_read(tmp_path):
    row = {
        "text": "not red, and thanks",
        "intent": "refine",
        "lang": "en",
        "slots": [{"name": "color", "start": 4, "end": 7, "negated": True}],
        "also": ["thanks"],
        "context": {"asked": None, "shown": 3},
        "source": "written",
    }
    assert read_examples([write(tmp_path / "a.jsonl", row, "")]) == [
        Example(
            "not red, and thanks",
            "refine",
            "en",
            (Span(SlotName.COLOR, 4, 7, negated=True),),
            ("thanks",),
            Context(None, 3),
            "written",
        )
    ]


def test_text_and_intent_are_enough_and_no_slots_is_not_the_same_as_none(tmp_path):
    bare, empty = read_examples(
        [write(tmp_path / "a.jsonl", {"text": "谢谢", "intent": "x"}, {"text": "hi", "intent": "x", "slots": []})]
    )
    assert (bare.language, bare.spans) == ("zh", None)
    assert empty.spans == ()


@pytest.mark.parametrize(
    "row",
    [
        "{broken",
        "[1]",
        {"text": "no intent"},
        {"text": 7, "intent": "greet"},
        {"text": "", "intent": "greet"},
        {"text": "hi", "intent": ""},
        {"text": "half \ud83d", "intent": "greet"},
        {"text": "hi", "intent": "greet", "also": "thanks"},
        {"text": "hi", "intent": "greet", "lang": 5},
        {"text": "hi", "intent": "greet", "context": {"asked": 5}},
        {"text": "hi", "intent": "greet", "slots": [{"name": "color", "start": 1, "end": 1}]},
        {"text": "a red", "intent": "greet", "slots": [{"name": "color", "start": 1, "end": 5}]},
        {"text": "a red", "intent": "greet", "slots": [{"name": "color", "start": 2, "end": 5, "text": "blue"}]},
        {"text": "a red", "intent": "greet", "slots": [{"start": 2, "end": 5}]},
        {"text": "hi", "intent": "greet", "slots": [{"name": "color", "start": 0, "end": 9}]},
        {"text": "hi", "intent": "greet", "slots": [{"name": "flavour", "start": 0, "end": 1}]},
    ],
)
def test_a_bad_line_is_named(tmp_path, row):
    path = write(tmp_path / "a.jsonl", {"text": "hi", "intent": "greet"}, row)
    with pytest.raises(BadExample, match=r"a\.jsonl:2: not a labelled message"):
        read_examples([path])


def test_other_collections_call_it_a_label(tmp_path):
    path = write(tmp_path / "a.jsonl", {"text": "hi", "label": "hello"})
    assert read_examples([path]) == [Example("hi", "hello")]


def test_a_mark_of_utf_8_is_passed_over(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps({"text": "hi", "intent": "x"}).encode() + b"\r\n")
    assert read_examples([path]) == [Example("hi", "x")]


def test_an_empty_file_has_no_examples(tmp_path):
    assert read_examples([write(tmp_path / "a.jsonl")]) == []


def test_labels_are_the_shops_or_the_datas_own():
    assert labels_of([Example("", "thanks")]) == tuple(Intent)
    assert labels_of([Example("", "b"), Example("", "a", also=("c",))]) == ("a", "b", "c")


def test_a_split_is_found_in_one_file_or_by_language(tmp_path):
    for name in ("train.en.jsonl", "train.zh.jsonl", "dev.jsonl", "notes.txt"):
        write(tmp_path / name)
    assert [path.name for path in split_files(tmp_path, "train")] == ["train.en.jsonl", "train.zh.jsonl"]
    assert [path.name for path in split_files(tmp_path, "dev")] == ["dev.jsonl"]
    with pytest.raises(FileNotFoundError, match=r"no challenge\.jsonl"):
        split_files(tmp_path, "challenge")
