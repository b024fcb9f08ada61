"""The conversation as it was, whatever happened in between."""

import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from storage.records import Intent, Need, PriceRange, Slot, SlotName, Stage, Understanding
from storage.shop import Shop


@pytest.fixture
def products(catalogue, make_product):
    made = [make_product(f"p{n}", title=f"Dress {n}") for n in range(5)]
    catalogue.upsert(made)
    return made


def finish(shop, turn, need, slate=None, **changed):
    fields = {
        "understanding": None,
        "reply": "{}",
        "timings": {},
        "versions": {},
        "degraded": False,
    }
    return shop.transcripts.finish(turn.id, need=need, slate=slate, **(fields | changed))


def test_a_turn_is_stored_before_it_is_understood(shop, tmp_path, make_turn):
    turn = shop.transcripts.begin(make_turn("藍色的鞋", source="button", language="zh"))
    reader = Shop.open(tmp_path, readonly=True)
    (stored,) = reader.transcripts.history(7, 5)
    assert stored.turn == turn
    assert (stored.understanding, stored.need, stored.answered_at) == (None, None, None)
    assert reader.transcripts.answered(turn.update_id) is None
    reader.close()


def test_the_same_update_is_the_same_turn(shop, make_turn):
    turn = make_turn("a red dress")
    first = shop.transcripts.begin(turn)
    again = shop.transcripts.begin(replace(turn, text="something else"))
    assert first == again
    assert first == replace(turn, id=first.id)
    assert first.id > 0


def test_an_answer_is_read_back_whole(shop, make_turn, make_slate, products):
    turn = shop.transcripts.begin(make_turn())
    slot = Slot(SlotName.COLOR, "red", "red", 2, 5)
    understanding = Understanding(
        *("a red dress", "en", Intent.SEARCH, 0.93, ((Intent.SEARCH, 0.93),), Stage.BROWSE),
        slots=(slot,),
        price=PriceRange(max=Decimal("60.00"), currency="USD"),
    )
    need = Need("dress", price=PriceRange(max=Decimal("60.00")))
    stored = finish(
        shop,
        turn,
        need,
        make_slate(products),
        understanding=understanding,
        reply='{"lines": ["here"]}',
        timings={"understand": 4.25},
        versions={"model": "m1"},
        degraded=True,
    )
    answered = shop.transcripts.answered(turn.update_id)
    assert answered.turn == turn
    assert answered.reply_json == '{"lines": ["here"]}'
    assert answered.recommendations == stored
    (record,) = shop.transcripts.history(7, 1)
    assert (record.understanding, record.need, record.reply_json) == (understanding, need, '{"lines": ["here"]}')
    assert (record.timings, record.versions, record.degraded) == ({"understand": 4.25}, {"model": "m1"}, True)
    assert record.answered_at is not None
    assert record == shop.transcripts.get(turn.id)


def test_every_candidate_is_kept_with_its_figures(shop, answer, products, make_slate):
    ranked = answer(products, shown=3)
    assert [item.position for item in ranked] == [1, 2, 3, 0, 0]
    assert len({item.id for item in ranked}) == 5
    assert [replace(item, id=0) for item in ranked] == list(make_slate(products).items)
    turn_id = shop.transcripts.history(7, 1)[0].turn.id
    assert shop.impressions.of_turn(turn_id) == ranked
    assert shop.transcripts.page(turn_id) == ranked[:3]


def test_finishing_twice_keeps_the_first_answer(shop, make_turn, make_slate, products):
    turn = shop.transcripts.begin(make_turn())
    first = finish(shop, turn, Need("one"), make_slate(products))
    assert finish(shop, turn, Need("two"), make_slate(products[:1])) == first
    assert shop.transcripts.latest_need(7) == Need("one")


def test_a_turn_that_never_began_cannot_be_finished(shop, make_turn):
    with pytest.raises(LookupError, match="never begun"):
        finish(shop, replace(make_turn(), id=99), Need())


def test_an_answer_is_stored_as_a_whole_or_not_at_all(shop, make_turn, make_slate, products, make_product):
    turn = shop.transcripts.begin(make_turn())
    with pytest.raises(Exception, match="FOREIGN KEY"):
        finish(shop, turn, Need("one"), make_slate([*products, make_product("never imported")]))
    assert shop.transcripts.answered(turn.update_id) is None
    assert shop.impressions.of_turn(turn.id) == ()


def test_the_latest_need_and_page_are_each_shoppers_own(shop, answer, make_turn, products):
    answer(products[:2], user_id=7, text="dress")
    answer(products[2:], user_id=8, text="coat")
    small_talk = shop.transcripts.begin(make_turn("thanks"))
    finish(shop, small_talk, Need("dress", asked="budget"))
    shop.transcripts.begin(make_turn("unanswered"))
    assert shop.transcripts.latest_need(7) == Need("dress", asked="budget")
    assert [item.product.id for item in shop.transcripts.latest_page(7).recommendations] == ["p0", "p1"]
    assert shop.transcripts.latest_need(8) == Need("coat")
    assert shop.transcripts.latest_need(9) is None
    assert shop.transcripts.latest_page(9) is None
    assert shop.transcripts.need(small_talk.id) == Need("dress", asked="budget")
    assert shop.transcripts.owner(small_talk.id) == 7
    assert (shop.transcripts.need(999), shop.transcripts.owner(999), shop.transcripts.get(999)) == (None, None, None)


def test_history_is_the_last_turns_in_their_order(shop, make_turn):
    for text in "abcd":
        shop.transcripts.begin(make_turn(text))
    assert [record.turn.text for record in shop.transcripts.history(7, 3)] == ["b", "c", "d"]


def test_cards_show_the_live_row(shop, answer, catalogue, make_product, products):
    (ranked, *_) = answer(products)
    catalogue.upsert([make_product("p0", title="Dress 0", price=Decimal("9.99"))])
    catalogue.retain(set())
    shown = shop.impressions.get(ranked.id).recommendation.product
    assert (shown.price, shown.available) == (Decimal("9.99"), False)


def test_an_impression_says_how_the_page_was_drawn(shop, answer, products):
    ranked = answer(products)
    impression = shop.impressions.get(ranked[1].id)
    assert impression.recommendation == ranked[1]
    assert (impression.user_id, impression.position, impression.policy) == (7, 2, "thompson")
    assert (impression.seed, impression.taste_version, impression.index_version) == (42, 3, "minilm-1")
    assert shop.impressions.get(999) is None


def test_propensities_arrive_later(shop, answer, products):
    ranked = answer(products)
    turn_id = shop.impressions.get(ranked[0].id).turn_id
    shop.impressions.set_propensities(turn_id, {"p0": 0.75, "p3": 0.125, "stranger": 1.0})
    found = {item.product.id: item.propensity for item in shop.impressions.of_turn(turn_id)}
    assert found == {"p0": 0.75, "p1": None, "p2": None, "p3": 0.125, "p4": None}


def test_seen_products_are_those_on_pages_since(shop, answer, products):
    answer(products, shown=2)
    at = shop.transcripts.history(7, 1)[0].answered_at
    assert shop.impressions.shown_since(7, at) == {"p0", "p1"}
    assert shop.impressions.shown_since(7, at + timedelta(microseconds=1)) == set()
    assert shop.impressions.shown_since(8, at) == set()


def test_two_writers_begin_the_same_turn_once(shop, tmp_path, make_turn):
    turn = make_turn()
    found = []

    def begin():
        other = Shop.open(tmp_path)
        found.append(other.transcripts.begin(turn).id)
        other.close()

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) == {shop.transcripts.begin(turn).id}
    assert len(found) == 4


def test_after_a_turn_that_cleared_the_screen_no_page_is_the_latest(shop, answer, make_turn, products):
    answer(products[:2], user_id=7, text="dress")
    finish(shop, shop.transcripts.begin(make_turn("/reset")), Need(), cleared=True)
    assert shop.transcripts.latest_page(7) is None
    answer(products[2:], user_id=7, text="coat")
    assert [item.product.id for item in shop.transcripts.latest_page(7).recommendations] == [p.id for p in products[2:]]
