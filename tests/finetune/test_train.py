"""A tiny network of random weights goes the whole way: learn ten messages by heart, save, load, judge."""

import json

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from transformers import BertConfig, BertModel

from finetune.examples import Example, labels_of, read_examples
from finetune.judge import read_all
from finetune.train import TrainConfig, Trainer, main
from nlu.artifact import load_artifact, save_artifact
from nlu.decode import Calibration
from nlu.network import joint_network
from nlu.reading import Reader
from nlu.tags import Span
from nlu.tokens import load_tokenizer
from storage.records import Context, SlotName
from storage.terms import base_vocabulary

CHARACTERS = "我要红色的连衣裙不谢退货"
EXAMPLES = [
    Example("a red dress", "search", "en", (Span(SlotName.COLOR, 2, 5), Span(SlotName.CATEGORY, 6, 11))),
    Example("not red", "refine", "en", (Span(SlotName.COLOR, 4, 7, negated=True),)),
    Example("thanks", "thanks", "en", ()),
    Example("return it", "return_refund", "en", None),
    Example("我要红色的连衣裙", "search", "zh", (Span(SlotName.COLOR, 2, 4), Span(SlotName.CATEGORY, 5, 8))),
    Example("不要红色", "refine", "zh", (Span(SlotName.COLOR, 2, 4, negated=True),)),
    Example("谢谢", "thanks", "zh", ()),
    Example("退货", "return_refund", "zh", None),
    Example("yes", "confirm", "en", (), context=Context("confirm", 3)),
    Example("thanks, return it", "thanks", "en", (), also=("return_refund",)),
]


def tiny_bert():
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=30_522 + len(CHARACTERS),
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=96,
        max_position_embeddings=128,
    )
    return BertModel(config, add_pooling_layer=False).requires_grad_(False).eval()


@pytest.fixture(scope="module")
def trainer():
    config = TrainConfig(
        lora_rank=8, learning_rate=1e-2, head_rate=1e-2, epochs=60, patience=60, batch=4, lora_dropout=0.0, bf16=False
    )
    trainer = Trainer(tiny_bert(), Reader(load_tokenizer(CHARACTERS), base_vocabulary()), labels_of(EXAMPLES), config)
    trainer.train(EXAMPLES, EXAMPLES, quiet=True)
    return trainer


def test_ten_messages_are_learned_by_heart(trainer):
    _, figures = trainer.judge(EXAMPLES)
    assert figures["accuracy"] == 1
    assert figures["slot_f1"] > 0.9
    assert figures["also_f1"] == 1


def test_a_saved_understander_reads_as_the_trained_one(trainer, tmp_path):
    save_artifact(tmp_path, trainer.artifact("encoder-0", [], Calibration(), {}))
    loaded = load_artifact(tmp_path, "understander")
    network = joint_network(tiny_bert(), loaded)
    before = read_all(trainer.network, trainer.reader, EXAMPLES, trainer.labels, Calibration())
    after = read_all(network, trainer.reader, EXAMPLES, trainer.labels, Calibration())
    assert [j.read for j in after] == [j.read for j in before]
    np.testing.assert_allclose([j.confidence for j in after], [j.confidence for j in before], atol=0.02)
    assert loaded.meta["encoder"] == "encoder-0"
    assert loaded.meta["config"]["lora_rank"] == 8


def test_an_adapter_for_other_layers_is_refused(trainer, tmp_path):
    artifact = trainer.artifact("encoder-0", [], Calibration(), {})
    artifact.meta["lora"]["target_modules"] = ["query"]
    with pytest.raises(ValueError, match="do not fit"):
        joint_network(tiny_bert(), artifact)


def test_bad_data_ends_in_one_sentence(tmp_path):
    bad = tmp_path / "train.jsonl"
    bad.write_text(json.dumps({"text": "hi"}), encoding="utf-8")
    (tmp_path / "dev.jsonl").write_text("", encoding="utf-8")
    result = CliRunner().invoke(main, ["--data", str(tmp_path), "--out", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "train.jsonl:1" in result.output
    assert "Traceback" not in result.output
    assert not read_examples([tmp_path / "dev.jsonl"])
