"""The command, with the real base and a handful of messages: what it leaves behind, and what it refuses."""

import json
import resource
import sys

import pytest
from click.testing import CliRunner

from finetune.trackers import TensorBoard
from finetune.train import main
from nlu.artifact import load_artifact

ROWS = [
    {"text": "where is my card", "label": "card_arrival"},
    {"text": "my card has not come", "label": "card_arrival"},
    {"text": "the card is still not here", "label": "card_arrival"},
    {"text": "what is the exchange rate", "label": "exchange_rate"},
    {"text": "how do you set the rate", "label": "exchange_rate"},
    {"text": "is the rate good today", "label": "exchange_rate"},
    {"text": "close my account", "label": "terminate_account"},
]


def write(path, rows=ROWS):
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def train(*arguments):
    return CliRunner().invoke(main, ["--encoder", "base", "--device", "cpu", *map(str, arguments)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An adapter trained by the command, and what it said."""
    home = tmp_path_factory.mktemp("home")
    data = write(home / "mine.jsonl")
    options = ("--epochs", 2, "--seeds", 2, "--refit", "--json", "--data-licence", "CC0")
    result = train("--data", data, "--out", home / "out", *options)
    assert result.exit_code == 0, result.output
    return home / "out", json.loads(result.stdout), result.stderr


@pytest.mark.long
def test_labels_of_any_kind_are_learned(folder):
    out, figures, _ = folder
    meta = load_artifact(out, "understander").meta
    assert meta["labels"] == ["card_arrival", "exchange_rate", "terminate_account"]
    assert meta["data"].keys() == {"mine.jsonl"}
    assert figures["examples"] == 5
    assert figures["seeds_accuracy_spread"] >= 0


def test_a_label_of_one_example_is_learned_with_a_warning(folder):
    assert "Only one example of 'terminate_account'" in folder[2]


def test_the_run_folder_tells_the_story(folder):
    run = folder[0] / "run"
    config = json.loads((run / "config.json").read_text(encoding="utf-8"))
    assert config["recipe"]["epochs"] == 2
    assert len(config["data"]["mine.jsonl"]) == 64
    rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["seed"], row["epoch"]) for row in rows if "epoch" in row] == [(17, 1), (17, 2), (18, 1), (18, 2)]
    card = (run / "card.md").read_text(encoding="utf-8")
    for said in ("understander-", "CC0", "Apache", "mine.jsonl", "accuracy", "No slots were labelled"):
        assert said in card


@pytest.mark.parametrize("name", ["tensorboard", "wandb"])
def test_a_tracker_that_is_not_installed_is_named(tmp_path, monkeypatch, name):
    monkeypatch.setitem(sys.modules, name, None)
    said = refused(tmp_path, lines(*ROWS), f"--{name}", "--run", tmp_path / "run")
    assert f"{name} is not installed; pip install 'shopbot[train]'" in said
    assert not (tmp_path / "run").exists()


def test_curves_are_written_for_tensorboard(tmp_path):
    pytest.importorskip("tensorboard")
    board = TensorBoard(tmp_path / "board")
    board.note({"loss": 0.5}, 10)
    board.close()
    (events,) = (tmp_path / "board").iterdir()
    assert b"loss" in events.read_bytes()


def refused(tmp_path, content, *options, out="out"):
    """The sentence with which some data is refused; nothing is written."""
    data = tmp_path / "bad.jsonl"
    data.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = train("--data", data, "--out", tmp_path / out, *options)
    assert result.exit_code == 1, result.output
    assert result.output.startswith("Error: ")
    assert result.output.count("\n") == 1
    assert not (tmp_path / "out").exists()
    return result.output


def lines(*rows):
    return "\n".join(json.dumps(row) for row in rows)


GOOD = {"text": "hi", "intent": "greet"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "There is no example in"),
        (lines(GOOD, {"text": "hi"}), "bad.jsonl:2: not a labelled message (it has no intent and no label)"),
        (lines(GOOD, {"text": " ", "intent": "greet"}), "bad.jsonl:2: not a labelled message (text is empty)"),
        (lines(GOOD, {**GOOD, "slots": [{"name": "flavour", "start": 0, "end": 1}]}), "unknown slot 'flavour'"),
        (lines({**GOOD, "slots": [{"name": "color", "start": 0, "end": 9}]}), "outside the text of 2 characters"),
        (lines({**GOOD, "slots": [{"name": "color", "start": 0, "end": 1, "text": "i"}]}), "covers 'h', not 'i'"),
        (lines(GOOD, GOOD), "two labels or more"),
        (lines(GOOD).encode("utf-16"), "bad.jsonl:1: not UTF-8 text (it looks like UTF-16)"),
        (lines(GOOD).encode("utf-16-le"), "bad.jsonl:1: not UTF-8 text (it looks like UTF-16)"),
        ('{"text": "café", "intent": "greet"}'.encode("latin-1"), "bad.jsonl:1: not UTF-8 text (byte 0xe9"),
        (lines(GOOD, {**GOOD, "text": "h" * 120_000}), "bad.jsonl:2: the line is longer than 100,000 bytes"),
        ("[" * 50_000, "bad.jsonl:1: not a labelled message"),
    ],
)
def test_bad_data_ends_in_one_sentence(tmp_path, content, said):
    assert said in refused(tmp_path, content)


def test_more_lines_than_allowed_are_refused(tmp_path):
    assert "more than 1 lines" in refused(tmp_path, lines(GOOD, GOOD), "--max-lines", 1)


def test_labels_that_nothing_trains_are_refused(tmp_path):
    dev = write(tmp_path / "dev.jsonl", [{"text": "bye", "intent": "leave"}])
    assert "'leave', which nothing trains" in refused(tmp_path, lines(*ROWS), "--dev", dev)


def test_what_cannot_be_had_is_refused(tmp_path):
    said = refused(tmp_path, lines(*ROWS[:-1]), "--target", "querry", "--run", tmp_path / "run")
    assert "No linear layer is called 'querry'" in said
    assert "fp16 needs a CUDA device" in refused(tmp_path, lines(*ROWS), "--fp16")
    assert "Several seeds" in refused(tmp_path, lines(*ROWS), "--seeds", 2, "--dev-share", 0)


def test_a_teacher_of_other_labels_or_none_at_all_is_refused(folder, tmp_path):
    others = [row for row in ROWS if row["label"] != "terminate_account"]
    assert "it reads other labels" in refused(tmp_path, lines(*others), "--teacher", folder[0])
    assert "nobody" in refused(tmp_path, lines(*ROWS), "--teacher", tmp_path / "nobody")


def test_a_student_learns_beside_a_teacher_and_its_run_says_from_whom(folder, tmp_path):
    data = write(tmp_path / "mine.jsonl")
    result = train("--data", data, "--out", tmp_path / "out", "--teacher", folder[0], "--epochs", 1, "--json")
    assert result.exit_code == 0, result.output
    said = json.loads((tmp_path / "out" / "run" / "config.json").read_text(encoding="utf-8"))
    assert said["teachers"] == [load_artifact(folder[0], "understander").version]


def test_a_full_disk_leaves_the_earlier_adapter(folder, tmp_path):
    out = folder[0]
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    data = write(tmp_path / "mine.jsonl")
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
    try:
        result = train("--data", data, "--out", out, "--epochs", 1, "--run", tmp_path / "run", "--seed", 5)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert result.exit_code == 1
    assert "is as it was" in result.output
    assert "Traceback" not in result.output
    assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == before
