"""The words a shop understands: the shipped base, then whatever its own products name.

A brand, size or category that the base lacks becomes a term of its own, so that a shopper's "Larkhill" or "EU 42"
is understood on the day the product arrives.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from sqlite_utils import Database

from storage import instants
from storage.brand_names import other_names
from storage.merchandising import Merchandising
from storage.records import SlotName, Term, Vocabulary
from storage.terms import base_vocabulary
from storage.text import fold, has_chinese

_OWN_SLOTS = (SlotName.SIZE, SlotName.COLOR, SlotName.MATERIAL, SlotName.AUDIENCE)


def shop_vocabulary(db: Database) -> Vocabulary:
    """The base vocabulary and the terms that available products add to it."""
    base = base_vocabulary()
    found: dict[tuple[SlotName, str], Term] = {}
    for term in (*_categories(db), *_brands(db), *_values(db)):
        if (term.slot, term.value) not in base.by_value:
            found.setdefault((term.slot, term.value), term)
    return Vocabulary(tuple(_with_synonyms([*base.terms, *found.values()], Merchandising(db).meanings(instants.now()))))


def _with_synonyms(terms: list[Term], meanings: Sequence[tuple[str, str]]) -> Iterator[Term]:
    """The terms, each with the owner's own words for it at the end of its forms."""
    added: defaultdict[str, list[str]] = defaultdict(list)
    for word, means in meanings:
        added[fold(means)].append(word)
    for term in terms:
        forms = (term.value, *term.en, *term.zh) if added else ()
        words = dict.fromkeys(word for form in forms for word in added.get(fold(form), ()))
        if not words:
            yield term
            continue
        chinese = tuple(word for word in words if has_chinese(word) and word not in term.zh)
        others = tuple(word for word in words if not has_chinese(word) and word not in term.en)
        yield replace(term, en=(*term.en, *others), zh=(*term.zh, *chinese))


def _brands(db: Database) -> list[Term]:
    spelled = db.execute(
        """SELECT brand FROM products WHERE available = 1 AND brand != ''
        GROUP BY brand ORDER BY count(*) DESC, brand"""
    )
    return [_brand(brand) for (brand,) in spelled]


def _brand(name: str) -> Term:
    """A brand by all its names, in either language: the catalogue writes one of them, shoppers any."""
    names = (name, *other_names(name))
    chinese = tuple(each for each in names if has_chinese(each))
    others = tuple(each for each in names if not has_chinese(each))
    return Term(SlotName.BRAND, name.casefold(), en=(*others, *chinese), zh=(*chinese, *others))


def _categories(db: Database) -> list[Term]:
    """Each category below its next wider one, as the products' lineages have it."""
    lineages = db.execute("SELECT DISTINCT categories FROM products WHERE available = 1 ORDER BY categories")
    found = []
    for (text,) in lineages:
        lineage = json.loads(text)
        wider = zip_longest(lineage, lineage[1:], fillvalue="")
        found += [_term(SlotName.CATEGORY, value, parent=parent) for value, parent in wider]
    return found


def _values(db: Database) -> list[Term]:
    marks = ", ".join("?" * len(_OWN_SLOTS))
    values = db.execute(
        f"""SELECT DISTINCT v.slot, v.value FROM product_values AS v JOIN products AS p ON p.number = v.product
        WHERE p.available = 1 AND v.slot IN ({marks}) ORDER BY v.slot, v.value""",
        [slot.value for slot in _OWN_SLOTS],
    )
    return [_term(SlotName(slot), value) for slot, value in values]


def _term(slot: SlotName, value: str, *, parent: str = "") -> Term:
    words = (value,)
    return Term(slot, value, parent, zh=words) if has_chinese(words[0]) else Term(slot, value, parent, en=words)
