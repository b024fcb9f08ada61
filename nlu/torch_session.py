"""The understander on CUDA: PyTorch in bfloat16, on the contract of nlu/inference.py.

Serving on the CPU never imports this module. On the CPU (`device="cpu"`, float32) it computes what training computes,
which is how it is tested where there is no CUDA.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor

from nlu.artifact import Artifact, ModelMissing
from nlu.decode import Logits
from nlu.export import INPUTS, check_base
from nlu.inference import packed, unpacked
from nlu.network import bilingual_bert, joint_network
from nlu.ngrams import voted
from nlu.reading import Message

_BATCH = 64


class TorchNetwork:
    """The merged network on a device; on CUDA the encoder computes in bfloat16, the heads in float32."""

    side_by_side = 1

    def __init__(self, encoder: Artifact, understander: Artifact, device: str = "cuda", together: int = _BATCH) -> None:
        """`device`: "cuda", "cuda:1", "cpu"; `together`: messages in a batch. ModelMissing where there is no such
        device."""
        self.together = together
        check_base(encoder)
        if device.startswith("cuda") and not torch.cuda.is_available():
            raise ModelMissing("There is no CUDA device here; SHOPBOT_DEVICE may be auto or cpu.")
        self._device = torch.device(device)
        self._network = joint_network(bilingual_bert(encoder), understander).eval().to(self._device)

    @torch.inference_mode()
    def __call__(self, messages: Sequence[Message]) -> list[Logits]:
        """At least one message; those of a batch are padded to the longest."""
        inputs = packed(messages)
        tensors = [torch.from_numpy(inputs[name]).to(self._device, non_blocking=True) for name in INPUTS]
        with self._cast():
            outputs: Sequence[Tensor] = self._network(*tensors)
        found = unpacked([output.float().cpu().numpy() for output in outputs])
        return voted(self._network.ngrams, messages, found)

    def _cast(self) -> AbstractContextManager[object]:
        """bfloat16 where the device is quick at it."""
        if self._device.type != "cuda":
            return nullcontext()
        return torch.autocast("cuda", dtype=torch.bfloat16)


def has_cuda() -> bool:
    """Whether PyTorch can compute on a CUDA device here."""
    return torch.cuda.is_available()
