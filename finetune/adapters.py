"""The kinds of adapters that can be trained, and how each is saved as plain matrices.

LoRA (Hu et al. 2021, arXiv 2106.09685), DoRA (Liu et al. 2024, arXiv 2402.09353: direction and size of each weight
apart), AdaLoRA (Zhang et al. 2023, arXiv 2303.10512: the rank goes where it is needed), all by way of peft. AdaLoRA is
written down as LoRA: its singular values are multiplied into both matrices, so whoever merges knows two kinds only.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from peft import AdaLoraConfig, PeftModel, get_peft_model
from peft.tuners.adalora import SVDLinear
from torch import Tensor, nn
from transformers import BertModel

from finetune.config import TrainConfig
from nlu.network import add_lora, lora_tensors

_NAME = "default"
_SPARE = 1.5
"""AdaLoRA begins with this much more rank than it may keep, as its authors do."""
_APART = 0.1
"""Weight of the penalty that keeps AdaLoRA's singular vectors at right angles; the paper's figure."""


def check_targets(bert: nn.Module, targets: Sequence[str]) -> None:
    """ValueError where a name fits no linear layer."""
    names = [name for name, layer in bert.named_modules() if isinstance(layer, nn.Linear)]
    for target in targets:
        if not any(name == target or name.endswith(f".{target}") for name in names):
            known = ", ".join(sorted({name.rsplit(".", 1)[-1] for name in names}))
            raise ValueError(f"No linear layer is called {target!r}; there are {known}.")


def lora_meta(config: TrainConfig) -> dict[str, Any]:
    """What `nlu.network.add_lora` is told; part of the artefact."""
    meta: dict[str, Any] = {
        "r": config.lora_rank,
        "lora_alpha": config.alpha,
        "lora_dropout": config.lora_dropout,
        "target_modules": list(config.lora_targets),
    }
    return meta | {"use_dora": True} if config.adapter == "dora" else meta


def add_adapter(bert: BertModel, config: TrainConfig) -> PeftModel:
    """Put trainable matrices on a frozen network, in place. ValueError where a target fits nothing."""
    check_targets(bert, config.lora_targets)
    if config.adapter != "adalora":
        return add_lora(bert, lora_meta(config))
    wanted = AdaLoraConfig(
        target_r=config.lora_rank,
        init_r=round(_SPARE * config.lora_rank),
        lora_alpha=config.alpha,
        lora_dropout=config.lora_dropout,
        target_modules=list(config.lora_targets),
        total_step=10,  # not known yet; see `plan`
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the ways in which AdaLoRA's configuration differs from LoRA's
        model = get_peft_model(bert, wanted)
    with torch.no_grad():  # peft divides alpha by the rank it begins with; here it belongs to the one that is kept
        for layer in _svd_layers(model).values():
            layer.scaling[_NAME] = config.alpha * round(_SPARE * config.lora_rank) / config.lora_rank
    return model


def plan(model: PeftModel, steps: int) -> None:
    """Tell AdaLoRA how many steps there will be: a tenth at full rank, then pruning, the last three tenths as it is."""
    settings: Any = model.peft_config[_NAME]
    if isinstance(settings, AdaLoraConfig):
        settings.total_step = max(3, steps)
        settings.tinit, settings.tfinal = steps // 10, 3 * steps // 10
        settings.deltaT = max(1, steps // 100)


def allocate(model: PeftModel, step: int) -> None:
    """AdaLoRA's pruning, after a step of the optimizer and before the gradients are forgotten; else nothing."""
    if isinstance(model.peft_config[_NAME], AdaLoraConfig):
        tuner: Any = model.base_model
        tuner.update_and_allocate(step)


def settled(model: PeftModel, steps: int) -> bool:
    """Whether after so many steps the adapter has the rank that it will keep; before, its figures are not its own."""
    settings = model.peft_config[_NAME]
    if not isinstance(settings, AdaLoraConfig):
        return True
    whole = int(settings.total_step or 0)
    return steps > min(whole - int(settings.tfinal), whole - 1)


def apartness(model: PeftModel) -> Tensor | None:
    """AdaLoRA's penalty on singular vectors that are not at right angles; None for the others."""
    layers = _svd_layers(model).values()
    if not layers:
        return None
    found = [_skew(side) for layer in layers for side in (layer.lora_A[_NAME], layer.lora_B[_NAME].T)]
    return _APART * torch.stack(found).mean()


def adapter_tensors(model: PeftModel, meta: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """What to save: the meta for `nlu.network.merge_lora`, and the matrices by peft's names."""
    layers = _svd_layers(model)
    if not layers:
        return dict(meta), lora_tensors(model)
    halves = {name: _halves(layer) for name, layer in layers.items()}
    rank = max(1, max(len(a) for a, _ in halves.values()))
    tensors = {}
    for name, (a, b) in halves.items():
        tensors[f"{name}.lora_A.weight"] = nn.functional.pad(a, (0, 0, 0, rank - len(a)))
        tensors[f"{name}.lora_B.weight"] = nn.functional.pad(b, (0, rank - b.shape[1]))
    return {**meta, "r": rank, "lora_alpha": rank}, tensors


def _svd_layers(model: PeftModel) -> dict[str, Any]:
    return {name: layer for name, layer in model.named_modules() if isinstance(layer, SVDLinear)}


def _halves(layer: Any) -> tuple[Tensor, Tensor]:
    """(rank, in) and (out, rank) whose product is what the layer adds; singular values shared between them, so that
    neither side is too small for half precision.
    """
    a, b, values = (part[_NAME].detach() for part in (layer.lora_A, layer.lora_B, layer.lora_E))
    values = values.flatten() * layer.scaling[_NAME] / (layer.ranknum[_NAME] + 1e-5)
    kept = values != 0
    root = values[kept].abs().sqrt()
    return a[kept] * (root * values[kept].sign()).unsqueeze(1), b[:, kept] * root


def _skew(rows: Tensor) -> Tensor:
    length: Tensor = (rows @ rows.T - torch.eye(len(rows), device=rows.device)).norm()
    return length
