"""Fit the bilingual encoder to a shop's own catalogue, measured on products that it has not seen.

    python -m finetune.adapt --data data --out runs/encoder
    python -m finetune.adapt --products feed.jsonl --out runs/encoder

Nothing is labelled: titles in two languages, descriptions and the words for what a row states are the lesson
(finetune/shop_texts.py), and the LoRA matrices of the shipped encoder are trained on (finetune/student.py). A fifth of
the products is held back and asked for in Chinese, before and after; without a gain nothing is written. English vectors
stay what they are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import click
import torch

from finetune.encoders import open_encoder
from finetune.exam import WORDS, Gain, NotAdaptedError, check, exam_of, gains_of
from finetune.judging_options import THREADS
from finetune.shop_texts import Item, held_back, items_of, twins
from finetune.student import Effort, Student
from nlu.artifact import SHIPPED, Artifact, ModelBroken, ModelMissing, save_artifact
from nlu.network import lora_tensors
from storage.database import DatabaseError
from storage.feeds.feed import read_feed
from storage.feeds.records import FeedError
from storage.records import Product, Vocabulary
from storage.shop import FILE_NAME, Shop
from storage.terms import base_vocabulary

_DEFAULTS = Effort()


def read_products(data: Path | None, feed: Path | None) -> tuple[list[Product], Vocabulary]:
    """The products of a data folder or of a feed, with the vocabulary that goes with them. NotAdaptedError, FeedError
    or DatabaseError where there are none to read.
    """
    if feed is not None:
        vocabulary = base_vocabulary()
        products = [row for _, row in read_feed(feed, vocabulary) if isinstance(row, Product)]
        if not products:
            raise NotAdaptedError(f"There is no usable product in {feed}; `shopbot catalog check` says why.")
        return products, vocabulary
    assert data is not None
    if not (data / FILE_NAME).is_file():
        raise NotAdaptedError(f"There is no shop in {data}; run the bot once or import a catalogue.")
    shop = Shop.open(data, readonly=True)
    try:
        return list(shop.catalogue.get(shop.catalogue.ids()).values()), shop.catalogue.vocabulary()
    finally:
        shop.close()


def adapted(encoder: Artifact, student: Student, items: Sequence[Item], gains: dict[str, Gain]) -> Artifact:
    """The encoder with what was learnt, and how it came to be."""
    tensors = {name: t.detach().half().numpy() for name, t in lora_tensors(student.peft).items()}
    texts = "\n".join(f"{item.id}\t{item.document}\t{item.chinese_document}" for item in items)
    figures = {kind: {"before": gain.before, "after": gain.after} for kind, gain in gains.items()}
    digest = sha256(texts.encode("utf-8", "surrogatepass")).hexdigest()
    history = {"from": encoder.version, "products": len(items), "catalogue": digest, "mrr_at_10": figures}
    return Artifact({**encoder.meta, "adapted": history}, {**encoder.tensors, **tensors})


def table(gains: dict[str, Gain]) -> str:
    """The figures before and after, in percent."""
    lines = [f"{'MRR@10, percent':<18}{'questions':>10}{'before':>9}{'after':>9}{'gain [95 %]':>22}"]
    for kind, gain in gains.items():
        name = f"{kind} (top 1)" if kind == WORDS else kind
        change = f"{100 * (gain.after - gain.before):+.1f} [{100 * gain.low:+.1f}, {100 * gain.high:+.1f}]"
        lines.append(f"{name:<18}{gain.questions:>10}{100 * gain.before:>9.1f}{100 * gain.after:>9.1f}{change:>22}")
    return "\n".join(lines)


def next_steps(out: Path, old: str, new: str) -> str:
    """What serving with it takes: an understander belongs to the encoder that it was trained on."""
    return (
        f"{out} holds {new}. To serve with it, put both files into {SHIPPED / 'encoder'}; the index is built anew\n"
        f"at the next start. An understander that was trained on {old} is refused on it, so retrain that first:\n"
        f"  python -m finetune.train --data finetune/data --encoder {out} --out runs/understander"
    )


@click.command(epilog="Example: python -m finetune.adapt --data data --out runs/encoder")
@click.option("--data", type=click.Path(path_type=Path), help="A bot's data folder; its catalogue is learnt from.")
@click.option("--products", type=click.Path(path_type=Path), help="A feed (JSONL, CSV, ...) in place of --data.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for the encoder.")
@click.option("--encoder", type=click.Path(path_type=Path), default=SHIPPED / "encoder", help="What to go on from.")
@click.option("--steps", type=click.IntRange(1), default=_DEFAULTS.steps, show_default=True, help="Batches to learn.")
@click.option("--batch", type=click.IntRange(2), default=_DEFAULTS.batch, show_default=True, help="Pairs in a batch.")
@click.option("--rate", type=click.FloatRange(0, min_open=True), default=_DEFAULTS.rate, show_default=True)
@click.option("--asked", type=click.IntRange(1), default=_DEFAULTS.asked, show_default=True, help="Most held back.")
@click.option("--seed", default=_DEFAULTS.seed, show_default=True)
@click.option("--threads", type=THREADS, default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the figures for a machine.")
def main(
    data: Path | None,
    products: Path | None,
    out: Path,
    encoder: Path,
    steps: int,
    batch: int,
    rate: float,
    asked: int,
    seed: int,
    threads: int,
    as_json: bool,
) -> None:
    """Adapt the encoder to a catalogue; writes only what finds held-back products better than before."""
    if (data is None) == (products is None):
        raise click.UsageError("Give --data or --products, one of them.")
    torch.set_num_threads(threads)
    effort = Effort(steps, batch, rate, asked, seed)
    try:
        items = items_of(*read_products(data, products))
        begun = open_encoder(encoder)
        student, gains = adapt(begun, items, effort, quiet=as_json)
        click.echo(json.dumps({kind: asdict(gain) for kind, gain in gains.items()}) if as_json else table(gains))
        check(gains)
        artifact = adapted(begun, student, items, gains)
        save_artifact(out, artifact)
    except (NotAdaptedError, FeedError, DatabaseError, ModelMissing, ModelBroken, OSError) as error:
        raise click.ClickException(str(error)) from error
    if not as_json:
        click.echo(next_steps(out, begun.version, artifact.version))


def adapt(
    encoder: Artifact, items: Sequence[Item], effort: Effort, *, quiet: bool = True
) -> tuple[Student, dict[str, Gain]]:
    """What was learnt, and what it gained. NotAdaptedError where the catalogue does not say enough."""
    if not encoder.meta["lora"]:
        raise NotAdaptedError("This encoder has no path for Chinese; make one with finetune.distil.")
    kept, asked = held_back(items, effort.asked)
    exam = exam_of(asked, kept, effort.seed)
    student = Student(encoder)
    before = exam.take(student, quiet=quiet)
    student.learn(twins(kept, effort.seed), effort, quiet=quiet)
    return student, gains_of(before, exam.take(student, quiet=quiet), effort.seed)


if __name__ == "__main__":
    main()
