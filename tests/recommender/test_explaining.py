"""Explanations are true: limits are those of the filter, contributions those of the score, facts those of the row."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.arrivals import EXPLORED
from recommender.config import RecommenderConfig
from recommender.explaining import TELLING, Against, Story, cons, excluded_by, rank_of, told, why
from recommender.facts import Witness
from recommender.filters import admits
from recommender.pool import Evidence, Pool
from recommender.question import question_of
from recommender.reasons import code_of
from recommender.wishes import wanted_of
from storage.records import Filters, Need, PriceRange, Product, Reaction, Reason, ReasonCode, SlotName, Wish
from tests.recommender.conftest import shelf
from tests.recommender.test_reasons import TRUE, Case, events, needs

SHELF = shelf()
limits = st.builds(
    Filters,
    price=st.none()
    | st.builds(
        PriceRange,
        st.none() | st.integers(10, 60).map(Decimal),
        st.none() | st.integers(40, 100).map(Decimal),
        st.sampled_from([None, "USD", "EUR"]),
    ),
    include=st.dictionaries(
        st.sampled_from([SlotName.COLOR, SlotName.CATEGORY]),
        st.frozensets(st.sampled_from(["red", "blue", "boots", "shoes"]), min_size=1),
    ),
    exclude=st.dictionaries(
        st.just(SlotName.MATERIAL), st.frozensets(st.sampled_from(["linen", "leather"]), min_size=1)
    ),
    in_stock=st.booleans(),
    least_rating=st.none() | st.floats(3.0, 5.0),
)


@given(filters=limits, product=st.sampled_from(SHELF), available=st.booleans())
def test_a_limit_is_named_exactly_where_the_filter_rejects(filters, product, available):
    product = replace(product, available=available)
    broken = excluded_by(filters, product)
    assert bool(broken) != admits(filters, product)
    for point in broken:
        _holds(point, product, filters)


def _holds(point, product, filters):
    facts = point.facts
    match point.code:
        case Against.OVER_LIMIT:
            assert facts["price"] == product.price > facts["limit"] == filters.price.max
        case Against.UNDER_LIMIT:
            assert facts["price"] == product.price < facts["limit"] == filters.price.min
        case Against.UNDER_RATING:
            assert facts["rating"] == product.rating < facts["least"] == filters.least_rating
        case Against.UNRATED:
            assert not product.rating_count or product.rating is None
        case Against.OTHER_CURRENCY:
            assert filters.price.currency not in (None, product.currency)
        case Against.OTHER_VALUE:
            assert facts["value"] in product.values(SlotName(facts["slot"]))
            assert facts["value"] not in filters.include[SlotName(facts["slot"])]
        case Against.UNWANTED_VALUE:
            assert facts["value"] in product.values(SlotName(facts["slot"]))
            assert facts["value"] in filters.exclude[SlotName(facts["slot"])]
        case Against.SOLD_OUT:
            assert product.stock == 0
        case Against.GONE:
            assert not product.available
        case other:
            raise AssertionError(f"{other} is no limit")


def _witness(item, request, catalogue, vocabulary):
    wanted = wanted_of(request.need, vocabulary)
    products = catalogue.get([event.product_id for event in request.events])
    numbers = [np.array([item.features[name]]) for name in ("text_lexical", "text_dense", "text_fused")]
    return Witness(
        request=request,
        pool=Pool((item.product,), *numbers, np.zeros((1, 384), np.float32)),
        evidence=Evidence(
            request.events,
            tuple(products[event.product_id] for event in request.events),
            np.zeros((len(request.events), 384), np.float32),
        ),
        wanted=wanted,
        granted=wanted.granted([item.product]),
        question=question_of(request.need, vocabulary),
        config=RecommenderConfig(),
    )


SPOKEN_AGAINST = {
    Against.LACKS_WISH: "known_match",
    Against.LACKS_WORDS: "text_lexical",
    Against.LOWER_RATED: "rating",
    Against.UNRATED: ("rating", "popularity"),
    Against.FEW_RATINGS: "popularity",
    Against.NEAR_LIMIT: "price_fit",
    Against.FEW_LEFT: "stock",
    Against.DISLIKED: ("taste_brand", "taste_category", "taste_color", "taste_material"),
}


@given(need=needs, happened=events, policy=st.sampled_from(["greedy", "thompson"]), seed=st.integers(0, 3))
def test_a_story_is_told_of_true_contributions_with_true_facts(recommender, shop, ask, need, happened, policy, seed):
    request = ask(need, events=happened, policy=policy, seed=seed)
    items = recommender.recommend(request).items
    products = shop.catalogue.get([f"p{n}" for n in range(72)])
    vocabulary = shop.catalogue.vocabulary()
    for item in items:
        ahead = told(item, items)
        story = why(item, items, _witness(item, request, shop.catalogue, vocabulary))
        assert len({reason.code for reason in story.pros}) == len(story.pros)
        for reason in story.pros:
            features = [name for name in item.parts if code_of(name) is reason.code]
            if not features:  # no part of the score: a place that was given
                assert reason in item.reasons
                continue
            assert TRUE[reason.code](Case(item.product, reason.facts, request, products)), reason
            if item.features.get(EXPLORED) and reason.code is ReasonCode.NEW:  # its place was given for being new
                continue
            assert any(item.parts[name] > 0 for name in features), reason
            assert reason in item.reasons or any(ahead[name] >= TELLING for name in features)
        for reason in story.gave_way:
            assert Case(item.product, reason.facts, request, products).beyond(), reason
        for point in story.cons:
            names = SPOKEN_AGAINST[point.code]
            assert any(ahead[name] <= -TELLING for name in ((names,) if isinstance(names, str) else names)), point
            _counts_against(point, item.product, request)


def _counts_against(point, row, request):
    facts = point.facts
    text = " ".join((row.title, row.title_zh, row.description, row.description_zh)).casefold()
    match point.code:
        case Against.LACKS_WISH:
            assert (facts["slot"], facts["value"]) in {(w.name.value, w.value) for w in request.need.wishes}
            assert facts["value"] not in row.values(SlotName(facts["slot"]))
        case Against.LACKS_WORDS:
            own = f"{row.title_in(request.need.language)} {row.description_in(request.need.language)}".casefold()
            assert not set(facts["words"].split()) & set(own.split())
        case Against.LOWER_RATED:
            assert (facts["rating"], facts["count"]) == (row.rating, row.rating_count)
            assert row.rating < 4 or row.rating_count < 5
        case Against.UNRATED:
            assert not row.rating_count
        case Against.FEW_RATINGS:
            assert facts["count"] == row.rating_count < 100
        case Against.NEAR_LIMIT:
            assert facts["price"] == row.price <= facts["limit"] == request.need.price.max
        case Against.FEW_LEFT:
            assert 0 < facts["n"] == row.stock < 5
        case Against.DISLIKED:
            refused = {e.product_id for e in request.events if e.reaction in (Reaction.DISLIKE, Reaction.LESS_LIKE)}
            values = {v.casefold() for p in SHELF if p.id in refused for v in p.values(SlotName(facts["slot"]))}
            assert facts["value"].casefold() in values
        case other:
            raise AssertionError(f"{other} is no contribution, in {text}")


@settings(max_examples=30)
@given(need=needs, happened=events)
def test_ranks_count_from_the_best_score(recommender, ask, need, happened):
    items = recommender.recommend(ask(need, events=happened)).items
    ranks = [rank_of(item, items) for item in items]
    assert not ranks or (min(ranks) == 1 and max(ranks) <= len(items))
    for one, rank in zip(items, ranks, strict=True):
        for other, its in zip(items, ranks, strict=True):
            assert (one.score > other.score) == (rank < its)


def test_a_paid_place_and_a_try_are_named(recommender, ask):
    item = recommender.recommend(ask(Need(query="boots"))).items[0]
    witness = _witness(item, ask(Need(query="boots")), _Nothing(), _empty())
    paid = replace(item, reasons=(Reason(ReasonCode.SPONSORED), *item.reasons), propensity=0.2)
    story = why(paid, [item], witness)
    assert (story.paid, story.tried) == (True, True)
    assert ReasonCode.SPONSORED not in {reason.code for reason in story.pros}
    assert why(item, [item], witness).cons == ()


def test_what_is_no_different_from_the_rest_has_nothing_against_it():
    product = Product(id="p", title="Mug", price=Decimal(5), currency="USD")
    assert cons(product, {"rating": 0.0, "popularity": TELLING / 2}, None) == ()
    assert Story((), ()).cons == ()


class _Nothing:
    def get(self, ids):
        return {}


def _empty():
    from storage.terms import base_vocabulary

    return base_vocabulary()


def test_a_wish_that_is_not_granted_is_named(recommender, ask):
    need = Need(query="boots", wishes=(Wish(SlotName.OCCASION, "moonlight", "moonlight"),))
    request = ask(need)
    items = recommender.recommend(request).items
    points = cons(items[0].product, {"known_match": -0.1}, _witness(items[0], request, _Nothing(), _empty()))
    assert [(p.code, p.facts["value"]) for p in points] == [(Against.LACKS_WISH, "moonlight")]
