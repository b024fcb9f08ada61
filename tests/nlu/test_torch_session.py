"""The CUDA path on the CPU, in float32: the same class, another device; on CUDA itself where there is one."""

import pytest
import torch

from nlu.artifact import SHIPPED, ModelMissing, load_artifact
from nlu.joint import JointUnderstander
from nlu.loading import load_understander
from nlu.torch_session import TorchNetwork, has_cuda
from storage.records import Context, SlotName
from storage.terms import base_vocabulary
from tests.contracts.understander import MESSAGES


def understander_on(device):
    encoder, understander = (load_artifact(SHIPPED / kind, kind) for kind in ("encoder", "understander"))
    network = TorchNetwork(encoder, understander, device)
    return JointUnderstander(network, understander, encoder.meta["characters"], base_vocabulary())


@pytest.fixture(scope="module")
def by_torch():
    torch.set_num_threads(1)
    return understander_on("cpu")


def test_it_reads_what_the_quick_export_reads(by_torch, understander):
    messages = [(text, Context()) for text in MESSAGES]
    for one, other in zip(by_torch.understand_many(messages), understander.understand_many(messages), strict=True):
        assert one.intent == other.intent
        assert one.confidence == pytest.approx(other.confidence, abs=0.15)
    assert by_torch.version == understander.version


def test_messages_ride_together_padded_and_come_back_in_order(by_torch):
    messages = [(text, Context("confirm", 3)) for text in ("a red dress under $60, not polyester", "好的", "?!", "yes")]
    together = by_torch.understand_many(messages)
    assert [one.text for one in together] == [text for text, _ in messages]
    for one, (text, context) in zip(together, messages, strict=True):
        alone = by_torch.understand(text, context)
        assert (one.intent, one.slots) == (alone.intent, alone.slots)
        assert one.confidence == pytest.approx(alone.confidence, abs=1e-4)


def test_wishes_are_read(by_torch):
    read = by_torch.understand("a red dress under $60, not polyester")
    assert read.values(SlotName.COLOR) == ("red",)
    assert read.values(SlotName.MATERIAL, negated=True) == ("polyester",)


@pytest.mark.skipif(has_cuda(), reason="there is a CUDA device")
def test_cuda_where_there_is_none_is_one_sentence(models_cache):
    with pytest.raises(ModelMissing, match="no CUDA device here; SHOPBOT_DEVICE may be auto or cpu"):
        load_understander(models_cache, base_vocabulary(), device="cuda")


@pytest.mark.skipif(not has_cuda(), reason="needs a CUDA device")
def test_on_cuda_in_bfloat16_it_reads_the_same(by_torch):
    on_cuda = understander_on("cuda")
    messages = [(text, Context()) for text in MESSAGES]
    for one, other in zip(on_cuda.understand_many(messages), by_torch.understand_many(messages), strict=True):
        assert one.intent == other.intent
