"""When the bot asks back, what about, and what a tapped answer means: pure, on pages made by hand."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.recall import Before
from bot.understanding.doubt import ASKED, OFFERED, OTHER, Doubt, as_meant, doubt_of, doubted, meant, neither, readings
from nlu.decode import Calibration
from storage.records import (
    DEFAULT_STAGE,
    Intent,
    Need,
    Product,
    Recommendation,
    Slot,
    SlotName,
    Turn,
    Understanding,
    Wish,
)

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
TURN = Turn(1, 7, 7, "", NOW)
NEED = Need("boots", wishes=(Wish(SlotName.COLOR, "red", "red"),), since=NOW)
CARD = Recommendation(Product("p1", "Red boots", Decimal(50), "USD"), 1, 0.0, {}, {}, id=1)
SHOWN = Before(TURN, need=NEED, page=(CARD, replace(CARD, position=2, id=2)))
EMPTY = Before(TURN)
DOUBT = Doubt(margin=0.15, outside=0.3)
BLUE = Slot(SlotName.COLOR, "blue", "blue", 3, 7)


def said(*top, text="in blue", slots=(BLUE,), **others):
    """An understanding whose likeliest intents are `top`: names and probabilities in turn."""
    ranked = tuple(zip(map(Intent, top[::2]), top[1::2], strict=True))
    intent, confidence = ranked[0]
    return Understanding(text, "en", intent, confidence, ranked, DEFAULT_STAGE[intent], slots=slots, **others)


@pytest.mark.parametrize(
    ("understood", "before", "asked"),
    [
        (said("search", 0.45, "refine", 0.40), SHOWN, ("search", "refine")),
        (said("search", 0.60, "refine", 0.40), SHOWN, ()),
        (said("refine", 0.35, "order_status", 0.33, "shipping", 0.3), SHOWN, ("refine", "order_status")),
        # Both readings lead to the same: nothing to change yet.
        (said("search", 0.45, "refine", 0.40), EMPTY, ()),
        # To look at the cart and to take something out of it do not.
        (said("view_cart", 0.45, "remove_from_cart", 0.40), SHOWN, ("view_cart", "remove_from_cart")),
        # A greeting is answered, and one that may be meant is not worth a question.
        (said("greet", 0.40, "search", 0.39), SHOWN, ()),
        (said("search", 0.40, "thanks", 0.39), SHOWN, ()),
        # Both are asked for anyway.
        (said("like", 0.45, "more", 0.40, also=(Intent.MORE,), item_refs=(1,)), SHOWN, ()),
        # Nothing is shown that one could mean, so only the other is offered.
        (said("like", 0.45, "search", 0.40), EMPTY, ("search",)),
        (said("out_of_scope", 0.45, "search", 0.40), EMPTY, ("search",)),
        # Hardly understood at all.
        (said("order_change", 0.25, "return_refund", 0.2, "greet", 0.19), EMPTY, ("order_change", "return_refund")),
        (said("out_of_scope", 0.11, "human", 0.03), EMPTY, ()),
        (said("search", 0.30, "human", 0.12), SHOWN, ()),
    ],
)
def test_it_asks_where_the_answer_makes_a_difference(understood, before, asked):
    assert readings(understood, before, DOUBT) == asked


def test_never_twice_in_a_row():
    again = replace(SHOWN, need=replace(NEED, asked=ASKED))
    understood = said("search", 0.45, "refine", 0.40)
    assert readings(understood, SHOWN, DOUBT)
    assert not readings(understood, again, DOUBT)


def test_the_question_changes_no_wish_and_is_marked():
    draft = doubted(said("search", 0.45, "refine", 0.40), SHOWN, DOUBT)
    assert draft.need == replace(NEED, asked=ASKED)
    assert [line.code for line in draft.lines] == ["did-you-mean"]
    assert [option.meant for option in draft.options] == ["search", "refine", OTHER]
    assert [option.label.code for option in draft.options] == ["meant-search", "meant-refine", "meant-other"]
    assert draft.slate is None


@pytest.mark.parametrize(
    ("understood", "line"),
    [
        (said("search", 0.45, "out_of_scope", 0.31), "not-my-business"),
        (said("search", 0.45, "more", 0.2, "out_of_scope", 0.29), None),
        (said("search", 0.65, "out_of_scope", 0.31), None),
    ],
)
def test_what_is_calibrated_as_outside_is_not_guessed_at(understood, line):
    draft = doubted(understood, EMPTY, DOUBT)
    assert (draft.lines[0].code if draft else None) == line


def test_a_tapped_answer_is_certain_and_keeps_what_was_read():
    understood = said("search", 0.45, "refine", 0.40, also=(Intent.REFINE, Intent.SHIPPING))
    served = as_meant(understood, Intent.REFINE)
    assert (served.intent, served.confidence, served.also) == (Intent.REFINE, 1.0, (Intent.SHIPPING,))
    assert (served.text, served.slots, served.model) == (understood.text, (BLUE,), "button")


def test_only_what_can_be_offered_can_be_meant():
    assert [meant(key) for key in ("refine", OTHER, "greet", "")] == [Intent.REFINE, None, None, None]
    assert {Intent.GREET, Intent.OUT_OF_SCOPE}.isdisjoint(OFFERED)


def test_something_else_leaves_the_wish_and_the_question_behind():
    draft = neither(replace(SHOWN, need=replace(NEED, asked=ASKED)))
    assert draft.need == NEED
    assert [line.code for line in draft.lines] == ["say-otherwise"]


@dataclass
class Model:
    calibration: Calibration


@pytest.mark.parametrize(
    ("calibration", "doubt"),
    [
        (Calibration(margin=0.2, outside=0.4), Doubt(0.2, 0.4)),
        (Calibration(margin=0.0, outside=0.4, outlier="softmax"), Doubt(0.05, None)),
        (Calibration.of({"temperature": 1.0, "thresholds": {"also": 0.5}}), Doubt(0.15, None)),
    ],
)
def test_the_thresholds_are_those_of_the_model(calibration, doubt):
    assert doubt_of(Model(calibration)) == doubt
    assert doubt_of(object()) == Doubt()


@pytest.mark.parametrize("text", ["有反馈说声音小", "is that loud in there"])
def test_a_person_is_called_on_a_guess_only_where_a_word_says_so(text):
    assert readings(said("human", 0.5, "shipping", 0.2, text=text, slots=()), SHOWN, DOUBT) == ("human", "shipping")
    called = said("human", 0.5, "shipping", 0.2, text=f"{text}, 找客服", slots=())
    assert readings(called, SHOWN, DOUBT) == ()
