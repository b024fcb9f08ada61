import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.rules import RulesUnderstander
from storage.records import Context, Intent, SlotName, Stage, Term, Vocabulary
from storage.terms import base_vocabulary
from tests.contracts.understander import UnderstanderContract

RULES = RulesUnderstander(base_vocabulary())


class TestRules(UnderstanderContract):
    @pytest.fixture
    def understander(self):
        return RULES


# The examples of the labelling guide, English then Chinese.
GUIDE = [
    ("what's the capital of France", "out_of_scope"),
    ("今天天气怎么样", "out_of_scope"),
    ("get me an agent", "human"),
    ("转人工", "human"),
    ("has order 48213 shipped?", "order_status"),
    ("我的快递到哪了", "order_status"),
    ("cancel my order", "order_change"),
    ("取消订单", "order_change"),
    ("can I exchange it", "return_refund"),
    ("我要退货", "return_refund"),
    ("do you ship to Canada", "shipping"),
    ("包邮吗", "shipping"),
    ("can I pay with PayPal", "payment"),
    ("能用支付宝吗", "payment"),
    ("ready to place the order", "checkout"),
    ("去结算", "checkout"),
    ("take the shoes out", "remove_from_cart"),
    ("清空购物车", "remove_from_cart"),
    ("what's in my cart", "view_cart"),
    ("看看购物车", "view_cart"),
    ("I'll take the second one", "add_to_cart"),
    ("我要第二个", "add_to_cart"),
    ("show my saved items", "view_saved"),
    ("我的收藏夹", "view_saved"),
    ("bookmark this one", "save"),
    ("先收藏第二个", "save"),
    ("1 or 3?", "compare"),
    ("哪个好", "compare"),
    ("is the second one waterproof", "ask_product"),
    ("第二个防水吗", "ask_product"),
    ("love it", "like"),
    ("好看", "like"),
    ("ugly", "dislike"),
    ("都不喜欢", "dislike"),
    ("next", "more"),
    ("换一批", "more"),
    ("cheaper", "refine"),
    ("in blue", "refine"),
    ("便宜点的", "refine"),
    ("a gift for my dad", "search"),
    ("连衣裙", "search"),
    ("what's trending", "inspire"),
    ("随便看看", "inspire"),
    ("yes please", "confirm"),
    ("好的", "confirm"),
    ("不用了", "deny"),
    ("what can you do", "help"),
    ("你能做什么", "help"),
    ("hello there", "greet"),
    ("你好", "greet"),
    ("thanks a lot", "thanks"),
    ("谢谢你", "thanks"),
    ("bye", "goodbye"),
    ("再见", "goodbye"),
    ("now show me some hats", "search"),
    ("too expensive", "refine"),
    ("too flashy", "refine"),
    ("none of these", "dislike"),
    ("the black ones?", "refine"),
    ("I don't like leather", "refine"),
    ("I don't like these", "dislike"),
]


@pytest.mark.parametrize(("text", "intent"), GUIDE)
def test_the_labelling_guide_is_followed(text, intent):
    assert RULES.understand(text, Context(shown=3)).intent == intent


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        ("toss it in my basket and show me hats", ["add_to_cart", "search"]),
        ("把第二个加入购物车，顺便看看帽子", ["add_to_cart", "search"]),
        ("add the second one to my cart and check out", ["add_to_cart", "checkout"]),
        ("how much is shipping and do you take paypal", ["shipping", "payment"]),
        ("a red dress, under $60, not polyester", ["search"]),
        ("hi, do you have running shoes for men?", ["search"]),
        ("你好，有连衣裙吗", ["search"]),
    ],
)
def test_a_message_may_carry_several_requests(text, requests):
    understood = RULES.understand(text)
    assert [understood.intent, *understood.also] == requests


def test_everything_in_one_message_is_read():
    said = "two red leather bags for my wife under $80, not Acme"
    shop = Vocabulary((*base_vocabulary().terms, Term(SlotName.BRAND, "acme", en=("Acme",))))

    understood = RulesUnderstander(shop).understand(said)

    assert {(slot.name.value, slot.text, slot.value, slot.negated) for slot in understood.slots} == {
        ("quantity", "two", "2", False),
        ("color", "red", "red", False),
        ("material", "leather", "leather", False),
        ("category", "bags", "bags", False),
        ("audience", "my wife", "women", False),
        ("price", "under $80", "<=80 USD", False),
        ("brand", "Acme", "acme", True),
    }
    assert understood.quantity == 2
    assert understood.stage is Stage.BROWSE


def test_what_was_asked_decides_what_a_short_answer_means():
    assert RULES.understand("38", Context("size")).values(SlotName.SIZE) == ("38",)
    assert RULES.understand("两百", Context("budget")).price.max == 200
    assert RULES.understand("好的", Context("confirm", 3)).intent is Intent.CONFIRM
    assert RULES.understand("no", Context("confirm", 3)).intent is Intent.DENY


def test_a_lone_number_picks_a_shown_item_only_where_one_is_shown():
    assert RULES.understand("2", Context(shown=3)).item_refs == (2,)
    assert RULES.understand("2", Context(shown=0)).item_refs == ()


def test_phrase_tables_hold_valid_rows():
    folder = Path(__file__).parents[2] / "nlu" / "phrases"
    for language in ("en", "zh"):
        header, *rows = (folder / f"{language}.tsv").read_text(encoding="utf-8").splitlines()
        assert header.split("\t") == ["intent", "weight", "needs", "pattern"]
        named = {Intent(row.split("\t")[0]) for row in rows}
        assert named == set(Intent)
        assert all(re.compile(row.split("\t")[3]) and float(row.split("\t")[1]) > 0 for row in rows)


@given(st.text(max_size=60) | st.text(alphabet="不要红色的和$60元under第2个号not,. 两百-", max_size=40))
def test_no_text_breaks_it(text):
    understood = RULES.understand(text, Context("budget", 3))
    assert all(text[slot.start : slot.end] == slot.text for slot in understood.slots)
