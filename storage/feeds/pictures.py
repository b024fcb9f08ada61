"""The pictures of a feed's row: a list, a cell with several, columns with one each. Pure.

A picture is an address of the web, a picture of the demo shop, or a file inside the data folder; what has another
scheme is none. Whether a file lies inside is seen where it is read (bot/telegram/pictures.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from storage.feeds.values import text_of

MOST = 10  # that Telegram takes for one album
_LONGEST = 1_000
_A_CELL = 20_000
_READ = 200  # items of a list that are looked at
_KEYS = ("url", "contentUrl", "src")
_WEB = ("http://", "https://")
_BETWEEN_ADDRESSES = re.compile(r"[\s,;|、，]+(?=https?://|demo:)")
_BETWEEN_NAMES = re.compile(r"\s*[,;|、，]\s*")
_END_OF_ADDRESS = re.compile(r"[\s|]")
_NAME = re.compile(r"\w\.\w")
_OTHER_SCHEME = re.compile(r"(?!https?://|demo:|file://)[A-Za-z][A-Za-z0-9+.-]*:")


def pictures_of(cells: Iterable[Any]) -> tuple[str, tuple[str, ...]]:
    """The first picture of these cells ("" for none), and those beside it: each once, no more than an album holds."""
    found: dict[str, None] = {}
    for picture in (picture for cell in cells for picture in _in_cell(cell)):
        found[picture] = None
        if len(found) == MOST:
            break
    first, *others = found or [""]
    return first, tuple(others)


def _in_cell(cell: Any) -> Iterator[str]:
    items = _listed(cell)
    for item in islice(items, _READ):
        value = next((item[key] for key in _KEYS if item.get(key)), None) if isinstance(item, dict) else item
        yield from filter(_usable, _split(text_of(value, _A_CELL)))


def _listed(cell: Any) -> list[Any]:
    """A list, also one that stands as JSON in a cell; what is none is a list of one."""
    if isinstance(cell, str) and cell.lstrip().startswith("[") and len(cell) <= _A_CELL:
        try:
            cell = json.loads(cell)
        except (json.JSONDecodeError, RecursionError):
            return []
    return cell if isinstance(cell, list) else [cell]


def _split(text: str) -> Iterator[str]:
    """An address may hold commas of its own: where there are addresses, only the next one ends it. What has another
    scheme holds none.
    """
    if _OTHER_SCHEME.match(text):
        return
    between = _BETWEEN_ADDRESSES if "://" in text or "demo:" in text else _BETWEEN_NAMES
    for piece in between.split(text):
        ended = _END_OF_ADDRESS.split(piece.strip())[0] if piece.strip().startswith(_WEB) else piece
        yield ended.strip(" ,;|、，")


def _usable(picture: str) -> bool:
    """Neither empty nor endless, and an address or the name of a file: "3" is a count of pictures."""
    named = _NAME.search(picture) or picture.startswith("demo:")
    return bool(named) and len(picture) <= _LONGEST and not _OTHER_SCHEME.match(picture)
