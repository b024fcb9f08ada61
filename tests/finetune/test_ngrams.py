"""Votes of n-grams: fitted, weighed against the network, carried through what is trained afterwards."""

import numpy as np
import pytest
from click.testing import CliRunner

from finetune.blend import blend
from finetune.examples import Example
from finetune.ngrams import best_share, fit, main
from nlu.artifact import SHIPPED, Artifact, load_artifact
from nlu.decode import Calibration
from nlu.ngrams import PREFIX, Ngrams
from nlu.reading import Reader
from nlu.tokens import load_tokenizer
from storage.records import Context
from storage.terms import base_vocabulary
from tests.support.adapters import write_rows
from tests.support.tiny import CHARACTERS, EXAMPLES, FEW, tiny_trainer, trained_tiny

SAID = {
    "thanks": ("thanks a lot", "many thanks", "thanks so much", "谢谢你", "太谢谢了", "谢谢"),
    "greet": ("hello there", "oh hello", "hello hello", "你好啊", "你好", "老板你好"),
}
LABELS = ("greet", "never_said", "thanks")


def examples():
    return [Example(text, intent, "en") for intent, texts in SAID.items() for text in texts]


@pytest.fixture(scope="module")
def reader():
    return Reader(load_tokenizer(CHARACTERS), base_vocabulary())


def read(ngrams, reader, text):
    return LABELS[int(ngrams(reader(text, Context())).argmax())]


def test_phrases_that_were_seen_vote_for_what_they_meant(reader):
    ngrams = fit(examples(), LABELS, most=1000, strength=8.0)
    assert read(ngrams, reader, "thanks a bunch") == "thanks"
    assert read(ngrams, reader, "hello mate") == "greet"
    assert read(ngrams, reader, "谢谢啦") == "thanks"
    assert read(ngrams, reader, "你好呀") == "greet"


def test_no_more_are_kept_than_may_be_and_they_are_those_that_say_most(reader):
    every, some = (fit(examples(), LABELS, most=most, strength=8.0) for most in (1000, 12))
    assert len(some.terms) == 12 < len(every.terms)
    assert set(some.terms) < set(every.terms)
    assert read(some, reader, "many thanks") == "thanks"


def test_examples_of_one_intent_tell_nothing_apart():
    with pytest.raises(ValueError, match="fewer than two"):
        fit([each for each in examples() if each.intent == "greet"], LABELS, most=10, strength=1.0)


def test_votes_count_as_far_as_they_help():
    chance, truth = np.random.default_rng(5), np.arange(600) % 3
    knows = (np.eye(3)[truth] * 4 + chance.normal(0, 1, (600, 3))).astype(np.float32)
    noise = chance.normal(0, 3, (600, 3)).astype(np.float32)
    assert best_share(noise, knows, truth) > 0.8
    assert best_share(knows, noise, truth) == 0.0
    doubts, doubts_else = (np.eye(3)[truth] * 2 + chance.normal(0, 1.5, (2, 600, 3))).astype(np.float32)
    assert 0.2 < best_share(doubts, doubts_else, truth) <= 1.0
    assert best_share(knows, noise, np.full(600, -1)) == 0.0


@pytest.fixture(scope="module")
def voting():
    """A tiny adapter with votes."""
    bare = trained_tiny(**FEW).artifact("encoder-0", {}, Calibration(), {})
    votes = fit([*EXAMPLES, *EXAMPLES], bare.meta["labels"], most=50, strength=8.0)
    return Artifact(bare.meta, {**bare.tensors, **votes.tensors()})


def test_a_training_that_goes_on_keeps_them(voting):
    trainer = tiny_trainer(earlier=voting, **FEW)
    kept = Ngrams.of(trainer.artifact("encoder-0", {}, Calibration(), {}))
    assert kept.terms == Ngrams.of(voting).terms
    other = [Example("where is my card", "card_arrival"), *EXAMPLES]
    trainer = tiny_trainer(other, earlier=voting, **FEW)
    assert Ngrams.of(trainer.artifact("encoder-0", {}, Calibration(), {})) is None


def test_an_adapter_between_two_has_the_newer_ones(voting):
    bare = Artifact(voting.meta, {n: t for n, t in voting.tensors.items() if not n.startswith(PREFIX)})
    assert Ngrams.of(blend(bare, voting, 0.5)).terms == Ngrams.of(voting).terms
    assert Ngrams.of(blend(voting, bare, 0.5)) is None


@pytest.mark.long
def test_the_command_adds_them_and_calibrates_anew(tmp_path):
    rows = [
        {"text": text, "intent": intent, "lang": "en", "slots": [], "source": f"written/{number}"}
        for intent, texts in SAID.items()
        for number, text in enumerate(texts)
    ]
    data, out = tmp_path / "data", tmp_path / "out"
    data.mkdir()
    for split in ("train", "dev"):
        write_rows(data / f"{split}.jsonl", rows)
    said = CliRunner().invoke(main, ["--data", str(data), "--model", str(SHIPPED / "understander"), "--out", str(out)])
    assert said.exit_code == 0, said.output
    newer, older = (load_artifact(folder, "understander") for folder in (out, SHIPPED / "understander"))
    assert newer.version in said.output
    assert "w thanks" in Ngrams.of(newer).terms
    same = [name for name in older.tensors if not name.startswith(PREFIX)]
    assert all(np.array_equal(newer.tensors[name], older.tensors[name]) for name in same)
    nowhere = CliRunner().invoke(main, ["--data", str(data), "--model", str(tmp_path), "--out", str(tmp_path / "none")])
    assert nowhere.exit_code == 1
    assert "Traceback" not in nowhere.output
    assert not (tmp_path / "none").exists()
