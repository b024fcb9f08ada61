"""The networks, in PyTorch: the base with added characters, LoRA adapters on it, and the heads of the
understander.

Only training and the derivation of ONNX files import this module; serving does not need PyTorch. LoRA is Hu
et al. 2021 (arXiv 2106.09685), by way of peft, which is imported where an adapter learns: merging one is a product.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # everything is in the wheel; never ask the hub

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding, gelu, normalize
from transformers import BertModel
from transformers.utils.logging import disable_progress_bar

from nlu.artifact import Artifact
from nlu.base import base_folder
from nlu.cuts import CUTS
from nlu.ngrams import PREFIX, Ngrams
from nlu.tags import HINTS

if TYPE_CHECKING:
    from peft import PeftModel

disable_progress_bar()
logging.getLogger("transformers").setLevel(logging.ERROR)

LINEAR_LAYERS = ("query", "key", "value", "dense")
"""All linear layers of a BERT block by the ends of their names."""
_PLAIN = frozenset({"r", "lora_alpha", "lora_dropout", "target_modules"})
"""The settings of a LoRA that is merged without peft."""
_NAMED = "base_model.model."
"""What peft puts before a layer's name."""
_HINT_WIDTH = 32
_HEADS = "heads."


def load_base() -> BertModel:
    """The untouched base, frozen, without dropout."""
    bert: BertModel = BertModel.from_pretrained(base_folder(), add_pooling_layer=False)
    bert.requires_grad_(False)
    bert.train(False)
    return bert


class GrownEmbedding(nn.Module):
    """The embedding table of the base, frozen, followed by trainable rows for added tokens."""

    def __init__(self, base: nn.Embedding, rows: Tensor) -> None:
        super().__init__()
        self.base = base
        self.rows = nn.Parameter(rows)

    def forward(self, input_ids: Tensor) -> Tensor:
        """Rows of the tokens: (batch, tokens) to (batch, tokens, width)."""
        limit = self.base.num_embeddings
        added = input_ids >= limit
        old = embedding(input_ids.where(~added, 0), self.base.weight)
        new = embedding((input_ids - limit).where(added, 0), self.rows)
        return torch.where(added.unsqueeze(-1), new, old)

    def joined(self) -> nn.Embedding:
        """One plain table with all rows, for serving."""
        table = torch.cat([self.base.weight, self.rows.detach()])
        joined = nn.Embedding(table.shape[0], table.shape[1], _weight=table)
        return joined.requires_grad_(False)


def grow(bert: BertModel, rows: Tensor) -> GrownEmbedding:
    """Give the base rows (n, width) for added tokens; in place, and returned for training."""
    old = bert.embeddings.word_embeddings
    grown = GrownEmbedding(old, rows)
    bert.embeddings.word_embeddings = grown
    return grown


def add_lora(bert: BertModel, lora: Mapping[str, Any]) -> PeftModel:
    """Put trainable LoRA matrices on a frozen network. `lora`: r, lora_alpha, lora_dropout, target_modules, and
    use_dora where each weight's size is learned apart from its direction (Liu et al. 2024, arXiv 2402.09353).
    """
    from peft import LoraConfig, get_peft_model

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # peft asks transformers by an older name
        return get_peft_model(bert, LoraConfig(**{**lora, "target_modules": list(lora["target_modules"])}))


def lora_tensors(model: PeftModel) -> dict[str, Tensor]:
    """The LoRA matrices alone, by peft's names."""
    from peft import get_peft_model_state_dict

    matrices: dict[str, Tensor] = get_peft_model_state_dict(model, save_embedding_layers=False)
    return matrices


def load_lora(model: PeftModel, tensors: Mapping[str, Tensor]) -> None:
    """Saved matrices into a model that has LoRA on it. ValueError where they are of another shape."""
    from peft import set_peft_model_state_dict

    named = {name: tensor.float() for name, tensor in tensors.items()}
    _refuse_misfits(named, {name: tensor.shape for name, tensor in lora_tensors(model).items()})
    set_peft_model_state_dict(model, named)


def merge_lora(bert: BertModel, lora: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> BertModel:
    """Add saved LoRA matrices into the weights, so that serving costs nothing more than the base. ValueError where they
    are of another shape.
    """
    if set(lora) <= _PLAIN:
        return _merge_plain(bert, lora, {name: tensor.float() for name, tensor in tensors.items()})
    model = add_lora(bert, lora)
    load_lora(model, tensors)
    merged: BertModel = model.merge_and_unload().requires_grad_(False).eval()
    return merged


def _merge_plain(bert: BertModel, lora: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> BertModel:
    """What peft does, to the bit, without its import, which takes as long as PyTorch's."""
    targets, rank = tuple(lora["target_modules"]), int(lora["r"])
    layers = {
        f"{_NAMED}{name}": layer
        for name, layer in bert.named_modules()
        if isinstance(layer, nn.Linear) and name.rpartition(".")[2] in targets
    }
    wanted = {f"{name}.lora_A.weight": torch.Size((rank, layer.in_features)) for name, layer in layers.items()}
    wanted |= {f"{name}.lora_B.weight": torch.Size((layer.out_features, rank)) for name, layer in layers.items()}
    _refuse_misfits(tensors, wanted)
    with torch.no_grad():
        for name, layer in layers.items():
            product = tensors[f"{name}.lora_B.weight"] @ tensors[f"{name}.lora_A.weight"]
            layer.weight.add_(product * (lora["lora_alpha"] / rank))
    merged: BertModel = bert.requires_grad_(False).train(False)
    return merged


def _refuse_misfits(tensors: Mapping[str, Tensor], wanted: Mapping[str, torch.Size]) -> None:
    if {name: tensor.shape for name, tensor in tensors.items()} != dict(wanted):
        raise ValueError("The adapter's matrices do not fit the layers that its configuration names.")


def mean_pool(hidden: Tensor, attention_mask: Tensor) -> Tensor:
    """Mean over the real tokens: (batch, tokens, width) to (batch, width)."""
    mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * mask).sum(1) / mask.sum(1).clamp(min=1)


class SentenceVectors(nn.Module):
    """Unit sentence vectors as the base was trained to give them: mean pool, then length 1."""

    def __init__(self, bert: nn.Module) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """(batch, tokens) twice to (batch, width)."""
        hidden = self.bert(input_ids=input_ids, attention_mask=_seen(attention_mask)).last_hidden_state
        return normalize(mean_pool(hidden.float(), attention_mask), dim=-1)


def _seen(attention_mask: Tensor) -> Tensor:
    """The mask in the shape that attention takes; transformers' own helper bakes the example's into a trace."""
    return attention_mask[:, None, None, :].bool()


class JointHeads(nn.Module):
    """Intent, further intents, slot tags and negation from one reading of the message (after Chen et al.
    2019, JointBERT), with the rules' hints beside each token.

    Outputs are logits: intent (batch, labels), also (batch, labels), tags (batch, tokens, tags), negated
    (batch, tokens).
    """

    def __init__(self, width: int, labels: int, tags: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.hint = nn.Embedding(HINTS, _HINT_WIDTH)
        self.cut = nn.Embedding(CUTS, _HINT_WIDTH)
        self.whole = nn.LayerNorm(2 * width + _HINT_WIDTH)
        self.intent = nn.Linear(2 * width + _HINT_WIDTH, labels)
        self.also = nn.Linear(2 * width + _HINT_WIDTH, labels)
        self.noted = nn.Linear(width + _HINT_WIDTH, width)
        self.tags = nn.Linear(width, tags)
        self.negated = nn.Linear(width, 1)
        self.follows = nn.Parameter(torch.zeros(tags, tags))  # read by the decoder, not by this network
        self.dropout = nn.Dropout(dropout)
        # Begin from "no further request, no slot": the surge of gradients that teaches just this would
        # otherwise weigh on Adam's second moments for hundreds of steps.
        nn.init.constant_(self.also.bias, -4.0)
        nn.init.constant_(self.tags.bias, -2.0)
        nn.init.constant_(self.tags.bias[:1], 2.0)

    def of_intents(self) -> list[nn.Parameter]:
        """What the intents alone are read with: learned by itself, it leaves every slot as it was read before."""
        return [weight for part in (self.whole, self.intent, self.also) for weight in part.parameters()]

    def forward(self, hidden: Tensor, attention_mask: Tensor, hints: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Hidden states (batch, tokens, width) and hints (batch, tokens) to the four outputs."""
        noticed = self.hint(hints % HINTS) + self.cut(hints // HINTS)
        together = torch.cat([hidden, noticed], dim=-1)
        both = torch.cat([hidden[:, 0], mean_pool(together, attention_mask)], dim=-1)
        whole = self.dropout(self.whole(both))
        each = self.dropout(gelu(self.noted(self.dropout(together))))
        return self.intent(whole), self.also(whole), self.tags(each), self.negated(each).squeeze(-1)


class JointNetwork(nn.Module):
    """A BERT and the heads on it."""

    def __init__(self, bert: nn.Module, heads: JointHeads) -> None:
        super().__init__()
        self.bert = bert
        self.heads = heads
        self.ngrams: Ngrams | None = None
        """What votes beside it; whoever reads its numbers adds that (nlu/ngrams.py)."""

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, hints: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """(batch, tokens) four times to the four outputs of the heads."""
        hidden = self.bert(
            input_ids=input_ids, attention_mask=_seen(attention_mask), token_type_ids=token_type_ids
        ).last_hidden_state
        outputs: tuple[Tensor, Tensor, Tensor, Tensor] = self.heads(hidden.float(), attention_mask, hints)
        return outputs


# --- from an artefact -------------------------------------------------------------------------------


def bilingual_bert(encoder: Artifact) -> BertModel:
    """The base with the encoder's characters and its LoRA merged in, frozen; an encoder without LoRA is the base."""
    bert = load_base()
    if not encoder.meta["lora"]:
        return bert
    grown = grow(bert, torch.from_numpy(encoder.tensors["embeddings"]).float())
    matrices = {name: torch.from_numpy(t) for name, t in encoder.tensors.items() if name != "embeddings"}
    bert.embeddings.word_embeddings = grown.joined()
    return merge_lora(bert, encoder.meta["lora"], matrices)


def parted(understander: Artifact) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The LoRA matrices of an understander by peft's names, and the weights of its heads by `JointHeads`' own."""
    lora = {n: torch.from_numpy(t) for n, t in understander.tensors.items() if not n.startswith((_HEADS, PREFIX))}
    heads = {
        n.removeprefix(_HEADS): torch.from_numpy(t).float()
        for n, t in understander.tensors.items()
        if n.startswith(_HEADS)
    }
    return lora, heads


def joint_network(bert: BertModel, understander: Artifact) -> JointNetwork:
    """The understander on the bilingual base, its LoRA merged in."""
    lora, heads = parted(understander)
    meta = understander.meta
    joint = JointHeads(bert.config.hidden_size, len(meta["labels"]), len(meta["tags"]))
    joint.load_state_dict(heads)
    network = JointNetwork(merge_lora(bert, meta["lora"], lora), joint).eval()
    network.ngrams = Ngrams.of(understander)
    return network
