"""`shopbot understand --input --output`: every line answered in its order, and no half file."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import understand as command
from bot.cli.understand import InputLineError, understand


@pytest.fixture
def asked(tmp_path):
    def write(*rows):
        path = tmp_path / "in.jsonl"
        path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), "utf-8")
        return path

    return write


def run(asked, answered, folder):
    return CliRunner().invoke(
        understand, ["--rules", "--input", str(asked), "--output", str(answered), "--data", str(folder)]
    )


def rows_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_more_lines_than_are_read_at_once_come_back_in_order(asked, tmp_path):
    count = command._AT_ONCE * 2 + 3
    questions = asked(*({"id": f"q{n}", "text": f"a red dress under ${n}"} for n in range(1, count + 1)))
    done = run(questions, tmp_path / "out.jsonl", tmp_path / "data")
    assert done.exit_code == 0, done.output
    rows = rows_of(tmp_path / "out.jsonl")
    assert [row["id"] for row in rows] == [f"q{n}" for n in range(1, count + 1)]
    assert [row["price"]["max"] for row in rows] == list(range(1, count + 1))


def test_the_context_of_a_line_is_heard(asked, tmp_path):
    questions = asked({"id": 1, "text": "50", "context": {"asked": "budget"}}, {"id": 2, "text": "50"}, "")
    assert run(questions, tmp_path / "out.jsonl", tmp_path / "data").exit_code == 0
    assert [row["price"] and row["price"]["max"] for row in rows_of(tmp_path / "out.jsonl")] == [50, None]


def test_a_line_that_is_none_leaves_the_earlier_answers_alone(asked, tmp_path):
    answered = tmp_path / "out.jsonl"
    answered.write_text("earlier\n", encoding="utf-8")
    done = run(asked({"id": 1, "text": "hello"}, "{broken"), answered, tmp_path / "data")
    assert isinstance(done.exception, InputLineError)
    assert "line 2" in str(done.exception).casefold() or ":2" in str(done.exception)
    assert answered.read_text(encoding="utf-8") == "earlier\n"


def test_where_nothing_can_be_written_nothing_is_left(asked, tmp_path):
    done = run(asked({"id": 1, "text": "hello"}), tmp_path / "nowhere" / "out.jsonl", tmp_path / "data")
    assert isinstance(done.exception, OSError)
    assert not (tmp_path / "nowhere").exists()
    assert list(tmp_path.glob(".*.part")) == []


def test_a_device_is_written_as_it_comes(asked, tmp_path):
    assert run(asked({"id": 1, "text": "hello"}), "/dev/null", tmp_path / "data").exit_code == 0
