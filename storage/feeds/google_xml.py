"""Google Merchant feeds as RSS 2.0 or Atom XML. Parsed by defusedxml: entities and external references are refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from storage.feeds.records import FeedError, RawRecord, Rejected
from storage.feeds.tables import text_in

_REPEATED = ("product_type", "additional_image_link")


def read_google_xml(path: Path) -> Iterator[RawRecord | Rejected]:
    """The items (RSS) or entries (Atom), numbered from 1."""
    try:
        root = fromstring(text_in(path).encode())
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise FeedError(f"{path} is no readable XML feed: {' '.join(str(error).split())}") from error
    items = [element for element in root.iter() if _local(element) in ("item", "entry")]
    for number, item in enumerate(items, start=1):
        yield RawRecord(number, _fields(item))


def _local(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1].casefold() if isinstance(element.tag, str) else ""


def _fields(item: Element) -> dict[str, Any]:
    """Text by local name. A `g:` element wins over a plain one of the same name; repeated ones become a list."""
    found: dict[str, Any] = {}
    for child in sorted(item, key=lambda child: "base.google.com" in str(child.tag)):
        name, text = _local(child), "".join(child.itertext()).strip() or child.get("href", "")
        if not text:
            continue
        found[name] = [*_as_list(found[name]), text] if name in _REPEATED and name in found else text
    return found


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
