"""python-telegram-bot, an independent reader of the Bot API: every object we send must parse there as well."""

import asyncio
import io

import pytest
from PIL import Image
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, LinkPreviewOptions
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Conflict, Forbidden, RetryAfter

from bot.simulator import acts
from bot.simulator.faults import Fault
from bot.simulator.shopper import Shopper

KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("Like", callback_data="like")]])


def telegram_bot(api) -> Bot:
    return Bot(api.token, base_url=f"{api.url}/bot", base_file_url=f"{api.url}/file/bot")


@pytest.fixture
async def client(api, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # without it every 429 warns of the next version
    async with telegram_bot(api) as bot:
        yield bot


@pytest.fixture
async def ann(api):
    async with await Shopper.join(api.url, "Ann") as shopper:
        yield shopper


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(out, "JPEG")
    return out.getvalue()


async def test_all_that_a_shopper_does_arrives(api, client, ann):
    await ann.writes("/start deep_link")
    await client.send_message(ann.id, "x", reply_markup=KEYS)
    await ann.writes("edit me")
    for act in (
        lambda store: acts.edit(store, ann.id, "edited"),
        lambda store: acts.send_photo(store, ann.id, b"", "look"),
        lambda store: acts.send_sticker(store, ann.id),
        lambda store: acts.send_voice(store, ann.id),
        lambda store: acts.tap(store, ann.id, label="Like"),
        lambda store: acts.block(store, ann.id, True),
    ):
        await api.simulator.act(act)
    updates = await client.get_updates()
    start, text, edited, photo, sticker, voice, tap, blocked = updates
    assert start.message.parse_entities() and start.message.text == "/start deep_link"
    assert text.message.text == "edit me" and edited.edited_message.text == "edited"
    assert photo.message.caption == "look" and sticker.message.sticker.emoji == "👍"
    assert voice.message.voice.duration.total_seconds() == 3
    assert tap.callback_query.data == "like" and tap.callback_query.message.text == "x"
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    for update in updates:
        assert update.effective_user.first_name == "Ann" and update.effective_chat.id == ann.id
        assert not update.api_kwargs and not getattr(update.effective_message, "api_kwargs", None)


async def test_the_basic_flow(client, ann):
    asked = asyncio.create_task(client.get_updates(timeout=20))
    await asyncio.sleep(0.05)
    await ann.writes("hello")
    [update] = await asked
    sent = await update.message.reply_text(
        "<b>Hi</b> &amp; <a href='https://a.example/'>link</a>",
        parse_mode=ParseMode.HTML,
        reply_markup=KEYS,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert sent.text_html == '<b>Hi</b> &amp; <a href="https://a.example/">link</a>'

    async def answer() -> None:
        [tapped] = await client.get_updates(offset=update.update_id + 1, timeout=20)
        assert await tapped.callback_query.answer("noted")
        await tapped.callback_query.edit_message_text("changed", reply_markup=KEYS)
        await client.get_updates(offset=tapped.update_id + 1)

    answering = asyncio.create_task(answer())
    tapped = await ann.taps("Like", expect=1)
    await answering
    assert tapped.answer == "noted" and (await ann.last()).text == "changed"


async def test_photos_up_and_down(client, ann):
    await ann.writes("hello")
    sent = await client.send_photo(
        ann.id, picture(), caption="<i>teal</i>", parse_mode=ParseMode.HTML, reply_markup=KEYS
    )
    assert sent.caption_html == "<i>teal</i>" and not sent.photo[-1].api_kwargs
    file = await client.get_file(sent.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == picture()
    again = await client.send_photo(ann.id, sent.photo[-1].file_id)
    assert again.photo[-1].file_unique_id == sent.photo[-1].file_unique_id
    edited = await client.edit_message_media(InputMediaPhoto(picture(), caption="new"), ann.id, again.message_id)
    assert edited.caption == "new"
    assert (await client.edit_message_caption(ann.id, again.message_id, caption="newer")).caption == "newer"
    assert await client.delete_message(ann.id, again.message_id)
    album = await client.send_media_group(ann.id, [InputMediaPhoto(picture()), InputMediaPhoto(picture())])
    assert len(album) == 2


async def test_profile_actions_and_drafts(client, ann):
    await ann.writes("hello")
    assert await client.set_my_commands([BotCommand("help", "Help")], language_code="zh")
    assert (await client.get_my_commands(language_code="zh"))[0].description == "Help"
    assert await client.set_my_short_description("short") and await client.set_my_description("long")
    assert (await client.get_my_description()).description == "long"
    assert await client.set_chat_menu_button() and (await client.get_chat_menu_button()).type
    assert await client.send_chat_action(ann.id, ChatAction.TYPING)
    assert await client.send_message_draft(ann.id, 3, "growing")
    chat = await client.get_chat(ann.id)
    assert chat.first_name == "Ann" and not chat.api_kwargs
    assert not (await client.get_webhook_info()).url and await client.delete_webhook()


async def test_errors_become_the_right_exceptions(api, client, ann):
    await ann.writes("hello")
    with pytest.raises(BadRequest, match="Can't parse entities: unclosed start tag at byte offset 0"):
        await client.send_message(ann.id, "<b", parse_mode=ParseMode.HTML)
    with pytest.raises(BadRequest, match="Chat not found"):
        await client.send_message(1, "x")
    with pytest.raises(BadRequest, match="Query is too old"):
        await client.answer_callback_query("1")
    sent = await client.send_message(ann.id, "x")
    with pytest.raises(BadRequest, match="Message is not modified"):
        await client.edit_message_text("x", ann.id, sent.message_id)
    api.simulator.faults.add(Fault("sendMessage", "status", code=429, retry_after=3))
    with pytest.raises(RetryAfter):
        await client.send_message(ann.id, "x")
    await api.simulator.act(lambda store: acts.block(store, ann.id, True))
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await client.send_message(ann.id, "x")


async def test_two_pollers_quarrel(api, client, ann):
    older = asyncio.create_task(client.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    async with telegram_bot(api) as second:
        newer = asyncio.create_task(second.get_updates(timeout=20))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await older
        await ann.writes("x")
        assert len(await newer) == 1
