import json

import numpy as np
import pytest
from click.testing import CliRunner

from finetune.examples import Example
from finetune.outliers import Means, main, ranked, sample
from tests.support.adapters import write_rows


def test_the_distances_of_a_message_far_from_every_mean_are_the_largest():
    chance = np.random.default_rng(3)
    centres = {"a": [4, 0, 0], "b": [0, 4, 0]}
    intents = [name for name in centres for _ in range(50)]
    features = np.concatenate([np.array(centres[name]) + chance.normal(0, 0.3, (50, 3)) for name in centres])
    means = Means(features.astype(np.float32), intents)
    asked = np.array([[4, 0.1, 0], [0.1, 4, 0], [0.3, 0.2, 5]], dtype=np.float32)
    found = means.distances(asked)
    assert set(found) == {"mahalanobis", "relative mahalanobis", "cosine"}
    for scores in found.values():
        assert scores.argmax() == 2
    assert "cosine to the class" in Means(features.astype(np.float32), intents, "b").distances(asked)


def test_scores_are_ranked_by_their_area():
    strange = np.array([False, False, True, True])
    rows = ranked({"energy": np.array([1, 3, 2, 4]), "class": np.array([1, 2, 3, 4])}, strange)
    assert [(row["score"], row["auroc"]) for row in rows] == [("class", 1), ("energy", 0.75)]
    assert rows[0]["best"]["threshold"] == 2.5


def test_a_sample_has_every_intent_and_no_message_twice():
    examples = [Example(f"{name}{at}", name) for name, count in (("a", 10), ("b", 3)) for at in range(count)]
    texts = [example.text for example in sample(examples, each=5)]
    assert len(texts) == len(set(texts)) == 8


def test_the_shipped_network_is_measured(tmp_path):
    write_rows(tmp_path / "dev.jsonl")
    write_rows(tmp_path / "train.jsonl")
    result = CliRunner().invoke(main, ["--data", str(tmp_path), "--json"])
    assert result.exit_code == 0, result.output
    rows = {row["score"]: row for row in json.loads(result.stdout)}
    assert set(rows) >= {"class", "energy", "logit", "softmax", "mahalanobis", "cosine"}
    assert rows["class"]["auroc"] > 0.8
    assert rows["mahalanobis"]["serves"] is False


@pytest.mark.parametrize("label", ["out_of_scope", "nothing"])
def test_data_without_both_sides_is_one_sentence(tmp_path, label):
    write_rows(tmp_path / "dev.jsonl", [{"text": "thanks", "intent": "thanks"}])
    result = CliRunner().invoke(main, ["--data", str(tmp_path), "--outside", label])
    assert result.exit_code == 1
    assert result.output.startswith("Error: The data must have messages")
