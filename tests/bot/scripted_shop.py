"""A small scripted bot for the web chat: cards, buttons, drafts and an echo, without the shop behind them."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command, CommandStart
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
)
from PIL import Image, ImageDraw

COLOURS = {"red": "#c23a3a", "green": "#3c8c5a", "blue": "#3d64b5", "plum": "#7a3f78"}
router = Router()


def picture(colour: str) -> BufferedInputFile:
    image = Image.new("RGB", (800, 600), "#f3eee6")
    pen = ImageDraw.Draw(image)
    pen.polygon([(330, 110), (470, 110), (500, 260), (590, 520), (210, 520), (300, 260)], fill=COLOURS[colour])
    out = io.BytesIO()
    image.save(out, "PNG")
    return BufferedInputFile(out.getvalue(), f"{colour}.png")


def keys(*rows: tuple[str, ...]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=t, callback_data=t.encode()[:60].decode("utf8", "ignore")) for t in row]
            for row in rows
        ]
    )


CARD = keys(("👍", "👎"), ("More like this", "Less like this"))


@router.message(CommandStart())
async def start(message: Message):
    await message.answer(
        "Hello! I am the <b>shop assistant</b>. Tell me what you look for, for instance "
        "<i>a red dress under $60</i>, or type /help.",
        reply_markup=keys(("Surprise me",)),
    )


@router.message(Command("help"))
async def help_(message: Message):
    await message.answer(
        "Say what you want; <code>/reset</code> forgets. See <a href='https://example.com/x'>the guide</a>."
    )


@router.message(F.text.contains("dress") | F.text.contains("耳机"))
async def page(message: Message):
    await message.bot.send_chat_action(message.chat.id, "typing")
    await asyncio.sleep(0.05)
    await message.answer(
        "Here are 3 <b>red dresses</b> under <b>$60</b>. Tap a wish to drop it.",
        reply_markup=keys(("✕ red", "✕ dress", "✕ under $60"), ("Cheaper", "More")),
    )
    for position, colour in enumerate(("red", "green", "blue"), 1):
        await message.answer_photo(
            picture(colour),
            caption=f"<b>{position}. Linen midi dress, {colour}</b>\n$3{position}.90 · ★ 4.{position} (812)\n"
            f"<i>$3{position}.90 ≤ your $60; 4.{position} stars from 812 buyers</i>",
            reply_markup=CARD,
        )


@router.message(F.text == "album")
async def album(message: Message):
    first, *others = (*COLOURS, "red")
    media = [InputMediaPhoto(media=picture(first), caption="Linen midi dress")]
    media += [InputMediaPhoto(media=picture(colour)) for colour in others]
    await message.answer_media_group(media)
    await message.answer("$39.90")


@router.message(F.text == "draft")
async def draft(message: Message):
    await message.bot.send_message_draft(message.chat.id, 7, text="Looking for something")
    await asyncio.sleep(1.0)
    await message.answer("Found something.")


@router.message(F.text == "danger")
async def danger(message: Message):
    await message.answer("&lt;img src=x onerror=alert(1)&gt; 😀<b>bold</b> <s>gone</s> <tg-spoiler>secret</tg-spoiler>")


@router.message(F.text)
@router.edited_message(F.text)
async def echo(message: Message):
    await message.answer(f"You said: {message.text.replace('<', '&lt;')}")


@router.message()
async def other(message: Message):
    await message.answer("I only read text." if not message.photo else "Nice picture.")


@router.callback_query(F.data == "👍")
async def like(query: CallbackQuery):
    await query.answer("Noted: more of these.")
    await query.message.edit_reply_markup(reply_markup=keys(("👍 ✓", "👎"), ("More like this", "Less like this")))


@router.callback_query(F.data == "👎")
async def dislike(query: CallbackQuery):
    await query.answer("This card is gone.", show_alert=True)


@router.callback_query(F.data == "More")
async def more(query: CallbackQuery):
    await asyncio.sleep(1.0)  # long enough for a spinner to be seen
    await query.answer()
    await query.bot.edit_message_media(
        InputMediaPhoto(media=picture("plum"), caption="<b>4. Plum dress</b>"),
        chat_id=query.message.chat.id,
        message_id=query.message.message_id + 1,
        reply_markup=CARD,
    )


@asynccontextmanager
async def serving(url: str, token: str) -> AsyncIterator[Bot]:
    """The bot, polling the server at `url`, with its menus of commands set."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    bot = Bot(token, session=session, default=DefaultBotProperties(parse_mode="HTML"))
    english = [("start", "Begin anew"), ("help", "What I can do"), ("reset", "Forget this search")]
    chinese = [("start", "重新开始"), ("help", "使用说明")]
    for language, menu in (("", english), ("zh", chinese)):
        commands = [BotCommand(command=name, description=text) for name, text in menu]
        await bot.set_my_commands(commands, language_code=language or None)
    dispatcher = Dispatcher()
    router._parent_router = None  # one router serves the dispatcher of each test
    dispatcher.include_router(router)
    running = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False, polling_timeout=2))
    yield bot
    await dispatcher.stop_polling()
    await running
