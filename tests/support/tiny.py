"""A tiny BERT of random weights and ten labelled messages, enough to go the whole way of a training in seconds."""

import torch
from transformers import BertConfig, BertModel

from finetune.config import TrainConfig
from finetune.examples import Example, labels_of
from finetune.trainer import Trainer
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
FOREIGN = [
    Example("where is my card", "card_arrival"),
    Example("my card has not come", "card_arrival"),
    Example("what is the exchange rate", "exchange_rate"),
    Example("how do you set the rate", "exchange_rate"),
    Example("close my account", "terminate_account"),
    Example("i want to leave the bank", "terminate_account"),
]
BY_HEART = {
    "lora_rank": 8, "learning_rate": 1e-2, "head_rate": 1e-2, "epochs": 60, "patience": 60, "batch": 4,
    "lora_dropout": 0.0,
}  # fmt: skip
FEW = {**BY_HEART, "epochs": 2}


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


def tiny_trainer(examples=EXAMPLES, log=None, earlier=None, **knobs):
    reader = Reader(load_tokenizer(CHARACTERS), base_vocabulary())
    return Trainer(tiny_bert(), reader, labels_of(examples), TrainConfig(**knobs), log=log, earlier=earlier)


def trained_tiny(examples=EXAMPLES, log=None, **knobs):
    trainer = tiny_trainer(examples, log, **knobs)
    trainer.train(examples, examples, quiet=True)
    return trainer
