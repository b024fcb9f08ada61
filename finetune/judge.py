"""Read many labelled messages with a network and sum up how well it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch

from finetune.examples import Example
from finetune.metrics import Judged, accuracy, calibration_error, further, macro_f1, slots
from nlu.decode import Calibration, Decoder, Logits
from nlu.inference import packed, unpacked
from nlu.network import JointNetwork
from nlu.ngrams import voted
from nlu.outliers import OUTSIDE
from nlu.reading import Message, Reader

_BATCH = {"cpu": 64}
_BATCH_ON_GPU = 512


def logits_of(network: JointNetwork, reader: Reader, examples: Sequence[Example]) -> list[tuple[Message, Logits]]:
    """Messages and logits of all examples, in their order."""
    messages = messages_of(reader, examples)
    found = dict(logits_by_length(network, messages))
    return [(message, found[row]) for row, message in enumerate(messages)]


def messages_of(reader: Reader, examples: Sequence[Example]) -> list[Message]:
    """The examples ready for the network; who asks about them again and again keeps these."""
    return [reader(example.text, example.context) for example in examples]


def logits_by_length(network: JointNetwork, messages: Sequence[Message]) -> Iterator[tuple[int, Logits]]:
    """The place of each message with its logits, those of like length together, so that a batch is padded little."""
    size = _BATCH.get(network.heads.follows.device.type, _BATCH_ON_GPU)
    order = sorted(range(len(messages)), key=lambda at: len(messages[at].encoding.ids))
    for at in range(0, len(order), size):
        rows = order[at : at + size]
        yield from zip(rows, _run(network, [messages[row] for row in rows]), strict=True)


@torch.inference_mode()
def _run(network: JointNetwork, messages: Sequence[Message]) -> list[Logits]:
    arrays = packed(messages)
    device = network.heads.follows.device
    inputs = {name: torch.from_numpy(array).to(device) for name, array in arrays.items()}
    found = unpacked([output.float().cpu().numpy() for output in network.eval()(**inputs)])
    return voted(network.ngrams, messages, found)


def read_all(
    network: JointNetwork,
    reader: Reader,
    examples: Sequence[Example],
    labels: Sequence[str],
    calibration: Calibration,
    outside: str = OUTSIDE,
) -> list[Judged]:
    """Each example as the network alone reads it, before anything is merged. `outside` names the label of everything
    else; where the network never learned it, a message too far from every label is read as that.
    """
    return read_messages(network, messages_of(reader, examples), examples, labels, calibration, outside)


def read_messages(
    network: JointNetwork,
    messages: Sequence[Message],
    examples: Sequence[Example],
    labels: Sequence[str],
    calibration: Calibration,
    outside: str = OUTSIDE,
) -> list[Judged]:
    """As `read_all`, where the examples have been made messages before."""
    logits = dict(logits_by_length(network, messages))
    read = [(message, logits[row]) for row, message in enumerate(messages)]
    return decoded(network, read, examples, labels, calibration, outside)


def decoded(
    network: JointNetwork,
    read: Sequence[tuple[Message, Logits]],
    examples: Sequence[Example],
    labels: Sequence[str],
    calibration: Calibration,
    outside: str = OUTSIDE,
) -> list[Judged]:
    """As `read_all`, where the network has been asked before: `read` is what `logits_of` gave."""
    decoder = Decoder(labels, calibration, network.heads.follows.detach().cpu().numpy(), outside)
    return [
        _judge(example, message, logits, decoder) for example, (message, logits) in zip(examples, read, strict=True)
    ]


def _judge(example: Example, message: Message, logits: Logits, decoder: Decoder) -> Judged:
    reading = decoder(logits, message.words, example.text)
    unknown = reading.outside and decoder.outside_label not in decoder.labels
    return Judged(
        example.intent,
        decoder.outside_label if unknown else reading.intent,
        reading.confidence,
        example.also,
        reading.also,
        example.spans,
        reading.spans,
        reading.top[1][0] if len(reading.top) > 1 else "",
        reading.margin,
        reading.outlier,
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
