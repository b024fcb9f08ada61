"""Which score tells best what lies outside every intent? The scores of one model side by side.

    python -m finetune.outliers --data finetune/data --split dev

Scores of the logits (nlu/outliers.py) can serve as they are. Distances to the means of the intents, in the space that
the intent head reads, are measured too, by messages of the training set; to serve them the network would need another
output.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch
from numpy.typing import NDArray

from finetune.encoders import open_encoder
from finetune.examples import BadExample, Example
from finetune.figures import bootstrap, interval
from finetune.judge import logits_by_length
from finetune.judging_options import THREADS, data_option, encoder_option, model_option, outside_option, split_option
from finetune.readers import check_labels, network_of, open_understander, read_data
from finetune.render import percent
from finetune.roc import KEPT, auroc, aurocs, best_cut, keeping
from nlu.artifact import ModelBroken, ModelMissing
from nlu.network import JointNetwork
from nlu.outliers import OUTSIDE, SCORES, outlier_scores
from nlu.reading import Reader

Numbers = NDArray[np.float64]
_EACH = 150
"""Training messages of an intent that its mean is taken from."""
_SHRUNK = 1e-3


def features_of(
    network: JointNetwork, reader: Reader, examples: Sequence[Example]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Logits (messages, labels) and what the intent head reads (messages, width), the graph left as it is."""
    caught: list[NDArray[np.float32]] = []

    def catch(module: torch.nn.Module, given: Any, made: torch.Tensor) -> None:
        caught.append(made.detach().float().numpy().copy())

    hook = network.heads.whole.register_forward_hook(catch)
    try:
        messages = [reader(example.text, example.context) for example in examples]
        rows, logits = zip(*logits_by_length(network, messages), strict=True)
    finally:
        hook.remove()
    back = np.argsort(rows)  # batches ran by length
    return np.stack([row.intent for row in logits])[back], np.concatenate(caught)[back]


class Means:
    """The means of the intents and the spread about them, from features (messages, width) and their intents."""

    def __init__(self, features: NDArray[np.float32], intents: Sequence[str], outside: str = OUTSIDE) -> None:
        """`outside` has a mean of its own where there are messages of it, and no part in the shared spread."""
        inside = sorted(set(intents) - {outside})
        names = np.array(intents)
        wide = features.astype(np.float64)
        self.means = np.stack([wide[names == name].mean(0) for name in inside])
        self.all = wide.mean(0)
        self.outside = wide[names == outside].mean(0) if outside in intents else None
        gaps = np.concatenate([wide[names == name] - mean for name, mean in zip(inside, self.means, strict=True)])
        self._shape = _precision(gaps)
        self._shape_of_all = _precision(wide - self.all)

    def distances(self, features: NDArray[np.float32]) -> dict[str, Numbers]:
        """Scores (messages,) by name, each rising with strangeness."""
        wide = features.astype(np.float64)
        near = np.stack([_squared(wide - mean, self._shape) for mean in self.means]).min(0)
        angles = _unit(wide) @ _unit(self.means).T
        found = {
            "mahalanobis": near,  # Lee et al. 2018, arXiv 1807.03888
            "relative mahalanobis": near - _squared(wide - self.all, self._shape_of_all),  # Ren et al. 2021, 2106.09022
            "cosine": 1 - angles.max(1),
        }
        if self.outside is not None:
            found["cosine to the class"] = (_unit(wide) @ _unit(self.outside[None]).T)[:, 0] - angles.max(1)
        return found


def scores_of(
    logits: NDArray[np.float32], features: NDArray[np.float32], means: Means | None, labels: Sequence[str], outside: str
) -> dict[str, NDArray[Any]]:
    """Every score that there is for a model, by name."""
    kinds = (["class"] if outside in labels else []) + list(SCORES)
    found: dict[str, NDArray[Any]] = {kind: outlier_scores(kind, logits, labels, outside) for kind in kinds}
    return found | (means.distances(features) if means else {})


def ranked(scores: Mapping[str, NDArray[Any]], strange: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """One row a score, the best area on top: `auroc` with its 95 % interval, `recall_at_95_kept`, and the threshold of
    the best F1 with what comes of it. `serves` says whether the logits alone give it.
    """

    def areas(weights: Numbers) -> dict[str, Numbers]:
        return {name: aurocs(values, strange, weights) for name, values in scores.items()}

    drawn = bootstrap(areas, len(strange), draws=500)
    rows = [
        {
            "score": name,
            "auroc": auroc(values, strange),
            "interval": interval(drawn[name]),
            "recall_at_95_kept": keeping(values, strange, KEPT).recall,
            "best": asdict(best_cut(values, strange)),
            "serves": name == "class" or name in SCORES,
        }
        for name, values in scores.items()
    ]
    return sorted(rows, key=lambda row: -float(row["auroc"]))


def sample(examples: Sequence[Example], each: int = _EACH, seed: int = 0) -> list[Example]:
    """Up to `each` messages of every intent, drawn without replacement."""
    chance = np.random.default_rng(seed)
    found = []
    for intent in sorted({example.intent for example in examples}):
        rows = [example for example in examples if example.intent == intent]
        found += [rows[at] for at in chance.permutation(len(rows))[:each]]
    return found


@click.command(epilog="Example: python -m finetune.outliers --data finetune/data --split dev")
@data_option
@split_option("dev")
@click.option(
    "--train",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    help="Training messages for the distances; without it those of the folders of --data.",
)
@model_option
@encoder_option()
@outside_option
@click.option("--threads", type=THREADS, default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the table for a machine.")
def main(
    data: tuple[Path, ...],
    split: str,
    train: tuple[Path, ...],
    model: Path,
    encoder: Path,
    outside: str,
    threads: int,
    as_json: bool,
) -> None:
    """Compare scores of messages that lie outside every intent: AUROC, recall at 95 % kept, best threshold."""
    torch.set_num_threads(threads)
    try:
        _, examples = read_data(data, split)
        strange = np.array([example.intent == outside for example in examples])
        if not strange.any() or strange.all():
            raise BadExample(f"The data must have messages of {outside!r} and others; name the label with --outside.")
        base = open_encoder(encoder)
        understander = open_understander(model, base)
        check_labels(understander, examples, outside)
        known = sample(_training(train or data, named=bool(train)))
        network, reader = network_of(base, understander)
    except (BadExample, ModelMissing, ModelBroken, OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    means = None
    if known:
        _, learned = features_of(network, reader, known)
        means = Means(learned, [example.intent for example in known], outside)
    logits, features = features_of(network, reader, examples)
    rows = ranked(scores_of(logits, features, means, understander.meta["labels"], outside), strange)
    click.echo(json.dumps(rows) if as_json else _table(rows, int(strange.sum()), len(examples)))


def _training(paths: Sequence[Path], *, named: bool) -> list[Example]:
    """The training messages; none where nobody named any and the folders have none."""
    folders = [path for path in paths if named or (path.is_dir() and any(path.glob("train*.jsonl")))]
    return read_data(folders, "train")[1] if folders else []


def _table(rows: Sequence[Mapping[str, Any]], strange: int, count: int) -> str:
    lines = [f"{strange} of {count} messages lie outside. All in percent but the threshold."]
    lines.append(
        f"{'score':<24}{'AUROC':>7}{'95 %':>15}{'recall at 95 kept':>19}{'threshold':>12}"
        f"{'F1':>7}{'recall':>8}{'kept':>7}"
    )
    for row in rows:
        low, high = row["interval"] or (None, None)
        best = row["best"]
        lines.append(
            f"{row['score'] + ('' if row['serves'] else ' *'):<24}{percent(row['auroc']):>7}"
            f"{percent(low) + ' to ' + percent(high):>15}{percent(row['recall_at_95_kept']):>19}"
            f"{best['threshold']:>12.3f}{percent(best['f1']):>7}{percent(best['recall']):>8}{percent(best['kept']):>7}"
        )
    return "\n".join([*lines, "* needs the features of the network, which serving does not give out"])


def _precision(gaps: Numbers) -> Numbers:
    """The inverse of the covariance, shrunk a little towards a ball so that it exists."""
    spread = gaps.T @ gaps / len(gaps)
    return np.linalg.inv(spread + max(_SHRUNK * np.trace(spread) / len(spread), 1e-12) * np.eye(len(spread)))


def _squared(gaps: Numbers, shape: Numbers) -> Numbers:
    return np.asarray(((gaps @ shape) * gaps).sum(1))


def _unit(rows: Numbers) -> Numbers:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))


if __name__ == "__main__":
    main()
