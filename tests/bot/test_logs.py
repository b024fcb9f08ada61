"""The log: no secret stands in it, and nobody but the program writes a line."""

import io
import logging

import pytest
from pydantic import SecretStr

from bot.health.logs import TextLines
from bot.redaction import hide_in_logs, hide_keys
from bot.settings import Settings, secrets_in

TOKEN = "123456789:AAF-a-secret-of-thirty-five-letters"


@pytest.fixture
def written():
    """What the root logger writes from now on."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(TextLines())
    root = logging.getLogger()
    before, root.handlers = root.handlers, [handler]
    yield out
    root.handlers = before


@pytest.mark.parametrize(
    "text",
    [
        "red dress\n2026-01-01 00:00:00,000 ERROR bot: all is lost",
        "red\r\ndress",
        "red\u2028dress\u2029\x85\x0b\x0c",
        "\x1b[31mred\x1b]0;title\x07",
        "\u202eesserd\u2066",
        "\x00",
    ],
    ids=ascii,
)
def test_what_comes_from_elsewhere_stays_within_its_line(written, text):
    logging.getLogger("bot").warning("The file %s of a shopper", text)
    told = written.getvalue()
    assert len(told.splitlines()) == 1
    assert told.rstrip("\n").isprintable()
    assert "The file red" in told or "The file \\" in told


def test_a_traceback_keeps_its_lines(written):
    try:
        raise ValueError("红色 dress")
    except ValueError:
        logging.getLogger("bot").exception("It failed: %s", "红色\n")
    head, *stack = written.getvalue().splitlines()
    assert head.endswith("It failed: 红色\\n")
    assert stack[0].lstrip(" |").startswith("Traceback")


def test_no_secret_of_the_settings_stands_in_a_message_or_a_traceback(written):
    settings = Settings(
        _env_file=None,
        telegram_bot_token=SecretStr(TOKEN),
        payment_provider_token=SecretStr("provider-token-4711"),
        webhook_secret=SecretStr("webhook-secret-of-sixteen"),
    )
    secrets = secrets_in(settings)
    assert {TOKEN, "provider-token-4711", "webhook-secret-of-sixteen"} <= set(secrets)
    hide_in_logs(TOKEN)
    hide_keys((*secrets, "sk-key-of-a-model"))
    try:
        raise OSError(f"https://api.telegram.org/bot{TOKEN}/getMe sk-key-of-a-model")
    except OSError:
        logging.getLogger("bot").exception("With %s", " ".join(secrets))
    told = written.getvalue()
    for secret in (TOKEN.partition(":")[2], *secrets[1:], "provider-token-4711", "sk-key-of-a-model"):
        if secret:
            assert secret not in told
    assert repr(settings).count("secret-of-sixteen") == 0
