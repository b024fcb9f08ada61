"""The shop's products: kept current by upserts, found by words, narrowed by exact limits.

The recommender knows this class through its read methods only. Full-text scores are FTS5's bm25 (Robertson and
Zaragoza, "The probabilistic relevance framework: BM25 and beyond", FnTIR 3(4), 2009) with the sign turned, so
that higher is better.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from storage import product_rows
from storage.asked_words import POSTINGS, AskedWords
from storage.columns import Columns
from storage.database import immediate, rows
from storage.filtering import condition
from storage.held import Held
from storage.postings import COLUMNS, Postings
from storage.product_writer import Changes, ProductWriter
from storage.records import Filters, Product, Vocabulary
from storage.segment import VERSION, Segmenter
from storage.shelf import Shelf, ShelfFacts
from storage.shop_words import shop_vocabulary
from storage.word_ranking import ranked

__all__ = ["Catalogue", "Changes"]

_BATCH = 200  # products of one commit: readers and the conversation's writes get in between
_HELD = 500  # ids of one SELECT

Numbers = NDArray[np.int64]

_T = TypeVar("_T")


class Catalogue:
    """Products by id, by words and by limits. Sold-out or vanished products are kept, but only `get` shows them."""

    def __init__(self, db: Database, *, postings: int = POSTINGS) -> None:
        """`postings` bounds how many occurrences of words one search may rank."""
        self._db = db
        self._segment = Segmenter.of_base()
        self._cache: dict[str, tuple[int, object]] = {}
        self._states: dict[str, int] | None = None
        self._shelf = Shelf(db)
        self._columns = Columns(db, self._shelf)
        self._products = Held[Product]()
        self._postings = Postings(db)
        self._asked = AskedWords(db, self._segmenter, lambda: self._state("values") or 0, postings)

    # --- writing ------------------------------------------------------------------------------------

    def upsert(self, products: Iterable[Product], *, replace: bool = False) -> Changes:
        """Add or change products by id, a few hundred to a commit; of equal ids the last one counts.

        With `replace`, what `products` lacks becomes unavailable. Raises `MoneyError` for a price that cannot be
        stored; the batches before it stay.
        """
        writer = ProductWriter(self._db, self._segment)
        total, seen = Changes(), set[str]()
        for batch in _batches(products, _BATCH):
            latest = {product.id: product for product in batch}
            total += writer.write(latest)
            seen |= latest.keys()
        if replace:
            total += self.retain(seen)
        return total

    def retain(self, ids: Collection[str]) -> Changes:
        """Make every product but these unavailable, in one commit: what a complete feed no longer lists."""
        return ProductWriter(self._db, self._segment).withdraw(set(self.ids()).difference(ids))

    def refresh_words(self) -> bool:
        """Write the full-text index anew where an older segmentation wrote it; true when that was needed."""
        written = self._state("segmentation")
        if written == VERSION:
            return False
        with immediate(self._db):
            if written is not None:
                ProductWriter(self._db, self._segment).write_words_anew()
            self._db.execute("INSERT OR REPLACE INTO catalogue_state VALUES ('segmentation', ?)", [VERSION])
        return written is not None

    # --- reading ------------------------------------------------------------------------------------

    def get(self, ids: Sequence[str]) -> dict[str, Product]:
        """The live rows, in the order asked; unknown ids are left out, unavailable products are not."""
        if self._db.conn.in_transaction:  # what may be taken back must not be remembered
            found = self._read_products(list(dict.fromkeys(ids)))
            return {id: found[id] for id in ids if id in found}
        return self._products.get(ids, self.revision(), self._read_products)

    def search(self, text: str, filters: Filters, limit: int) -> list[tuple[str, float]]:
        """Admitted products that hold any word of `text`, the best first, with their scores (higher is better)."""
        numbers, scores = self.ranked(text, filters, limit)
        return list(zip(self.names(numbers), scores.tolist(), strict=True))

    def ranked(self, text: str, filters: Filters, limit: int) -> tuple[Numbers, NDArray[np.float64]]:
        """The same by number: (found,) and (found,).

        In a large catalogue the commonest words of a long query are not looked for: they cost the most and
        say the least.
        """
        words = self._asked.telling(text)
        if not words or limit <= 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        flags = self.flags(filters)
        if self._db.conn.in_transaction:  # what may be taken back must not be remembered
            found = ranked(self._db, _match(words), flags, tuple(COLUMNS.values()), limit)
            return np.array([n for n, _ in found], dtype=np.int64), np.array([score for _, score in found])
        self._postings.follow(self._state("values") or 0)
        return self._postings.best(words, flags, limit)

    def spelled(self, text: str) -> str:
        """The text with its misspelt words written as the catalogue writes them."""
        return self._asked.spelled(text)

    def said_of_products(self, words: Collection[str]) -> frozenset[str]:
        """Those of the words, in small letters, that some product's texts hold."""
        marks = ", ".join("?" * len(words))
        return frozenset(
            t for (t,) in self._db.execute(f"SELECT term FROM product_words WHERE term IN ({marks})", [*words])
        )

    def weights(self, text: str) -> dict[str, float]:
        """The words that a text is searched by, each with how much it says (its inverse document frequency)."""
        return self._asked.weights(text)

    def places(self, numbers: Numbers, words: Sequence[str]) -> NDArray[np.uint8]:
        """Where each product has each of the words, (numbers, words): 2 in a title, 1 only among the other words that
        stand for it (brand, kind, values), 0 in neither.
        """
        postings = Postings(self._db) if self._db.conn.in_transaction else self._postings
        postings.follow(self._state("values") or 0)
        return postings.places(words, numbers)

    def changed(self, numbers: Numbers) -> Numbers:
        """The catalogue's revision when each of these known products was changed last."""
        return self._followed()[0].changed[numbers]

    def texts(self, numbers: Numbers) -> list[tuple[str, str, str, str]]:
        """Titles and descriptions, each in English and Chinese, of known products, in this order."""
        found: dict[int, tuple[str, str, str, str]] = {}
        for held in _batches(numbers.tolist(), _HELD):
            sql = f"""SELECT number, title, title_zh, description, description_zh FROM products
            WHERE number IN ({", ".join("?" * len(held))})"""
            found |= {number: (one, two, three, four) for number, one, two, three, four in self._db.execute(sql, held)}
        return [found[number] for number in numbers.tolist()]

    def texts_since(self, revision: int) -> Iterator[tuple[int, int, tuple[str, str, str, str]]]:
        """(number, revision of its last change, texts as above) of what changed after a revision, the oldest changes
        first, some at a time: nobody is kept waiting.
        """
        after = (revision, 1 << 62)  # the change and the number of the last one read
        sql = """SELECT number, changed, title, title_zh, description, description_zh FROM products
        WHERE (changed, number) > (?, ?) ORDER BY changed, number LIMIT ?"""
        while found := self._db.execute(sql, [*after, _HELD]).fetchall():
            for number, changed, one, two, three, four in found:
                yield number, changed, (one, two, three, four)
            after = (found[-1][1], found[-1][0])

    def numbers(self, ids: Sequence[str]) -> Numbers:
        """The numbers of these products, 0 for an unknown one: a number is never given to another product."""
        return self._followed()[0].numbers(ids)

    def names(self, numbers: Numbers) -> list[str]:
        """The ids of known products."""
        return self._followed()[0].ids(numbers)

    def facts(self, numbers: Numbers) -> ShelfFacts:
        """What known products are ranked by, in this order, from memory: rows say the same."""
        return self._followed()[0].facts(numbers)

    def flags(self, filters: Filters) -> NDArray[np.bool_]:
        """Whether each product number is admitted, (numbers,): from memory, as exact as the SQL."""
        return self._followed()[1].flags(filters, self._currencies(filters))

    def count(self, filters: Filters) -> int:
        """How many products are admitted."""
        return int(np.count_nonzero(self.flags(filters)))

    def prices(self, filters: Filters, limit: int, *, dearest: bool = False) -> list[Decimal]:
        """The lowest prices (or the highest) of admitted products, at most `limit`, in order."""
        return self._followed()[1].prices(self.flags(filters), limit, dearest=dearest)

    def matching(self, filters: Filters) -> set[str]:
        """Every admitted product, by SQL."""
        where, parameters = self._condition(filters)
        return {id for (id,) in self._db.execute(f"SELECT p.id FROM products AS p WHERE {where}", parameters)}

    def newest(self, filters: Filters, limit: int) -> list[str]:
        """Admitted products, the latest first, undated ones last."""
        return self._first("p.created_at DESC", filters, limit)

    def popular(self, filters: Filters, limit: int) -> list[str]:
        """Admitted products, the most rated first."""
        return self._first("p.rating_count DESC, p.rating DESC", filters, limit)

    def reduced(self, filters: Filters, limit: int) -> list[str]:
        """Admitted products that cost less than they did, the largest part of the former price saved first."""
        where, parameters = self._condition(filters)
        sql = f"""SELECT p.id FROM products AS p WHERE p.former_price > p.price AND {where}
        ORDER BY 1.0 * p.price / p.former_price, p.number LIMIT ?"""
        return [id for (id,) in self._db.execute(sql, [*parameters, max(limit, 0)])]

    def variants(self) -> dict[str, str]:
        """The number of each variant to its product's id, but for those that are a product's id themselves."""
        sql = """SELECT json_extract(o.value, '$[0]') AS number, p.id FROM products AS p, json_each(p.variants) AS o
        WHERE p.variants != '[]' AND number != '' AND number NOT IN (SELECT id FROM products)"""
        return dict(self._db.execute(sql))

    def ids(self) -> list[str]:
        """All available products, in the order they were first imported."""
        return [id for (id,) in self._db.execute("SELECT id FROM products WHERE available = 1 ORDER BY number")]

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Within this block the catalogue's numbers are read once, and what is in memory follows once: one page. Rows
        that are read may still be newer.
        """
        if self._db.conn.in_transaction or self._states is not None:
            yield
            return
        self._states = dict(self._db.execute("SELECT name, value FROM catalogue_state"))
        try:
            yield
        finally:
            self._states = None

    def revision(self) -> int:
        """A number that grows with every upsert that changed something."""
        return self._state("revision") or 0

    def vocabulary(self) -> Vocabulary:
        """The base vocabulary and the catalogue's own brands, sizes, categories, colours and other values."""
        return self._once_a_change("vocabulary", lambda: shop_vocabulary(self._db))

    def numbered(self) -> tuple[list[str], NDArray[np.int64]]:
        """Available products in the order they were first imported, with their numbers."""
        found = self._db.execute("SELECT id, number FROM products WHERE available = 1 ORDER BY number").fetchall()
        return [id for id, _ in found], np.fromiter((n for _, n in found), dtype=np.int64, count=len(found))

    def text_hashes(self) -> dict[str, str]:
        """The hash of every available product's text, in the order they were first imported."""
        return dict(self._db.execute("SELECT id, text_hash FROM products WHERE available = 1 ORDER BY number"))

    def embedding_texts(self, ids: Sequence[str] | None = None) -> Iterator[tuple[str, str, str]]:
        """(id, text, text hash) of these products, or of every available one, for the encoder."""
        for held in _batches(self.ids() if ids is None else ids, _HELD):
            found = self._read_products(held)
            for id in filter(found.__contains__, held):
                text = product_rows.embedding_text(found[id])
                yield id, text, product_rows.text_hash(text)

    # --- inside -------------------------------------------------------------------------------------

    def _followed(self) -> tuple[Shelf, Columns]:
        """What is in memory, as of now; inside a transaction, which may be taken back, what is read for it alone."""
        passing = self._db.conn.in_transaction
        shelf = Shelf(self._db) if passing else self._shelf
        columns = Columns(self._db, shelf) if passing else self._columns
        columns.follow(self.revision(), self._state("values") or 0)
        return shelf, columns

    def _read_products(self, ids: Sequence[str]) -> dict[str, Product]:
        found: dict[str, Product] = {}
        for held in _batches(ids, _HELD):
            marks = ", ".join("?" * len(held))
            for row in rows(self._db, f"SELECT * FROM products WHERE id IN ({marks})", held):
                found[row["id"]] = product_rows.to_product(row)
        return found

    def _segmenter(self) -> Segmenter:
        return self._once_a_change("words", self._add_brands)

    def _add_brands(self) -> Segmenter:
        self._segment.add(
            brand for (brand,) in self._db.execute("SELECT DISTINCT brand FROM products WHERE available = 1")
        )
        return self._segment

    def _condition(self, filters: Filters) -> tuple[str, list[object]]:
        return condition(filters, self._currencies(filters))

    def _currencies(self, filters: Filters) -> tuple[str, ...]:
        return self._once_a_change("currencies", self._read_currencies) if filters.price else ()

    def _read_currencies(self) -> tuple[str, ...]:
        return tuple(currency for (currency,) in self._db.execute("SELECT DISTINCT currency FROM products"))

    def _first(self, order: str, filters: Filters, limit: int) -> list[str]:
        where, parameters = self._condition(filters)
        sql = f"SELECT p.id FROM products AS p WHERE {where} ORDER BY {order}, p.number LIMIT ?"
        return [id for (id,) in self._db.execute(sql, [*parameters, max(limit, 0)])]

    def _state(self, name: str) -> int | None:
        if self._states is not None:
            return self._states.get(name)
        found = self._db.execute("SELECT value FROM catalogue_state WHERE name = ?", [name]).fetchone()
        return None if found is None else int(found[0])

    def _once_a_change(self, name: str, read: Callable[[], _T]) -> _T:
        """What `read` returned last, until a product's words or values change, in whichever process."""
        revision = self._state("values") or 0
        held = self._cache.get(name)
        if held is None or held[0] != revision:
            held = self._cache[name] = (revision, read())
        value: _T = held[1]  # type: ignore[assignment]
        return value


def _match(words: Iterable[str]) -> str:
    """An FTS5 query of quoted words. They hold letters and digits only, so that no syntax can slip in."""
    return " OR ".join(f'"{word}"' for word in words)


def _batches(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    remaining = iter(items)
    while batch := list(itertools.islice(remaining, size)):
        yield batch
