from finetune.examples import Example
from finetune.joining import join, join_pairs
from nlu.tags import Span
from storage.records import Context, SlotName

ADD = Example("Toss it in my basket!", "add_to_cart", "en", (Span(SlotName.ITEM_REF, 5, 7),), (), Context(None, 3))
HATS = Example("Show me hats", "search", "en", (Span(SlotName.CATEGORY, 8, 12),))
THANKS = Example("thanks", "thanks", "en", ())


def test_two_messages_become_one_with_their_spans():
    both = join(ADD, HATS, " and ")
    assert both.text == "Toss it in my basket and show me hats"
    assert (both.intent, both.also) == ("add_to_cart", ("search",))
    assert [both.text[s.start : s.end] for s in both.spans] == ["it", "hats"]
    assert both.context == Context(None, 3)


def test_only_different_requests_are_joined_and_the_seed_decides():
    found = join_pairs([ADD, HATS, THANKS], 20, seed=1)
    assert len(found) == 20
    assert {(e.intent, e.also) for e in found} == {("add_to_cart", ("search",)), ("search", ("add_to_cart",))}
    assert found == join_pairs([ADD, HATS, THANKS], 20, seed=1)


def test_labels_of_another_trade_are_left_alone():
    assert join_pairs([Example("where is my card", "card_arrival"), Example("top up", "top_up")], 5, seed=1) == []


def test_what_is_unlabelled_stays_unlabelled():
    assert join(ADD, Example("show me hats", "search", "en", None), ", ").spans is None
