"""The bot's token out of the logs.

Telegram's addresses hold the token, and an HTTP client names the address in some of its errors (a captive portal's
endless redirects, for one). Whatever is logged, tracebacks included, passes through here last.
"""

from __future__ import annotations

import logging

_HIDDEN = "<token>"


class _Redacting(logging.Formatter):
    """Another formatter's text, the secret taken out."""

    def __init__(self, inner: logging.Formatter, secret: str) -> None:
        super().__init__()
        self._inner, self._secret = inner, secret

    def format(self, record: logging.LogRecord) -> str:
        return self._inner.format(record).replace(self._secret, _HIDDEN)


def hide_in_logs(token: str) -> None:
    """From now on no handler of the root logger writes the secret half of a bot token ("123456789:AAF...")."""
    secret = token.partition(":")[2]
    if not secret:
        return
    for handler in logging.getLogger().handlers:
        handler.setFormatter(_Redacting(handler.formatter or logging.Formatter(), secret))
