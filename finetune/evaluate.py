"""Judge the understander on labelled messages, with the rules beside it.

    python -m finetune.evaluate --data finetune/data --split dev

The `network` column is the bare network, `understander` is what the bot gets (network and rules together),
`rules` is the twin alone. A model whose labels are not the shop's own has only the first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from finetune.examples import BadExample, Example, read_examples, split_files
from finetune.judge import read_all, summary
from finetune.metrics import Judged, confusions, per_intent, slots
from nlu.artifact import SHIPPED, Artifact, ModelBroken, ModelMissing, load_artifact
from nlu.decode import Calibration
from nlu.export import check_base
from nlu.loading import load_understander
from nlu.network import bilingual_bert, joint_network
from nlu.reading import Reader
from nlu.rules import RulesUnderstander
from nlu.tags import Span
from nlu.tokens import load_tokenizer
from storage.records import Context, Intent, Understanding
from storage.terms import base_vocabulary

Understand = Callable[[str, Context], Understanding]


def judge_network(encoder: Artifact, understander: Artifact, examples: Sequence[Example]) -> list[Judged]:
    """The bare network; works for any labels."""
    network = joint_network(bilingual_bert(encoder), understander)
    meta = understander.meta
    calibration = Calibration(meta["temperature"], meta["thresholds"]["also"])
    reader = Reader(load_tokenizer(encoder.meta["characters"]), base_vocabulary())
    return read_all(network, reader, examples, meta["labels"], calibration)


def judge(understand: Understand, examples: Sequence[Example]) -> list[Judged]:
    """An understander as the bot calls it."""
    found = []
    for example in examples:
        read = understand(example.text, example.context)
        spans = tuple(Span(slot.name, slot.start, slot.end, slot.negated) for slot in read.slots)
        found.append(
            Judged(
                example.intent, str(read.intent), read.confidence, example.also, tuple(map(str, read.also)),
                example.spans, spans,
            )
        )  # fmt: skip
    return found


def report(judged: Sequence[Judged]) -> dict[str, Any]:
    """All figures of one column, ready for JSON."""
    return {
        **summary(judged),
        "messages": len(judged),
        "intents": {name: asdict(score) for name, score in per_intent(judged).items()},
        "slots": {name: asdict(score) for name, score in slots(judged).items()},
        "slot_f1_without_negation": slots(judged, with_negation=False)["all"].f1,
        "confusions": confusions(judged),
    }


def columns(
    encoder: Artifact, folder: Path, encoder_folder: Path, cache: Path, examples: Sequence[Example]
) -> dict[str, list[Judged]]:
    """Every reader there is for these labels, by name. `cache` keeps the derived ONNX file."""
    understander = load_artifact(folder, "understander")
    found = {"network": judge_network(encoder, understander, examples)}
    if set(understander.meta["labels"]) <= set(Intent):
        vocabulary = base_vocabulary()
        whole = load_understander(cache, vocabulary, folder=folder, encoder_folder=encoder_folder)
        found["understander"] = judge(whole.understand, examples)
        found["rules"] = judge(RulesUnderstander(vocabulary).understand, examples)
    return found


@click.command(epilog="Example: python -m finetune.evaluate --data finetune/data --split challenge --json")
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True),
    required=True,
    multiple=True,
    help="A folder with SPLIT.*.jsonl, or a JSONL file; repeatable.",
)
@click.option("--split", default="dev", show_default=True, help="Which files of a folder.")
@click.option("--model", type=click.Path(path_type=Path), default=SHIPPED / "understander", help="The understander.")
@click.option("--encoder", type=click.Path(path_type=Path), default=SHIPPED / "encoder", help="Its encoder.")
@click.option("--cache", type=click.Path(path_type=Path), help="Where the derived ONNX file is kept, if anywhere.")
@click.option("--mistakes", is_flag=True, help="Print every message whose intent the understander read wrong.")
@click.option("--json", "as_json", is_flag=True, help="Print all figures for a machine.")
def main(
    data: tuple[Path, ...],
    split: str,
    model: Path,
    encoder: Path,
    cache: Path | None,
    mistakes: bool,
    as_json: bool,
) -> None:
    """Accuracy, macro-F1, slot F1, calibration and confusions, by language and reader."""
    with TemporaryDirectory() as passing:
        try:
            files = [f for path in data for f in (split_files(path, split) if path.is_dir() else [path])]
            examples = read_examples(files)
            if not examples:
                raise BadExample(f"There is no example in {', '.join(map(str, files))}.")
            base = load_artifact(encoder, "encoder")
            check_base(base)
            read = columns(base, model, encoder, cache or Path(passing), examples)
        except (BadExample, FileNotFoundError, ModelMissing, ModelBroken) as error:
            raise click.ClickException(str(error)) from error
    figures = {reader: _by_language(examples, judged) for reader, judged in read.items()}
    click.echo(json.dumps(figures, ensure_ascii=False) if as_json else _table(figures))
    if mistakes:
        _mistakes(examples, read.get("understander", read["network"]))


def _by_language(examples: Sequence[Example], judged: Sequence[Judged]) -> dict[str, dict[str, Any]]:
    parts = {"all": list(judged)}
    for language in sorted({example.language for example in examples}):
        parts[language] = [j for e, j in zip(examples, judged, strict=True) if e.language == language]
    return {name: report(part) for name, part in parts.items()}


def _table(figures: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> str:
    lines = [f"{'':<22}{'messages':>9}{'accuracy':>10}{'macro-F1':>10}{'slots':>8}{'also':>8}{'ECE':>8}"]
    for reader, parts in figures.items():
        for language, f in parts.items():
            lines.append(
                f"{reader + ' ' + language:<22}{f['messages']:>9}{f['accuracy']:>10.3f}{f['macro_f1']:>10.3f}"
                f"{f['slot_f1']:>8.3f}{f['also_f1']:>8.3f}{f['ece']:>8.3f}"
            )
    chief = figures.get("understander") or figures["network"]
    lines += ["", f"{'intent':<22}{'precision':>10}{'recall':>10}{'F1':>8}{'count':>8}"]
    for kind in ("intents", "slots"):
        for name, s in chief["all"][kind].items():
            lines.append(f"{name:<22}{s['precision']:>10.3f}{s['recall']:>10.3f}{s['f1']:>8.3f}{s['support']:>8}")
    lines += ["", "most often read wrong (meant, read, times):"]
    lines += [f"  {meant} -> {got}: {times}" for meant, got, times in chief["all"]["confusions"]]
    return "\n".join(lines)


def _mistakes(examples: Sequence[Example], judged: Sequence[Judged]) -> None:
    for example, j in zip(examples, judged, strict=True):
        if j.intent != j.read:
            click.echo(f"{example.intent} read as {j.read} ({j.confidence:.2f}): {example.text!r} {example.context}")


if __name__ == "__main__":
    main()
