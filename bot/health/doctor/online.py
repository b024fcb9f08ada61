"""The doctor asks Telegram itself: is the token good, where do updates go, do the clocks agree."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.health.doctor.verdict import Verdict, fail, ok, warn
from bot.settings import Settings

_PATIENCE = aiohttp.ClientTimeout(total=15)
_SKEW_S = 30.0
Answer = tuple[dict[str, Any], str]


def telegram(settings: Settings) -> Iterator[Verdict]:
    """Asks getMe and getWebhookInfo, which change nothing."""
    if settings.telegram_bot_token is None:
        yield ok("telegram", "Not asked: there is no token.")
        return
    try:
        (me, date), (webhook, _) = asyncio.run(_asked(settings))
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        # The error's own words may hold the address, and with it the token.
        what = f"{settings.telegram_api_base} does not answer ({type(error).__name__})."
        yield fail("telegram", what, "Look at the network, a proxy, a firewall, TELEGRAM_API_BASE.")
        return
    yield from _identity(me)
    yield from _clock(date)
    if me.get("ok") and webhook.get("ok"):
        yield from _webhook(webhook["result"], settings.webhook_url)


async def _asked(settings: Settings) -> list[Answer]:
    assert settings.telegram_bot_token is not None
    base = f"{settings.telegram_api_base.rstrip('/')}/bot{settings.telegram_bot_token.get_secret_value()}"
    async with aiohttp.ClientSession(timeout=_PATIENCE) as session:
        return [await _ask(session, f"{base}/{method}") for method in ("getMe", "getWebhookInfo")]


async def _ask(session: aiohttp.ClientSession, address: str) -> Answer:
    async with session.get(address, allow_redirects=False) as got:
        answer = await got.json(content_type=None)
        if not isinstance(answer, dict):
            raise ValueError("no answer of a Bot API")
        return answer, got.headers.get("Date", "")


def _identity(me: dict[str, Any]) -> Iterator[Verdict]:
    if me.get("ok"):
        yield ok("telegram", f"The token is good: it is @{me['result'].get('username', '?')}.")
        if not me["result"].get("supports_inline_queries"):
            todo = "To let shoppers ask it from other chats: /setinline at @BotFather."
            yield ok("inline", f"Inline queries are off. {todo}")
    else:
        what = f"Telegram refuses the token: {str(me.get('description', ''))[:100]}."
        yield fail("telegram", what, "Copy it anew from @BotFather, or make a new one there (/revoke).")


def _clock(date: str) -> Iterator[Verdict]:
    try:
        skew = abs((datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds())
    except (TypeError, ValueError):
        return
    if skew > _SKEW_S:
        todo = "Turn on time synchronisation (timedatectl set-ntp true)."
        yield warn("clock skew", f"This machine's clock differs from Telegram's by {skew:.0f} s.", todo)
    else:
        yield ok("clock skew", "This machine's clock agrees with Telegram's.")


def _webhook(info: dict[str, Any], wanted: str) -> Iterator[Verdict]:
    url, pending = str(info.get("url", "")), info.get("pending_update_count", 0)
    if url != wanted:
        held = f"Updates go to {url[:100]}" if url else "No webhook is set"
        todo = "The next start of the bot sets it as SHOPBOT_WEBHOOK_URL says; is another program using this token?"
        yield warn("webhook", f"{held}; the settings say {wanted or 'polling'}.", todo)
    elif info.get("last_error_message"):
        what = f"The last delivery failed: {str(info['last_error_message'])[:150]}. {pending} updates wait."
        yield warn("webhook", what, "Open the address from outside: certificate, proxy, port.")
    else:
        yield ok("webhook", f"As it should be; {pending} updates wait at Telegram.")
