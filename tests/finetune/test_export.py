"""The exported folder serves by itself: tokenizer, network and meta are enough to read a message."""

import json

import numpy as np
import onnxruntime
import pytest
from click.testing import CliRunner
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from finetune.export import main
from nlu.base import file_hash
from tests.support.models import SHIPPED_FOLDER


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    out = tmp_path_factory.mktemp("export") / "understander"
    result = CliRunner().invoke(main, [str(SHIPPED_FOLDER), "--out", str(out), "--json"])
    assert result.exit_code == 0, result.output
    return out, json.loads(result.stdout)


@pytest.mark.long
def test_a_stranger_reads_messages_with_what_is_in_the_folder(exported):
    out, meta = exported
    assert json.loads((out / "meta.json").read_text(encoding="utf-8")) == meta
    assert meta["sha256"] == file_hash(out / "model.onnx")
    assert meta["furthest_from_pytorch"] < 1e-3
    tokenizer = Tokenizer.from_file(str(out / "tokenizer.json"))
    session = onnxruntime.InferenceSession(out / "model.onnx", providers=["CPUExecutionProvider"])
    for text, intent in (("thank you so much", "thanks"), ("我要退货", "return_refund")):
        encoding = tokenizer.encode(text)
        ids = np.array([encoding.ids])
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        scores, _, tags, _ = session.run(
            None, {**inputs, "token_type_ids": np.zeros_like(ids), "hints": np.zeros_like(ids)}
        )
        assert meta["labels"][scores[0].argmax()] == intent
        assert tags.shape == (1, len(encoding.ids), len(meta["tags"]))
    votes = load_file(out / "ngrams.safetensors")
    assert votes["weights"].shape == (votes["terms"].tobytes().count(b"\n") + 1, len(meta["labels"]))
    assert np.array(meta["follows"]).shape == (len(meta["tags"]), len(meta["tags"]))


def test_a_folder_of_other_files_is_not_written_over(tmp_path):
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    result = CliRunner().invoke(main, [str(SHIPPED_FOLDER), "--out", str(tmp_path)])
    assert result.exit_code == 1
    assert "holds other files than an export" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_what_is_no_adapter_is_one_sentence(tmp_path):
    result = CliRunner().invoke(main, [str(tmp_path), "--out", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert not (tmp_path / "out").exists()
