"""The need so far, turn by turn, in both languages."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import dialogue
from bot.understanding.relative import Direction, direction
from nlu.rules import RulesUnderstander
from storage.records import Intent, Need, PriceRange, Slot, SlotName, Stage, Understanding, Wish
from storage.terms import base_vocabulary


@pytest.fixture(scope="module")
def understand():
    return RulesUnderstander(base_vocabulary()).understand


@pytest.fixture
def talk(understand):
    """Folds sayings into a need; prices are in the shop's currency."""

    def _talk(*sayings, need=Need()):
        for saying in sayings:
            said = understand(saying)
            need = dialogue.advance(need, said, said.price)
        return need

    return _talk


def wishes(need):
    return {(wish.name.value, wish.value, wish.negated) for wish in need.wishes}


@pytest.mark.parametrize(
    "sayings",
    [("a red dress under $60", "in blue"), ("60美元以内的红色连衣裙", "要蓝色的")],
    ids=["en", "zh"],
)
def test_a_refinement_replaces_the_colour_and_keeps_the_rest(talk, sayings):
    need = talk(*sayings)
    assert wishes(need) == {("category", "dresses", False), ("color", "blue", False)}
    assert need.price.max == Decimal(60)


@pytest.mark.parametrize("sayings", [("a red dress", "not red"), ("红色连衣裙", "不要红色")], ids=["en", "zh"])
def test_a_negation_takes_the_wish_back(talk, sayings):
    assert wishes(talk(*sayings)) == {("category", "dresses", False), ("color", "red", True)}


@pytest.mark.parametrize(
    "sayings",
    [("a red dress under $60", "now show me some hats"), ("60美元以内的红色连衣裙", "看看帽子")],
    ids=["en", "zh"],
)
def test_a_new_thing_begins_a_new_need(talk, sayings):
    need = talk(*sayings)
    assert wishes(need) == {("category", "hats", False)}
    assert need.price is None


def test_small_talk_changes_nothing(talk):
    before = talk("a red dress under $60")
    assert wishes(talk("thanks", need=before)) == wishes(before)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a vertical mouse under $50", "vertical"),
        ("我想买一个游戏鼠标，50美元以内", "游戏"),
        ("show me something for my dad", ""),
        ("a red dress", ""),
        ("a \u200bred dress <> { } ^ * \u202e", ""),
        ("a <b>vertical</b> mouse", "<b>vertical</b>"),
    ],
)
def test_what_no_slot_covers_stays_in_the_words(understand, text, left):
    assert dialogue.residue(understand(text)) == left


@pytest.mark.parametrize(
    "text",
    [
        "yo got any hoodies",
        "good morning dear, a blanket please",
        "lamp first",
        "what should I wear, a dress?",
        "uh a coat size medium",
        "a pair of sunglasses",
        "fine, show me jackets",
    ],
)
def test_words_of_talk_name_nothing(understand, text):
    assert dialogue.begin(understand(text)).query == ""


@pytest.mark.parametrize(
    "text",
    [
        "so my cousin is moving into her flat next month on the third floor with no lift, poor thing, we all chipped in"
        " and I thought a lamp would suit her",
        "我表妹下个月要搬进三楼没有电梯的新房子，大家凑了点钱，我想着送她一盏台灯挺合适",
    ],
)
def test_of_a_long_story_only_what_is_wished_is_searched_for(understand, text):
    need = dialogue.begin(understand(text))
    assert need.query == ""
    assert "lamps" in {wish.value for wish in need.wishes}


def test_signs_alone_are_no_wish():
    slots = (Slot(SlotName.FEATURE, "<> { }", "<> { }", 0, 6), Slot(SlotName.COLOR, "red", "red", 7, 10))
    said = Understanding("<> { } red", "en", Intent.SEARCH, 1.0, ((Intent.SEARCH, 1.0),), Stage.BROWSE, slots=slots)
    assert wishes(dialogue.begin(said)) == {("color", "red", False)}


def test_each_chip_drops_its_part():
    need = Need(
        query="gaming",
        wishes=(Wish(SlotName.CATEGORY, "mice"), Wish(SlotName.COLOR, "red", negated=True)),
        price=PriceRange(max=Decimal(5)),
        like_product="p1",
    )
    assert dialogue.drop(need, "w0").wishes == need.wishes[1:]
    assert dialogue.drop(need, "price").price is None
    assert dialogue.drop(need, "query").query == ""
    assert dialogue.drop(need, "like").like_product == ""


@given(st.text(max_size=12))
def test_an_unknown_chip_drops_nothing(key):
    need = Need(query="gaming", wishes=(Wish(SlotName.CATEGORY, "mice"),), price=PriceRange(max=Decimal(5)))
    if key not in {"w0", "price", "query", "like"}:
        assert dialogue.drop(need, key) == need


@given(st.decimals(min_value=1, max_value=10_000, places=2))
def test_cheaper_means_below(price):
    assert dialogue.cheaper_than(Need(), price, "USD").price.max < price
    assert dialogue.dearer_than(Need(), price, "USD").price.min > price


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("cheaper", Direction.CHEAPER),
        ("that's too expensive", Direction.CHEAPER),
        ("something less expensive please", Direction.CHEAPER),
        ("便宜点的", Direction.CHEAPER),
        ("太贵了", Direction.CHEAPER),
        ("something more expensive", Direction.DEARER),
        ("fancier ones", Direction.DEARER),
        ("贵一点的也行", Direction.DEARER),
        ("in blue", None),
        ("换个颜色", None),
    ],
)
def test_which_way_the_price_should_go(text, way):
    assert direction(text) is way


@given(st.text(max_size=300))
def test_any_text_folds_into_a_need(text):
    understand = RulesUnderstander(base_vocabulary()).understand
    said = understand(text)
    need = dialogue.advance(Need(), said, said.price)
    assert len(need.query) <= 200
    assert all(wish.value for wish in need.wishes)
    if Intent.SEARCH not in {said.intent, *said.also}:
        assert need.query == "" or said.intent in (Intent.REFINE, Intent.INSPIRE)


@pytest.mark.parametrize("saying", ["the cheapest coffee maker", "最便宜的咖啡机"])
def test_a_superlative_asks_for_the_lowest_prices_first(talk, saying):
    need = talk(saying)
    assert need.cheapest
    assert need.query == ""
    assert not talk("now show me some hats", need=need).cheapest


@pytest.mark.parametrize("saying", ["a well reviewed coffee maker", "评价好的咖啡机"])
def test_good_ratings_are_an_order_and_no_property(talk, saying):
    need = talk(saying)
    assert (need.best_rated, need.cheapest, need.query) == (True, False, "")
    assert [wish.name for wish in need.wishes] == [SlotName.CATEGORY]
    assert not talk("now show me some hats", need=need).best_rated


@pytest.mark.parametrize("saying", ["coffee maker, 4 stars and up", "四星以上的咖啡机"])
def test_a_rating_in_stars_is_a_limit_and_no_order(talk, saying):
    need = talk(saying)
    assert (need.least_rating, need.best_rated, need.query) == (4.0, False, "")
    assert [wish.name for wish in need.wishes] == [SlotName.CATEGORY]


@pytest.mark.parametrize(
    ("search", "change", "gone"),
    [
        ("a red dress, 4 stars and up", "in blue", "in green, any rating is fine"),
        ("四星以上的红色连衣裙", "要蓝色的", "评分无所谓"),
    ],
    ids=["en", "zh"],
)
def test_a_rating_is_kept_until_it_is_changed_or_let_go_of(talk, search, change, gone):
    need = talk(search)
    assert talk(change, need=need).least_rating == 4.0
    assert dialogue.drop(need, "rating").least_rating is None
    assert talk(gone, need=need).least_rating is None
    assert talk("now show me some hats" if search.isascii() else "看看帽子", need=need).least_rating is None


def test_the_order_said_last_holds_and_good_ratings_stay_asked_for(talk):
    cheapest = talk("the cheapest one", need=talk("a well reviewed coffee maker"))
    assert (cheapest.cheapest, cheapest.best_rated) == (True, True)
    rated = talk("but blue, and best rated", need=talk("the cheapest coffee maker"))
    assert (rated.cheapest, rated.best_rated) == (False, True)


@pytest.mark.parametrize("saying", ["blue or green dress", "蓝色或绿色的连衣裙"])
def test_two_colours_are_either_of_them(talk, saying):
    assert wishes(talk(saying)) == {
        ("category", "dresses", False),
        ("color", "blue", False),
        ("color", "green", False),
    }


@pytest.mark.parametrize(
    ("size", "text", "wish"),
    [
        ("big", "hmm too big", ("feature", "too big", True)),
        ("huge", "a smartwatch that's not huge", ("feature", "too huge", True)),
        ("大", "太大了", ("feature", "太大", True)),
        ("大", "不太大的手表", ("feature", "太大", True)),
        ("large", "in large please", ("size", "L", False)),
        ("iphone 15", "for an iphone 15", ("feature", "iphone 15", False)),
    ],
)
def test_how_big_a_thing_may_be_is_no_size_on_a_label(size, text, wish):
    start = text.index(size)
    slot = Slot(SlotName.SIZE, size, "L" if size != "iphone 15" else size, start, start + len(size))
    said = replace(RulesUnderstander(base_vocabulary()).understand(text), intent=Intent.REFINE, slots=(slot,))
    assert wishes(dialogue.advance(Need(query="lamp"), said)) == {wish}


@pytest.mark.parametrize(
    ("text", "words", "kept"),
    [
        ("something for the garden instead", "garden", ("beach", "garden")),
        ("换成养花的呢", "养花", ("beach", "养花")),
        ("also for the garden", "garden", ("beach", "cooking", "garden")),
        ("还要养花的", "养花", ("beach", "cooking", "养花")),
    ],
)
def test_what_is_said_instead_takes_the_place_of_what_was_said_last(text, words, kept):
    need = Need(wishes=tuple(Wish(SlotName.OCCASION, each, each) for each in ("beach", "cooking")))
    start = text.index(words)
    slot = Slot(SlotName.OCCASION, words, words, start, start + len(words))
    said = replace(RulesUnderstander(base_vocabulary()).understand(text), intent=Intent.REFINE, slots=(slot,))
    assert tuple(wish.value for wish in dialogue.advance(need, said).wishes) == kept
