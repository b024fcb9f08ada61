"""Text from strangers, made safe to show: no control characters, no direction tricks, no invisible letters.

Catalogue rows and shoppers both can carry characters that reverse a line, hide in it or break the wire. Line breaks
and tabs stay, the rest of the controls goes.
"""

from __future__ import annotations

import re

# C0 and C1 controls but \t and \n; zero width and direction marks; soft hyphen; tags; byte order mark; lone surrogates.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
_LONE = re.compile("[\ud800-\udfff]")
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_ADDRESS_LIMIT = 1000
_BREAKS = re.compile("\r\n?|[\u2028\u2029\x85\x0b\x0c]")


def clean(text: str) -> str:
    """The text without what is invisible or misleading. Idempotent."""
    return _UNSAFE.sub("", _BREAKS.sub("\n", text))


def encodable(text: str) -> str:
    """The text with U+FFFD for each lone surrogate, which no file and no tokenizer takes. As long as before."""
    return _LONE.sub("\ufffd", text)


def one_line(text: str, limit: int) -> str:
    """Cleaned, white space folded, cut to `limit` code points with an ellipsis."""
    folded = " ".join(clean(text).split())
    return folded if len(folded) <= limit else folded[: limit - 1].rstrip() + "…"


def web_address(url: str) -> str:
    """A catalogue's address as a link may carry it; empty where it is none of the web, or absurdly long."""
    address = clean(url).strip()
    return address if _WEB.match(address) and len(address) <= _ADDRESS_LIMIT else ""
