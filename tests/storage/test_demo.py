"""The demo shop's catalogue: complete, in both languages, and never saying what a row denies."""

import re
from collections import Counter
from decimal import Decimal
from itertools import groupby

import pytest

from storage.demo.catalogue import REFERENCE, demo_products
from storage.demo.tables import Tables, tables
from storage.records import Product, SlotName
from storage.terms import base_vocabulary

VOCABULARY = base_vocabulary()
SELLING = {  # features that are plain facts: naming one that the row lacks would be a lie
    *("waterproof", "wireless", "bluetooth", "noise cancelling", "machine washable", "dishwasher safe"),
    *("vegan", "organic", "foldable", "rechargeable", "fast charging", "long sleeve", "short sleeve"),
    *("sleeveless", "hooded", "striped", "floral", "plaid", "mechanical", "high waisted"),
}


@pytest.fixture(scope="module")
def products() -> list[Product]:
    return list(demo_products())


def wanted(products: list[Product], category: str, most: str = "100000", **known: str) -> list[Product]:
    return [
        p
        for p in products
        if category in p.categories and p.stock and p.price <= Decimal(most)
        if all(value in p.values(SlotName(slot)) for slot, value in known.items())
    ]


def feature(products: list[Product], name: str) -> list[Product]:
    return [p for p in products if name in p.attributes.get("features", "").split(", ")]


def test_the_shop_is_large_and_varied(products):
    categories = Counter(p.category for p in products)
    assert len(products) >= 1500
    assert len(categories) >= 40
    assert min(categories.values()) >= 8
    assert len({p.brand for p in products}) >= 60
    assert len({p.id for p in products}) == len(products)


def test_every_article_is_told_in_both_languages(products):
    for p in products:
        assert p.title and p.title_zh and p.description and p.description_zh, p.id
        assert re.search(r"[\u4e00-\u9fff]", p.title_zh) and re.search(r"[\u4e00-\u9fff]", p.description_zh)
        assert not re.search(r"[\u4e00-\u9fff]", p.title + p.description), p.id
        assert len(p.title) <= 90 and len(p.title_zh) <= 45, p.title
        assert "{" not in p.title + p.description + p.title_zh + p.description_zh


def test_values_are_normal_forms_of_the_vocabulary(products):
    for p in products:
        assert p.categories == VOCABULARY.lineage(SlotName.CATEGORY, p.category)
        for slot in (SlotName.CATEGORY, SlotName.COLOR, SlotName.MATERIAL, SlotName.AUDIENCE):
            assert all((slot, value) in VOCABULARY.by_value for value in p.values(slot)), p
        for slot, key in ((SlotName.FEATURE, "features"), (SlotName.OCCASION, "occasions")):
            named = filter(None, p.attributes.get(key, "").split(", "))
            assert all((slot, value) in VOCABULARY.by_value for value in named), p


def test_prices_are_dollars_and_cents(products):
    for p in products:
        assert p.currency == "USD"
        assert p.price > 0 and p.price.as_tuple().exponent == -2, p.price


def test_figures_look_like_a_shop(products):
    counts = sorted(p.rating_count for p in products)
    assert counts[-1] > 20 * counts[len(counts) // 2]  # a long tail
    assert all((p.rating is None) == (p.rating_count == 0) for p in products)
    assert all(1 <= p.rating <= 5 for p in products if p.rating is not None)
    assert 0.02 < sum(p.stock == 0 for p in products) / len(products) < 0.1
    assert 0.015 < sum(p.sponsored for p in products) / len(products) < 0.035
    ages = [(REFERENCE - p.created_at).days for p in products]
    assert min(ages) >= 0 and max(ages) < 18 * 31 and max(ages) > 400 and min(ages) < 20


def test_the_same_shop_every_time(products):
    assert list(demo_products()) == products


@pytest.mark.parametrize(
    ("category", "most", "known", "least"),
    [
        ("dresses", "60", {"color": "red"}, 6),
        ("headphones", "28", {}, 6),
        ("running shoes", "200", {"audience": "women"}, 10),
        ("running shoes", "200", {"audience": "men"}, 10),
        ("running shoes", "200", {"audience": "kids"}, 3),
        ("shirts", "100", {"material": "linen"}, 5),
        ("boots", "300", {"audience": "men"}, 6),
        ("toys", "50", {"audience": "kids"}, 40),
        ("backpacks", "120", {}, 12),
        ("kitchen", "60", {}, 60),
    ],
)
def test_usual_requests_find_plenty_in_stock(products, category, most, known, least):
    assert len(wanted(products, category, most, **known)) >= least


def test_usual_requests_by_feature_find_plenty(products):
    assert len(feature(wanted(products, "headphones", "28"), "bluetooth")) >= 6
    assert len(feature(wanted(products, "boots"), "waterproof")) >= 8
    assert len(feature(wanted(products, "jackets"), "waterproof")) >= 5
    assert sum("gift" in p.title.casefold() + p.description.casefold() for p in products) >= 80
    assert sum("礼物" in p.description_zh or "礼盒" in p.title_zh for p in products) >= 80


def _finder(language: str, shop: Tables) -> tuple[re.Pattern[str], dict[str, list[tuple[SlotName, str]]]]:
    """Longest match over every surface form; names of brands and models stand for themselves."""
    at = ("en", "zh").index(language)
    meanings: dict[str, list[tuple[SlotName, str]]] = {}
    for term in VOCABULARY.terms:
        for form in getattr(term, language):
            meanings.setdefault(form.casefold(), []).append((term.slot, term.value))
    names = [(brand.name, brand.zh)[at] for brand in shop.brands]
    names += [pair[at] for pairs in shop.models.values() for pair in pairs]
    for name in names:
        meanings[name.casefold()] = []
    forms = "|".join(sorted(map(re.escape, meanings), key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{forms})(?!\w)" if language == "en" else forms), meanings


@pytest.mark.parametrize("language", ["en", "zh"])
def test_texts_never_contradict_the_row(products, language):
    finder, meanings = _finder(language, tables())
    wrong = []
    for p in products:
        text = f"{p.title_in(language)} {p.description_in(language)}".casefold()
        true = {slot: {*p.values(slot), *p.attributes.values()} for slot in SlotName}
        true[SlotName.FEATURE] |= {*p.attributes.get("features", "").split(", ")}
        for found in finder.finditer(text):
            senses = meanings[found.group()]
            if any(slot is SlotName.CATEGORY or value in true[slot] for slot, value in senses):
                continue
            for slot, value in senses:
                stated = slot in (SlotName.COLOR, SlotName.MATERIAL) and p.values(slot)
                if stated or (slot is SlotName.FEATURE and value in SELLING):
                    wrong.append((p.id, found.group(), text))
    assert wrong == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_texts_name_every_feature_of_the_row(products, language):
    for p in products:
        text = f"{p.title_in(language)} {p.description_in(language)}".casefold()
        for value in filter(None, p.attributes.get("features", "").split(", ")):
            forms = getattr(VOCABULARY.by_value[SlotName.FEATURE, value], language)
            assert any(form.casefold() in text for form in forms), (p.id, value, text)


def test_texts_mention_no_price_and_no_stock(products):
    for p in products:
        text = p.description + p.description_zh + p.title + p.title_zh
        assert not re.search(r"[$¥€]|\bUSD\b|in stock|sold out|discount|库存|现货|元|折扣|售罄", text), text


def test_texts_are_varied(products):
    assert len({p.title for p in products}) >= len(products) - 5
    assert len({p.title_zh for p in products}) >= len(products) - 5
    assert len({p.description for p in products}) > 0.98 * len(products)
    sentences = [s for p in products for s in re.split(r"(?<=[.!?])\s+", p.description)]
    assert len(set(sentences)) / len(sentences) > 0.35
    assert Counter(sentences).most_common(1)[0][1] < 0.03 * len(products)
    openings = Counter(" ".join(p.description.split()[:3]) for p in products)
    assert openings.most_common(1)[0][1] < 0.03 * len(products)


def test_descriptions_are_a_few_sentences(products):
    for p in products:
        assert len(re.findall(r"[.!?](?:\s|$)", p.description)) >= 2, p.description
        assert len(p.description) < 600 and len(p.description_zh) < 240


def test_colours_of_one_category_are_spread(products):
    by_category = groupby(sorted(products, key=lambda p: p.category), key=lambda p: p.category)
    colours = {value: {c for p in group for c in p.colors} for value, group in by_category}
    assert all(len(colours[value]) >= 8 for value in ("dresses", "running shoes", "t-shirts", "headphones"))
