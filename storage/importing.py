"""A feed into the catalogue, with a report an owner can act on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from storage.catalogue import Changes
from storage.feeds.feed import read_feed
from storage.feeds.records import Rejected, Remark
from storage.records import Product, SlotName, Vocabulary


class Upsert(Protocol):
    """Where products are written: a catalogue, or a running bot asked to do it."""

    def upsert(self, products: Iterable[Product], *, replace: bool = False) -> Changes: ...


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did. `gaps` counts products that lack an attribute, for the owner; `remarks` say what could not be
    read of products that were taken.
    """

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    vanished: int = 0
    rejected: tuple[Rejected, ...] = ()
    gaps: dict[str, int] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()


class NothingUsableError(Exception):
    """`--replace` with a feed that holds no usable product would empty the shop."""


def import_feed(
    target: Upsert | None,
    paths: Sequence[Path],
    vocabulary: Vocabulary,
    currency: str,
    format: str = "auto",
    replace_all: bool = False,
    progress: Callable[[Iterable[Product]], Iterable[Product]] = lambda products: products,
) -> Report:
    """Reads every file, then upserts by id; without a target it only reports.

    Args:
        target: None checks only.
        replace_all: products that the feed no longer has become unavailable.

    Raises:
        FeedError: a file as a whole cannot be read; nothing is written then.
        NothingUsableError: `replace_all` and not one usable product.
    """
    products: dict[str, Product] = {}
    rejected: list[Rejected] = []
    remarks: list[Remark] = []
    read = 0
    for row in _rows(paths, vocabulary, currency, format):
        match row:
            case Remark():
                remarks.append(row)
            case Rejected():
                rejected.append(row)
                read += 1
            case _:
                products[row.id] = row
                read += 1
    report = Report(read=read, rejected=tuple(rejected), gaps=_gaps(products.values()), remarks=tuple(remarks))
    if target is None:
        return report
    if replace_all and not products:
        raise NothingUsableError(
            "The feed holds no usable product: with --replace that would empty the shop, nothing was changed."
        )
    changes = target.upsert(progress(products.values()), replace=replace_all)
    return replace(
        report, added=changes.added, changed=changes.changed, unchanged=changes.unchanged, vanished=changes.vanished
    )


def _rows(
    paths: Sequence[Path], vocabulary: Vocabulary, currency: str, format: str
) -> Iterator[Product | Rejected | Remark]:
    for path in paths:
        for _, row in read_feed(path, vocabulary, currency, format):
            yield row


def _gaps(products: Iterable[Product]) -> dict[str, int]:
    """How many products lack what shoppers filter by."""
    missing = dict.fromkeys(
        ["category", "color", "material", "size", "audience", "stock", "rating", "image", "description"], 0
    )
    for product in products:
        for slot in (SlotName.CATEGORY, SlotName.COLOR, SlotName.MATERIAL, SlotName.SIZE, SlotName.AUDIENCE):
            missing[slot.value] += not product.values(slot)
        missing["stock"] += product.stock is None
        missing["rating"] += product.rating is None
        missing["image"] += not product.image_url
        missing["description"] += not (product.description or product.description_zh)
    return {name: count for name, count in missing.items() if count}
