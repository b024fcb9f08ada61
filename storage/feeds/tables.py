"""Readers of tables: CSV in any usual dialect, TSV, JSON lines, JSON arrays."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from storage.feeds.records import FeedError, RawRecord, Rejected

_FIELD_LIMIT = 1_000_000
_SAMPLE = 64_000


def text_in(path: Path) -> str:
    """The file as text: UTF-8 with or without a mark, UTF-16 with one, else GB18030.

    Raises:
        FeedError: the file is missing, unreadable, or no text.
    """
    try:
        body = path.read_bytes()
    except OSError as error:
        raise FeedError(f"{path}: {error.strerror or error}") from error
    encodings = ("utf-16",) if body[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise FeedError(f"{path} is no text file: expected UTF-8")


def read_delimited(path: Path, delimiter: str | None = None) -> Iterator[RawRecord | Rejected]:
    """Rows of a CSV or TSV file with a header line. A row with too many cells is rejected, one with too few is read."""
    csv.field_size_limit(_FIELD_LIMIT)
    lines = text_in(path).splitlines(keepends=True)
    dialect = delimiter or _delimiter("".join(lines[:50])[:_SAMPLE])
    rows = csv.reader(lines, delimiter=dialect)
    try:
        header = [name.strip() for name in next(rows, [])]
    except csv.Error as error:
        raise FeedError(f"{path}: the header line cannot be read: {error}") from error
    if not any(header):
        raise FeedError(f"{path} is empty: expected a header line with column names")
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Rejected(rows.line_num, f"broken row: {error}")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            yield Rejected(rows.line_num, f"{len(cells)} cells under {len(header)} columns")
            continue
        yield RawRecord(rows.line_num, dict(zip(header, cells, strict=False)))


def _delimiter(sample: str) -> str:
    header = sample.splitlines()[0] if sample else ""
    return max(",\t;|", key=header.count)


def read_jsonl(path: Path) -> Iterator[RawRecord | Rejected]:
    """One JSON object a line, or one array (or {"products": [...]}) for the whole file."""
    text = text_in(path)
    if text.lstrip()[:1] == "[" or (
        text.lstrip()[:1] == "{" and (whole := _whole(text)) is not None and "products" in whole
    ):
        yield from _objects(enumerate(_array(path, text), start=1))
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield from _objects([(number, json.loads(line))])
            except (json.JSONDecodeError, RecursionError) as error:
                yield Rejected(number, f"no JSON: {getattr(error, 'msg', 'nested too deeply')}")


def _whole(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _array(path: Path, text: str) -> list[Any]:
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise FeedError(f"{path} is no JSON: {error}") from error
    items = found.get("products") if isinstance(found, dict) else found
    return items if isinstance(items, list) else []


def _objects(items: Any) -> Iterator[RawRecord | Rejected]:
    for number, item in items:
        if isinstance(item, dict):
            yield RawRecord(number, item)
        else:
            yield Rejected(number, "not a JSON object")
