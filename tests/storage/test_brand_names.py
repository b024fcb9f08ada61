"""Brands by the names of both scripts."""

import pytest

from storage.brand_names import other_names
from storage.records import Act, Rule, SlotName


@pytest.mark.parametrize(
    ("brand", "others"),
    [("Nike", ("耐克",)), ("NIKE", ("耐克",)), ("耐克", ("Nike",)), ("Velmora", ("薇默岚",)), ("Nobody", ()), ("", ())],
)
def test_a_known_brand_has_its_other_names(brand, others):
    assert other_names(brand) == others


@pytest.mark.parametrize("written", ["Nike", "耐克"])
def test_a_shops_brand_is_understood_by_all_its_names(shop, make_product, written):
    shop.catalogue.upsert([make_product(brand=written)])
    term = shop.catalogue.vocabulary().by_value[SlotName.BRAND, written.casefold()]
    assert {"Nike", "耐克"} == set(term.en) == set(term.zh)
    assert (term.label("en"), term.label("zh")) == ("Nike", "耐克")


def test_the_owner_adds_names_of_the_shops_own_brands(shop, make_product):
    shop.catalogue.upsert([make_product(brand="Ownbrand")])
    shop.merchandising.add(Rule(Act.SYNONYM, "自牌", "Ownbrand", both=True))
    assert "自牌" in shop.catalogue.vocabulary().by_value[SlotName.BRAND, "ownbrand"].zh
