"""The seam of errands, with one errand that is nobody's: what it serves, asks, does once, and whom it turns away."""

from dataclasses import replace

import pytest
import pytest_asyncio

from bot.assistant import Assistant
from bot.draft import Draft
from bot.errands.errand import Errand
from bot.errands.errands import Errands
from bot.errands.showing import shown_card
from bot.reply import Action, Learned, Line, Option
from storage.records import Intent
from tests.support.talk import WISH, Talk, newest

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Counting(Errand):
    """Serves the cart's intent; each press of its button counts the shopper's payload up by a letter."""

    name, intents, keys = "count", frozenset({Intent.VIEW_CART}), {"up": Intent.ADD_TO_CART, "look": Intent.SEARCH}

    def __init__(self, database):
        self._database = database

    async def serve(self, intent, request):
        need = request.need
        return Draft(need=_asking(need), lines=(Line("help"),), options=(Option(Line("button-more"), text="one"),))

    async def answer(self, question, request):
        if question != "size" or len(request.said.text) > 3:
            return None
        return Draft(need=request.need, lines=(Line("thanks"),), effect=_letter(request.user_id))

    async def tap(self, tap):
        if tap.key == "look":
            return Draft(need=tap.need, lines=(Line("help"),), seeks=True)
        card = await self._database.run(lambda shop: shown_card(shop, tap.target, tap.user_id, tap.language))
        if isinstance(card, Learned):
            return card
        return Draft(need=tap.need, silent=True, toast=Line("thanks"), effect=_letter(tap.user_id))


def _asking(need):
    return replace(need, asked="count/size")


def _letter(user_id):
    def do(shop):
        shop.shoppers.set_start_payload(user_id, shop.shoppers.start_payload(user_id) + "x")

    return do


@pytest_asyncio.fixture(loop_scope="module")
async def counting(house, talk):
    """The talk with an assistant that has this errand alone."""
    errands = Errands([Counting(house.database)])
    return Talk(Assistant(replace(talk.assistant.parts, errands=errands)), talk.language)


def counted(reader, talk):
    return len(reader.shoppers.start_payload(talk.user_id))


async def test_an_errand_asks_and_its_answer_is_done_once(counting, reader):
    asked = await counting.says("show my cart" if counting.language == "en" else "看看购物车")
    assert [line.code for line in asked.lines] == ["help"]
    assert newest(reader, counting).need.asked == "count/size"
    answered = await counting.says("M")
    assert [line.code for line in answered.lines] == ["thanks"]
    assert (await counting.again()).repeated
    assert counted(reader, counting) == 1


async def test_what_does_not_answer_is_read_as_ever(counting, reader):
    await counting.says("show my cart" if counting.language == "en" else "看看购物车")
    assert (await counting.says(WISH[counting.language])).cards
    assert counted(reader, counting) == 0


async def test_a_tap_is_done_once_and_said_in_a_toast(counting, reader):
    page = await counting.says(WISH[counting.language])
    done = await counting.presses(Action.ERRAND, page.cards[0].id, "count:up")
    assert (done.state, done.line) == ("done", Line("thanks"))
    again = await counting.again()
    assert again.repeated
    assert again.silent
    assert counted(reader, counting) == 1


async def test_anothers_card_and_a_forged_key_do_nothing(counting, reader):
    page = await counting.says(WISH[counting.language])
    stranger = Talk(counting.assistant, counting.language)
    await stranger.says("hello")
    assert (await stranger.presses(Action.ERRAND, page.cards[0].id, "count:up")).state == "stranger"
    assert (await counting.presses(Action.ERRAND, 2**62, "count:up")).state == "gone"
    for forged in ("count:down", "sum:up", "count", ""):
        assert (await counting.presses(Action.ERRAND, page.cards[0].id, forged)).state == "gone"
    assert counted(reader, counting) == counted(reader, stranger) == 0


async def test_an_errand_may_go_on_to_a_page(counting):
    await counting.says(WISH[counting.language])
    page = await counting.presses(Action.ERRAND, 0, "count:look")
    assert page.lines[0] == Line("help")
    assert page.cards


async def test_two_errands_cannot_claim_the_same_intent(house):
    with pytest.raises(ValueError, match="claim the same"):
        Errands([Counting(house.database), Counting(house.database)])
