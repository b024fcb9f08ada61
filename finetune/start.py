"""Going on from an earlier adapter: its matrices, and its heads label by label, so that a new label begins anew while
all others keep what they know.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from finetune.adapters import lora_meta
from finetune.config import TrainConfig
from nlu.artifact import Artifact
from nlu.network import JointNetwork, load_lora, parted
from nlu.ngrams import Ngrams
from nlu.tags import TAGS

_BY_LABEL = ("intent.", "also.")


def start_from(network: JointNetwork, earlier: Artifact, labels: Sequence[str], config: TrainConfig) -> None:
    """Fill a network in place; n-grams that vote beside it are kept where the labels are. ValueError where the earlier
    adapter is of another kind, rank, place or tag set: an adapter that adds its matrices elsewhere cannot be gone on
    from.
    """
    if config.adapter == "adalora":
        raise ValueError("AdaLoRA spreads its rank anew in every training; it starts from nothing.")
    _check(earlier, config)
    lora, heads = parted(earlier)
    load_lora(network.bert, lora)
    own, known = network.heads.state_dict(), earlier.meta["labels"]
    by_label = {name: _placed(own[name], heads[name], known, labels) for name in own if name.startswith(_BY_LABEL)}
    network.heads.load_state_dict(heads | by_label)
    network.ngrams = Ngrams.of(earlier) if list(known) == list(labels) else None


def _placed(fresh: Tensor, old: Tensor, known: Sequence[str], labels: Sequence[str]) -> Tensor:
    """The fresh rows, with those of labels known before put in their places."""
    rows = fresh.clone()
    for at, label in enumerate(labels):
        if label in known:
            rows[at] = old[known.index(label)]
    return rows


def _check(earlier: Artifact, config: TrainConfig) -> None:
    kind = ("r", "lora_alpha", "target_modules", "use_dora")
    theirs, ours = ({k: meta.get(k) for k in kind} for meta in (earlier.meta["lora"], lora_meta(config)))
    if theirs != ours:
        said = ", ".join(
            f"{name} {theirs[name]} there and {ours[name]} here" for name in kind if theirs[name] != ours[name]
        )
        raise ValueError(
            f"{earlier.version} cannot be gone on from: {said}; give the same options as it was trained with."
        )
    if list(earlier.meta["tags"]) != list(TAGS):
        raise ValueError(f"{earlier.version} marks other slots than this program; train without --start.")
