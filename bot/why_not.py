""" "Why not the Larkhill one?", 为什么没有索尼的: what the words name in this shop, and what keeps it off the page.

It is on the page, or it was ranked and came behind, or a limit of the wish excludes its row, or it was seen or refused
before, or the shop does not carry it. Runs in the database's thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.draft import Draft
from bot.habits import with_never
from bot.naming import wish_name
from bot.paging import for_somebody_else
from bot.reply import Line
from bot.why import Asked, Telling, point_line
from recommender.explaining import Point, avoided_points, cons, excluded_by, rank_of, told
from recommender.filters import filters_of, values_of
from recommender.wishes import words_pattern
from storage.records import (
    FILTERED_SLOTS,
    Filters,
    Product,
    Reaction,
    Recommendation,
    SlotName,
    Term,
    Vocabulary,
    Wish,
)
from storage.shop import Shop

_SEARCHED = 20
_READ = 2_000  # rows of a kind that are read to say that there is none
_REFUSED = frozenset({Reaction.DISLIKE, Reaction.LESS_LIKE})
_WORD = re.compile(r"[^\W_]{2,}")
_SMALL = frozenset({"the", "any", "some", "with", "one", "ones", "and", "for", "in", "of", "or", "from", "by", "your"})
_COLOUR_SIGNS = frozenset("红黑白蓝绿黄紫灰粉棕橙金银皮棉麻")  # signs that name a property alone


@dataclass(frozen=True)
class Named:
    """What the words name: values of the shop's vocabulary, and words beside them that may be of a title."""

    wishes: tuple[Wish, ...]
    words: tuple[str, ...]
    vocabulary: Vocabulary

    def fits(self, product: Product) -> bool:
        """Whether the product has all of it; one value of several for a slot is enough."""
        if not (self.wishes or self.words):
            return False
        title = f"{product.title} {product.title_zh} {product.brand}".casefold()
        return all(word in title for word in self.words) and all(
            wanted.intersection(product.values(slot)) for slot, wanted in self.values.items()
        )

    @property
    def values(self) -> dict[SlotName, frozenset[str]]:
        """Values by slot, narrower ones with them."""
        found: dict[SlotName, frozenset[str]] = {}
        for wish in self.wishes:
            found[wish.name] = found.get(wish.name, frozenset()) | values_of(wish, self.vocabulary)
        return found


def why_not_draft(asked: Asked, shop: Shop, telling: Telling) -> Draft | None:
    """Why something is not on the page; None where the words name nothing that can be told of."""
    named = named_by(asked.missing, telling.vocabulary)
    fitting = [item for item in telling.shown.candidates if named.fits(item.product)]
    if fitting:
        best = min(fitting, key=lambda item: (item.position == 0, item.position, -item.score))
        return telling.draft(tuple(_ranked(best, telling)))
    if lacking := _lacking(named, shop, telling):
        return telling.draft((lacking,))
    if product := _elsewhere(named, shop, telling):
        return telling.draft(tuple(_absent(product, telling)))
    return telling.draft((Line("why-not-carried", {"value": asked.missing}),)) if asked.claimed else None


def limits_of(telling: Telling) -> Filters:
    """The limits that the page was made under: the need's own, and what the shopper never wants."""
    need = telling.shown.need
    return filters_of(need if for_somebody_else(need) else with_never(need, telling.before.kept), telling.vocabulary)


def named_by(text: str, vocabulary: Vocabulary) -> Named:
    """The brands, kinds and properties that the words name, by the longest forms, and the words left over."""
    said = text.casefold()
    found = [(form, term) for term in vocabulary.terms if term.slot in FILTERED_SLOTS and (form := _form(term, said))]
    kept = [(form, term) for form, term in found if not any(form != other and form in other for other, _ in found)]
    rest = said
    for form, _ in sorted(kept, key=lambda pair: -len(pair[0])):
        rest = rest.replace(form, " ")
    words = tuple(word for word in _WORD.findall(rest) if word not in _SMALL)
    return Named(tuple(Wish(term.slot, term.value, form) for form, term in kept), words, vocabulary)


def _form(term: Term, said: str) -> str:
    """The longest form of a term that stands in the words; empty where none does."""
    forms = {form.casefold() for form in (*term.en, *term.zh, term.value)}
    telling = [form for form in forms if form in said and (len(form) > 1 or form in _COLOUR_SIGNS)]
    standing = (form for form in telling if (pattern := words_pattern((form,))) and pattern.search(said))
    return max(standing, key=len, default="")


def _lacking(named: Named, shop: Shop, telling: Telling) -> Line | None:
    """That none of the kind looked for is listed as what was named, where every row of that kind was read to say so."""
    kind = _kind(telling)
    if not kind or named.words or not named.wishes or SlotName.CATEGORY in named.values:
        return None
    filters = Filters(include={SlotName.CATEGORY: kind, **named.values}, in_stock=False)
    if shop.catalogue.count(filters) > _READ:
        return None
    rows = shop.catalogue.get(sorted(shop.catalogue.matching(filters))).values()
    if any(named.fits(product) and kind.intersection(product.categories) for product in rows):
        return None
    wishes = [*named.wishes, *(w for w in telling.shown.need.wishes if w.name is SlotName.CATEGORY and not w.negated)]
    said = tuple(wish_name(wish, telling.vocabulary, telling.language) for wish in wishes)
    return Line("why-not-lacking", {"what": said})


def _kind(telling: Telling) -> frozenset[str]:
    """The kinds of thing that the page was limited to."""
    return limits_of(telling).include.get(SlotName.CATEGORY, frozenset())


def _elsewhere(named: Named, shop: Shop, telling: Telling) -> Product | None:
    """The product of the shop that the words name and that breaks the fewest limits, of the kind looked for if any."""
    kind, limits = _kind(telling), limits_of(telling)
    wider = Filters(include=named.values, in_stock=False)
    narrower = replace(wider, include={SlotName.CATEGORY: kind, **named.values}) if kind else wider
    text = " ".join((*named.words, *(wish.text for wish in named.wishes)))
    for filters in (narrower, wider):
        ids = [id for id, _ in shop.catalogue.search(text, filters, _SEARCHED)]
        ids += [] if named.words else shop.catalogue.popular(filters, _SEARCHED)
        products = shop.catalogue.get(ids)
        if fitting := [products[id] for id in ids if id in products and named.fits(products[id])]:
            return min(fitting, key=lambda product: len(excluded_by(limits, product)))
    return None


def _ranked(item: Recommendation, telling: Telling) -> Iterator[Line]:
    """Of a candidate: its place, and what kept it behind the page."""
    product, shown = item.product, telling.shown
    title = product.title_in(telling.language)
    if item.position:
        yield Line("why-not-shown", {"title": title, "position": item.position})
    elif broken := excluded_by(limits_of(telling), product):  # the row has changed since
        yield _excluded(title, broken, telling)
    elif shown.need.cheapest and product.price >= (most := max(card.product.price for card in shown.page)):
        facts = {"title": title, "price": product.price, "most": most, "currency": product.currency}
        yield Line("why-not-dearer", facts)
    elif shown.need.best_rated and not shown.need.cheapest:
        yield _behind_the_rated(title, product)
    else:
        place, count = rank_of(item, shown.candidates), len(shown.candidates)
        if avoided := avoided_points(item):
            said = point_line(avoided[0], telling).facts["value"]
            yield Line("why-not-avoided", {"title": title, "place": place, "count": count, "value": said})
            return
        close = place <= len(shown.page)
        yield Line("why-not-close" if close else "why-not-ranked", {"title": title, "place": place, "count": count})
        for point in () if close else cons(product, told(item, shown.page), telling.witness(item)):
            yield Line("why-against", {"what": point_line(point, telling)})


def _behind_the_rated(title: str, product: Product) -> Line:
    """The order was that of ratings: what it has of them."""
    if product.rating is None or not product.rating_count:
        return Line("why-not-unrated", {"title": title})
    return Line("why-not-lower-rated", {"title": title, "rating": product.rating, "count": product.rating_count})


def _absent(product: Product, telling: Telling) -> Iterator[Line]:
    """Of what was not even a candidate: the limit it breaks, that it was seen or refused, or that others fit better."""
    title, before = product.title_in(telling.language), telling.before
    if broken := excluded_by(limits_of(telling), product):
        yield _excluded(title, broken, telling)
    elif any(event.product_id == product.id and event.reaction in _REFUSED for event in before.events):
        yield Line("why-not-refused", {"title": title})
    elif product.id in before.seen:
        yield Line("why-not-seen", {"title": title})
    else:
        yield Line("why-not-beyond", {"title": title, "count": len(telling.shown.candidates)})


def _excluded(title: str, broken: Sequence[Point], telling: Telling) -> Line:
    return Line("why-not-excluded", {"title": title, "what": tuple(point_line(point, telling) for point in broken)})
