"""A page that an errand has chosen itself: newest, reduced, wanted just now, with the reason why each stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from bot.deep_link import chosen_slate
from bot.draft import Draft
from bot.reply import Line, Option
from bot.summary import chips_of
from storage.records import Need, Product, Reason, Vocabulary

PAGE = 3
CHOSEN = "chosen"
"""The policy of such pages: nobody ranked them, so they say nothing of a ranking."""
_NO_REASONS: Mapping[str, tuple[Reason, ...]] = MappingProxyType({})


def chosen_page(
    need: Need,
    products: Sequence[Product],
    vocabulary: Vocabulary,
    lines: tuple[Line, ...],
    options: tuple[Option, ...] = (),
    reasons: Mapping[str, tuple[Reason, ...]] = _NO_REASONS,
    seed: int = 0,
) -> Draft:
    """The draft with these products as its page, in this order; `reasons` by product id."""
    slate = chosen_slate(products, CHOSEN, seed)
    items = tuple(replace(item, reasons=reasons.get(item.product.id, ())) for item in slate.items)
    chips = chips_of(need, vocabulary, need.language)
    return Draft(need=need, lines=lines, chips=chips, options=options, slate=replace(slate, items=items))
