"""Strangers: with another's numbers in hand, or with updates that nobody should send. Nothing of the other comes out.

The list of buttons is made of the code (tests/support/every_button.py), that of stores of storage/personal.py: what is
added to either is tried here without anybody thinking of it.
"""

import json
import random
import time
from itertools import count

import pytest
import pytest_asyncio

from storage import personal
from storage.shop import Shop
from tests.support.every_button import forged
from tests.support.fuzzing import Fuzzer
from tests.support.letterbox import Post, tapped, written
from tests.support.lived_in import number_of, secret_of, settle

pytestmark = pytest.mark.asyncio(loop_scope="module")

VERA = 7_123_456_789
_strangers = count(9_000_001)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def post(house):
    await house.database.run(lambda shop: settle(shop, VERA))
    return Post(house)


def held(house):
    """All that is held of Vera, as a reader of the database sees it."""
    shop = Shop.open(house.settings.data, readonly=True)
    try:
        return {table: json.dumps(rows, default=str) for table, rows in personal.export(shop, VERA).items()}
    finally:
        shop.close()


def leading(house):
    """Tables whose row of the number 1 is not Vera's, of those that have numbers."""
    shop = Shop.open(house.settings.data, readonly=True)
    try:
        rows = personal.export(shop, VERA)
    finally:
        shop.close()
    return [table for table, held in rows.items() if "id" in held[0] and 1 not in [row["id"] for row in held]]


def leaked(sent):
    marks = (secret_of(VERA), number_of(VERA), str(VERA))
    return [(method, chat, said[:400]) for method, chat, said in sent if any(mark in said for mark in marks)]


@pytest.mark.long
async def test_every_button_with_anothers_numbers_gives_and_changes_nothing(house, post):
    before = held(house)
    assert len(before) > 20
    assert all(json.loads(rows) for rows in before.values()), "each store holds something of hers"
    assert leading(house) == [], "whatever a button may name by the number 1 is hers"
    taps = forged(house.settings.data, 1)
    outcomes = await post.deliver([(user, tapped(user, data)) for user, data in zip(_strangers, taps, strict=False)])
    assert len(outcomes) == len(taps) > 200
    assert [found for found in zip(taps, outcomes, strict=True) if found[1].startswith(("failed", "unknown"))] == []
    assert leaked(post.box.sent) == []
    assert held(house) == before


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_words_commands_and_payloads_with_anothers_numbers_give_nothing(house, post, language):
    before, user = held(house), next(_strangers)
    number = number_of(VERA)
    said = {
        "en": [f"where is my order {number}", f"return order {number}", number, "what did I save", "show my cart"],
        "zh": [f"我的订单{number}到哪了", f"退货 {number}", number, "我收藏了什么", "看看购物车"],
    }[language]
    said += [f"/start ref_{VERA}", f"/start {VERA}", f"/orders {number}", f"/privacy {VERA}", "/start p_kept-0"]
    paid = {"currency": "USD", "total_amount": 3990, "invoice_payload": number}
    charges = {"telegram_payment_charge_id": "t", "provider_payment_charge_id": "p"}
    events = [written(user, text, language) for text in said]
    events.append(written(user, "", language, successful_payment={**paid, **charges}))
    query = {"id": "1", "from": events[0]["message"]["from"]}
    events += [{"pre_checkout_query": {**query, **paid}}, {"inline_query": {**query, "query": number, "offset": ""}}]
    since = len(post.box.sent)
    for event in events:  # one after the other, as somebody types; together most would be passed over
        [outcome] = await post.deliver([(user, event)])
        assert not outcome.startswith("failed"), event
    # What she types herself is told back to her; nothing of Vera's is.
    own = [said for _, _, said in post.box.sent[since:]]
    assert not [text for text in own if secret_of(VERA) in text]
    assert '"ok": true' not in "".join(own), "a payment for another's order is refused"
    assert held(house) == before


@pytest.mark.long
async def test_400_updates_that_nobody_should_send_are_each_worked_to_an_end(house, post):
    """`python -m tests.bench.fuzz` sends 100,000 over the network, to a bot of its own process."""
    before, since, people = held(house), len(post.box.sent), [next(_strangers) for _ in range(150)]
    fuzz = Fuzzer(random.Random(23), people, forged(house.settings.data, 1), now=time.time())
    outcomes = await post.deliver_raw([fuzz.update(number) for number in range(6_000_001, 6_000_401)])
    assert len(outcomes) > 350, "those with a number that one can keep them by"
    assert [outcome for outcome in outcomes if outcome is None or "incident" in outcome or "attempts" in outcome] == []
    assert len({*outcomes}) > 8
    assert leaked(post.box.sent[since:]) == []
    assert held(house) == before
    answered = await post.deliver([(user, written(user, "/help")) for user in people[:20]])
    assert answered == ["answered"] * 20


async def test_the_same_buttons_in_her_own_hand_do_something(house, post):
    """Or the tests above would prove nothing."""
    since, before = len(post.box.sent), held(house)
    for data in (
        "c:like:2",
        "e:orders:list:0",
        "e:cart:view:0",
        "e:saved:show:0",
        "e:privacy:export:0",
        "e:prefs:show:0",
    ):
        [outcome] = await post.deliver([(VERA, tapped(VERA, data))])
        assert outcome in ("answered", "new", "same"), data
    assert {method for method, _, _ in leaked(post.box.sent[since:])} >= {"sendMessage", "sendDocument"}
    assert held(house) != before
