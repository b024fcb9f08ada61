"""The token never reaches a log, whatever the HTTP client says of the address that holds it."""

import io
import logging

import pytest
from aiogram.methods import SendMessage
from aiohttp import web

from bot.redaction import hide_in_logs
from bot.telegram.door import build_bot
from bot.telegram.menu import publish_menu
from bot.telegram.refusals import PostponedError
from bot.telegram.sender import Patience, Sender
from bot.wording import Wording

SECRET = "AAF-very-secret-0123456789-abcdefgh"
TOKEN = f"123456789:{SECRET}"


@pytest.fixture
def written():
    """What the root logger's handlers write, every level."""
    root, before = logging.getLogger(), logging.getLogger().level
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    formatters = {each: each.formatter for each in root.handlers}
    yield text
    for each, formatter in formatters.items():
        each.setFormatter(formatter)
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
async def portal():
    """A captive portal: every address redirects to itself, so the client gives up and names it."""

    async def again(request):
        raise web.HTTPTemporaryRedirect(request.rel_url)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", again)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def fail_in_every_way(address):
    bot = build_bot(TOKEN, address)
    try:
        await publish_menu(bot, Wording(), ("start",))
        with pytest.raises(PostponedError):
            await Sender(bot, Patience(attempts=1)).call(SendMessage(chat_id=5, text="hello"))
        try:
            await bot.get_me()
        except Exception:
            logging.getLogger("bot").exception("A call failed")
    finally:
        await bot.session.close()


async def test_the_client_names_the_address_in_its_errors(written, portal):
    await fail_in_every_way(portal)
    assert SECRET in written.getvalue()


async def test_the_token_is_hidden_in_messages_and_tracebacks(written, portal):
    hide_in_logs(TOKEN)
    await fail_in_every_way(portal)
    said = written.getvalue()
    assert SECRET not in said
    assert "<token>" in said
    assert "Traceback" in said


def test_without_a_token_logs_are_left_alone(written):
    hide_in_logs("")
    logging.getLogger("bot").warning("An ordinary line")
    assert written.getvalue() == "An ordinary line\n"
