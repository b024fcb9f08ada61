"""Whatever can read a message, opened by name and put before labelled ones: adapters, alone or whole, and the rules.

A reader is the folder of an understander or the word `rules`. An adapter whose labels are the shop's is judged as the
bot has it, network and rules together, unless the bare network is asked for; one with other labels is always bare.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tqdm import tqdm

from finetune.examples import BadExample, Example, read_some, split_files
from finetune.judge import read_all
from finetune.metrics import Judged
from nlu.artifact import Artifact, ModelBroken, check_pair, load_artifact
from nlu.decode import Calibration
from nlu.loading import load_understander
from nlu.network import JointNetwork, bilingual_bert, joint_network
from nlu.outliers import OUTSIDE
from nlu.reading import Reader
from nlu.rules import RulesUnderstander
from nlu.tags import Span
from nlu.tokens import load_tokenizer
from storage.records import Context, Intent, Understanding
from storage.terms import base_vocabulary

Understand = Callable[[str, Context], Understanding]
RULES = "rules"


def read_data(data: Sequence[Path], split: str) -> tuple[list[Path], list[Example]]:
    """The files that `data` names, folders giving those of the split, and their examples. BadExample otherwise."""
    files: list[Path] = []
    try:
        for path in data:
            files += split_files(path, split) if path.is_dir() else [path]
        return files, read_some(files)
    except OSError as error:
        raise BadExample(str(error)) from error


def open_understander(folder: Path, encoder: Artifact) -> Artifact:
    """An adapter of this encoder. Raises ModelMissing, or ModelBroken where it is of another."""
    understander = load_artifact(folder, "understander")
    check_pair(understander, encoder, "name its own with --encoder")
    return understander


def is_of_shop(understander: Artifact) -> bool:
    """Whether its labels are the shop's, so that the bot can use it."""
    return set(understander.meta["labels"]) <= set(Intent)


def network_of(encoder: Artifact, understander: Artifact) -> tuple[JointNetwork, Reader]:
    """The merged network of an adapter and the reader that feeds it. ModelBroken where the matrices do not fit."""
    try:
        network = joint_network(bilingual_bert(encoder), understander)
    except (ValueError, RuntimeError, KeyError) as error:
        raise ModelBroken(f"{understander.version} does not fit its base ({error}); restore or retrain it.") from error
    return network, Reader(load_tokenizer(encoder.meta["characters"]), base_vocabulary())


def judge_network(
    encoder: Artifact, understander: Artifact, examples: Sequence[Example], outside: str = OUTSIDE
) -> list[Judged]:
    """The bare network; works for any labels. ModelBroken where the matrices do not fit."""
    network, reader = network_of(encoder, understander)
    return read_all(network, reader, examples, understander.meta["labels"], Calibration.of(understander.meta), outside)


def judge(understand: Understand, examples: Sequence[Example], outside: str = OUTSIDE, name: str = "") -> list[Judged]:
    """An understander as the bot calls it, message by message; a bar shows on a terminal."""
    found = []
    for example in tqdm(examples, desc=name, disable=None, leave=False, file=sys.stderr, mininterval=0.5):
        read = understand(example.text, example.context)
        first, second = [*read.top, (read.intent, 0.0)][:2]
        found.append(
            Judged(
                example.intent,
                str(read.intent),
                read.confidence,
                example.also,
                tuple(map(str, read.also)),
                example.spans,
                tuple(Span(slot.name, slot.start, slot.end, slot.negated) for slot in read.slots),
                str(second[0]),
                first[1] - second[1],
                _chance_of(outside, read),
            )
        )
    return found


def judge_reader(
    name: str,
    encoder: Artifact,
    encoder_folder: Path,
    cache: Path,
    examples: Sequence[Example],
    *,
    bare: bool = False,
    outside: str = OUTSIDE,
) -> list[Judged]:
    """One reader by name: `rules` or the folder of an adapter. `cache` keeps derived ONNX files."""
    vocabulary = base_vocabulary()
    if name == RULES:
        return judge(RulesUnderstander(vocabulary).understand, examples, outside, name)
    understander = open_understander(Path(name), encoder)
    if bare or not is_of_shop(understander):
        return judge_network(encoder, understander, examples, outside)
    whole = load_understander(cache, vocabulary, folder=Path(name), encoder_folder=encoder_folder)
    return judge(whole.understand, examples, outside, Path(name).name)


def columns(
    encoder: Artifact,
    folder: Path,
    encoder_folder: Path,
    cache: Path,
    examples: Sequence[Example],
    outside: str = OUTSIDE,
) -> dict[str, list[Judged]]:
    """Every reader there is for the labels of one adapter: the network, and where they are the shop's the whole
    understander and the rules beside it.
    """
    understander = open_understander(folder, encoder)
    check_labels(understander, examples, outside)
    found = {"network": judge_network(encoder, understander, examples, outside)}
    if is_of_shop(understander):
        found["understander"] = judge_reader(str(folder), encoder, encoder_folder, cache, examples, outside=outside)
        found[RULES] = judge_reader(RULES, encoder, encoder_folder, cache, examples, outside=outside)
    return found


def check_labels(understander: Artifact, examples: Sequence[Example], outside: str = OUTSIDE) -> None:
    """BadExample where the adapter knows none of the intents that the messages mean."""
    meant = {example.intent for example in examples} - {outside}
    if meant and not meant & set(understander.meta["labels"]):
        some = ", ".join(sorted(meant)[:3])
        raise BadExample(
            f"{understander.version} knows none of the intents in the data ({some}, ...); train one on them."
        )


def _chance_of(label: str, read: Understanding) -> float:
    """The probability of a label; where it is not among those named, an equal share of what they leave over."""
    named = {str(intent): chance for intent, chance in read.top}
    left = max(0.0, 1 - sum(named.values())) / max(1, len(Intent) - len(named))
    return named.get(label, left)
