"""Fit what the turns of phrase vote for, beside a network that is there (nlu/ngrams.py), and calibrate both together.

    python -m finetune.ngrams --data finetune/data --model nlu/models/understander --out candidate

A linear model reads n-grams of the training split (logistic regression of scikit-learn), is cut to those that say
most and fitted again to these. In each language it gets the smallest share at which it and the network together read
about as many messages of the development set right as at best. The network's weights stay as they are. A training that
goes on from the result keeps the votes.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from finetune.calibrate import calibrated, natural
from finetune.encoders import open_encoder
from finetune.examples import BadExample, Example
from finetune.joining import join_pairs
from finetune.judge import logits_of
from finetune.judging_options import THREADS, data_option, encoder_option, model_option, outside_option
from finetune.readers import check_labels, network_of, open_understander, read_data
from nlu.artifact import Artifact, ModelBroken, ModelMissing, save_artifact
from nlu.decode import Floats, Logits
from nlu.fold import fold
from nlu.language import language_of
from nlu.ngrams import KINDS, LANGUAGES, PREFIX, Ngrams, ngrams_of, values, voted
from nlu.reading import MAX_CHARACTERS, Message

_SEED = 17
_LEAST, _LEAST_LETTERS = 2, 3
"""In how many messages an n-gram must occur."""
_ROUNDS = 40
"""Steps of the solver: on fifty thousand messages it is not at its end then, and what it votes changes no more."""
_SHARES = np.arange(0.0, 1.01, 0.1)


def fit(examples: Sequence[Example], labels: Sequence[str], most: int, strength: float) -> Ngrams:
    """The votes of at most so many n-grams; `strength` is the inverse of the penalty on weights. Labels without an
    example get the lowest bias. ValueError where there are not two labels to tell apart.
    """
    number = {label: at for at, label in enumerate(labels)}
    examples = [example for example in examples if example.intent in number]
    truth = np.array([number[example.intent] for example in examples])
    if len(set(truth.tolist())) < 2:
        raise ValueError("The examples have fewer than two of the adapter's intents; nothing can be told apart.")
    said = [ngrams_of(fold(example.text[:MAX_CHARACTERS]), example.context) for example in examples]
    terms = _frequent(said)
    if len(terms) > most:
        weights, _ = _fitted(said, terms, truth, len(labels), strength)
        keep = np.sort(np.argsort(-np.abs(weights).max(axis=1), kind="stable")[:most])
        terms = [terms[place] for place in keep.tolist()]
    weights, bias = _fitted(said, terms, truth, len(labels), strength)
    scale = max(float(np.abs(weights).max()) / 127, 1e-9)
    return Ngrams(terms, np.round(weights / scale).astype(np.int8), scale, bias)


def weighed(ngrams: Ngrams, shares: tuple[float, ...]) -> Ngrams:
    """The same votes with other shares."""
    return Ngrams(ngrams.terms, ngrams.weights, ngrams.scale, ngrams.bias, shares)


def best_share(scores: Floats, votes: Floats, truth: NDArray[np.int_]) -> float:
    """By how much the votes (messages, labels) should count beside the network's scores, 0..1: the smallest share that
    reads as many right as the best one but for a standard error (Hastie et al., "The Elements of Statistical Learning",
    7.10). `truth` holds the label of each; -1 is an unknown one.
    """
    known = truth >= 0
    if not known.any():
        return 0.0
    right = np.stack([(scores + share * votes)[known].argmax(axis=1) == truth[known] for share in _SHARES])
    short = right[right.mean(axis=1).argmax()].astype(float) - right
    near = short.mean(axis=1) <= short.std(axis=1) / known.sum() ** 0.5
    return float(_SHARES[near.argmax()])


def _frequent(said: Sequence[frozenset[str]]) -> list[str]:
    counts = Counter(ngram for ngrams in said for ngram in ngrams)
    return sorted(n for n, count in counts.items() if count >= (_LEAST_LETTERS if n[0] == "l" else _LEAST))


def _fitted(
    said: Sequence[frozenset[str]], terms: Sequence[str], truth: NDArray[np.int_], labels: int, strength: float
) -> tuple[Floats, Floats]:
    """(terms, labels) weights and (labels,) biases."""
    places = {term: place for place, term in enumerate(terms)}
    kinds = np.array([KINDS.index(term[0]) for term in terms], dtype=np.intp)
    rows = [np.array([places[n] for n in ngrams if n in places], dtype=np.int32) for ngrams in said]
    begins = np.cumsum([0, *map(len, rows)])
    counts = np.concatenate([values(kinds[row]) for row in rows])
    matrix = csr_matrix((counts, np.concatenate(rows), begins), shape=(len(rows), len(terms)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = LogisticRegression(C=strength, max_iter=_ROUNDS).fit(matrix, truth)
    found, lows = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # scikit-learn keeps one row for two classes
        found, lows = np.vstack([-found, found]), np.concatenate([-lows, lows])
    weights, bias = np.zeros((len(terms), labels), dtype=np.float32), np.full(labels, lows.min(), dtype=np.float32)
    weights[:, model.classes_], bias[model.classes_] = found.T, lows
    return weights, bias


@click.command(epilog="Example: python -m finetune.ngrams --data finetune/data --model runs/mine --out runs/voting")
@data_option
@model_option
@encoder_option()
@outside_option
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the adapter with its votes.")
@click.option("--most", type=click.IntRange(1), default=100_000, show_default=True, help="N-grams to keep.")
@click.option("--strength", type=click.FloatRange(0, min_open=True), default=8.0, show_default=True, help="1/penalty.")
@click.option("--threads", type=THREADS, default=1, show_default=True)
def main(
    data: tuple[Path, ...],
    model: Path,
    encoder: Path,
    outside: str,
    out: Path,
    most: int,
    strength: float,
    threads: int,
) -> None:
    """Add the votes of n-grams to an adapter, in the shares that suit the development set, and calibrate it."""
    torch.set_num_threads(threads)
    try:
        (_, train), (_, dev) = read_data(data, "train"), read_data(data, "dev")
        base = open_encoder(encoder)
        understander = open_understander(model, base)
        check_labels(understander, dev, outside)
        newer = voting(understander, base, train, dev, outside, most, strength)
        save_artifact(out, newer)
    except (BadExample, ModelMissing, ModelBroken, OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    shares = newer.tensors[f"{PREFIX}shares"].tolist()
    told = ", ".join(f"{share:.1f} in {language}" for language, share in zip(LANGUAGES, shares, strict=True))
    click.echo(f"{newer.version}: beside the network the votes of n-grams count for {told}.")


def voting(
    understander: Artifact,
    encoder: Artifact,
    train: Sequence[Example],
    dev: Sequence[Example],
    outside: str,
    most: int,
    strength: float,
) -> Artifact:
    """The understander with votes, calibrated."""
    labels = understander.meta["labels"]
    network, reader = network_of(encoder, understander)
    network.ngrams = None
    doubled = join_pairs(dev, len(dev) // 5, _SEED)
    read = logits_of(network, reader, [*dev, *doubled])
    ngrams = fit(train, labels, most, strength)
    weighed_in = weighed(ngrams, shares_of(ngrams, read, dev, labels))
    both = voted(weighed_in, [message for message, _ in read], [logits for _, logits in read])
    found = calibrated(both, dev, doubled, labels, outside)
    tensors = {name: tensor for name, tensor in understander.tensors.items() if not name.startswith(PREFIX)}
    meta = {**understander.meta, "temperature": found.temperature, "thresholds": found.thresholds(), "figures": {}}
    return Artifact(meta, {**tensors, **weighed_in.tensors()})


def shares_of(
    ngrams: Ngrams, read: Sequence[tuple[Message, Logits]], dev: Sequence[Example], labels: Sequence[str]
) -> tuple[float, ...]:
    """The best share in each language, by what `read` says of the messages of `dev`."""
    number = {label: at for at, label in enumerate(labels)}
    found = []
    for language in LANGUAGES:
        rows = [row for row in natural(dev) if language_of(read[row][0].folded) == language]
        truth = np.array([number.get(dev[row].intent, -1) for row in rows], dtype=int)
        if not (truth >= 0).any():
            found.append(0.0)
            continue
        votes = np.stack([ngrams.votes(read[row][0]) for row in rows])
        found.append(best_share(np.stack([read[row][1].intent for row in rows]), votes, truth))
    return tuple(found)


if __name__ == "__main__":
    main()
