"""The understander in the shape that ONNX Runtime's optimiser knows: the same numbers, a sixth of the nodes.

The attention that transformers traces (a general one, with its guard against rows of NaN) is fused by nobody. Written
as the optimiser expects it, each layer's attention becomes one node and GELU with its bias another. Only the derivation
of ONNX files imports this module.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from torch import Tensor, nn

from nlu.network import JointNetwork

_REFUSED = -10_000.0
"""The score of a padded token; the optimiser knows the mask by this number."""


class FusibleAttention(nn.Module):
    """Self-attention with the weights of a BERT's, traced as the optimiser's pattern."""

    def __init__(self, attention: Any, heads: int) -> None:
        super().__init__()
        self.query, self.key, self.value = attention.query, attention.key, attention.value
        self.heads = heads

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """Hidden states (batch, tokens, width) and an additive mask (batch, 1, 1, tokens) to hidden states."""
        query, key, value = (self._parted(part(hidden)) for part in (self.query, self.key, self.value))
        scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
        context = ((scores + mask).softmax(-1) @ value).permute(0, 2, 1, 3).contiguous()
        return context.view(context.shape[0], context.shape[1], hidden.shape[-1])

    def _parted(self, states: Tensor) -> Tensor:
        return states.view(states.shape[0], states.shape[1], self.heads, -1).permute(0, 2, 1, 3)


class FusibleNetwork(nn.Module):
    """A joint network with its attention rewritten; the weights are shared with the one given."""

    def __init__(self, network: JointNetwork) -> None:
        super().__init__()
        bert: Any = network.bert
        self.embeddings, self.layers, self.heads = bert.embeddings, bert.encoder.layer, network.heads
        self.attentions = nn.ModuleList(
            FusibleAttention(layer.attention.self, bert.config.num_attention_heads) for layer in self.layers
        )

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, hints: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """As `JointNetwork`: (batch, tokens) four times to the four outputs of the heads."""
        mask = (1.0 - attention_mask.unsqueeze(1).unsqueeze(2).float()) * _REFUSED
        hidden = self.embeddings(input_ids=input_ids, token_type_ids=token_type_ids)
        for layer, attention in zip(self.layers, self.attentions, strict=True):
            attended = layer.attention.output(attention(hidden, mask), hidden)
            hidden = layer.output(layer.intermediate(attended), attended)
        outputs: tuple[Tensor, Tensor, Tensor, Tensor] = self.heads(hidden, attention_mask, hints)
        return outputs


def fuse(path: Path, heads: int, width: int) -> None:
    """Fuse the traced file in place. RuntimeError where some attention was not recognised.

    LayerNorm and the sum before it stay two nodes: on the CPU the fused one is a plain loop, and three times as slow.
    """
    options = FusionOptions("bert")
    options.enable_skip_layer_norm = options.enable_bias_skip_layer_norm = options.enable_embed_layer_norm = False
    model = optimize_model(
        str(path), "bert", num_heads=heads, hidden_size=width, optimization_options=options, opt_level=0
    )
    left = sum(node.op_type == "Softmax" for node in model.model.graph.node)
    if left:
        raise RuntimeError(f"ONNX Runtime fused all but {left} layers of attention")
    model.save_model_to_file(str(path))
