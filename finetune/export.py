"""Write a trained understander as one merged ONNX network, to serve it where this program is not.

    python -m finetune.export runs/mine --out exported --precision int8

The folder holds `model.onnx`, the `tokenizer.json` that cuts its messages, `meta.json` with labels, tags, temperature
and the scores of one tag after another, `ngrams.safetensors` where n-grams vote beside it, and a README that says how
they go together. The written network is asked some messages, and how far its answers lie from PyTorch's is part of the
meta. The bot does not need this: it derives its own.
"""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import numpy as np
from safetensors.numpy import save

from finetune.suited import SMOKE
from nlu.artifact import SHIPPED, Artifact, ModelBroken, ModelMissing, check_pair, load_artifact
from nlu.base import MAX_TOKENS, file_hash
from nlu.decode import softmax
from nlu.inference import packed
from nlu.ngrams import PREFIX, Ngrams
from nlu.precision import Precision
from nlu.reading import MAX_CHARACTERS, Reader
from nlu.session import open_session
from nlu.tokens import load_tokenizer
from nlu.whole import write_folder
from storage.terms import base_vocabulary

_README = """# {version}

`model.onnx` reads a message of a shop: intent, further requests, slots, negation. Inputs are int64 (messages, tokens):

- `input_ids`, `attention_mask`, `token_type_ids`: of `tokenizer.json`, at most {tokens} tokens. The first segment is
  the message (its first {characters} characters, full-width and traditional forms folded), the second what was asked
  and shown, in words: "asked color shown 3".
- `hints`: what rules noticed on each token; 0 where they noticed nothing. Without hints the network is a little worse.

Outputs are scores: `intent` (messages, labels), divided by the temperature before a softmax; `also` (messages,
labels), through a sigmoid and against the threshold; `tags` (messages, tokens, tags), decoded with `follows`, the
scores of one tag after another; `negated` (messages, tokens), through a sigmoid. Labels, tags and numbers are in
`meta.json`.
"""
_VOTES = """
`ngrams.safetensors` holds what turns of phrase vote for, to be added to `intent` before the temperature: `terms` are
the n-grams, one a line in UTF-8, `weights` (terms, labels) in steps of `scale`, `bias` (labels,). The first letter of a
term is its kind: `w` one to three words (a Chinese character is a word), `l` two to five letters of a word framed by
spaces, `b` one or two words behind "shown" or "none" (whether products are on screen) and what was asked. The known
n-grams of each kind count alike and make up a vector of length 1.
"""
_NAMES = frozenset({"model.onnx", "meta.json", "tokenizer.json", "README.md", "ngrams.safetensors"})


def export(understander: Artifact, encoder: Artifact, out: Path, precision: Precision) -> dict[str, Any]:
    """Write the folder, whole or not at all, and return its meta. Raises ModelBroken, FileExistsError or OSError."""
    if out.exists() and not {path.name for path in out.iterdir()} <= _NAMES:
        raise FileExistsError(f"{out} holds other files than an export; name a new folder.")
    from nlu.export import check_base, export_understander  # PyTorch: seconds

    check_base(encoder)
    check_base(understander)
    check_pair(understander, encoder, "name its own with --encoder")
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out.parent, prefix=".export-") as passing:
        model = Path(passing) / "model.onnx"
        try:
            export_understander(encoder, understander, model, precision)
        except (ValueError, RuntimeError, KeyError) as error:
            raise ModelBroken(f"{understander.version} does not fit its base ({error}); retrain it.") from error
        meta = _meta(understander, precision, file_hash(model), distance(understander, encoder, model))
        said = json.dumps(meta, ensure_ascii=False, indent=1) + "\n"
        readme = _README.format(version=understander.version, tokens=MAX_TOKENS, characters=MAX_CHARACTERS)
        files = {
            "model.onnx": model.read_bytes(),
            "meta.json": said.encode(),
            "tokenizer.json": load_tokenizer(encoder.meta["characters"]).to_str().encode(),
            "README.md": readme.encode(),
        }
        if ngrams := Ngrams.of(understander):
            files["ngrams.safetensors"] = save({n.removeprefix(PREFIX): t for n, t in ngrams.tensors().items()})
            files["README.md"] += _VOTES.encode()
        write_folder(out, files)
    return meta


def distance(understander: Artifact, encoder: Artifact, model: Path) -> float:
    """The largest difference of an intent's probability, 0..1, between the file and PyTorch over some messages.

    Raises ModelBroken where the file's answers are no numbers.
    """
    import torch

    from nlu.network import bilingual_bert, joint_network

    network, session = joint_network(bilingual_bert(encoder), understander), open_session(model)
    reader = Reader(load_tokenizer(encoder.meta["characters"]), base_vocabulary())
    furthest = 0.0
    for text, context in SMOKE:
        message = reader(text, context)
        inputs = packed([message])
        written = session.run(None, inputs)
        if not all(np.isfinite(output).all() for output in written):
            raise ModelBroken(f"The exported {understander.version} answers with numbers that are none; retrain it.")
        with torch.inference_mode():
            meant = network(**{name: torch.from_numpy(array) for name, array in inputs.items()})[0].numpy()
        furthest = max(furthest, float(np.abs(softmax(written[0]) - softmax(meant)).max()))
    return furthest


def _meta(understander: Artifact, precision: Precision, digest: str, furthest: float) -> dict[str, Any]:
    kept = ("base", "encoder", "labels", "tags", "temperature", "thresholds", "data")
    return {
        "version": understander.version,
        **{name: understander.meta[name] for name in kept},
        "follows": np.round(understander.tensors["heads.follows"].astype(float), 4).tolist(),
        "max_tokens": MAX_TOKENS,
        "max_characters": MAX_CHARACTERS,
        "precision": str(precision),
        "sha256": digest,
        "furthest_from_pytorch": round(furthest, 6),
    }


@click.command(epilog="Example: python -m finetune.export runs/mine --out exported --precision int8")
@click.argument("adapter", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="A new folder.")
@click.option(
    "--precision",
    type=click.Choice([str(precision) for precision in Precision]),
    default=str(Precision.FP32),
    show_default=True,
    help="Numbers of the network; int8 is quicker and smaller, one message at a time.",
)
@click.option("--encoder", type=click.Path(path_type=Path), default=SHIPPED / "encoder", help="Its encoder.")
@click.option("--json", "as_json", is_flag=True, help="Print the meta for a machine.")
def main(adapter: Path, out: Path, precision: str, encoder: Path, as_json: bool) -> None:
    """Write the understander in folder ADAPTER as a merged ONNX network with all that serving it needs."""
    try:
        understander, base = load_artifact(adapter, "understander"), load_artifact(encoder, "encoder")
        meta = export(understander, base, out, Precision(precision))
    except (ModelMissing, ModelBroken, OSError) as error:
        raise click.ClickException(str(error)) from error
    size = (out / "model.onnx").stat().st_size / 2**20
    spoken = f"{meta['version']} in {precision} is in {out} ({size:.0f} MB); probabilities differ from PyTorch's by at "
    click.echo(
        json.dumps(meta, ensure_ascii=False) if as_json else f"{spoken}most {meta['furthest_from_pytorch']:.4f}."
    )


if __name__ == "__main__":
    main()
