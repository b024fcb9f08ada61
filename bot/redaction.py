"""The bot's token and the keys of chat models out of the logs.

Telegram's addresses hold the token, and an HTTP client names the address in some of its errors (a captive portal's
endless redirects, for one); clients of chat models are no better with their keys. Whatever is logged, tracebacks
included, passes through here last.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

_TOKEN, _KEY = "<token>", "<key>"
_SHORTEST_KEY = 8  # "none" and the like are no secrets, and are words besides


class _Redacting(logging.Formatter):
    """Another formatter's text, the secret taken out."""

    def __init__(self, inner: logging.Formatter, secret: str, shown: str) -> None:
        super().__init__()
        self._inner, self._secret, self._shown = inner, secret, shown

    def format(self, record: logging.LogRecord) -> str:
        return self._inner.format(record).replace(self._secret, self._shown)


def hide_in_logs(token: str) -> None:
    """From now on no handler of the root logger writes the secret half of a bot token ("123456789:AAF...")."""
    secret = token.partition(":")[2]
    _hide(secret, _TOKEN)


def hide_keys(keys: Iterable[str]) -> None:
    """From now on no handler of the root logger writes these keys."""
    for key in keys:
        _hide(key if len(key) >= _SHORTEST_KEY else "", _KEY)


def _hide(secret: str, shown: str) -> None:
    if not secret:
        return
    for handler in logging.getLogger().handlers:
        handler.setFormatter(_Redacting(handler.formatter or logging.Formatter(), secret, shown))
