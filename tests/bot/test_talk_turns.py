"""The turns of a talk on the stocked shop, read by the rules: what a shopper would notice, in both languages."""

import asyncio
from decimal import Decimal

import pytest
import pytest_asyncio

from bot.errands.all import shop_errands
from bot.reply import Action
from bot.settings import Settings
from bot.wiring import open_house
from bot.wording import Wording
from storage.records import ReasonCode, SlotName
from tests.support.stage import copy_stocked
from tests.support.talk import Talk, scripted

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(stocked_folder, tmp_path_factory):
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("turns") / "data")
    house = await open_house(Settings(_env_file=None, data=folder), progress=False)
    yield house
    await house.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def assistant(house):
    errands = shop_errands(house.settings, house.database, house.search)
    assistant = scripted(house, errands=errands)
    yield assistant
    await asyncio.to_thread(assistant.parts.understander.close)


@pytest.fixture
def talk(assistant):
    return lambda language="en": Talk(assistant, language)


@pytest.fixture
def words(house):
    wording = Wording(house.words, strict=True)

    def _words(reply):
        return " | ".join(wording.say(line, reply.language) for line in reply.lines)

    return _words


@pytest.fixture
def chips(house):
    wording = Wording(house.words, strict=True)

    def _chips(reply):
        return [wording.say(chip.label, reply.language) for chip in reply.chips]

    return _chips


def codes(reply):
    return [line.code for line in reply.lines]


@pytest.mark.parametrize(
    ("language", "text", "header"),
    [
        ("en", "blue or green running shoes under $100", "for blue or green running shoes, up to $100"),
        ("en", "a red dress, size M, not polyester", "for red dresses, size M, not polyester"),
        ("en", "something for my daughter", "Here is what I found: for my daughter"),
        ("zh", "蓝色或绿色的跑鞋，100美元以内", "蓝色或绿色跑鞋、不超过 US$100"),
        ("zh", "红色连衣裙，M码，不要涤纶", "红色连衣裙、M 码、不要涤纶"),
    ],
)
async def test_the_header_is_a_phrase_and_not_a_list_of_parts(talk, words, language, text, header):
    assert header in words(await talk(language).says(text))


@pytest.mark.parametrize(
    ("language", "first", "let_go", "gone"),
    [
        ("en", "red boots under $150", "any colour is fine", "color"),
        ("en", "red boots under $150", "forget the budget", "price"),
        ("zh", "红色靴子，150美元以内", "颜色无所谓", "color"),
        ("zh", "红色靴子，150美元以内", "价格不限", "price"),
    ],
)
async def test_a_limit_is_let_go_of_in_words(house, talk, language, first, let_go, gone):
    shopper = talk(language)
    await shopper.says(first)
    await shopper.says(let_go)
    need = await house.database.run(lambda shop: shop.transcripts.latest_need(shopper.user_id))
    held = {wish.name.value for wish in need.wishes} | ({"price"} if need.price else set())
    assert held == {"category", "color", "price"} - {gone}


@pytest.mark.parametrize(
    ("language", "text", "again"), [("en", "red boots", "start over"), ("zh", "红色靴子", "重新开始")]
)
async def test_start_over_forgets_the_wish(house, talk, language, text, again):
    shopper = talk(language)
    await shopper.says(text)
    assert codes(await shopper.says(again)) == ["reset-done"]
    assert (await house.database.run(lambda shop: shop.transcripts.latest_need(shopper.user_id))).empty


@pytest.mark.parametrize(
    ("language", "search", "point", "ask"),
    [
        ("en", "show me backpacks", "I love the second one", "is it waterproof?"),
        ("zh", "看看双肩包", "我喜欢第二个", "这个防水吗"),
    ],
)
async def test_it_is_the_one_that_was_spoken_of_last(talk, words, language, search, point, ask):
    shopper = talk(language)
    page = await shopper.says(search)
    assert page.cards[1].product.title_in(language) in words(await shopper.says(point))
    assert page.cards[1].product.title_in(language) in words(await shopper.says(ask))


async def test_a_thumb_points_too(talk, words):
    shopper = talk()
    page = await shopper.says("show me backpacks")
    await shopper.presses(Action.LIKE, page.cards[2].id)
    assert page.cards[2].product.title in words(await shopper.says("is it waterproof?"))


async def test_after_more_a_number_means_the_new_page(talk, words):
    shopper = talk()
    first = await shopper.says("show me backpacks")
    second = await shopper.presses(Action.MORE, first.turn_id)
    assert not {card.product.id for card in first.cards} & {card.product.id for card in second.cards}
    assert second.cards[1].product.title in words(await shopper.says("is the second one waterproof?"))


@pytest.mark.parametrize(
    ("language", "search", "say"),
    [("en", "show me hats", "something like the second one"), ("zh", "看看帽子", "有没有第二个类似的")],
)
async def test_more_like_a_numbered_one_starts_from_it(talk, chips, language, search, say):
    shopper = talk(language)
    page = await shopper.says(search)
    reply = await shopper.says(say)
    assert codes(reply)[-1] == "found-like"
    assert any(page.cards[1].product.title_in(language) in chip for chip in chips(reply))
    assert not {card.product.id for card in page.cards} & {card.product.id for card in reply.cards}


async def test_the_pattern_stays_visible_after_more(talk, chips):
    shopper = talk()
    page = await shopper.says("show me hats")
    like = await shopper.presses(Action.MORE_LIKE, page.cards[0].id)
    more = await shopper.presses(Action.MORE, like.turn_id)
    further = await shopper.presses(Action.MORE, more.turn_id)
    assert any(page.cards[0].product.title in chip for chip in chips(further))


@pytest.mark.parametrize(
    ("language", "search", "say"), [("en", "leather sofas", "cheaper"), ("zh", "真皮沙发", "便宜点")]
)
async def test_where_nothing_is_cheaper_the_wish_stays_as_it_was(house, talk, language, search, say):
    shopper = talk(language)
    reply = await shopper.says(search)
    for _ in range(6):
        if not reply.cards:
            break
        before = await house.database.run(lambda shop: shop.transcripts.latest_need(shopper.user_id))
        reply = await shopper.says(say)
    assert codes(reply)[0] == "nothing-lower"
    assert (await house.database.run(lambda shop: shop.transcripts.latest_need(shopper.user_id))).price == before.price


async def test_cheaper_keeps_the_lower_end_that_was_said(talk):
    shopper = talk()
    page = await shopper.says("headphones between $20 and $80")
    cheaper = await shopper.presses(Action.CHEAPER, page.cards[0].id)
    assert all(Decimal(20) <= card.product.price < page.cards[0].product.price for card in cheaper.cards)


@pytest.mark.parametrize(
    ("language", "search", "refine"),
    [("en", "headphones under 300 yuan", "in black"), ("zh", "300元以内的耳机", "要黑色")],
)
async def test_a_rate_is_told_once(talk, language, search, refine):
    shopper = talk(language)
    assert "converted" in codes(await shopper.says(search))
    assert "converted" not in codes(await shopper.says(refine))


async def test_a_bare_number_is_in_the_money_of_the_talk(house, talk):
    shopper = talk()
    await shopper.says("headphones under 300 yuan")
    await shopper.says("under 200")
    need = await house.database.run(lambda shop: shop.transcripts.latest_need(shopper.user_id))
    assert need.price_said.currency == "CNY"


async def test_a_property_that_no_text_mentions_is_owned_up_to(talk):
    reply = await talk().says("a noise cancelling chocolate")
    assert reply.cards
    assert "not-stated" in codes(reply)


@pytest.mark.parametrize(
    ("language", "search", "ask", "verdict"),
    [
        ("en", "waterproof boots", "is the first one waterproof?", "item-yes-says"),
        ("en", "chocolate", "is the first one waterproof?", "item-does-not-say"),
        ("zh", "防水靴子", "第一个防水吗", "item-yes-says"),
        ("zh", "巧克力", "第一个防水吗", "item-does-not-say"),
    ],
)
async def test_a_question_gets_a_straight_answer(talk, language, search, ask, verdict):
    shopper = talk(language)
    await shopper.says(search)
    assert codes(await shopper.says(ask))[1] == verdict


@pytest.mark.parametrize(("language", "ideas", "more"), [("en", "surprise me", "more"), ("zh", "随便看看", "换一批")])
async def test_ideas_go_on(talk, language, ideas, more):
    shopper = talk(language)
    first = await shopper.says(ideas)
    second = await shopper.says(more)
    assert second.cards
    assert not {card.product.id for card in first.cards} & {card.product.id for card in second.cards}


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_link_opens_with_its_product(house, talk, language):
    shopper = talk(language)
    (wanted, *_) = await house.database.run(lambda shop: shop.catalogue.ids())
    reply = await shopper.commands("start", f"p_{wanted}")
    assert [card.product.id for card in reply.cards] == [wanted]
    assert codes(reply) == ["welcome", "data-notice", "linked"]
    learned = await shopper.presses(Action.LIKE, reply.cards[0].id)
    assert learned.state == "new"
    like = await shopper.presses(Action.MORE_LIKE, reply.cards[0].id)
    assert like.cards
    assert wanted not in {card.product.id for card in like.cards}


@pytest.mark.parametrize("payload", ["ref_x", "p_", "p_nothing", "p_../../etc", ""])
async def test_any_other_payload_is_a_greeting(talk, payload):
    reply = await talk().commands("start", payload)
    assert codes(reply)[:2] == ["welcome", "data-notice"]
    assert reply.cards == ()


async def test_an_item_that_is_decided_for_is_named(talk, words):
    shopper = talk()
    page = await shopper.says("show me hats")
    assert page.cards[1].product.title in words(await shopper.says("I'll take the second one"))


async def test_a_wrong_number_is_told_how_many_there_are(talk, words):
    shopper = talk()
    page = await shopper.says("show me hats")
    assert f"the {len(page.cards)} on screen" in words(await shopper.says("is the ninth one waterproof?"))


async def test_a_new_kind_leaves_the_old_ones_properties(house, talk):
    shopper = talk()
    await shopper.says("red waterproof leather boots under $200")
    await shopper.says("sandals instead")
    need = await house.database.run(lambda shop: shop.transcripts.latest_need(shopper.user_id))
    assert SlotName.FEATURE not in {wish.name for wish in need.wishes}


@pytest.mark.parametrize(
    ("language", "search", "looks", "ask"),
    [
        ("en", "show me backpacks", ("compare number {} and number {}",), "the cheaper one"),
        ("zh", "看看双肩包", ("对比第{}个和第{}个",), "便宜的那个"),
        ("en", "show me backpacks", ("tell me about number {}", "tell me about number {1}"), "the cheaper one"),
        ("zh", "看看双肩包", ("介绍一下第{}个", "介绍一下第{1}个"), "便宜的那个"),
    ],
)
async def test_the_cheaper_one_is_one_of_two_compared_or_looked_at(talk, words, language, search, looks, ask):
    shopper = talk(language)
    page = await shopper.says(search)
    _, cheaper, dearer = sorted(page.cards, key=lambda card: card.product.price)
    for look in looks:
        await shopper.says(look.format(cheaper.position, dearer.position))
    assert words(await shopper.says(ask)).startswith(cheaper.product.title_in(language))


@pytest.mark.parametrize(
    ("language", "search", "afresh", "point"),
    [
        ("en", "show me backpacks", "/reset", "tell me about the second one"),
        ("en", "show me backpacks", "start over", "add the second one to my cart"),
        ("zh", "看看双肩包", "/reset", "介绍一下第二个"),
        ("zh", "看看双肩包", "重新开始", "第二个加入购物车"),
    ],
)
async def test_after_a_reset_nothing_is_on_screen_and_old_cards_still_work(talk, language, search, afresh, point):
    shopper = talk(language)
    page = await shopper.says(search)
    await (shopper.commands("reset") if afresh == "/reset" else shopper.says(afresh))
    assert codes(await shopper.says(point)) == ["no-items-shown"]
    assert (await shopper.presses(Action.LIKE, page.cards[1].id)).state == "new"
    assert (await shopper.presses(Action.MORE_LIKE, page.cards[1].id)).cards


def let_out(card):
    """The limits that a card says it breaks."""
    return [reason.facts["slot"] for reason in card.reasons if reason.code is ReasonCode.OFF_LIMIT]


@pytest.mark.parametrize(
    ("language", "search", "ask", "stars"),
    [
        ("en", "show me backpacks", "4 stars and up", 4.0),
        ("en", "show me backpacks", "only those rated at least 4.5", 4.5),
        ("zh", "看看双肩包", "四星以上的", 4.0),
        ("zh", "看看双肩包", "评分4.5以上的", 4.5),
    ],
)
async def test_a_rating_in_stars_is_a_limit_that_stays(talk, words, chips, language, search, ask, stars):
    shopper = talk(language)
    before = await shopper.says(search)
    page = await shopper.says(ask)
    assert codes(page)[0] == "looking-for"
    assert len(chips(page)) == len(chips(before)) + 1
    assert all(card.product.rating >= stars and card.product.rating_count for card in page.cards)
    cheaper = await shopper.says("something cheaper" if language == "en" else "便宜一点的")
    assert "rating" in [chip.key for chip in cheaper.chips]
    # Where too few are cheaper than the page that was drawn, it may give way, and the card says so.
    assert all((card.product.rating >= stars) != ("rating" in let_out(card)) for card in cheaper.cards)
    dropped = await shopper.presses(Action.DROP, page.turn_id, "rating")
    assert chips(dropped) == chips(before)


@pytest.mark.parametrize(
    ("language", "search", "ask"),
    [
        ("en", "show me backpacks", "with good reviews please"),
        ("en", "show me backpacks", "best rated"),
        ("zh", "看看双肩包", "有没有评价好的"),
        ("zh", "看看双肩包", "评分最高的"),
        ("zh", "看看双肩包", "按评分排序"),
    ],
)
async def test_good_ratings_are_an_order(talk, words, chips, language, search, ask):
    shopper = talk(language)
    before = await shopper.says(search)
    page = await shopper.says(ask)
    assert codes(page)[0] == "found-best-rated"
    assert chips(page) == chips(before)
    for card in page.cards:
        assert card.product.rating >= 4.4
        assert [reason for reason in card.reasons if reason.code is ReasonCode.WELL_RATED]


@pytest.mark.parametrize(
    ("language", "ask", "kind"),
    [
        ("en", "a well reviewed coffee maker", "coffee makers"),
        ("en", "headphones with good reviews", "headphones"),
        ("zh", "评价好的咖啡机", "coffee makers"),
        ("zh", "口碑好的耳机", "headphones"),
    ],
)
async def test_good_ratings_are_asked_for_with_the_thing(talk, language, ask, kind):
    page = await talk(language).says(ask)
    assert codes(page)[0] == "found-best-rated"
    assert all(kind in card.product.categories for card in page.cards)


@pytest.mark.parametrize(
    ("language", "search", "ask"),
    [
        ("en", "show me backpacks", "why is number {} so expensive?"),
        ("zh", "看看双肩包", "第{}个为什么这么贵"),
    ],
)
async def test_why_so_dear_is_answered_with_figures(talk, words, language, search, ask):
    shopper = talk(language)
    page = await shopper.says(search)
    dearest = max(page.cards, key=lambda card: card.product.price)
    reply = await shopper.says(ask.format(dearest.position))
    said = codes(reply)
    assert said[:2] == ["item-about", "fact-price"]
    assert {"price-on-screen", "price-in-its-kind", "price-no-reason"} <= set(said)
    [standing] = [line for line in reply.lines if line.code == "price-on-screen"]
    assert standing.facts["place"] == "dearest"
    assert dearest.product.brand in words(reply)


@pytest.mark.parametrize(
    ("text", "brand"), [("薇默岚的连衣裙", "velmora"), ("峻岭行冲锋衣", "ridgefell"), ("Ridgefell的外套", "ridgefell")]
)
async def test_a_brand_is_known_by_its_name_in_the_other_script(talk, text, brand):
    page = await talk("zh").says(text)
    assert {card.product.brand.casefold() for card in page.cards} == {brand}
