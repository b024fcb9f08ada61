import json

import pytest
from click.testing import CliRunner

from finetune.compare import main
from finetune.differences import changes, difference
from finetune.examples import Example
from finetune.metrics import Judged
from nlu.artifact import SHIPPED
from tests.support.adapters import clumsy, write_rows

SHIP = str(SHIPPED / "understander")


@pytest.fixture
def data(tmp_path):
    write_rows(tmp_path / "test.jsonl")
    return tmp_path


def test_a_clumsier_adapter_and_the_rules_beside_the_shipped_one(data):
    candidate, page = clumsy(data / "candidate"), data / "page.html"
    arguments = [SHIP, str(candidate), "rules", "--data", str(data), "--bare", "--json", "--html", str(page)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    whole = found["languages"]["all"]
    assert list(whole["readers"]) == ["understander", "candidate", "rules"]
    gap = whole["differences"]["candidate"]
    assert (gap["lost"], gap["won"], gap["p"]) == (2, 0, 0.5)
    assert gap["figures"]["accuracy"]["value"] == pytest.approx(-0.25)
    thanks = gap["intents"]["thanks"]
    assert (thanks["messages"], thanks["new"]) == (2, 0)
    assert thanks["value"] == -thanks["old"] < -0.6
    assert {row["text"] for row in found["changes"]["candidate"]["lost"]} == {"thank you", "谢谢"}
    text = page.read_text(encoding="utf-8")
    assert "Right before, wrong now: 2" in text
    assert "<svg" in text
    assert "<script" not in text


def test_the_table_names_what_is_won_and_lost(data):
    result = CliRunner().invoke(main, ["rules", SHIP, "--data", str(data), "--bare"])
    assert result.exit_code == 0, result.output
    assert "intents of understander:" in result.output
    assert "Intent accuracy" in result.output


def test_wrong_use_and_bad_input_are_one_sentence(data, tmp_path):
    cases = (
        ([SHIP, "--data", str(data)], 2),
        ([SHIP, SHIP, "--data", str(data)], 1),
        ([SHIP, str(tmp_path / "nowhere"), "--data", str(data)], 1),
        (["rules", SHIP, "--data", str(data), "--split", "none"], 1),
    )
    for arguments, code in cases:
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == code
        assert "Error: " in result.output
        assert "Traceback" not in result.output


def test_a_paired_interval_is_narrower_than_the_two_readers_are_uncertain():
    old = [Judged("a", "a" if at % 4 else "b", 0.8) for at in range(400)]
    new = [Judged("a", "a" if at % 4 or at < 40 else "b", 0.8) for at in range(400)]
    gap = difference(old, new)
    accuracy = gap["figures"]["accuracy"]
    low, high = accuracy["interval"]
    assert accuracy["value"] == pytest.approx(10 / 400)
    assert 0 < low < 10 / 400 < high < 0.05
    assert (gap["won"], gap["lost"]) == (10, 0)
    assert gap["p"] == pytest.approx(2 / 2**10)


def test_a_reader_does_not_differ_from_itself():
    judged = [Judged("a", "a" if at % 3 else "b", 0.8) for at in range(60)]
    gap = difference(judged, judged)
    assert gap["p"] == 1
    assert gap["figures"]["macro_f1"] == {"value": 0, "interval": (0, 0)}


def test_changes_put_the_surest_error_first():
    examples = [Example(text, "a") for text in "xyz"]
    old = [Judged("a", "a", 0.9), Judged("a", "a", 0.9), Judged("a", "b", 0.7)]
    new = [Judged("a", "b", 0.4), Judged("a", "c", 0.8), Judged("a", "a", 0.9)]
    found = changes(examples, old, new)
    assert [(row["text"], row["read"]) for row in found["lost"]] == [("y", "c"), ("x", "b")]
    assert [(row["text"], row["confidence"]) for row in found["won"]] == [("z", 0.7)]
