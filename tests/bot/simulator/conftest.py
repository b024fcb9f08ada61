"""A local Bot API on a free port and a small bot that answers what it is told."""

from pathlib import Path

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot.simulator.server import LocalBotApi


@pytest.fixture
async def api(tmp_path: Path):
    async with LocalBotApi(tmp_path) as running:
        yield running
        assert await running.simulator.alarms() == []


def aiogram_bot(api: LocalBotApi, token: str = "") -> Bot:
    session = AiohttpSession(api=TelegramAPIServer.from_base(api.url))
    return Bot(token or api.token, session=session, default=DefaultBotProperties(parse_mode="HTML"))


@pytest.fixture
async def bot(api: LocalBotApi):
    client = aiogram_bot(api)
    yield client
    await (await client.session.create_session()).close()  # aiogram's own close sleeps for the sake of TLS
