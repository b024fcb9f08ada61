"""`shopbot search`: retrieval and ranking from the shell, anonymous and deterministic."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from bot.cli.options import data_option
from bot.plain import encodable
from bot.settings import load_settings
from storage.records import Recommendation


class QueryLineError(Exception):
    """A line of --queries cannot be read; the message names it."""


@click.command()
@click.argument("text", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print products with their score parts as JSON.")
@click.option(
    "--queries", type=click.Path(path_type=Path), help="A batch: lines of id<TAB>text. Only prices filter then."
)
@click.option("--trec", type=click.Path(path_type=Path), help="Where the TREC run file of a batch goes.")
@click.option("--top", type=click.IntRange(1, 1000), default=10, show_default=True, help="Products for each query.")
@data_option
def search(
    text: str | None, as_json: bool, queries: Path | None, trec: Path | None, top: int, data: Path | None
) -> None:
    """Search for TEXT, or for every query of a file. An empty data folder is stocked with the demo shop first.

    \b
    shopbot search "a red dress under $60"
    shopbot search "200元以内的蓝牙耳机" --json
    shopbot search --queries queries.tsv --top 100 --trec run.txt
    """
    if (text is None) == (queries is None) or (queries is None) != (trec is None):
        raise click.UsageError("Give TEXT, or --queries and --trec.")
    from bot.searching import Searcher

    batch = list(_queries(queries)) if queries else []
    with Searcher(load_settings(data=data), top) as searcher:
        if text is not None:
            found = searcher.find(encodable(text))
            _print(found, as_json)
            return
        assert trec is not None
        with trec.open("w", encoding="utf-8") as run:
            for name, query in tqdm(batch, desc="Searching", unit="", disable=None):
                for rank, item in enumerate(searcher.find_plain(query), start=1):
                    run.write(f"{name} Q0 {item.product.id} {rank} {item.score:.6f} shopbot\n")


def _queries(path: Path) -> Iterator[tuple[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryLineError(f"{path} cannot be read: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        name, tab, text = line.partition("\t")
        if not tab or not name.strip():
            raise QueryLineError(f"{path}, line {number}: expected id<TAB>text.")
        yield name.strip(), text.strip()


def _print(found: tuple[Recommendation, ...], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([_plain(item) for item in found], ensure_ascii=False))
        return
    for item in found:
        product = item.product
        click.echo(f"{item.position:>3}  {product.price:>9} {product.currency}  {product.title}   [{product.id}]")
    if not found:
        click.echo("Nothing found.", err=True)


def _plain(item: Recommendation) -> dict[str, Any]:
    product = item.product
    return {
        "position": item.position,
        "id": product.id,
        "title": product.title,
        "title_zh": product.title_zh,
        "price": str(product.price),
        "currency": product.currency,
        "category": product.category,
        "colors": list(product.colors),
        "stock": product.stock,
        "score": round(item.score, 6),
        "parts": {name: round(part, 6) for name, part in item.parts.items()},
        "reasons": [reason.code.value for reason in item.reasons],
    }
