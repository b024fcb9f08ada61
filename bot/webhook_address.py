"""What may be set as the webhook's address and secret, by Telegram's rules; refused before anything is started."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pydantic import SecretStr

PORTS = (443, 80, 88, 8443)
"""Telegram delivers to these only."""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


def usable_url(url: str) -> str:
    """The address itself, empty for none. Raises ValueError where Telegram, or good sense, does not take it."""
    if not url:
        return url
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("https", "http") or parts.query or parts.fragment or parts.username:
        raise ValueError("it must look like https://bot.example.com/telegram")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError("it must begin with https://, since what shoppers write is not sent in the open")
    if parts.scheme == "https" and parts.port not in (None, *PORTS):
        raise ValueError(f"Telegram delivers to the ports {', '.join(map(str, PORTS))} only")
    return url


def usable_secret(secret: SecretStr) -> SecretStr:
    """The secret itself, empty for none. Raises ValueError."""
    word = secret.get_secret_value()
    if word and not _SECRET.fullmatch(word):
        raise ValueError("it must be 16 to 256 letters, digits, _ or -")
    return secret
