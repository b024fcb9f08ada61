"""LoRA merged without peft is what peft merges, to the bit, and what does not fit is refused."""

import copy

import pytest
import torch
from transformers import BertConfig, BertModel

from nlu import network

LORA = {"r": 4, "lora_alpha": 8, "lora_dropout": 0.0, "target_modules": ["query", "dense"]}


@pytest.fixture(scope="module")
def bert():
    torch.manual_seed(5)
    shape = BertConfig(vocab_size=20, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24)
    return BertModel(shape, add_pooling_layer=False).eval()


@pytest.fixture(scope="module")
def matrices(bert):
    """As they are trained and kept: half precision, by peft's names, none of them zero."""
    trained = network.lora_tensors(network.add_lora(copy.deepcopy(bert), LORA))
    return {name: torch.randn(tensor.shape).half() for name, tensor in trained.items()}


def test_a_plain_adapter_is_merged_as_by_peft(bert, matrices):
    other = network.add_lora(copy.deepcopy(bert), LORA)
    network.load_lora(other, matrices)
    by_peft = other.merge_and_unload().state_dict()
    ours = network.merge_lora(copy.deepcopy(bert), LORA, matrices).state_dict()
    assert ours.keys() == by_peft.keys()
    assert all(torch.equal(ours[name], by_peft[name]) for name in ours)
    assert not torch.equal(ours["encoder.layer.0.output.dense.weight"], bert.encoder.layer[0].output.dense.weight)


@pytest.mark.parametrize("settings", [LORA, {**LORA, "use_dora": True}])
def test_matrices_of_another_shape_or_of_too_few_layers_are_refused(bert, matrices, settings):
    for wrong in ({**settings, "r": 8}, {**settings, "target_modules": ["query"]}):
        with pytest.raises(ValueError, match="do not fit the layers"):
            network.merge_lora(copy.deepcopy(bert), wrong, matrices)
