"""What the bot says and understands of limits that give way, in both languages."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot import dialogue
from bot.draft import Asked, page_draft
from bot.money import Rates
from bot.relaxed import EXACTLY, LOOSELY, exact_chips, relaxed_header
from bot.reply import Line
from bot.understanding.firmness import firm_parts
from bot.wording import Wording
from storage.records import (
    Figure,
    Intent,
    Need,
    PriceRange,
    Product,
    Reason,
    ReasonCode,
    Recommendation,
    Relaxation,
    Slate,
    Slot,
    SlotName,
    Stage,
    Understanding,
    Wish,
)
from storage.terms import base_vocabulary

WORDS, WORDING = base_vocabulary(), Wording(strict=True)
SIXTY = PriceRange(max=Decimal(60), currency="USD")
NEED = Need(wishes=(Wish(SlotName.COLOR, "red"), Wish(SlotName.CATEGORY, "dresses")), price=SIXTY)
WAYS = (
    (Relaxation(SlotName.COLOR, ("red",), ("burgundy",)),),
    (Relaxation(SlotName.PRICE, price=PriceRange(max=Decimal(72), currency="USD")),),
)
OFF = Reason(ReasonCode.OFF_LIMIT, {"slot": "color", "value": "burgundy", "wanted": "red"})


def test_a_rating_that_gave_way_is_said_in_both_languages():
    need, ways = Need(wishes=NEED.wishes, least_rating=4.5), ((Relaxation(Figure.RATING, rating=4.3),),)
    off = Reason(ReasonCode.OFF_LIMIT, {"slot": "rating", "rating": 4.3, "least": 4.5})
    assert exact_chips(need, slate((off,), ways=ways))
    for language, way, why in (
        ("en", "rated 4.3 and up instead of 4.5", "Rated 4.3, under your 4.5"),
        ("zh", "评分放宽到 4.3 以上（原来是 4.5）", "评分 4.3，低于您说的 4.5"),
    ):
        header = relaxed_header(
            need, slate((off,), ways=ways), (Line("chip-rating", {"rating": 4.5}),), WORDS, language
        )
        assert way in WORDING.say(header, language)
        assert WORDING.reason(off, language) == why


@pytest.mark.parametrize("text", ["it must have at least 4 stars", "必须四星以上"])
def test_a_rating_can_be_a_must(text):
    assert firm_parts(Understanding(text, "en", Intent.REFINE, 1.0, (), Stage.BROWSE)) == {"rating"}


def slate(*reasons, ways=WAYS):
    product = Product("p", "Dress", Decimal(50), "USD", rating=4.0, rating_count=9)
    items = tuple(Recommendation(product, at, 0.0, {}, {}, given) for at, given in enumerate(reasons, start=1))
    return Slate(items, "v", "greedy", 0, 0, 0, ways=ways)


@pytest.mark.parametrize(
    ("language", "cards", "sentence"),
    [
        (
            *("en", ((OFF,), (OFF,))),
            "Nothing fits exactly: a red dress. Closest to it: burgundy instead of red; or up to $72 instead of $60.",
        ),
        (
            *("en", ((), (OFF,))),
            "Only the first one fits exactly: a red dress. "
            "After it: burgundy instead of red; or up to $72 instead of $60.",
        ),
        (
            *("zh", ((OFF,), (OFF,))),
            "没有完全符合“a red dress”的，最接近的是：用酒红色代替红色；或者价格放宽到 US$72 以内（原来是 US$60）。",
        ),
        (
            *("zh", ((), (), (OFF,))),
            "只有前 2 件完全符合“a red dress”，其余是：用酒红色代替红色；或者价格放宽到 US$72 以内（原来是 US$60）。",
        ),
    ],
)
def test_the_header_says_what_gave_way_and_how(language, cards, sentence):
    what = (Line("chip-value", {"value": "a red dress"}),)
    assert WORDING.say(relaxed_header(NEED, slate(*cards), what, WORDS, language), language) == sentence


@pytest.mark.parametrize("slot", ["brand", "color", "material"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_any_other_value_has_words(slot, language):
    value = {"brand": "larkhill", "color": "red", "material": "silk"}[slot]
    ways = ((Relaxation(SlotName(slot), (value,)), Relaxation(SlotName.SIZE, ("M",), ("L", "XL"))),)
    said = WORDING.say(relaxed_header(NEED, slate((OFF,), ways=ways), (), WORDS, language), language)
    assert WORDING.say(Line("chip-value", {"value": WORDS.label(SlotName(slot), value, language)}), language) in said
    assert "L" in said


@pytest.mark.parametrize(
    ("language", "facts", "sentence"),
    [
        ("en", {"slot": "color", "value": "burgundy", "wanted": "red"}, "Burgundy, not red"),
        ("zh", {"slot": "color", "value": "burgundy", "wanted": "red"}, "酒红色，不是红色"),
        ("en", {"slot": "price", "price": Decimal(72), "limit": Decimal(60), "end": "max"}, "$72, over your $60"),
        ("zh", {"slot": "price", "price": Decimal(48), "limit": Decimal(50), "end": "min"}, "US$48，低于您说的 US$50"),
    ],
)
def test_each_card_says_which_limit_it_breaks(language, facts, sentence):
    assert WORDING.reason(Reason(ReasonCode.OFF_LIMIT, facts | {"currency": "USD"}), language) == sentence


def test_one_chip_asks_for_exact_results_and_another_takes_it_back():
    (exact,) = exact_chips(NEED, slate((OFF,)))
    assert exact.key == EXACTLY
    assert (WORDING.say(exact.label, "en"), WORDING.say(exact.label, "zh")) == ("Only exactly this", "只要完全符合的")
    firm = dialogue.drop(NEED, EXACTLY)
    assert firm.firm == ("all",)
    assert [chip.key for chip in exact_chips(firm, slate(()))] == [LOOSELY]
    assert dialogue.drop(firm, LOOSELY) == NEED
    assert exact_chips(NEED, slate((), ways=())) == ()


# --- musts ------------------------------------------------------------------------------------------------------------


def said(text, limit=None, **spans):
    slots = tuple(
        Slot(SlotName(name), word, word, text.index(word), text.index(word) + len(word)) for name, word in spans.items()
    )
    return Understanding(text, "en", Intent.SEARCH, 0.9, (), Stage.BROWSE, slots=slots, price=limit)


@pytest.mark.parametrize(
    ("understood", "firm"),
    [
        (said("a red dress under $60", SIXTY, color="red", price="$60"), set()),
        (said("a dress, it must be red, under $60", SIXTY, color="red", price="$60"), {"color"}),
        (said("red dress, no more than $60", SIXTY, color="red", price="$60"), {"price"}),
        (said("only cotton, preferably red", material="cotton", color="red"), {"material"}),
        (said("红色连衣裙，不超过200元", SIXTY, color="红色", price="200元"), {"price"}),
        (said("200元以内的红色连衣裙", SIXTY, color="红色", price="200元"), set()),
        (said("一定要纯棉的，红色最好", material="纯棉", color="红色"), {"material"}),
        (said("只要红色的，500以内", SIXTY, color="红色", price="500"), {"color"}),
    ],
)
def test_a_must_is_heard_where_it_is_said(understood, firm):
    assert firm_parts(understood) == firm


def test_a_must_holds_until_the_limit_is_said_anew():
    must = said("a dress, it must be red", color="red")
    need = dialogue.begin(must)
    assert need.firm == ("color",)
    refine = Understanding(
        "in blue", "en", Intent.REFINE, 0.9, (), Stage.BROWSE, slots=(Slot(SlotName.COLOR, "blue", "blue", 3, 7),)
    )
    assert dialogue.advance(need, refine).firm == ()


def test_cheaper_than_this_never_gives_way_to_dearer():
    assert "price" in dialogue.cheaper_than(NEED, Decimal(40), "USD").firm
    assert "price" in dialogue.dearer_than(NEED, Decimal(40), "USD").firm


@pytest.mark.parametrize(
    ("order", "ways", "code"),
    [
        ({"cheapest": True}, WAYS[:1], "ordered-cheapest"),
        ({"best_rated": True}, WAYS[:1], "ordered-rated"),
        ({"cheapest": True}, WAYS, None),
        ({}, WAYS[:1], None),
    ],
)
def test_a_page_that_is_sorted_and_let_a_limit_give_way_says_both(order, ways, code):
    need, said = replace(NEED, **order), Understanding("", "en", Intent.REFINE, 1.0, (), Stage.BROWSE)
    draft = page_draft(need, slate((OFF,), ways=ways), WORDS, "en", Asked(said), "", Rates("USD"))
    assert draft.lines[0].code.startswith("relaxed-")
    assert [line.code for line in draft.lines if line.code.startswith("ordered-")] == ([code] if code else [])
