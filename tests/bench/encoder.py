"""What the bilingual encoder is worth: sentences across languages, Chinese search, Chinese names of English goods.

    python -m tests.bench.encoder --data-dir DIR [--model nlu/models/encoder]

DIR holds bilingual/, search_zh/ and aws_retail_products.jsonl. Sentences: share of the held-out Tatoeba pairs whose
nearest English sentence among 1,000 is their own. Search: MRR@10 of the vectors alone. Goods: `styles.tsv` names each
style of the English catalogue in Chinese; a style is found when four of the first five products (all, where it has
fewer than four) are of that style. English texts must have exactly the vectors of the untouched base.
"""

from __future__ import annotations

import csv
import json
import tempfile
from pathlib import Path

import click
import numpy as np
import torch
from numpy.typing import NDArray

from finetune.lesson import DistilConfig
from finetune.pairs import split_held_out, tatoeba
from nlu.artifact import SHIPPED
from nlu.encoder import Encoder
from nlu.loading import load_encoder
from nlu.network import SentenceVectors, load_base
from nlu.tokens import load_tokenizer, pad
from tests.bench.search_quality import read_set

Matrix = NDArray[np.float32]
STYLES = Path(__file__).with_name("styles.tsv")
_FIRST = 5


def sentences(encode: Encoder, folder: Path) -> dict[str, float]:
    """Top-1 shares in both directions, each 0..1."""
    config = DistilConfig()
    _, pairs = split_held_out(tatoeba(folder), config.held_out, config.seed)
    likeness = encode([p.text for p in pairs]) @ encode([p.english for p in pairs]).T
    own = np.arange(len(pairs))
    return {
        "zh_en_top1": float((likeness.argmax(1) == own).mean()),
        "en_zh_top1": float((likeness.argmax(0) == own).mean()),
    }


def chinese_search(encode: Encoder, folder: Path) -> float:
    """MRR@10 of the vectors alone over the Chinese titles."""
    judged = read_set(folder)
    numbers = {product.id: at for at, product in enumerate(judged.products)}
    titles = encode([product.title for product in judged.products])
    ranks = []
    for query, text in judged.queries.items():
        scores = titles @ encode([text])[0]
        [product] = judged.gains[query]
        ranks.append(1 + int((scores > scores[numbers[product]]).sum()))
    return float(np.mean([1 / rank if rank <= 10 else 0.0 for rank in ranks]))


def styles(encode: Encoder, file: Path) -> tuple[float, list[str]]:
    """Share of the styles that their Chinese name finds, and the names that do not."""
    with file.open(encoding="utf-8") as lines:
        products = [json.loads(line) for line in lines]
    vectors = encode([f"{product['name']}. {product['description']}" for product in products])
    kinds = np.array([product["style"] for product in products])
    with STYLES.open(encoding="utf-8", newline="") as lines:
        names = {row["style"]: row["zh"] for row in csv.DictReader(lines, delimiter="\t")}
    missed = []
    for style, name in names.items():
        first = kinds[np.argsort(-(vectors @ encode([name])[0]), kind="stable")[:_FIRST]]
        right = int((first == style).sum())
        if right < min(_FIRST - 1, int((kinds == style).sum())):
            missed.append(f"{name} ({style}, {right})")
    return 1 - len(missed) / len(names), missed


def english_moved(encode: Encoder, texts: list[str]) -> float:
    """The largest difference in any number between our vectors of English texts and the base's, in PyTorch."""
    base, tokenizer = SentenceVectors(load_base()), load_tokenizer()
    worst = 0.0
    for text in texts:
        batch = pad(tokenizer.encode_batch([text]))
        with torch.inference_mode():
            vector = base(torch.from_numpy(batch.input_ids), torch.from_numpy(batch.attention_mask))[0].numpy()
        worst = max(worst, float(np.abs(vector - encode([text])[0]).max()))
    return worst


@click.command(help=__doc__)
@click.option("--data-dir", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
@click.option("--model", type=click.Path(path_type=Path), default=SHIPPED / "encoder", show_default=True)
@click.option("--json", "as_json", is_flag=True)
def main(data_dir: Path, model: Path, as_json: bool) -> None:
    """The command."""
    with tempfile.TemporaryDirectory() as cache:
        encode = load_encoder(Path(cache), folder=model, threads=1)
        figures: dict[str, object] = dict(sentences(encode, data_dir))
        figures["zh_search_mrr"] = chinese_search(encode, data_dir / "search_zh")
        figures["styles"], missed = styles(encode, data_dir / "aws_retail_products.jsonl")
        figures["english_moved"] = english_moved(encode, ["red dress under $60", "a laptop for school", "hi"])
        figures["megabytes"] = sum(file.stat().st_size for file in model.iterdir()) / 1e6
    if as_json:
        click.echo(json.dumps(figures | {"missed": missed}, ensure_ascii=False))
    else:
        click.echo("\n".join(f"{name:16} {value:.4g}" for name, value in figures.items()))
        click.echo("missed: " + ", ".join(missed))


if __name__ == "__main__":
    main()
