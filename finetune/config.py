"""Every knob of the understander's recipe, with defaults for any labels; the meta of the shipped one holds its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nlu.network import LINEAR_LAYERS
from nlu.outliers import OUTSIDE

Adapter = Literal["lora", "dora", "adalora"]
Schedule = Literal["one-cycle", "cosine", "linear", "constant"]
Precision = Literal["fp32", "bf16", "fp16"]


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Saved in the artefact and in the run folder. Shares are 0..1; None for `lora_alpha` is twice the rank."""

    adapter: Adapter = "lora"
    lora_rank: int = 16
    lora_alpha: int | None = None
    lora_targets: tuple[str, ...] = LINEAR_LAYERS
    lora_dropout: float = 0.05
    encoder_dropout: float = 0.1
    learning_rate: float = 1e-3
    head_rate: float = 1e-3
    warmup: float = 0.1
    schedule: Schedule = "one-cycle"
    weight_decay: float = 0.01
    epochs: int = 7
    patience: int = 3
    judged: int = 1
    batch: int = 32
    accumulate: int = 1
    precision: Precision = "fp32"
    checkpointing: bool = False
    label_smoothing: float = 0.05
    tag_weight: float = 1.0
    also_weight: float = 0.5
    negation_weight: float = 0.5
    balanced: bool = False
    rdrop: float = 0.0
    adversary: float = 0.0
    average: float = 0.0
    joined: float = 0.15
    typos: float = 0.0
    substitutions: float = 0.0
    hidden: float = 0.0
    teaching: float = 0.8
    corrected: bool = False
    reject: float = 0.0
    outside: str = OUTSIDE
    refit: bool = False
    seed: int = 17
    seeds: int = 1

    @property
    def alpha(self) -> int:
        """What the matrices' product is multiplied with, times the rank."""
        return 2 * self.lora_rank if self.lora_alpha is None else self.lora_alpha
