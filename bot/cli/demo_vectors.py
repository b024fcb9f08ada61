"""Make the shipped embeddings of the demo shop anew, after its texts or the encoder have changed.

python -m bot.cli.demo_vectors
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
import numpy as np
from tqdm import tqdm

from bot.stocking import stock_if_empty
from nlu.loading import load_encoder
from storage.demo.vectors import FILE, save_shipped
from storage.shop import Shop

_BATCH = 128


@click.command(help=__doc__)
def demo_vectors() -> None:
    """Embeds every demo product and writes the file."""
    with tempfile.TemporaryDirectory() as folder:
        encode = load_encoder(Path(folder) / "models", threads=2)
        shop = Shop.open(Path(folder))
        stock_if_empty(shop, progress=False)
        rows = sorted(shop.catalogue.embedding_texts(), key=lambda row: len(row[1]))
        shop.close()
        batches = [rows[at : at + _BATCH] for at in range(0, len(rows), _BATCH)]
        matrix = np.concatenate([encode([text for _, text, _ in batch]) for batch in tqdm(batches, desc="Embedding")])
    save_shipped(encode.version, [id for id, _, _ in rows], [text_hash for _, _, text_hash in rows], matrix)
    click.echo(f"{len(rows)} vectors of {encode.version} in {FILE.name}")


if __name__ == "__main__":
    demo_vectors()
