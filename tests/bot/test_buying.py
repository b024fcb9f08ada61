"""Paying in the chat and news of saved items, through the real bot over HTTP, with a test provider and real imports."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import pytest_asyncio

from bot.desks.control import ControlClient
from tests.support.stage import Stage, copy_stocked

pytestmark = pytest.mark.asyncio(loop_scope="module")

WORDS = {
    "en": {
        "mug": "a mug",
        "add": "To cart",
        "save": "Save",
        "out": "check out",
        "invoice": "Get the invoice",
        "paid": "were paid, and your order SB-",
        "changed": "A price has changed",
        "done": "paid already",
        "drop": "now costs",
        "stop": "No more such news",
        "stopped": "no more news",
        "in": "In your cart now",
    },
    "zh": {
        "mug": "马克杯",
        "add": "加购",
        "save": "收藏",
        "out": "去结算",
        "invoice": "获取账单",
        "paid": "订单 SB-",
        "changed": "价格有变",
        "done": "已经付过款",
        "drop": "降到",
        "stop": "不再发这类消息",
        "stopped": "不再发送",
        "in": "已加入购物车",
    },
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("buying") / "data")
    token = "284685063:TEST:not-a-real-one"
    async with Stage(folder, checkout="invoice", payment_provider_token=token, quiet_hours="") as stage:
        yield stage
        assert await stage.api.simulator.alarms() == [], "methods that the local Bot API does not serve"


@pytest_asyncio.fixture(params=["en", "zh"], loop_scope="module")
async def buyer(request, stage):
    """A shopper with a page of mugs on the screen."""
    async with await stage.shopper("Ann", request.param) as ann:
        ann.words = WORDS[request.param]
        await ann.says(ann.words["mug"], expect=4)
        yield ann


def first_card(stage, shopper):
    with stage.shop() as shop:
        return shop.transcripts.latest_page(shopper.id).recommendations[0].product


async def imports(stage, product, **changed):
    await asyncio.to_thread(ControlClient(stage.folder).upsert, [replace(product, **changed)])


async def invoiced(stage, buyer):
    """The first card in the cart, and its invoice in the chat."""
    product = first_card(stage, buyer)
    cards = [seen for seen in await buyer.sees() if seen.text.startswith("1. ")]
    await buyer.taps(buyer.words["add"], on=cards[-1])
    await buyer.says(buyer.words["out"])
    await buyer.taps(buyer.words["invoice"], expect=2)
    return product


async def test_an_invoice_is_paid_once_and_becomes_the_order(stage, buyer):
    product = await invoiced(stage, buyer)
    tapped = await buyer.taps("💳", expect=1)
    assert buyer.words["paid"] in tapped.new[-1].text
    with stage.shop() as shop:
        [order] = shop.orders.of(buyer.id)
        assert (order.status, order.total, order.lines[0].product_id) == ("paid", product.price, product.id)
        assert order.payment.startswith("test-")
        assert shop.cart.of(buyer.id) == []
        deeds = {
            kind
            for who, _, kind, _ in shop.feedback.visits(datetime.now(UTC) - timedelta(hours=1))
            if str(buyer.id) in who
        }
        assert {"cart", "order"} <= deeds
    invoice = next(seen for seen in reversed(await buyer.sees()) if "invoice" in seen.raw)
    again = await buyer.taps("💳", on=invoice)
    assert buyer.words["done"] in again.answer
    with stage.shop() as shop:
        assert len(shop.orders.of(buyer.id)) == 1


async def test_an_invoice_that_the_shop_has_overtaken_is_not_paid(stage, buyer):
    product = await invoiced(stage, buyer)
    await imports(stage, product, price=product.price + 1)
    tapped = await buyer.taps("💳")
    assert buyer.words["changed"] in tapped.answer
    with stage.shop() as shop:
        assert shop.orders.of(buyer.id) == []
        assert len(shop.cart.of(buyer.id)) == 1
    await imports(stage, product)


async def test_a_price_drop_is_told_once_after_an_import_and_stopped_by_one_tap(stage, buyer):
    product = first_card(stage, buyer)
    cards = [seen for seen in await buyer.sees() if seen.text.startswith("1. ")]
    await buyer.taps(buyer.words["save"], on=cards[-1])
    await buyer.says("/saved", expect=2)
    await buyer.taps("🔔 1")
    await buyer._mark()
    await imports(stage, product, price=Decimal("1.00"))
    [news] = await buyer.hears(1)
    assert buyer.words["drop"] in news.text
    assert buyer.words["in"] in (await buyer.taps("🛒", on=news, expect=1)).new[-1].text
    assert buyer.words["stopped"] in (await buyer.taps(buyer.words["stop"], on=news, expect=1)).new[-1].text
    with stage.shop() as shop:
        assert not any(item.notify for item in shop.saved.of(buyer.id))
        assert len(shop.saved.of(buyer.id)) == 1
    await imports(stage, product)
