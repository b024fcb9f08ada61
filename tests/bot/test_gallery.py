"""All pictures of an item: once above is enough, far above is not, and where there is one or none this is said."""

from dataclasses import replace

import pytest
import pytest_asyncio

from bot.errands.all import shop_errands
from bot.reply import ALBUM, Action, Learned
from storage.product_rows import to_product
from storage.records import Reaction
from tests.support.talk import WISH, Talk, codes, scripted

pytestmark = pytest.mark.asyncio(loop_scope="module")
ASKED = {"en": "more pictures of the first one", "zh": "第一个多发几张图"}
MEANWHILE = {"en": ("hello", "thanks", "what does delivery cost?"), "zh": ("你好", "谢谢", "运费多少")}


@pytest_asyncio.fixture(params=["en", "zh"], loop_scope="module")
async def talk(request, house):
    return Talk(scripted(house, errands=shop_errands(house.settings, house.database, house.search)), request.param)


async def taps(talk, card):
    return await talk.presses(Action.ERRAND, card.id, "item:pictures")


async def delivered(house, talk, reply):
    """What the door keeps of an album that Telegram has accepted."""
    update, user = talk.last.update_id, talk.user_id
    await house.database.run(lambda shop: shop.sent.record(update, 0, user, 1, ALBUM, reply.turn_id))


async def test_the_album_holds_all_and_counts_as_a_look(talk, reader):
    card = (await talk.says(WISH[talk.language])).cards[0]
    reply = await talk.says(ASKED[talk.language])
    [album] = reply.attachments
    assert to_product(album.facts["product"]).gallery == card.product.gallery
    assert len(card.product.gallery) > 1
    assert [option.label.code for option in reply.options] == ["button-item-details", "button-cart-add"]
    assert [event.reaction for event in reader.feedback.events(talk.user_id, 5)] == [Reaction.OPEN]
    again = await talk.again()
    assert again.repeated and again.attachments == reply.attachments


async def test_what_stands_above_is_not_sent_again_for_a_tap_or_a_word(house, talk):
    card, other, *_ = (await talk.says(WISH[talk.language])).cards
    await delivered(house, talk, await taps(talk, card))
    for _ in range(15):
        tapped = await taps(talk, card)
        assert isinstance(tapped, Learned) and tapped.line.code == "item-pictures-above"
    said = await talk.says(ASKED[talk.language])
    assert codes(said) == ["item-pictures-above"] and not said.attachments
    assert (await taps(talk, other)).attachments


async def test_what_is_far_above_or_was_refused_is_sent_again(house, talk):
    card = (await talk.says(WISH[talk.language])).cards[0]
    await taps(talk, card)
    await delivered(house, talk, await taps(talk, card))
    for text in MEANWHILE[talk.language]:
        await talk.says(text)
    assert (await taps(talk, card)).attachments


@pytest.mark.parametrize("count", [0, 1])
async def test_one_picture_or_none_is_said_and_no_button_promises_more(house, talk, count):
    card = (await talk.says(WISH[talk.language])).cards[0]
    image_url = card.product.image_url if count else ""
    fewer = replace(card.product, image_url=image_url, pictures=())
    await house.database.run(lambda shop: shop.catalogue.upsert([fewer]))
    for reply in (await talk.says(ASKED[talk.language]), await taps(talk, card)):
        assert [(line.code, line.facts["count"]) for line in reply.lines] == [("item-no-more-pictures", count)]
        assert not reply.attachments
    details = await talk.presses(Action.ERRAND, card.id, "item:details")
    assert "button-item-pictures" not in [option.label.code for option in details.options]
    await house.database.run(lambda shop: shop.catalogue.upsert([card.product]))


async def test_replies_of_another_version_hold_no_album(house, talk):
    card = (await talk.says(WISH[talk.language])).cards[0]
    sql = "UPDATE turns SET reply = ? WHERE user_id = ?"
    await house.database.run(lambda shop: shop.db.execute(sql, ['{"texts": ["hello"]}', talk.user_id]))
    assert (await taps(talk, card)).attachments
