"""What a shopper would rather avoid comes behind the rest, says so in the log, and is left out nowhere."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.avoiding import avoided_in, avoiding
from recommender.explaining import Against, avoided_points
from recommender.hand import NO_HAND, Hand
from recommender.pool import Pool
from storage.records import Need, SlotName, Wish

BOOTS = Need(wishes=(Wish(SlotName.CATEGORY, "boots", "boots"),))
LARKHILL = Wish(SlotName.BRAND, "larkhill", "Larkhill")


@pytest.mark.parametrize("avoided", [LARKHILL, Wish(SlotName.COLOR, "black", "黑色")])
def test_it_comes_behind_the_rest_and_is_still_there(recommender, ask, avoided):
    plain = recommender.recommend(ask(BOOTS, page_size=12))
    bent = recommender.recommend(replace(ask(BOOTS, page_size=12), avoided=(avoided,)))
    has = [avoided.value in [v.casefold() for v in item.product.values(avoided.name)] for item in bent.page]
    assert {item.product.id for item in bent.items} == {item.product.id for item in plain.items}
    assert any(has)
    assert has == sorted(has), "all of the others go first"


def test_the_score_is_not_touched_and_the_log_says_what_was_avoided(recommender, ask):
    plain = {item.product.id: item for item in recommender.recommend(ask(BOOTS)).items}
    for item in recommender.recommend(replace(ask(BOOTS), avoided=(LARKHILL,))).items:
        assert item.score == plain[item.product.id].score
        found = [wish.value for wish in avoided_in(item.features)]
        assert found == (["larkhill"] if item.product.brand == "Larkhill" else [])
        assert [point.code for point in avoided_points(item)] == [Against.AVOIDED] * len(found)


def test_an_order_by_price_and_an_anonymous_search_know_nothing_of_it(recommender, ask, shop):
    products = tuple(shop.catalogue.get(["p0", "p1"]).values())
    pool = Pool(products, np.zeros(2), np.zeros(2), np.zeros(2), np.eye(2, 384, dtype=np.float32))
    request = replace(ask(BOOTS), avoided=(LARKHILL,))
    words = shop.catalogue.vocabulary()
    for plain in (replace(request, need=replace(BOOTS, cheapest=True)), replace(request, mode="anonymous")):
        assert avoiding(NO_HAND, pool, plain, words) is NO_HAND
    boosted = avoiding(Hand(factors=np.array([2.0, 2.0])), pool, request, words)
    assert boosted.factors.tolist() == [2.0, 2.0]
    assert list(boosted.avoided) == [row for row, product in enumerate(products) if product.brand == "Larkhill"]
