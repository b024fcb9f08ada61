"""`shopbot console`: the pages in which staff read, review and answer."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.beside import end_with_parent
from bot.cli.options import data_option
from bot.health.logs import set_up_logs
from bot.settings import load_settings
from storage.console.database import ConsoleStore


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="Port on loopback; 0 takes a free one.")
@click.option("--beside", is_flag=True, hidden=True, help="Started by the bot: ends with it, takes a free port.")
@data_option
def console(port: int | None, beside: bool, data: Path | None) -> None:
    """Serve the staff console until Ctrl-C, beside the bot or without it.

    It listens on this machine only. For staff elsewhere put a TLS proxy in front of it, and name its address in
    SHOPBOT_CONSOLE_ORIGIN (https://staff.example.com).

    \b
    shopbot staff add ana --role admin
    shopbot console
    shopbot console --data shops/mine --port 9001
    """
    from bot.console.serving import bound, serve

    settings = load_settings(data=data, console_port=port)
    # The console says little, and what its libraries tell of each request is of no use.
    set_up_logs(settings.log_level, settings.log_format)
    if beside:
        end_with_parent()
    first = _first_step(settings.data)
    try:
        listening = bound(settings.console_port)
    except OSError:
        if not beside:
            raise
        listening = bound(0)
    address = settings.console_origin or f"http://127.0.0.1:{listening.getsockname()[1]}"
    serve(settings, listening, lambda: click.echo(f"Staff console: {address}{first}"))


def _first_step(data: Path) -> str:
    """What is to be done where nobody can sign in yet."""
    with ConsoleStore.open(data, guest=True) as store:
        return "" if store.staff.all() else "   (make an account first: shopbot staff add NAME --role admin)"
