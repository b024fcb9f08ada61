"""A wish in one language finds what is titled in the other alone: the words carry it, whatever the encoder knows."""

from decimal import Decimal

import pytest

from recommender.exact import ExactIndex
from recommender.recommender import Recommender
from storage.records import Need, Product, SlotName, Wish
from storage.shop import Shop

TITLES = {
    "dress-en": ("Red linen dress", ""),
    "dress-zh": ("红色亚麻连衣裙", "红色亚麻连衣裙"),
    "kettle-en": ("Blue steel kettle", ""),
    "kettle-zh": ("蓝色不锈钢水壶", "蓝色不锈钢水壶"),
}
CHINESE = Need(
    query="红色连衣裙",
    language="zh",
    wishes=(Wish(SlotName.COLOR, "red", "红色"), Wish(SlotName.CATEGORY, "dresses", "连衣裙")),
)
ENGLISH = Need(
    query="red dress",
    wishes=(Wish(SlotName.COLOR, "red", "red"), Wish(SlotName.CATEGORY, "dresses", "dress")),
)


@pytest.fixture
def both(tmp_path, encode):
    """A shop of bare titles, no categories and no colours: nothing but words can match."""
    shop = Shop.open(tmp_path)
    shop.catalogue.upsert(
        [
            Product(id=id, title=title, title_zh=title_zh, price=Decimal(30), currency="USD")
            for id, (title, title_zh) in TITLES.items()
        ]
    )
    index = ExactIndex(shop.catalogue, shop.vectors, encode, encode.version)
    yield Recommender(shop.catalogue, index, encode, shop.catalogue.vocabulary)
    shop.close()


@pytest.mark.parametrize("need", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_both_titles_are_found_before_all_else(both, ask, need):
    page = [item.product.id for item in both.recommend(ask(need, mode="anonymous", page_size=4)).page]
    assert set(page[:2]) == {"dress-en", "dress-zh"}
