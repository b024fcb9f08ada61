"""The shopper of the tests sees and does what a person would, and complains as one."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.simulator.shopper import Shopper, ShopperError, texts


async def serve(bot: Bot) -> None:
    """Answers each message after a typing pause in two parts, each tap with an edit."""
    offset = 0
    while True:
        for update in await bot.get_updates(offset=offset, timeout=30):
            offset = update.update_id + 1
            if update.message:
                await answer(bot, update.message)
            elif update.callback_query:
                await press(bot, update.callback_query)


async def answer(bot: Bot, message: Message) -> None:
    keys = [
        [
            InlineKeyboardButton(text="Cheaper", callback_data="c"),
            InlineKeyboardButton(text="See", url="https://a.example"),
        ]
    ]
    await bot.send_chat_action(message.chat.id, "typing")
    await asyncio.sleep(0.1)
    await bot.send_message(message.chat.id, f"first: {len(message.text or '')}")
    await bot.send_message(message.chat.id, "second", reply_markup=InlineKeyboardMarkup(inline_keyboard=keys))


async def press(bot: Bot, query: CallbackQuery) -> None:
    await bot.answer_callback_query(query.id, "cheaper it is", show_alert=True)
    await bot.edit_message_text("edited", chat_id=query.from_user.id, message_id=query.message.message_id)


@pytest.fixture
async def ann(api, bot):
    serving = asyncio.create_task(serve(bot))
    async with await Shopper.join(api.url, "Ann", patience=10) as shopper:
        yield shopper
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving


async def test_says_waits_for_all_of_the_answer(ann):
    assert texts(await ann.says("hello")) == ["first: 5", "second"]
    assert [seen.mine for seen in await ann.sees()] == [True, False, False]


async def test_taps_by_what_is_written_on_the_button(ann):
    await ann.says("hello")
    with pytest.raises(ShopperError, match='Ann sees no button "Dearer"; there are: "Cheaper", "See"'):
        await ann.taps("Dearer")
    assert (await ann.taps("See")).url == "https://a.example"
    tapped = await ann.taps("cheap", expect=1)
    assert (tapped.answer, tapped.alert) == ("cheaper it is", True)
    last = await ann.last()
    assert last.edited and last.text == "edited" and last.labels == ()
    with pytest.raises(ShopperError, match="none at all"):
        await ann.taps("Cheaper")


async def test_long_texts_are_cut_as_telegrams_apps_do(ann):
    assert len(await ann.writes("x" * 10_000)) == 3
    await ann.hears(6)
    assert (await ann.says("y" * 10_000, whole=True, expect=2))[0].text == "first: 10000"


@pytest.mark.long
async def test_other_things_than_text(ann):
    await ann.sends_photo(caption="this one", expect=2)
    await ann.sends_sticker(expect=2)
    await ann.sends_voice(expect=2)
    await ann.says("one")
    assert await ann.edits("two") == []
    assert [seen.text for seen in await ann.sees() if seen.mine] == ["this one", "", "", "two"]


async def test_an_answer_that_does_not_come_is_a_complaint(api):
    async with await Shopper.join(api.url, "Bo", patience=0.3) as bo:
        with pytest.raises(ShopperError, match="Bo waited for 1 messages and saw 0; 1 updates are not taken"):
            await bo.says("anybody?")
        with pytest.raises(ShopperError, match="An empty message cannot be sent"):
            await bo.says("  ")
        with pytest.raises(ShopperError, match="has not said anything"):
            await bo.last()
    with pytest.raises(ShopperError, match="There is no shopper 5"):
        await Shopper.back(api.url, 5)
