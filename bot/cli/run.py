"""`shopbot run`: the bot on Telegram, or on the local Bot API with its web chat."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.beside import end_console, start_console
from bot.cli.ending import within
from bot.cli.options import data_option
from bot.health.logs import set_up_logs
from bot.lock import FolderLock
from bot.private_files import close_to_others
from bot.redaction import hide_in_logs, hide_keys
from bot.settings import Settings, load_settings, provider_keys, secrets_in
from bot.signals import stop_on_signals
from bot.threads.garbage import hold_back, keep
from storage.backup.switching import finish as finish_switch

if TYPE_CHECKING:
    from bot.running import RunningBot

_CLOSING_S = 10.0
"""For the parts to close, after the answers under way."""
_START_S = 5.0
"""For a start that is not wanted any more: nothing was taken from Telegram yet."""


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="Port of the web chat; 0 takes a free one.")
@data_option
def run(port: int | None, data: Path | None) -> None:
    """Run the bot until Ctrl-C.

    With TELEGRAM_BOT_TOKEN set: on Telegram (the staff console is `shopbot console`). Without: a local Bot API on
    loopback with a web chat, the bot on it, and the staff console.
    The first run stocks an empty data folder with the demo shop and builds the index.

    \b
    shopbot run
    shopbot run --data shops/mine --port 9000
    TELEGRAM_BOT_TOKEN=123:abc shopbot run
    """
    hold_back()
    settings = load_settings(data=data, chat_port=port)
    with FolderLock(settings.data):
        # A folder that is taken is told at once, not after the imports; it is taken for good when all is built.
        finish_switch(settings.data)
    close_to_others(settings.data)
    set_up_logs(settings.log_level, settings.log_format)
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    stop, ready = asyncio.Event(), asyncio.Event()
    stop_on_signals(stop)
    from bot.running import RunningBot

    async with AsyncExitStack() as stack:
        token = settings.telegram_bot_token.get_secret_value() if settings.telegram_bot_token else ""
        base, address = settings.telegram_api_base, ""
        hide_in_logs(token)
        hide_keys((*provider_keys(), *secrets_in(settings)))
        if not token:
            token, base = await _local_api(settings, stack)
            address = base
        bot = RunningBot(settings, token, base)
        work = asyncio.create_task(bot.run(ready))
        announcing = asyncio.create_task(_announce(ready, address, bot))
        # Not beside the start itself, which has both cores to do with the first index.
        consoling = asyncio.create_task(_console(settings, ready, stack)) if address else announcing
        keeping = asyncio.create_task(keep(ready))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for task in (announcing, consoling, keeping, stopping):
            task.cancel()
        if not work.done():
            click.echo("Finishing the answers under way ..." if ready.is_set() else "Stopping ...", err=True)
            bot.stop()
            await within(settings.drain_timeout + _CLOSING_S if ready.is_set() else _START_S, work)
        await work


async def _local_api(settings: Settings, stack: AsyncExitStack) -> tuple[str, str]:
    """Starts the local Bot API; where its port is taken by somebody else, a free one."""
    from bot.simulator.server import LocalBotApi

    api = LocalBotApi(settings.data, port=settings.chat_port)
    try:
        await api.start()
    except OSError as error:
        click.echo(f"{error} Taking a free one.", err=True)
        api = LocalBotApi(settings.data, port=0)
        await api.start()
    stack.push_async_callback(api.stop)
    click.echo(f"Web chat: {api.url}   (getting ready ...)")
    return api.token, api.url


async def _console(settings: Settings, ready: asyncio.Event, stack: AsyncExitStack) -> None:
    await ready.wait()
    stack.push_async_callback(end_console, await start_console(settings))


async def _announce(ready: asyncio.Event, address: str, bot: RunningBot) -> None:
    await ready.wait()
    click.echo(f"Ready. Open {address} and write to the bot." if address else "Ready: the bot answers on Telegram.")
    click.echo(f"Health: {bot.health.address}/readyz   (and /livez, /metrics)")
    click.echo("Stop with Ctrl-C; the talk goes on where it was at the next start.")
