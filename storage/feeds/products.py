"""One raw record to one product, or a clear reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from storage.feeds import columns, values
from storage.feeds.kinds import lineage_of
from storage.feeds.pictures import pictures_of
from storage.feeds.reading import completed, reader_of
from storage.feeds.records import RawRecord, RowError
from storage.money import quantize
from storage.records import Product, SlotName, Vocabulary
from storage.text import fold

_AUDIENCES = {"f": "women", "m": "men", "female": "women", "male": "men", "adult": "", "all": "unisex", "u": "unisex"}
_ATTRIBUTES = 40


def product_of(record: RawRecord, vocabulary: Vocabulary, currency: str) -> Product:
    """The product of a feed's record.

    Args:
        record: fields under the feed's own names.
        vocabulary: normal forms for colours, materials, kinds; what it does not know is kept as said.
        currency: ISO code for prices that name none.

    Raises:
        RowError: id, title or price is missing or unusable.
    """
    said = columns.pick(record.fields)
    identity, title, title_zh = _names(said)
    amount, code, former = price_in(said, currency)
    image_url, pictures = pictures_of(columns.pictures_in(record.fields))
    kinds = lineage_of(columns.categories_in(record.fields), title or title_zh, vocabulary)
    product = Product(
        id=identity,
        title=title or title_zh,
        title_zh=title_zh,
        price=quantize(amount, code),
        currency=code,
        description=values.text_of(said.get("description"), values.TEXT_LIMIT),
        description_zh=values.text_of(said.get("description_zh"), values.TEXT_LIMIT),
        category=kinds[0] if kinds else "",
        categories=kinds,
        brand=values.text_of(said.get("brand"), 100),
        colors=normal_in(SlotName.COLOR, said.get("colors"), vocabulary),
        materials=normal_in(SlotName.MATERIAL, said.get("materials"), vocabulary),
        sizes=tuple(size_form(size) for size in values.list_of(said.get("sizes"))),
        audience=_audience(said.get("audience"), vocabulary),
        rating=_rating(said.get("rating")),
        rating_count=max(0, int(values.number_of(said.get("rating_count")) or 0)),
        stock=stock_in(said),
        image_url=image_url,
        pictures=pictures,
        url=_web(said.get("url")),
        created_at=values.instant_of(said.get("created_at")),
        sponsored=values.truth_of(said.get("sponsored")),
        attributes=_attributes(record.fields),
        former_price=quantize(former, code) if former else None,
    )
    return completed(product, vocabulary)


def _names(said: Mapping[str, Any]) -> tuple[str, str, str]:
    """Id, title and Chinese title. Raises RowError where the row has no id, or no title in either language."""
    identity = values.text_of(said.get("id"), 200)
    title, title_zh = (values.text_of(said.get(name), values.TITLE_LIMIT) for name in ("title", "title_zh"))
    if not identity:
        raise RowError("no id")
    if not (title or title_zh):
        raise RowError("no title")
    return identity, title, title_zh


def price_in(said: Mapping[str, Any], currency: str) -> tuple[Any, str, Any]:
    """The price to pay now, its currency, and the regular price where a lower sale price takes its place."""
    stated = values.text_of(said.get("currency"), 10).upper()
    default = stated if len(stated) == 3 and stated.isalpha() else currency
    amount, code = values.price_of(said.get("price", said.get("sale_price")), default)
    if "sale_price" in said:
        sale, sale_code = values.price_of(said["sale_price"], default)
        if sale_code == code and 0 < sale < amount:
            return sale, code, amount
    former, former_code = _former(said.get("former_price"), default)
    return amount, code, former if former_code == code and former > amount else None


def _former(cell: Any, currency: str) -> tuple[Decimal, str]:
    """What a product cost before, 0 where the cell does not say: no reason to turn the row away."""
    try:
        return values.price_of(cell, currency)
    except RowError:
        return Decimal(0), currency


def normal_in(slot: SlotName, cell: Any, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Normal forms of a list cell: "Off White/Dark Grey" -> (cream, grey); unknown ones as said, folded."""
    reader, found = reader_of(vocabulary), list[str]()
    for item in values.list_of(cell):
        exact = reader.exact(slot, fold(item))
        found += [exact] if exact else (reader.find(slot, item) or [fold(item)])
    return tuple(dict.fromkeys(found))


def size_form(size: str) -> str:
    """A size as products list it: "xl" -> "XL"."""
    return size.upper() if len(size) < 5 else size


def _audience(cell: Any, vocabulary: Vocabulary) -> tuple[str, ...]:
    items = [fold(item) for item in values.list_of(cell)]
    plain = [_AUDIENCES.get(item, item) for item in items]
    return normal_in(SlotName.AUDIENCE, [item for item in plain if item], vocabulary)


def _rating(cell: Any) -> float | None:
    rating = values.number_of(cell)
    return rating if rating is not None and 0 < rating <= 5 else None


def stock_in(said: Mapping[str, Any]) -> int | None:
    """The pieces there are: none where the row says so in words, None where it does not say."""
    counted = values.count_of(said["stock"]) if "stock" in said else None
    available = values.count_of(said["availability"]) if "availability" in said else None
    return 0 if available == 0 else counted


def _web(cell: Any) -> str:
    text = values.text_of(cell, 1_000)
    return text if text.startswith(("https://", "http://")) else ""


def _attributes(fields: Mapping[str, Any]) -> dict[str, str]:
    nested = fields.get("attributes")
    pairs = {**(nested if isinstance(nested, dict) else {}), **columns.leftover(fields)}
    texts = {values.text_of(name, 60): values.text_of(value, 300) for name, value in pairs.items()}
    return dict([(name, value) for name, value in texts.items() if name and value][:_ATTRIBUTES])
