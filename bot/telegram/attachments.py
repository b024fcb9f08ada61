"""From a reply's attachments to messages: one maker for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.reply import Attachment
from bot.telegram.outgoing import Outgoing
from bot.wording import Wording
from storage.records import Language

Maker = Callable[[Attachment, Wording, Language], Outgoing]
MAKERS: Mapping[str, Maker] = MappingProxyType({})


def attached(attachment: Attachment, wording: Wording, language: Language) -> Outgoing:
    """The message of an attachment. KeyError where no maker knows its kind."""
    return MAKERS[attachment.kind](attachment, wording, language)
