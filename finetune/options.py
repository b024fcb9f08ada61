"""The recipe on the command line: one option for each knob of `TrainConfig`, with its default."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, get_args

import click

from finetune.config import Adapter, Schedule, TrainConfig

F = TypeVar("F", bound=Callable[..., Any])
_DEFAULTS = TrainConfig()
_SHARE = click.FloatRange(0, 1)
_SOME = click.FloatRange(0)
_COUNT = click.IntRange(1)


def _option(flag: str, name: str, text: str, kind: Any = None, **more: Any) -> Callable[[F], F]:
    default = getattr(_DEFAULTS, name)
    return click.option(flag, name, type=kind, default=default, show_default=default is not None, help=text, **more)


_OPTIONS = (
    _option("--adapter", "adapter", "What is trained on the encoder.", click.Choice(get_args(Adapter))),
    _option("--rank", "lora_rank", "Rank of the adapter's matrices; AdaLoRA's mean.", _COUNT),
    _option("--alpha", "lora_alpha", "Scale of the adapter times its rank.  [default: twice the rank]", _COUNT),
    _option("--target", "lora_targets", "Layers that get it, by the end of their names; repeatable.", multiple=True),
    _option("--dropout", "lora_dropout", "Dropout before the adapter.", click.FloatRange(0, 0.9)),
    _option("--encoder-dropout", "encoder_dropout", "Dropout inside the encoder.", click.FloatRange(0, 0.9)),
    _option("--rate", "learning_rate", "Highest learning rate of the adapter.", _SOME),
    _option("--head-rate", "head_rate", "Highest learning rate of the heads.", _SOME),
    _option("--warmup", "warmup", "Share of the steps in which the rates rise.", _SHARE),
    _option("--schedule", "schedule", "How the rates go afterwards.", click.Choice(get_args(Schedule))),
    _option("--weight-decay", "weight_decay", "Pull of the weights towards nothing.", _SOME),
    _option("--epochs", "epochs", "Times through the examples, at most.", _COUNT),
    _option("--patience", "patience", "Looks at the development examples without gain before the end.", _COUNT),
    _option("--judge-every", "judged", "Epochs from one look at the development examples to the next.", _COUNT),
    _option("--batch", "batch", "Messages in a batch.", _COUNT),
    _option("--accumulate", "accumulate", "Batches in a step.", _COUNT),
    click.option("--bf16", "precision", flag_value="bf16", help="Matrix products in bfloat16."),
    click.option("--fp16", "precision", flag_value="fp16", help="Matrix products in half precision; on CUDA."),
    click.option("--fp32", "precision", flag_value="fp32", default=_DEFAULTS.precision, help="In full.  [default]"),
    _option("--checkpointing/--no-checkpointing", "checkpointing", "Less memory for more time (activations anew)."),
    _option("--label-smoothing", "label_smoothing", "Share of doubt in every label.", click.FloatRange(0, 0.9)),
    _option("--slot-weight", "tag_weight", "Weight of the slots in what is learned; the intent has 1.", _SOME),
    _option("--balanced/--as-is", "balanced", "Weigh rare intents more."),
    _option("--rdrop", "rdrop", "Weight of R-Drop's agreement of two readings; 1 to 5 are usual.", _SOME),
    _option("--adversary", "adversary", "Length of FGM's push, in embeddings' lengths; 0.1 to 1.", _SOME),
    _option(
        "--average", "average", "Decay of the weights' moving average; 0.99 to 0.999.", click.FloatRange(0, 0.9999)
    ),
    _option("--joined", "joined", "Share of messages of two requests to add.", _SOME),
    _option("--typos", "typos", "Share of badly typed messages to add.", _SOME),
    _option("--substitutions", "substitutions", "Share of messages with other words to add.", _SOME),
    _option("--hidden", "hidden", "Share of words that a message loses when it is read.", click.FloatRange(0, 0.9)),
    _option("--teaching", "teaching", "Share that teachers have in what is learned, beside the labels.", _SHARE),
    _option("--corrected/--trusted", "corrected", "Where teachers read another intent than the label, take the label."),
    _option("--outside", "outside", "The label of what lies outside every other; it may be absent in training."),
    _option("--reject", "reject", "Share of messages inside to give up for telling those outside.", _SHARE),
    _option("--refit/--no-refit", "refit", "Train once more at the end, on all examples."),
    _option("--seed", "seed", "The first seed; it also draws the portions of the data."),
    _option("--seeds", "seeds", "How many seeds to train; the best on the development set is kept.", _COUNT),
)


def recipe_options(command: F) -> F:
    """A command with all of them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def recipe(given: dict[str, Any]) -> TrainConfig:
    """The recipe out of a command's arguments."""
    return TrainConfig(**given)
