"""A photo in the talk of a shop with a CLIP model: what looks like it, in both languages, over the local Bot API."""

import asyncio

import pytest
import pytest_asyncio

from storage.demo.catalogue import demo_products
from storage.demo.pictures import picture
from storage.shop import Shop
from tests.support.clip import tiny_clip
from tests.support.stage import Stage, copy_stocked

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.long]
LANGUAGES = ("en", "zh")
ALIKE = {"en": "looks like your photo", "zh": "样子相像"}
CHIP = {"en": "like your photo", "zh": "像您照片里的"}
COLOURS = {"en": "by colour alone", "zh": "只看颜色"}


def shown():
    """Twelve dresses and twelve pairs of shoes: enough to choose from, and soon looked at."""
    products = [p for p in demo_products() if p.available and p.stock != 0 and not p.sponsored and p.colors]
    kinds = ("dresses", "sneakers")
    return [product for kind in kinds for product in [p for p in products if p.category == kind][:12]]


SHOWN = shown()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    """A bot with a tiny CLIP model, in a shop of which only some products have pictures."""
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("look") / "data")
    model = tiny_clip(tmp_path_factory.mktemp("clip"))
    with_pictures(folder, {product.id for product in SHOWN})
    async with Stage(folder, clip_model=model) as stage:
        async with asyncio.timeout(60):
            while await known(stage) != len(SHOWN):
                await asyncio.sleep(0.05)
        yield stage
        assert await stage.api.simulator.alarms() == [], "methods that the local Bot API does not serve"


def with_pictures(folder, ids):
    """Takes the pictures from all other products."""
    shop = Shop.open(folder)
    others = [[id] for id in shop.catalogue.ids() if id not in ids]
    with shop.atomic():
        shop.db.conn.executemany("UPDATE products SET image_url = '' WHERE id = ?", others)
    shop.close()


async def known(stage):
    return (await stage.bot.house.look.tidy()).known if stage.bot.house.look.able else 0


def page_of(stage, shopper):
    with stage.shop() as shop:
        return [card.product for card in shop.transcripts.latest_page(shopper.id).recommendations]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_photo_of_a_product_finds_it_first(stage, language):
    async with await stage.shopper("Ann", language) as ann:
        for product in (SHOWN[3], SHOWN[15]):
            heard = await ann.sends_photo(picture(product), expect=4)
            assert ALIKE[language] in heard[0].text
            assert any(CHIP[language] in label for label in heard[0].labels)
            page = page_of(stage, ann)
            assert page[0].id == product.id
            assert product.title_in(language) in heard[1].text
            assert {"en": "Looks like your photo", "zh": "和您照片里的相像"}[language] in heard[1].text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_more_goes_on_with_what_looks_alike_and_its_chip_lets_go_of_it(stage, language):
    async with await stage.shopper("Ann", language) as ann:
        await ann.sends_photo(picture(SHOWN[3]), expect=4)
        first = page_of(stage, ann)
        await ann.says({"en": "more", "zh": "还有吗"}[language], expect=4)
        turn, second = stage.turn_of(ann), page_of(stage, ann)
        assert turn.need.looks[0] == SHOWN[3].id
        assert not {p.id for p in first} & {p.id for p in second}
        assert {p.id for p in second} <= {p.id for p in SHOWN}
        await ann.taps(CHIP[language], expect=1)
        assert stage.turn_of(ann).need.looks == ()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "this in {color} under {price}"), ("zh", "这个要{color}，{price}以内")]
)
async def test_words_under_a_photo_are_limits_among_what_looks_like_it(stage, language, words):
    color, price = "black", 150
    said = words.format(color={"en": "black", "zh": "黑色"}[language], price={"en": "$150", "zh": "150美元"}[language])
    async with await stage.shopper("Ann", language) as ann:
        heard = await ann.sends_photo(picture(SHOWN[3]), said, expect=2)
        assert ALIKE[language] in heard[0].text
        need = stage.turn_of(ann).need
        assert need.looks[0] == SHOWN[3].id
        assert {wish.value for wish in need.wishes} == {color}
        assert need.price.max == price
        assert all(p.price <= price for p in page_of(stage, ann))


@pytest.mark.parametrize(("language", "words"), [("en", "in black"), ("zh", "要黑色的")])
async def test_words_after_a_photo_are_limits_too(stage, language, words):
    async with await stage.shopper("Ann", language) as ann:
        await ann.sends_photo(picture(SHOWN[3]), expect=4)
        await ann.says(words, expect=2)
        need = stage.turn_of(ann).need
        assert need.looks[0] == SHOWN[3].id
        assert {wish.value for wish in need.wishes} == {"black"}


@pytest.mark.parametrize(("language", "words"), [("en", "where is my order?"), ("zh", "我的订单到哪了？")])
async def test_words_that_are_of_something_else_are_answered_as_they_are(stage, language, words):
    async with await stage.shopper("Ann", language) as ann:
        [answer] = await ann.sends_photo(picture(SHOWN[3]), words)
        assert ALIKE[language] not in answer.text
        assert stage.turn_of(ann).understanding.intent.value == "order_status"


@pytest.mark.parametrize(("language", "words", "kind"), [("en", "dresses", "dresses"), ("zh", "连衣裙", "dresses")])
async def test_a_photo_goes_into_the_wish_that_is_going_on(stage, language, words, kind):
    async with await stage.shopper("Ann", language) as ann:
        await ann.says(words, expect=4)
        await ann.sends_photo(picture(SHOWN[3]), expect=4)
        assert kind in {wish.value for wish in stage.turn_of(ann).need.wishes}
        assert all(kind in product.categories for product in page_of(stage, ann))
        assert page_of(stage, ann)[0].id == SHOWN[3].id


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_picture_sent_as_a_file_is_the_same(stage, language):
    async with await stage.shopper("Ann", language) as ann:
        heard = await ann.sends_document(picture(SHOWN[15]), "wish.jpg", expect=4)
        assert ALIKE[language] in heard[0].text
        assert page_of(stage, ann)[0].id == SHOWN[15].id


@pytest.mark.parametrize(
    ("language", "words", "without", "reason", "kept"),
    [
        ("en", "I want to send something back", "Ask without an order", "Broken or faulty", "I keep the photo"),
        ("zh", "我要退货", "不绑定订单直接申请", "坏了或有质量问题", "照片我先留着"),
    ],
)
async def test_a_photo_that_was_asked_for_belongs_to_the_request(stage, language, words, without, reason, kept):
    async with await stage.shopper("Ann", language) as ann:
        await ann.says(words)
        await ann.taps(without, expect=1)
        await ann.taps(reason, expect=1)
        [answer] = await ann.sends_photo(picture(SHOWN[3]))
        assert kept in answer.text
        assert stage.turn_of(ann).need.looks == ()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_nothing_of_the_photo_is_kept(stage, language):
    def held():
        with stage.shop() as shop:
            counts = [shop.db.execute(f"SELECT count(*) FROM {table}").fetchone() for table in ("looks", "case_files")]
        files = {path.name for path in stage.folder.rglob("*") if path.is_file() and "simulator" not in path.name}
        return counts, files

    async with await stage.shopper("Ann", language) as ann:
        before = held()
        await ann.sends_photo(picture(SHOWN[3]), expect=4)
        assert held() == before


@pytest.mark.parametrize("language", LANGUAGES)
async def test_where_no_model_can_be_used_a_photo_goes_by_its_colours(stocked_folder, tmp_path, language):
    folder = copy_stocked(stocked_folder, tmp_path / "data")
    async with Stage(folder, clip_model=tmp_path / "nothing") as stage, await stage.shopper("Ann", language) as ann:
        red = next(p for p in demo_products() if p.category == "dresses" and p.colors == ("red",))
        heard = await ann.sends_photo(picture(red), expect=4)
        assert COLOURS[language] in heard[0].text
        assert stage.turn_of(ann).need.looks == ()
