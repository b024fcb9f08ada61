"""Old messages under new intents."""

import json

import pytest
from click.testing import CliRunner

from finetune.examples import read_examples
from finetune.relabel import main

ROWS = [
    {"text": "no\u2028thanks", "intent": "deny", "lang": "en", "slots": []},
    {"text": "这些都不要", "intent": "dislike", "also": ["deny", "search"], "context": {"asked": None, "shown": 3}},
    {"text": "help", "intent": "help", "also": ["dislike"]},
]


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "old.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS) + "\n", encoding="utf-8")
    return path


def run(source, *arguments):
    return CliRunner().invoke(main, [str(source), "--out", str(source.with_name("new.jsonl")), *arguments])


def written(source):
    return [json.loads(line) for line in source.with_name("new.jsonl").read_text(encoding="utf-8").split("\n") if line]


def test_intents_are_renamed_and_joined_with_further_requests_and_the_rest_stays(source):
    result = run(source, "--map", "dislike=deny", "--map", "help=about", "--merge")
    assert result.exit_code == 0, result.output
    assert written(source) == [
        ROWS[0],
        {**ROWS[1], "intent": "deny", "also": ["search"]},
        {**ROWS[2], "intent": "about", "also": ["deny"]},
    ]
    assert "dislike (2) is now deny: 3" in result.output
    assert "about is no intent of the shop yet" in result.output
    for command in ("train", "evaluate", "compare", "promote"):
        assert f"python -m finetune.{command} " in result.output


def test_dropped_intents_leave_their_messages_and_further_requests_out(source):
    assert "2 of 3 messages" in run(source, "--drop", "dislike").output
    assert written(source) == [ROWS[0], {**ROWS[2], "also": []}]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--map", "dislke=deny"], 1, "No message in"),
        (["--map", "dislike=deny"], 1, "deny and dislike would both be deny; say --merge"),
        (["--map", "dislike=no", "--map", "deny=no"], 1, "deny and dislike would both be no"),
        (["--map", "dislike=no", "--map", "dislike=nay"], 2, "one thing only"),
        (["--map", "dislike=no", "--drop", "dislike"], 2, "one thing only"),
        (["--drop", "deny", "--drop", "dislike", "--drop", "help"], 1, "No message would be left"),
        (["--map", "dislike"], 2, "expected OLD=NEW"),
        ([], 2, "Give --map"),
    ],
)
def test_a_misspelt_name_is_an_error_and_writes_nothing(source, arguments, code, says):
    result = run(source, *arguments)
    assert (result.exit_code, says in result.output) == (code, True)
    assert not source.with_name("new.jsonl").exists()


def test_what_are_no_labelled_messages_is_one_sentence(source):
    source.write_bytes(b'{"text": "\xff"}')
    result = run(source, "--map", "a=b")
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_names_can_be_swapped_without_becoming_one(source):
    assert run(source, "--map", "dislike=deny", "--map", "deny=dislike").exit_code == 0
    assert [row["intent"] for row in written(source)] == ["dislike", "deny", "help"]


def test_ten_examples_of_a_new_intent_are_enough_and_fewer_are_said(source):
    rows = [{"text": f"wrap it as a gift {n}", "label": "gift"} for n in range(10)]
    source.write_text("\n".join(map(json.dumps, [*rows, *ROWS])), encoding="utf-8")
    result = run(source, "--map", "gift=gift_wrap")
    assert result.exit_code == 0, result.output
    examples = read_examples([source.with_name("new.jsonl")])
    assert sum(example.intent == "gift_wrap" for example in examples) == 10
    assert "gift_wrap (10)" not in result.output
    assert "Fewer than 10 messages, write some more: deny (2), dislike (2), help (1), search (1)." in result.output


def test_the_file_may_be_named_by_an_option_but_once(source):
    out = source.with_name("new.jsonl")
    assert CliRunner().invoke(main, ["--data", str(source), "--map", "help=about", "--out", str(out)]).exit_code == 0
    assert run(source, "--data", str(source), "--map", "help=about").exit_code == 2
