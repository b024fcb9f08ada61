"""What a bot may ask and how it is refused, with aiogram as the client."""

import io

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramUnauthorizedError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    MenuButtonCommands,
    ReplyKeyboardRemove,
    ReplyParameters,
    URLInputFile,
)
from PIL import Image

from bot.simulator.acts import tap
from bot.simulator.shopper import Shopper, ShopperError


def keys(*labels: str, data: str = "x") -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text=t, callback_data=data) for t in labels]])


def picture(width: int = 900, height: int = 600, name: str = "p.png", colour: str = "red") -> BufferedInputFile:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return BufferedInputFile(out.getvalue(), name)


@pytest.fixture
async def ann(api):
    async with await Shopper.join(api.url, "Ann") as shopper:
        await shopper.writes("/start")
        yield shopper


def refuses(reason: str, kind: type[Exception] = TelegramBadRequest):
    return pytest.raises(kind, match=reason.replace("(", r"\(").replace("+", r"\+") + "$")


async def test_a_message_comes_back_as_it_is_stored(bot, ann):
    sent = await bot.send_message(
        ann.id,
        " <b>Hi</b> 😀 <i>you</i> ",
        reply_markup=keys("Go"),
        reply_parameters=ReplyParameters(message_id=1),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        protect_content=True,
    )
    assert (sent.message_id, sent.text, sent.html_text) == (2, "Hi 😀 you", "<b>Hi</b> 😀 <i>you</i>")
    assert sent.from_user.is_bot and sent.chat.type == "private" and sent.has_protected_content
    assert sent.reply_to_message.text == "/start" and sent.link_preview_options.is_disabled
    assert sent.reply_markup.inline_keyboard[0][0].text == "Go"
    assert (await ann.last()).labels == ("Go",)


async def test_message_ids_are_counted_by_chat_and_shared(api, bot, ann):
    assert (await bot.send_message(ann.id, "two")).message_id == 2
    assert await ann.writes("three") == [3]
    async with await Shopper.join(api.url, "Bo") as bo:
        assert await bo.writes("one") == [1]


async def test_reply_keyboards_are_taken_and_not_shown(bot, ann):
    sent = await bot.send_message(ann.id, "x", reply_markup=ReplyKeyboardRemove())
    assert sent.reply_markup is None


async def test_texts_that_are_refused(bot, ann):
    for text, reason in (
        ("   ", "message text is empty"),
        ("x" * 4097, "message is too long"),
        ("<q>x</q>", 'can\'t parse entities: Unsupported start tag "q" at byte offset 0'),
    ):
        with refuses(f"Bad Request: {reason}"):
            await bot.send_message(ann.id, text)
    with refuses("Bad Request: message caption is too long"):
        await bot.send_photo(ann.id, picture(), caption="x" * 1025)
    with refuses("Bad Request: message to be replied not found"):
        await bot.send_message(ann.id, "x", reply_parameters=ReplyParameters(message_id=99))


async def test_keyboards_that_are_refused(bot, ann):
    with refuses("Bad Request: BUTTON_DATA_INVALID"):
        await bot.send_message(ann.id, "x", reply_markup=keys("a", data="数" * 22))
    assert await bot.send_message(ann.id, "x", reply_markup=keys("a", data="数" * 21 + "x"))
    with refuses("Bad Request: reply markup is too long"):
        await bot.send_message(ann.id, "x", reply_markup=keys(*["a"] * 101))
    bare = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="bare")]])
    with pytest.raises(TelegramBadRequest, match="Text buttons are unallowed in the inline keyboard"):
        await bot.send_message(ann.id, "x", reply_markup=bare)


async def test_chats_that_cannot_be_written_to(api, bot, ann):
    with refuses("Bad Request: chat not found"):
        await bot.send_message(1, "x")
    async with await Shopper.join(api.url, "Silent") as silent:
        with refuses("Bad Request: chat not found"):
            await bot.send_message(silent.id, "before they wrote")
    await ann.blocks()
    with refuses("Forbidden: bot was blocked by the user", TelegramForbiddenError):
        await bot.send_message(ann.id, "x")
    with pytest.raises(ShopperError, match="must unblock it first"):
        await ann.writes("hello?")
    await ann.unblocks()
    await bot.send_message(ann.id, "x")
    kinds = [update.event_type for update in await bot.get_updates()]
    assert kinds == ["message", "my_chat_member", "my_chat_member"]


async def test_other_tokens_are_refused(api, bot, ann):
    for token in ("123456:" + "B" * 35, "42:short"):
        stranger = Bot(token, session=bot.session)
        with pytest.raises(TelegramUnauthorizedError):
            await stranger.get_me()


async def test_edits_change_the_message_in_place(bot, ann):
    sent = await bot.send_message(ann.id, "one", reply_markup=keys("a"))
    edited = await bot.edit_message_text("<b>two</b>", chat_id=ann.id, message_id=sent.message_id)
    assert edited.edit_date and edited.text == "two" and edited.reply_markup is None
    again = await bot.edit_message_reply_markup(chat_id=ann.id, message_id=sent.message_id, reply_markup=keys("b"))
    assert again.text == "two" and (await ann.last()).labels == ("b",)
    with pytest.raises(TelegramBadRequest, match="message is not modified: specified new message content and reply"):
        await bot.edit_message_text("<b>two</b>", chat_id=ann.id, message_id=sent.message_id, reply_markup=keys("b"))
    assert [seen.message_id for seen in await ann.sees()] == [1, 2]


async def test_edits_that_are_refused(bot, ann):
    with refuses("Bad Request: message to edit not found"):
        await bot.edit_message_text("x", chat_id=ann.id, message_id=99)
    with refuses("Bad Request: message can't be edited"):
        await bot.edit_message_text("x", chat_id=ann.id, message_id=1)
    photo = await bot.send_photo(ann.id, picture())
    with refuses("Bad Request: there is no text in the message to edit"):
        await bot.edit_message_text("x", chat_id=ann.id, message_id=photo.message_id)
    text = await bot.send_message(ann.id, "x")
    with refuses("Bad Request: there is no caption in the message to edit"):
        await bot.edit_message_caption(chat_id=ann.id, message_id=text.message_id, caption="x")


async def test_deleting(api, bot, ann):
    sent = await bot.send_message(ann.id, "x")
    assert await bot.delete_message(ann.id, sent.message_id)
    with refuses("Bad Request: message to delete not found"):
        await bot.delete_message(ann.id, sent.message_id)
    old = await bot.send_message(ann.id, "old")
    new = await bot.send_message(ann.id, "new")
    assert await bot.delete_messages(ann.id, [new.message_id, 999])
    api.simulator.clock.advance(49 * 3600)
    with refuses("Bad Request: message can't be deleted"):
        await bot.delete_message(ann.id, old.message_id)


async def test_a_photo_is_uploaded_once_and_sent_again_by_its_id(bot, ann):
    sent = await bot.send_photo(ann.id, picture(), caption="<b>red</b>", reply_markup=keys("a"))
    assert [max(size.width, size.height) for size in sent.photo] == [90, 320, 800, 900]
    assert len({size.file_unique_id for size in sent.photo}) == 4
    again = await bot.send_photo(ann.id, sent.photo[-1].file_id)
    assert [s.file_unique_id for s in again.photo] == [s.file_unique_id for s in sent.photo]
    for size in (sent.photo[0], sent.photo[-1]):
        file = await bot.get_file(size.file_id)
        content = (await bot.download_file(file.file_path)).read()
        assert len(content) == file.file_size
        assert Image.open(io.BytesIO(content)).size == (size.width, size.height)


async def test_photos_by_address_and_in_albums_and_edited(bot, ann):
    by_url = await bot.send_photo(ann.id, "https://shop.example/a.jpg")
    assert by_url.photo
    first, second = await bot.send_media_group(
        ann.id,
        [InputMediaPhoto(media=picture(), caption="<i>1</i>"), InputMediaPhoto(media=by_url.photo[-1].file_id)],
    )
    assert first.media_group_id == second.media_group_id and first.html_text == "<i>1</i>"
    edited = await bot.edit_message_media(
        InputMediaPhoto(media=picture(colour="blue"), caption="2"),
        chat_id=ann.id,
        message_id=by_url.message_id,
    )
    assert edited.caption == "2"
    assert edited.photo[-1].file_unique_id != by_url.photo[-1].file_unique_id
    await bot.edit_message_caption(chat_id=ann.id, message_id=by_url.message_id, caption="3")
    with pytest.raises(TelegramBadRequest, match="not modified"):
        await bot.edit_message_caption(chat_id=ann.id, message_id=by_url.message_id, caption="3")


async def test_photos_that_are_refused(bot, ann):
    with refuses("Bad Request: wrong file identifier/HTTP URL specified"):
        await bot.send_photo(ann.id, "no such file")
    with refuses("Bad Request: IMAGE_PROCESS_FAILED"):
        await bot.send_photo(ann.id, BufferedInputFile(b"not a picture", "x.jpg"))
    with refuses("Bad Request: PHOTO_INVALID_DIMENSIONS"):
        await bot.send_photo(ann.id, picture(2100, 100))
    with refuses("Bad Request: invalid file_id"):
        await bot.get_file("nonsense")
    big = BufferedInputFile(b"\0" * (10 * 1024 * 1024 + 1), "big.jpg")
    with pytest.raises(TelegramBadRequest, match="is too big for a photo"):
        await bot.send_photo(ann.id, big)


async def test_a_tap_is_answered_once_and_only_while_fresh(api, bot, ann):
    await bot.send_message(ann.id, "x", reply_markup=keys("Like 👍", data="like"))
    [start] = await bot.get_updates()
    asked = await api.simulator.act(lambda store: tap(store, ann.id, label="Like"))
    [update] = await bot.get_updates(offset=start.update_id + 1)
    query = update.callback_query
    assert (query.id, query.data, query.message.message_id) == (asked["query_id"], "like", 2)
    assert query.chat_instance.lstrip("-").isdecimal()
    with refuses("Bad Request: MESSAGE_TOO_LONG"):
        await query.answer("x" * 201)
    assert await query.answer("thanks", show_alert=True)
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    with refuses(too_old):
        await query.answer()
    asked = await api.simulator.act(lambda store: tap(store, ann.id, data="like"))
    api.simulator.clock.advance(20)
    with refuses(too_old):
        await bot.answer_callback_query(asked["query_id"])


async def test_commands_by_scope_and_language(api, bot, ann):
    english = [BotCommand(command="help", description="Help")]
    chinese = [BotCommand(command="help", description="帮助")]
    assert await bot.set_my_commands(english)
    assert await bot.set_my_commands(chinese, scope=BotCommandScopeAllPrivateChats(), language_code="zh")
    assert [command.description for command in await bot.get_my_commands()] == ["Help"]
    assert await bot.get_my_commands(scope=BotCommandScopeAllPrivateChats()) == []
    assert (await ann.menu())[0]["description"] == "Help"
    async with await Shopper.join(api.url, "小林", "zh") as lin:
        assert (await lin.menu())[0]["description"] == "帮助"
    with refuses("Bad Request: BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand(command="No", description="x")])
    assert await bot.delete_my_commands()
    assert await bot.get_my_commands() == []


async def test_profile_menu_button_and_chat(bot, ann):
    assert await bot.set_my_name("店铺助手") and (await bot.get_me()).first_name == "店铺助手"
    assert await bot.set_my_description("Describes") and await bot.set_my_short_description("Short", language_code="zh")
    assert (await bot.get_my_description(language_code="zh")).description == "Describes"
    assert (await bot.get_my_short_description()).short_description == ""
    assert (await bot.get_my_name()).name == "店铺助手"
    assert await bot.set_chat_menu_button(chat_id=ann.id, menu_button=MenuButtonCommands())
    assert (await bot.get_chat_menu_button(chat_id=ann.id)).type == "commands"
    assert (await bot.get_chat(ann.id)).first_name == "Ann"
    assert await bot.log_out() and await bot.close()


async def test_actions_and_drafts(bot, ann):
    assert await bot.send_chat_action(ann.id, "typing")
    with refuses("Bad Request: wrong parameter action in request"):
        await bot.send_chat_action(ann.id, "singing")
    assert await bot.send_message_draft(ann.id, 5, text="<b>wait</b>")
    assert await bot.send_message_draft(ann.id, 5, text="")
    with pytest.raises(TelegramBadRequest):
        await bot.send_message_draft(ann.id, 0, text="x")
    assert len(await ann.sees()) == 1


async def test_a_web_address_wrapped_by_aiogram_is_an_upload(bot, ann, api):
    file = await bot.get_file((await bot.send_photo(ann.id, picture())).photo[-1].file_id)
    address = f"{api.url}/file/bot{api.token}/{file.file_path}"
    assert (await bot.send_photo(ann.id, URLInputFile(address, bot=bot))).photo[-1].width == 900


async def test_every_call_is_recorded_with_its_outcome(api, bot, ann):
    await bot.send_message(ann.id, "yes")
    with pytest.raises(TelegramBadRequest):
        await bot.send_message(ann.id, "")
    calls = await api.simulator.calls("sendmessage", ann.id)
    assert [(call.ok, call.text, call.message_id) for call in calls] == [(True, "yes", 2), (False, "", None)]
    [update] = await bot.get_updates()
    assert calls[0].after_update == update.update_id and calls[0].seconds >= 0
