"""A shop's feed, whatever its format, as products and rejections. Bad rows never stop good ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from storage.feeds.google_xml import read_google_xml
from storage.feeds.groups import grouped
from storage.feeds.jsonld import read_jsonld
from storage.feeds.products import product_of
from storage.feeds.records import FeedError, RawRecord, Rejected, Remark, RowError
from storage.feeds.shopify import read_shopify
from storage.feeds.tables import read_delimited, read_jsonl, text_in
from storage.feeds.variants import with_variants
from storage.records import Product, Vocabulary

Reader = Callable[[Path], Iterator[RawRecord | Rejected]]

LARGEST_FILE = 512 * 1024 * 1024
_ARCHIVES: Mapping[bytes, str] = {
    b"PK\x03\x04": "zip",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"7z\xbc\xaf": "7z",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"Rar!": "rar",
}


def _google(path: Path) -> Iterator[RawRecord | Rejected]:
    if text_in(path).lstrip()[:1] == "<":
        return read_google_xml(path)
    return read_delimited(path, "\t")


FORMATS: Mapping[str, Reader] = {
    "csv": read_delimited,
    "jsonl": read_jsonl,
    "google": _google,
    "shopify": read_shopify,
    "jsonld": read_jsonld,
}


def read_feed(
    path: Path, vocabulary: Vocabulary, currency: str = "USD", format: str = "auto"
) -> Iterator[tuple[int, Product | Rejected | Remark]]:
    """Line number and product, or the rejection, of every row; before a product, what could not be read of it.

    A second row with the same id is rejected: which of the two is meant cannot be known.

    Raises:
        FeedError: the file as a whole cannot be read.
    """
    refuse_unreadable(path)
    seen: dict[str, int] = {}
    for record in grouped(FORMATS[detect(path) if format == "auto" else format](path)):
        if isinstance(record, Rejected):
            yield record.line, record
            continue
        try:
            product = product_of(record, vocabulary, currency)
        except RowError as error:
            yield record.line, Rejected(record.line, str(error), str(record.fields.get("id", ""))[:100])
            continue
        if product.id in seen:
            yield (
                record.line,
                Rejected(record.line, f"id {product.id!r} stands in line {seen[product.id]} already", product.id),
            )
            continue
        seen[product.id] = record.line
        for found in _in_its_variants(product, record, vocabulary):
            yield record.line, found


def _in_its_variants(product: Product, record: RawRecord, vocabulary: Vocabulary) -> Iterator[Product | Remark]:
    try:
        product = with_variants(product, record, vocabulary)
    except RowError as error:
        yield Remark(record.line, f"kept without its variants: {error}", product.id)
    yield product


def refuse_unreadable(path: Path) -> None:
    """Raises FeedError for a folder, a device or a pipe (which may have no end), an archive (which is never unpacked
    here: who knows to what), and for a file too large to be read as one.
    """
    if path.is_dir():
        raise FeedError(f"{path} is a folder: name a file")
    if not path.exists():
        return  # whoever reads it says so
    if not path.is_file():
        raise FeedError(f"{path} is no ordinary file")
    if path.stat().st_size > LARGEST_FILE:
        raise FeedError(f"{path} is larger than 512 MB: split it")
    if kind := _archive(path):
        raise FeedError(f"{path} is a {kind} archive: unpack it, and name the file in it")


def _archive(path: Path) -> str:
    """What kind of archive a file is, "" for none."""
    try:
        with path.open("rb") as file:
            head = file.read(6)
    except OSError:
        return ""
    return next((kind for start, kind in _ARCHIVES.items() if head.startswith(start)), "")


def detect(path: Path) -> str:
    """The format, by what the file holds. Raises FeedError for an empty or unreadable one."""
    text = text_in(path)
    head = text[:20_000].lstrip("\ufeff \r\n\t")
    if not head:
        raise FeedError(f"{path} is empty")
    if head.startswith("<"):
        return "jsonld" if "<html" in head.casefold() or "ld+json" in text else "google"
    if head[0] in "{[":
        return "jsonld" if '"@type"' in head or '"@graph"' in head else "jsonl"
    first = head.splitlines()[0]
    if first.startswith("Handle,") or ",Handle," in first:
        return "shopify"
    return "csv"
