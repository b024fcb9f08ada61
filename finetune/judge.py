"""Read many labelled messages with a network and sum up how well it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from tokenizers import Encoding, Tokenizer

from finetune.examples import Example
from finetune.metrics import Judged, accuracy, calibration_error, further, macro_f1, slots
from nlu.decode import Calibration, Logits, decode
from nlu.network import JointNetwork
from nlu.reading import encode, inputs_of, words_in

_BATCH = 64


def logits_of(
    network: JointNetwork, tokenizer: Tokenizer, examples: Sequence[Example]
) -> list[tuple[Encoding, Logits]]:
    """Encodings and logits of all examples, in their order."""
    encodings = [encode(tokenizer, example.text, example.context) for example in examples]
    order = sorted(range(len(examples)), key=lambda at: len(encodings[at].ids))
    found: list[Logits | None] = [None] * len(examples)
    for at in range(0, len(order), _BATCH):
        rows = order[at : at + _BATCH]
        for row, logits in zip(rows, _run(network, [encodings[row] for row in rows]), strict=True):
            found[row] = logits
    return [(encoding, logits) for encoding, logits in zip(encodings, found, strict=True) if logits]


@torch.inference_mode()
def _run(network: JointNetwork, encodings: Sequence[Encoding]) -> Iterator[Logits]:
    inputs = {name: torch.from_numpy(array) for name, array in inputs_of(encodings).items()}
    outputs = [output.float().numpy() for output in network.eval()(**inputs)]
    for row in range(len(encodings)):
        yield Logits(*(output[row] for output in outputs))


def read_all(
    network: JointNetwork,
    tokenizer: Tokenizer,
    examples: Sequence[Example],
    labels: Sequence[str],
    calibration: Calibration,
) -> list[Judged]:
    """Each example as the bare network reads it, before any rule."""
    return [
        _judge(example, encoding, logits, labels, calibration)
        for example, (encoding, logits) in zip(examples, logits_of(network, tokenizer, examples), strict=True)
    ]


def _judge(
    example: Example, encoding: Encoding, logits: Logits, labels: Sequence[str], calibration: Calibration
) -> Judged:
    reading = decode(logits, words_in(encoding), example.text, labels, calibration)
    return Judged(
        example.intent, reading.intent, reading.confidence, example.also, reading.also, example.spans, reading.spans
    )


def summary(judged: Sequence[Judged]) -> dict[str, float]:
    """The headline figures, each 0..1."""
    return {
        "accuracy": accuracy(judged),
        "macro_f1": macro_f1(judged),
        "slot_f1": slots(judged)["all"].f1,
        "also_f1": further(judged).f1,
        "ece": calibration_error(judged),
    }
