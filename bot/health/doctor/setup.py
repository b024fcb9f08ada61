"""The doctor on what was set: values, secrets, who may read them, ports, the clock."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from bot.health.doctor.verdict import Verdict, fail, ok, warn
from bot.lock import is_owned
from bot.settings import Settings

_TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{30,}")
_RATES_DAYS = 60


def settings_found(settings: Settings) -> Iterator[Verdict]:
    """Where they come from, and whether strangers can read them."""
    dotenv = Path(".env")
    if not dotenv.is_file():
        yield ok("settings", "Read from the environment; there is no .env here.")
        return
    yield ok("settings", f"Read from {dotenv.absolute()} and the environment.")
    if dotenv.stat().st_mode & 0o077:
        yield warn(".env", "Others on this machine can read it, and it may hold secrets.", "chmod 600 .env")


def token(settings: Settings) -> Iterator[Verdict]:
    """Does it look like one."""
    secret = settings.telegram_bot_token
    if secret is None:
        yield ok("token", "None is set: shopbot run starts the local Bot API with its web chat.")
    elif _TOKEN.fullmatch(secret.get_secret_value()):
        yield ok("token", "Looks like one (ask Telegram itself with --online).")
    else:
        yield fail("token", "TELEGRAM_BOT_TOKEN is no token.", "Copy it anew from @BotFather: 123456789:AAF...")


def owner(settings: Settings) -> Iterator[Verdict]:
    """Is anybody told when something goes wrong."""
    if settings.owner_chat is None:
        todo = "Set SHOPBOT_OWNER_CHAT to your own chat with the bot, and write /start to it once."
        yield warn("owner", "Nobody is told when something goes wrong.", todo)
    else:
        yield ok("owner", "Warnings go to a chat.")


def clock(settings: Settings) -> Iterator[Verdict]:
    """The shop's time, and how old its rates are."""
    now = datetime.now(settings.clock)
    yield ok("clock", f"It is {now:%Y-%m-%d %H:%M} by the shop's clock ({settings.time_zone}).")
    age = (now.date() - settings.rates_date).days
    if age > _RATES_DAYS:
        todo = "Set SHOPBOT_RATES and SHOPBOT_RATES_DATE anew."
        yield warn("rates", f"The exchange rates are {age} days old.", todo)


def ports(settings: Settings) -> Iterator[Verdict]:
    """Each port that is wanted: free, or taken; the bot and the console take free ones in their place."""
    running = is_owned(settings.data)
    wanted = {"health": settings.health_port, "console": settings.console_port}
    if settings.telegram_bot_token is None:
        wanted["web chat"] = settings.chat_port
    if settings.webhook_url:
        wanted["webhook"] = settings.webhook_port
    taken = [f"{port} ({name})" for name, port in wanted.items() if port and not _is_free(port)]
    if not taken:
        yield ok("ports", "Free: " + ", ".join(f"{port} ({name})" for name, port in wanted.items()) + ".")
    elif running:
        yield ok("ports", f"In use while this shop runs: {', '.join(taken)}.")
    else:
        todo = "Stop the other program, or name another port in .env."
        yield warn("ports", f"Taken by another program: {', '.join(taken)}.", todo)


def _is_free(port: int) -> bool:
    with socket.socket() as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
