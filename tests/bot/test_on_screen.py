"""Which shown item a few sure words mean. Pure."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.errands.items.gallery import asks_for_pictures
from bot.recall import Before
from bot.talk import Together
from bot.understanding.on_screen import read_on_screen
from nlu.rules import RulesUnderstander
from storage.records import Intent, Need, Product, Recommendation, SlotName, Term, Turn, Vocabulary, Wish
from storage.terms import base_vocabulary
from tests.support.talk import START

VOCABULARY = base_vocabulary()
RULES = RulesUnderstander(VOCABULARY)


def card(place, price, rating=None, count=0):
    product = Product(f"p{place}", f"Lamp {place}", Decimal(price), "USD", rating=rating, rating_count=count)
    return Recommendation(product, place, 0.0, {}, {})


def meant(text, *cards):
    before = Before(Turn(1, 1, 1, text, START, "en"), need=Need(query="lamp"), page=cards)
    read = read_on_screen(RULES.understand(text), before, VOCABULARY)
    return read.item_refs if read.intent is Intent.ASK_PRODUCT else ()


@pytest.mark.parametrize("text", ["the best rated one", "评分最高的那个"])
def test_of_two_rated_alike_more_buyers_count(text):
    assert meant(text, card(1, "9.00", 4.5, 12), card(2, "8.00", 4.5, 90), card(3, "7.00", 5.0, 0)) == (2,)


@pytest.mark.parametrize("text", ["the cheapest one", "最便宜的那个"])
def test_of_two_that_cost_the_same_none_is_meant(text):
    assert meant(text, card(1, "9.00"), card(2, "8.00")) == (2,)
    assert meant(text, card(1, "8.00"), card(2, "8.00")) == ()


@pytest.mark.parametrize("text", ["the cheapest coffee maker", "最便宜的咖啡机"])
def test_another_kind_of_thing_is_none_of_those_shown(text):
    assert meant(text, card(1, "9.00"), card(2, "8.00")) == ()


def branded(place, price, brand, color):
    card_of = card(place, price)
    return replace(card_of, product=replace(card_of.product, brand=brand, colors=(color,)))


def read(text, *cards, focus=0, asked=None):
    before = Before(Turn(1, 1, 1, text, START, "en"), need=Need(query="lamp", asked=asked), page=cards, focus=focus)
    return read_on_screen(RULES.understand(text), before, VOCABULARY)


SHOWN = (
    branded(1, "9.00", "Glowfern", "red"),
    branded(2, "8.00", "Lumbelow", "blue"),
    branded(3, "5.00", "Oak", "red"),
)


@pytest.mark.parametrize("text", ["anything cheaper but the same brand", "同品牌便宜点的"])
def test_the_same_brand_is_that_of_the_item_spoken_of(text):
    said = read(text, *SHOWN, focus=2)
    assert said.intent is Intent.REFINE
    assert said.values(SlotName.BRAND) == ("lumbelow",)
    assert not read(text, *SHOWN).values(SlotName.BRAND)


@pytest.mark.parametrize("text", ["i'll take the blue one but cheaper", "蓝色的那个，便宜点的有没有"])
def test_the_blue_one_but_cheaper_is_a_wish_that_starts_from_the_blue_one(text):
    said = read(text, *SHOWN)
    assert said.intent is Intent.REFINE
    assert said.item_refs == (2,)
    assert read(text, *SHOWN[::2]).item_refs == ()


@pytest.mark.parametrize("text", ["not the red one", "红色那个不要"])
def test_not_that_one_refuses_what_it_names_unless_the_cart_is_spoken_of(text):
    said = read(text, *SHOWN)
    assert (said.intent, [slot.negated for slot in said.slots]) == (Intent.REFINE, [True])
    assert read(text, *SHOWN, asked="cart/screen") == RULES.understand(text)


@pytest.mark.parametrize("text", ["Velmora ones", "what do you have from Velmora", "薇默岚的有哪些"])
def test_a_brand_and_nothing_else_is_looked_for_whatever_it_was_guessed_to_be(text):
    brand = Term(SlotName.BRAND, "velmora", en=("Velmora",), zh=("薇默岚",))
    shop = Vocabulary((*VOCABULARY.terms, brand))
    guessed = replace(RulesUnderstander(shop).understand(text), intent=Intent.VIEW_SAVED, confidence=0.6)
    assert guessed.values(SlotName.BRAND) == ("velmora",)
    before = Before(Turn(1, 1, 1, text, START, "en"), page=SHOWN)
    assert read_on_screen(guessed, before, shop).intent is Intent.SEARCH
    shown = replace(before, page=(branded(1, "9.00", "Velmora", "red"),))
    assert read_on_screen(guessed, shown, shop) == guessed


def beside(text, *cards, **before):
    said = RULES.understand(text)
    return read_on_screen(said, Before(Turn(1, 1, 1, text, START, "en"), need=Need(query="lamp"), page=cards, **before),
                          VOCABULARY)  # fmt: skip


@pytest.mark.parametrize("text", ["which one is the cheapest?", "哪个最便宜", "最便宜的是哪个"])
def test_which_is_cheapest_is_answered_by_that_item(text):
    said = beside(text, *SHOWN)
    assert (said.intent, said.item_refs, said.text) == (Intent.ASK_PRODUCT, (3,), "")


@pytest.mark.parametrize("text", ["add both to my cart", "两个都加购物车"])
def test_both_are_those_side_by_side_and_not_all(text):
    said = beside(text, *SHOWN, together=Together((1, 3), compared=True))
    assert said.item_refs == (1, 3)
    assert len(beside(text, *SHOWN).item_refs) < 3


@pytest.mark.parametrize("text", ["compare with the second one", "跟第二个比呢"])
def test_another_is_compared_with_the_one_spoken_of(text):
    said = replace(RULES.understand(text), intent=Intent.COMPARE, item_refs=(2,))
    before = Before(Turn(1, 1, 1, text, START, "en"), need=Need(query="lamp"), page=SHOWN, focus=1)
    assert read_on_screen(said, before, VOCABULARY).item_refs == (1, 2)
    assert read_on_screen(said, replace(before, focus=0), VOCABULARY).item_refs == (2,)


@pytest.mark.parametrize("text", ["and the second?", "how about the second one", "那第二个呢"])
def test_and_the_second_asks_what_was_asked_last(text):
    asked = RULES.understand("is the first one waterproof?")
    said = beside(text, *SHOWN, question=asked)
    assert (said.intent, said.item_refs, said.text) == (Intent.ASK_PRODUCT, (2,), asked.text)
    assert beside(text, *SHOWN).text == ""


@pytest.mark.parametrize("text", ["3", "number 3", "3."])
def test_a_bare_number_is_an_item_where_no_question_is_open(text):
    assert beside(text, *SHOWN).item_refs == (3,)
    assert read(text, *SHOWN, asked="budget") == RULES.understand(text)
    assert beside("4", *SHOWN) == RULES.understand("4")


@pytest.mark.parametrize("text", ["what would you pick?", "你会选哪个"])
def test_what_would_you_pick_puts_them_side_by_side(text):
    assert beside(text, *SHOWN).intent is Intent.COMPARE
    assert beside(text) == RULES.understand(text)


@pytest.mark.parametrize("text", ["with good reviews please", "有没有评价更好的", "按评分排序"])
def test_good_ratings_and_nothing_else_are_an_order(text):
    assert beside(text, *SHOWN).intent is Intent.REFINE


@pytest.mark.parametrize("text", ["评价好吗", "is it well rated?"])
def test_whether_ratings_are_good_is_a_question(text):
    assert beside(text, *SHOWN).intent is RULES.understand(text).intent


@pytest.mark.parametrize("text", ["put the other one in the cart", "另一个加购物车"])
def test_the_other_is_the_one_of_two_that_was_not_spoken_of(text):
    side_by_side = {"together": Together((1, 2), compared=True), "focus": 2}
    assert beside(text, *SHOWN, **side_by_side).item_refs == (1,)
    assert beside(text, *SHOWN, focus=2).item_refs == ()


@pytest.mark.parametrize("text", ["which one is cheaper to ship?"])
def test_what_is_cheaper_to_do_is_no_item(text):
    assert beside(text, *SHOWN).item_refs == ()


@pytest.mark.parametrize("text", ["the cheapest ones first", "the best rated first"])
def test_an_order_is_no_item(text):
    assert beside(text, *SHOWN).item_refs == ()


FOR_PICTURES = [
    ("more pictures", "多发几张图"),
    ("do you have more photos?", "有实拍图吗？"),
    ("show me some pics of it", "看看细节图"),
    ("all the pictures please", "全部图片"),
    ("any real-life photos", "有没有实物图"),
    ("can I see a close-up photo", "有图吗"),
    ("Photos?", "照片呢"),
    ("images of this one", "发张图片看看"),
]


@pytest.mark.parametrize("text", [text for pair in FOR_PICTURES for text in pair])
def test_who_asks_for_pictures_asks_about_the_item_spoken_of(text):
    said = read(text, *SHOWN)
    assert (said.intent, said.confidence, said.also) == (Intent.ASK_PRODUCT, 1.0, ())
    assert asks_for_pictures(said.text)
    assert not said.item_refs


@pytest.mark.parametrize("text", ["show me photos of the blue one", "蓝色的那个有图片吗"])
def test_pictures_of_the_one_that_the_words_name(text):
    assert read(text, *SHOWN).item_refs == (2,)


@pytest.mark.parametrize("text", ["more photos of the third one", "第三个多来几张照片"])
def test_pictures_of_the_one_with_that_number(text):
    assert read(text, *SHOWN).item_refs == (3,)


NO_PICTURES_ASKED = [
    ("show me picture frames", "看看相框"),
    ("do you have photo printers", "有照片打印机吗"),
    ("a camera that takes better pictures", "有地图吗"),
    ("can I send you a photo?", "有图案的T恤"),
    ("any photo albums", "看看拼图"),
    ("one that holds more photos", "有没有照片墙"),
    ("the picture on it is nice", "有绘图板吗"),
]


@pytest.mark.parametrize("text", [text for pair in NO_PICTURES_ASKED for text in pair])
def test_things_with_pictures_and_pictures_of_a_shopper_are_none_of_these(text):
    assert not asks_for_pictures(text)


@pytest.mark.parametrize("text", ["more pictures", "多发几张图"])
def test_with_nothing_on_screen_no_pictures_are_asked_for(text):
    assert read(text) == RULES.understand(text)


@pytest.mark.parametrize("text", ["save the first one and show me more photos of it", "收藏第一个，再多发几张图"])
def test_pictures_beside_another_request_leave_it_as_it_is(text):
    said = replace(RULES.understand(text), intent=Intent.SAVE, also=(Intent.ASK_PRODUCT,))
    before = Before(Turn(1, 1, 1, text, START, "en"), need=Need(query="lamp"), page=SHOWN)
    assert read_on_screen(said, before, VOCABULARY) == said


@pytest.mark.parametrize("text", ["show me pictures of red dresses", "看看红色连衣裙的图片"])
def test_pictures_of_a_kind_of_thing_are_a_search_for_it(text):
    dresses = [replace(each, product=replace(each.product, categories=("dresses",))) for each in SHOWN]
    assert read(text, *dresses).values(SlotName.CATEGORY) == ("dresses",)


@pytest.mark.parametrize("text", ["show me pictures of the blue dress", "那条蓝色连衣裙有图片吗"])
def test_pictures_of_the_thing_that_is_on_screen_are_of_that_one(text):
    dresses = [replace(each, product=replace(each.product, categories=("dresses",))) for each in SHOWN]
    said = read(text, *dresses)
    assert (said.intent, said.item_refs) == (Intent.ASK_PRODUCT, (2,))


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("is it available in XS?", True),
        ("does it come in black", True),
        ("do you have this one in size M?", True),
        ("这件有黑色的吗", True),
        ("这双有42码吗", True),
        ("do you have red dresses in M", False),
        ("有别的颜色吗", False),
        ("这件有别的颜色吗", False),
    ],
)
def test_whether_the_item_spoken_of_comes_so_is_a_question_about_it_where_that_was_a_guess(text, asks):
    before = Before(Turn(1, 1, 1, text, START, "en"), need=Need(query="lamp"), page=SHOWN, focus=2)
    guess = replace(RULES.understand(text), intent=Intent.ORDER_STATUS, confidence=0.3, also=(), item_refs=())
    read = read_on_screen(guess, before, VOCABULARY)
    assert ((read.intent, read.item_refs) == (Intent.ASK_PRODUCT, (2,))) is asks
    sure = replace(guess, intent=Intent.REFINE, confidence=0.9)
    assert read_on_screen(sure, before, VOCABULARY).intent is not Intent.ASK_PRODUCT


def guessed_removal(text, before):
    said = replace(RULES.understand(text), intent=Intent.REMOVE_FROM_CART, confidence=0.6, also=(), item_refs=())
    return read_on_screen(said, before, VOCABULARY)


@pytest.mark.parametrize("text", ["blue one pls", "不要那个，另一个蓝色的"])
def test_a_colour_after_a_page_takes_nothing_out_of_the_cart(text):
    before = Before(Turn(1, 1, 1, text, START, "en"), need=Need(query="lamp"), page=SHOWN)
    assert guessed_removal(text, before).intent is Intent.REFINE
    wished = replace(before, need=Need(query="lamp", wishes=(Wish(SlotName.COLOR, "blue", "blue"),)))
    assert guessed_removal(text, wished).intent is Intent.MORE
    assert guessed_removal(text, replace(before, page=())).intent is Intent.REMOVE_FROM_CART


@pytest.mark.parametrize(
    "text", ["remove the blue one", "把蓝色的删掉", "take the blue lamp out", "购物车里蓝色的不要了"]
)
def test_what_is_to_leave_the_cart_leaves_it(text):
    before = Before(Turn(1, 1, 1, text, START, "en"), need=Need(query="lamp"), page=SHOWN)
    assert guessed_removal(text, before).intent is Intent.REMOVE_FROM_CART


@pytest.mark.parametrize("text", ["the cheapest grey one", "灰色里最便宜的是哪个"])
def test_the_cheapest_of_a_colour_that_is_not_shown_is_a_wish(text):
    said = replace(RULES.understand(text), intent=Intent.COMPARE, item_refs=(1, 2))
    before = Before(Turn(1, 1, 1, text, START, "en"), need=Need(query="lamp"), page=SHOWN)
    assert read_on_screen(replace(said, item_refs=()), before, VOCABULARY).intent is Intent.REFINE


@pytest.mark.parametrize("text", ["between sizes should I size up", "两个码之间要买大一码吗"])
def test_whether_to_take_a_size_more_is_no_wish_for_one(text):
    need = Need(wishes=(Wish(SlotName.SIZE, "M", "M"),))
    before = Before(Turn(1, 1, 1, text, START, "en"), need=need, page=SHOWN)
    said = replace(RULES.understand(text), intent=Intent.REFINE)
    assert not read_on_screen(said, before, VOCABULARY).values(SlotName.SIZE)


@pytest.mark.parametrize("text", ["add 2", "加2号"])
def test_a_number_that_is_put_in_is_one_of_the_page(text):
    found = read(text, *SHOWN)
    assert (found.intent, found.item_refs, found.quantity) == (Intent.ADD_TO_CART, (2,), None)


def test_a_number_may_be_how_many_of_the_one_that_was_spoken_of():
    before = Before(Turn(1, 1, 1, "add 2", START, "en"), need=Need(query="lamp"), page=SHOWN, focus=1)
    said = replace(RULES.understand("add 2"), intent=Intent.ADD_TO_CART, item_refs=(), quantity=2)
    assert read_on_screen(said, before, VOCABULARY) is said


@pytest.mark.parametrize("text", ["first", "the second one", "第二个"])
def test_a_place_by_itself_is_looked_at_where_more_was_guessed(text):
    before = Before(Turn(1, 1, 1, text, START, "en"), need=Need(query="lamp"), page=SHOWN)
    said = replace(RULES.understand(text), intent=Intent.ADD_TO_CART, confidence=0.5)
    assert read_on_screen(said, before, VOCABULARY).intent is Intent.ASK_PRODUCT
    sure = replace(said, confidence=0.98)
    assert read_on_screen(sure, before, VOCABULARY).intent is Intent.ADD_TO_CART


@pytest.mark.parametrize("text", ["not that brand again", "换个牌子", "不要这个牌子"])
def test_another_brand_is_none_of_the_one_spoken_of(text):
    found = read(text, *SHOWN, focus=2)
    assert found.intent is Intent.REFINE
    assert [(slot.value, slot.negated) for slot in found.slots] == [("lumbelow", True)]


@pytest.mark.parametrize("text", ["add the cheapest to my cart", "把最便宜的那个加购物车"])
def test_the_cheapest_goes_into_the_cart(text):
    found = read(text, *SHOWN[:2])
    assert (found.intent, found.item_refs) == (Intent.ADD_TO_CART, (2,))
