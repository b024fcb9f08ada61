"""Judge the understander on labelled messages, with the rules beside it.

    python -m finetune.evaluate --data finetune/data --split test --html page.html

The `network` column is the bare network, `understander` is what the bot gets (network and rules together),
`rules` is the twin alone. A model whose labels are not the shop's own has only the first; `--outside` then says which
label stands for everything else.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import torch

from finetune.encoders import open_encoder
from finetune.examples import BadExample, Example
from finetune.figures import HEADLINES
from finetune.judging_options import THREADS, data_option, encoder_option, model_option, outside_option, split_option
from finetune.metrics import Judged
from finetune.readers import columns, read_data
from finetune.render import percent, render
from finetune.report import by_language
from nlu.artifact import ModelBroken, ModelMissing
from nlu.whole import write_whole

_SHORT = {
    "accuracy": "accuracy",
    "macro_f1": "macro-F1",
    "slot_f1": "slots",
    "also_f1": "also",
    "ece": "ECE",
    "auroc": "AUROC",
    "sure_wrong": "wrong>.9",
    "sure_wrong_of_all": "of all",
    "outside_recall": "outside",
}


@click.command(epilog="Example: python -m finetune.evaluate --data finetune/data --split challenge --html page.html")
@data_option
@split_option("dev")
@model_option
@encoder_option()
@outside_option
@click.option("--cache", type=click.Path(path_type=Path), help="Where the derived ONNX file is kept, if anywhere.")
@click.option("--threads", type=THREADS, default=1, show_default=True, help="Threads of the bare network.")
@click.option("--mistakes", is_flag=True, help="Print every message whose intent the understander read wrong.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page with plots here.")
@click.option("--json", "as_json", is_flag=True, help="Print all figures for a machine.")
def main(
    data: tuple[Path, ...],
    split: str,
    model: Path,
    encoder: Path,
    outside: str,
    cache: Path | None,
    threads: int,
    mistakes: bool,
    html: Path | None,
    as_json: bool,
) -> None:
    """Accuracy, macro-F1, slot F1, calibration, out-of-scope and confusions, by language, slice and reader."""
    torch.set_num_threads(threads)
    with TemporaryDirectory() as passing:
        try:
            files, examples = read_data(data, split)
            read = columns(open_encoder(encoder), model, encoder, cache or Path(passing), examples, outside)
            figures = {name: by_language(examples, judged, outside) for name, judged in read.items()}
            if html:
                write_whole(html, render("evaluation.html", page_values(figures, model, files, outside)).encode())
        except (BadExample, ModelMissing, ModelBroken, OSError) as error:
            raise click.ClickException(str(error)) from error
    click.echo(json.dumps(figures, ensure_ascii=False) if as_json else _table(figures))
    if mistakes:
        _mistakes(examples, read.get("understander", read["network"]))


def page_values(
    figures: Mapping[str, Mapping[str, Any]], model: Path, files: Sequence[Path], outside: str
) -> dict[str, Any]:
    """What the template of the page needs."""
    meta = json.loads((model / "meta.json").read_text(encoding="utf-8"))
    return {
        "title": f"{meta['version']} on {', '.join(file.stem for file in files)}",
        "version": meta["version"],
        "files": [file.name for file in files],
        "outside": outside,
        "chief": chief_of(figures),
        "readers": figures,
        "made": time.strftime("%Y-%m-%d %H:%M"),
    }


def chief_of(figures: Mapping[str, Any]) -> str:
    """The reader that the bot gets."""
    return "understander" if "understander" in figures else "network"


def _table(figures: Mapping[str, Mapping[str, Any]]) -> str:
    lines = [f"{'percent':<18}{'messages':>9}" + "".join(f"{short:>10}" for short in _SHORT.values())]
    for reader, parts in figures.items():
        for language, part in parts.items():
            lines.append(
                f"{reader + ' ' + language:<18}{part['messages']:>9}"
                + "".join(f"{percent(part[name], 2):>10}" for name in _SHORT)
            )
    chief = figures[chief_of(figures)]
    lines += ["", *_intervals(chief), "", *_slices(chief["all"])]
    lines += ["", f"{'intent':<22}{'precision':>10}{'recall':>10}{'F1':>8}{'count':>8}"]
    for kind in ("intents", "slots"):
        for name, s in chief["all"][kind].items():
            lines.append(f"{name:<22}{s['precision']:>10.3f}{s['recall']:>10.3f}{s['f1']:>8.3f}{s['support']:>8}")
    lines += ["", "most often read wrong (meant, read, times):"]
    lines += [f"  {meant} -> {got}: {times}" for meant, got, times in chief["all"]["confusions"]]
    return "\n".join(lines)


def _intervals(parts: Mapping[str, Any]) -> list[str]:
    """The figures of the chief reader with their 95 % intervals."""
    lines = [f"{'percent [95 %]':<26}" + "".join(f"{language:>22}" for language in parts)]
    for name, spoken in HEADLINES.items():
        cells = []
        for part in parts.values():
            span = part["intervals"].get(name)
            between = f" [{percent(span[0])}, {percent(span[1])}]" if span else ""
            cells.append(f"{percent(part[name]) + between:>22}")
        lines.append(f"{spoken:<26}" + "".join(cells))
    return lines


def _slices(part: Mapping[str, Any]) -> list[str]:
    lines = [f"{'slice':<40}{'messages':>9}{'accuracy':>10}{'slots':>8}{'ECE':>8}"]
    for kind, slices in part["slices"].items():
        for name, s in slices.items():
            lines.append(
                f"{kind + ': ' + name:<40}{s['messages']:>9}{percent(s['accuracy']):>10}"
                f"{percent(s['slot_f1']):>8}{percent(s['ece']):>8}"
            )
    return lines


def _mistakes(examples: Sequence[Example], judged: Sequence[Judged]) -> None:
    for example, j in zip(examples, judged, strict=True):
        if j.intent != j.read:
            click.echo(f"{example.intent} read as {j.read} ({j.confidence:.2f}): {example.text!r} {example.context}")


if __name__ == "__main__":
    main()
