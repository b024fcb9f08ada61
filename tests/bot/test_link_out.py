"""Buying on the shop's own pages: a button for the whole cart and one for each page, and nothing is claimed."""

import asyncio
from dataclasses import replace

import pytest
import pytest_asyncio
from pydantic import ValidationError

from bot.desks.control import ControlClient
from bot.settings import Settings
from tests.support.stage import Stage, copy_stocked

pytestmark = pytest.mark.asyncio(loop_scope="module")
CART = "https://shop.example/cart/{items}?from=chat"
WORDS = {
    "en": ("a backpack", "To cart", "check out", "Open the whole cart", "I cannot see what happens there", "a mug"),
    "zh": ("双肩包", "加购", "去结算", "打开整个购物车", "看不到", "马克杯"),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("linkout") / "data")
    async with Stage(folder, checkout="link", cart_url=CART) as stage:
        yield stage
        assert await stage.api.simulator.alarms() == [], "methods that the local Bot API does not serve"


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_cart_is_bought_on_the_shops_own_pages(stage, language):
    backpack, add, out, whole, unseen, mug = WORDS[language]
    async with await stage.shopper("Ann", language) as ann:
        held = []
        for wish in (backpack, mug):
            await ann.says(wish, expect=4)
            card = next(seen for seen in reversed(await ann.sees()) if seen.text.startswith("1. "))
            await ann.taps(add, on=card)
            with stage.shop() as shop:
                held.append(shop.transcripts.latest_page(ann.id).recommendations[0].product)
        page = replace(held[0], url="https://shop.example/p/1?a=b&c=d")
        await asyncio.to_thread(ControlClient(stage.folder).upsert, [page])
        [summary] = await ann.says(out)
        assert unseen in summary.text
        urls = {button["text"]: button.get("url") for row in _rows(summary) for button in row if "url" in button}
        [(label, cart), (title, url)] = urls.items()
        assert whole in label
        assert cart == CART.replace("{items}", f"{held[0].id}:1,{held[1].id}:1")
        assert page.title_in(language)[:20] in title
        assert url == page.url
        assert (await ann.taps(label)).url == cart
        with stage.shop() as shop:
            assert len(shop.cart.of(ann.id)) == 2  # nobody knows whether it was bought
            assert shop.orders.of(ann.id) == []


@pytest.mark.parametrize("wrong", ["shop.example/cart/{items}", "https://shop.example/cart", "javascript:{items}"])
async def test_an_address_that_fills_no_cart_is_refused_at_the_start(wrong):
    with pytest.raises(ValidationError, match=r"must be a web address with \{items\} in it"):
        Settings(_env_file=None, cart_url=wrong)


def _rows(seen):
    return seen.raw["reply_markup"]["inline_keyboard"]
