"""From a reply's attachments to messages: one maker for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.reply import CASE_FILE, Attachment
from bot.telegram.outgoing import FileMessage, Outgoing
from bot.wording import Wording
from storage.records import Language

Maker = Callable[[Attachment, Wording, Language], Outgoing]


def _case_file(attachment: Attachment, wording: Wording, language: Language) -> Outgoing:
    return FileMessage(str(attachment.facts["name"]), str(attachment.facts["title"]))


MAKERS: Mapping[str, Maker] = MappingProxyType({CASE_FILE: _case_file})


def attached(attachment: Attachment, wording: Wording, language: Language) -> Outgoing:
    """The message of an attachment. KeyError where no maker knows its kind."""
    return MAKERS[attachment.kind](attachment, wording, language)
