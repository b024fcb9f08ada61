"""Old messages under new intents."""

import json

import pytest
from click.testing import CliRunner

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
    result = run(source, "--map", "dislike=deny", "--map", "help=about")
    assert result.exit_code == 0, result.output
    assert written(source) == [
        ROWS[0],
        {**ROWS[1], "intent": "deny", "also": ["search"]},
        {**ROWS[2], "intent": "about", "also": ["deny"]},
    ]
    assert "deny: 3" in result.output


def test_dropped_intents_leave_their_messages_and_further_requests_out(source):
    assert "2 of 3 messages" in run(source, "--drop", "dislike").output
    assert written(source) == [ROWS[0], {**ROWS[2], "also": []}]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--map", "dislke=deny"], 1, "No message in"),
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
