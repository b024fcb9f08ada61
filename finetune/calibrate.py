"""Fit the few numbers that turn scores into honest probabilities, on the development set.

    python -m finetune.calibrate --data finetune/data --model nlu/models/understander --out candidate

Training does this at its end; the command does it again for an adapter that is there, on other messages or with a newer
rule, and leaves the weights as they are.

Drawn sentences are easier than people's: where the set has enough messages that were written one by one (their source
begins with "written"), the probabilities are fitted to these alone. That is never worse on the challenge set, and it
halved the calibration error of a weaker model there; a temperature of its own for each language gains nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np
import torch
from numpy.typing import NDArray

from finetune.encoders import open_encoder
from finetune.examples import BadExample, Example
from finetune.joining import join_pairs
from finetune.judge import logits_of
from finetune.judging_options import THREADS, data_option, encoder_option, model_option, outside_option, split_option
from finetune.readers import check_labels, network_of, open_understander, read_data
from finetune.roc import best_cut
from nlu.artifact import Artifact, ModelBroken, ModelMissing, save_artifact
from nlu.decode import SURE, Calibration, Floats, Logits, sigmoid, softmax
from nlu.network import JointNetwork
from nlu.outliers import OUTSIDE, outlier_scores
from nlu.reading import Reader

_SEED = 17
_TEMPERATURES = np.geomspace(0.25, 4.0, 81)
_THRESHOLDS = np.arange(0.3, 0.96, 0.025)
_MARGINS = np.arange(0.0, 0.96, 0.01)
_SURELY_WRONG = 0.015
"""How many of those called sure may be wrong: two careful readers of one message differ on one in a hundred."""
_ENOUGH = 300
"""From this many written messages on, probabilities are fitted to these alone."""
_WRONG = 0.05
"""What the margin should leave wrong among the messages that pass it."""
_ASKED = 0.08
"""The largest share of messages that may be asked back about: a shop that doubts more is tiresome."""


def calibrate(
    network: JointNetwork,
    reader: Reader,
    dev: Sequence[Example],
    doubled: Sequence[Example],
    labels: Sequence[str],
    outside: str = OUTSIDE,
) -> Calibration:
    """The temperature with the least surprise on `dev`; the margin under which to ask back; from where on to be sure;
    the score of messages outside every label and its threshold; and the threshold of further requests with the best
    F1 on `dev` and `doubled`, messages of two requests. `outside` names the label of everything else, if there is one.
    """
    read = logits_of(network, reader, [*dev, *doubled])
    return calibrated([logits for _, logits in read], dev, doubled, labels, outside)


def calibrated(
    found: Sequence[Logits], dev: Sequence[Example], doubled: Sequence[Example], labels: Sequence[str], outside: str
) -> Calibration:
    """The same from the logits of `dev` and behind them `doubled`."""
    examples = [*dev, *doubled]
    number = {label: at for at, label in enumerate(labels)}
    intents = np.stack([logits.intent for logits in found])
    also = sigmoid(np.stack([logits.also for logits in found]))
    also[np.arange(len(examples)), intents.argmax(-1)] = 0.0
    wanted = np.zeros_like(also, dtype=bool)
    for row, example in enumerate(examples):
        wanted[row, [number[label] for label in example.also if label in number]] = True
    rows = natural(dev)
    truth = np.array([number.get(dev[row].intent, -1) for row in rows])
    temperature = fit_temperature(intents[rows], truth)
    kind = "class" if outside in number else "softmax"
    scores = outlier_scores(kind, intents[rows], labels, outside, temperature)
    strange = np.array([dev[row].intent == outside for row in rows])
    chances = softmax(intents[rows] / temperature)
    outlier = best_cut(scores, strange).threshold
    further = _threshold(also, wanted)
    return Calibration(temperature, further, fit_margin(chances, truth), kind, outlier, fit_sure(chances, truth))


def natural(dev: Sequence[Example]) -> list[int]:
    """Places of the messages that probabilities are fitted to: the written ones where there are enough, else all."""
    written = [row for row, example in enumerate(dev) if example.source.startswith("written")]
    return written if len(written) >= _ENOUGH else list(range(len(dev)))


def fit_temperature(scores: Floats, truth: NDArray[np.int_]) -> float:
    """The temperature (Guo et al. 2017, arXiv 1706.04599) at which logits (messages, labels) surprise least.

    `truth` holds the label of each; -1 is one that the network does not know, which says nothing.
    """
    scores, truth = scores[truth >= 0], truth[truth >= 0]
    if not len(truth):
        return 1.0

    def surprise(temperature: float) -> float:
        chances = softmax(scores / temperature)[np.arange(len(truth)), truth]
        return float(-np.log(np.clip(chances, 1e-9, 1)).mean())

    return float(min(_TEMPERATURES, key=surprise))


def fit_margin(chances: Floats, truth: NDArray[np.int_]) -> float:
    """The smallest lead of the likeliest label (0..1) above which fewer than 5 % are read wrong, but none that asks
    back about more than 8 % of the messages.
    """
    if chances.shape[-1] < 2 or not len(truth):
        return 0.0
    ranked = np.sort(chances, axis=-1)
    lead, wrong = ranked[:, -1] - ranked[:, -2], chances.argmax(-1) != truth
    chosen = 0.0
    for margin in _MARGINS:
        above = lead >= margin
        if 1 - above.mean() > _ASKED:
            break
        chosen = float(round(margin, 2))
        if not above.any() or wrong[above].mean() < _WRONG:
            break
    return chosen


def fit_sure(chances: Floats, truth: NDArray[np.int_]) -> float:
    """The least probability of the likeliest label (SURE..1) from which on at most three in 200 are read wrong; 1
    where there is none. A temperature is fair on average and still leaves one in twenty wrong above 0.9, since most
    of what lies there is barely above.
    """
    confidence, wrong = chances.max(-1), chances.argmax(-1) != truth
    order = np.argsort(-confidence, kind="stable")
    above = confidence[order] > SURE
    share = np.cumsum(wrong[order]) / np.arange(1, len(order) + 1)
    fair = np.flatnonzero(above & (share <= _SURELY_WRONG))
    if not len(fair):
        return 1.0
    return float(confidence[order][fair[-1]]) if fair[-1] + 1 < above.sum() else SURE


def _threshold(chances: Floats, wanted: NDArray[np.bool_]) -> float:
    def f1(least: float) -> float:
        read = chances >= least
        right = (read & wanted).sum()
        return float(2 * right / max(1, read.sum() + wanted.sum()))

    return float(max(_THRESHOLDS, key=f1)) if wanted.any() else 0.9


@click.command(epilog="Example: python -m finetune.calibrate --data finetune/data --model candidate --out calibrated")
@data_option
@split_option("dev", "never those that judge.")
@model_option
@encoder_option()
@outside_option
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the calibrated adapter.")
@click.option("--threads", type=THREADS, default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print what was fitted for a machine.")
def main(
    data: tuple[Path, ...],
    split: str,
    model: Path,
    encoder: Path,
    outside: str,
    out: Path,
    threads: int,
    as_json: bool,
) -> None:
    """Calibrate an adapter anew: temperature, margin, and thresholds of what is sure, further or outside."""
    torch.set_num_threads(threads)
    try:
        _, dev = read_data(data, split)
        base = open_encoder(encoder)
        understander = open_understander(model, base)
        check_labels(understander, dev, outside)
        network, reader = network_of(base, understander)
        doubled = join_pairs(dev, len(dev) // 5, _SEED)
        found = calibrate(network, reader, dev, doubled, understander.meta["labels"], outside)
        fitted = {"temperature": found.temperature, "thresholds": found.thresholds()}
        newer = Artifact({**understander.meta, **fitted}, understander.tensors)
        save_artifact(out, newer)
    except (BadExample, ModelMissing, ModelBroken, OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(fitted) if as_json else f"{newer.version}: {fitted}")


if __name__ == "__main__":
    main()
